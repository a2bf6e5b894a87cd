"""A training is written down while it goes on, and can be played back."""

import base64
import io
import itertools
import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from cornernet.cli import main
from cornernet.learning.moments import MOMENTS, chosen, is_moment, ratio_of
from cornernet.learning.replay import FILE, MEASURED, read_replay, recorder_of
from cornernet.presets import PRESETS
from cornernet.training.log import CsvLog
from cornernet.training.settings import read_settings
from cornernet.training.state import Progress, load_run, new_network, new_state
from tests.runs import TINY_PRESET
from tests.test_resume import stop_at

pytestmark = pytest.mark.usefixtures("tiny_preset")
STEPS = 40
LOSSES = {"heatmap", "pull", "push", "offset", "total"}


def train(folder: Path, *more: str) -> int:
    return main(
        [
            *("train", "--preset", "tiny", "--out", str(folder), "--batch-size", "2"),
            *("--workers", "0", "--steps", str(STEPS), "--replay", str(folder / "replay"), *more),
        ]
    )


def replay_of(folder: Path) -> dict[str, Any]:
    return read_replay(folder / "replay" / FILE)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a run that went to its end, with its replay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "tiny", TINY_PRESET)
        folder = tmp_path_factory.mktemp("whole") / "run"
        assert train(folder) == 0
    return folder


def test_moments_are_even_in_log_scale_from_before_the_first_step_to_the_last(whole: Path) -> None:
    steps = [moment["steps"] for moment in replay_of(whole)["moments"]]
    assert steps == [0, 1, 2, 3, 4, 5, 6, 8, 11, 14, 18, 24, 31, 40]
    gaps = [b / a for a, b in itertools.pairwise(steps[7:])]
    assert max(gaps) / min(gaps) < 1.1


def test_losses_are_those_of_the_log(whole: Path) -> None:
    rows = {int(row["steps"]): row for row in CsvLog(whole / "log.csv").rows()}
    replay = replay_of(whole)
    assert [point["steps"] for point in replay["points"]] == sorted(rows) == [*range(1, STEPS + 1)]
    for point in replay["points"]:
        assert set(point["losses"]) == LOSSES
        for name, value in point["losses"].items():
            assert value == float(rows[point["steps"]][name])
    first, *moments = replay["moments"]
    assert first["losses"] == {}
    for moment in moments:
        for name, value in moment["losses"].items():
            assert value == pytest.approx(float(rows[moment["steps"]][name]), abs=1e-5)


def test_every_moment_shows_four_scenes_and_is_measured(whole: Path) -> None:
    replay = replay_of(whole)
    assert len(replay["facts"]) == 4
    for moment in replay["moments"]:
        assert 0 <= moment["ap50"] <= 1
        for scene, fact in zip(moment["scenes"], replay["facts"], strict=True):
            assert len(scene["embeddings"]) == len(fact["truth"]["boxes"]) >= 1
            for side in ("topLeft", "bottomRight"):
                data = base64.b64decode(scene[side]["heat"].split(",")[1])
                size = Image.open(io.BytesIO(data)).size
                assert size == (fact["cells"]["width"], fact["cells"]["height"])
    run = replay["run"]
    assert (run["preset"], run["batchSize"], run["measured"]) == ("tiny", 2, MEASURED)


def test_a_resumed_run_goes_on_with_its_replay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, whole: Path
) -> None:
    with monkeypatch.context() as patch:
        stop_at(patch, 2 * 21)  # within step 22
        assert train(tmp_path / "run") == 130
    assert [m["steps"] for m in replay_of(tmp_path / "run")["moments"]][-1] == 18
    assert main(["train", "--resume", "--out", str(tmp_path / "run")]) == 0
    parts = [replay_of(folder) for folder in (whole, tmp_path / "run")]
    for replay in parts:
        for timed in (*replay["points"], *replay["moments"]):
            timed.pop("seconds")
    assert parts[0] == parts[1]


def test_moments_after_the_saved_state_are_dropped(whole: Path) -> None:
    """A run that was killed goes on from before its last moments."""
    settings, device = read_settings(whole), torch.device("cpu")
    state = new_state(new_network(settings.model, 1), settings.train, device)
    load_run(whole, state)
    before = (whole / "replay" / FILE).read_bytes()
    recorder = recorder_of(settings, device, whole)
    assert recorder is not None
    recorder.after_step(state.averaged_network, Progress(steps=8), None)
    recorder.finish(state.averaged_network, Progress(steps=9))
    steps = [moment["steps"] for moment in replay_of(whole)["moments"]]
    (whole / "replay" / FILE).write_bytes(before)
    assert steps == [0, 1, 2, 3, 4, 5, 6, 8, 9]


def test_other_data_is_refused_in_one_sentence(
    tmp_path: Path, annotations: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images = str(annotations.parent / "images")
    out = tmp_path / "run"
    assert train(out, "--data", str(annotations), "--image-root", images) == 2
    (line,) = (text for text in capsys.readouterr().err.splitlines() if "Expected" in text)
    assert "Expected --replay with drawn scenes (--data shapes)" in line
    assert not out.exists()


def test_a_run_of_minutes_keeps_sixteen_of_its_moments() -> None:
    ratio = ratio_of(None)
    steps = [step for step in range(3000) if is_moment(step, ratio)]
    kept = chosen([*steps, 3000], MOMENTS)
    assert (kept[:2], kept[-1], len(kept)) == ([0, 1], 3000, MOMENTS)
    even = 3000 ** (1 / (MOMENTS - 2))
    for k, step in enumerate(kept[1:]):
        assert abs(math.log(step / even**k)) < math.log(1.3)


def test_a_replay_that_is_none_is_told(tmp_path: Path) -> None:
    for content in ("", "[]", json.dumps({"moments": []})):
        (tmp_path / FILE).write_text(content)
        with pytest.raises(ValueError, match=r"^Expected a replay in "):
            read_replay(tmp_path / FILE)
