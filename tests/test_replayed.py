"""The training that the page plays back is a whole one, small, and what is said of it fits."""

import itertools
import math
from pathlib import Path
from typing import Any

import pytest

from cornernet.learning.classroom import Classroom, ClassroomLimits
from cornernet.learning.moments import MOMENTS
from cornernet.learning.replay import FILE, MEASURED, read_replay
from cornernet.paths import REPLAY
from cornernet.presets import PRESETS
from cornernet.ui.learning import Learning, replayed
from tests.test_learning import Told

LARGEST = 4 * 10**6  # bytes, of all that is there


@pytest.fixture(scope="module")
def replay() -> dict[str, Any]:
    return read_replay(REPLAY / FILE)


def steps_of(replay: dict[str, Any]) -> list[int]:
    return [moment["steps"] for moment in replay["moments"]]


def test_it_is_small() -> None:
    assert sum(path.stat().st_size for path in REPLAY.rglob("*")) < LARGEST


def test_about_sixteen_moments_lie_evenly_in_log_scale(replay: dict[str, Any]) -> None:
    steps = steps_of(replay)
    assert MOMENTS - 2 <= len(steps) <= MOMENTS
    assert steps[:2] == [0, 1]
    even = math.log(steps[-1]) / (len(steps) - 2)
    for before, after in itertools.pairwise(steps[2:]):
        assert 0.5 * even < math.log(after / before) < 1.6 * even


def test_it_is_a_training_of_shapes_that_learnt(replay: dict[str, Any]) -> None:
    run, moments, points = replay["run"], replay["moments"], replay["points"]
    assert (run["preset"], run["measured"]) == ("shapes", MEASURED)
    assert replay["decode"]["min_corner_score"] == PRESETS["shapes"].decode.min_corner_score
    assert moments[0]["ap50"] < 0.01 < 0.1 < moments[-1]["ap50"]
    assert points[-1]["steps"] == moments[-1]["steps"]
    assert points[-1]["losses"]["total"] < 0.5 * moments[1]["losses"]["total"]
    assert [point["steps"] for point in points] == sorted(point["steps"] for point in points)


def test_the_page_gets_all_of_it_and_remarks_for_every_moment(replay: dict[str, Any]) -> None:
    shown = replayed()
    for name in ("run", "facts", "points", "moments"):
        assert shown[name] == replay[name]
    starts = [remark["from"] for remark in shown["remarks"]]
    assert starts == sorted(starts)
    assert starts[0] == 0
    assert set(starts) <= set(steps_of(replay))  # each begins where the slider stops
    assert all(remark["title"] and remark["text"] for remark in shown["remarks"])


def test_a_replay_that_is_not_there_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("cornernet.ui.learning.REPLAY", tmp_path)
    replayed.cache_clear()
    answer = Learning(classroom=Classroom()).answer("a", {"question": "replay"})
    replayed.cache_clear()
    assert list(answer) == ["error"]
    assert answer["error"].startswith("Expected a replay in")


def test_who_waits_is_told_so_and_begins_when_a_place_is_free() -> None:
    learning = Learning(classroom=Classroom(ClassroomLimits(places=1), Told))
    begin = {"question": "begin", "choices": {}}
    assert learning.answer("a", begin)["state"] == "starting"
    refused = learning.answer("b", begin)
    assert refused["isFull"]
    assert "a place is free in at most" in refused["error"]
    learning.classroom.leave("a")
    assert learning.answer("b", begin)["state"] == "starting"
    learning.classroom.close()
