"""Corners measured alone, and the worst mistakes as pictures."""

import json
import math
from pathlib import Path

import pytest
import torch

from cornernet.cli import main
from cornernet.config import DecodeConfig
from cornernet.data.samples import Sample
from cornernet.evaluation.corners import CornerHits, corner_hits, corner_precision
from cornernet.evaluation.worst import MOST, Worst
from tests.handmade import decoded, handmade
from tests.test_reasons import BLUE, GREEN, Thing, box_of

CONFIG = DecodeConfig(top_k=12, min_score=0.0, min_corner_score=0.1)


def sample_of(*things: Thing, ignored: tuple[bool, ...] = ()) -> Sample:
    boxes = [box_of(thing) for thing in things]
    return Sample(
        image=handmade().image,
        boxes_xyxy_px=torch.tensor([box for _, box in boxes]).reshape(-1, 4),
        labels=torch.tensor([label for label, _ in boxes], dtype=torch.int64),
        is_ignored=ignored,
    )


@pytest.mark.parametrize(
    ("is_hit", "objects", "expected"),
    [
        ([True, True], 2, 1.0),
        ([True], 2, 51 / 101),  # recalls 0 to 0.5 are reached
        ([False, True], 1, 0.5),
        ([True, False], 1, 1.0),
        ([], 3, 0.0),
        ([True], 0, math.nan),
    ],
)
def test_precision_of_corners_is_cocos(is_hit: list[bool], objects: int, expected: float) -> None:
    """By hand, as COCO defines it: the best precision from each of 101 recalls on."""
    hits = CornerHits(
        scores=torch.linspace(1, 0.5, len(is_hit)),
        labels=torch.ones(len(is_hit), dtype=torch.int64),
        is_hit=torch.tensor(is_hit, dtype=torch.bool),
        true_labels=torch.ones(objects, dtype=torch.int64),
    )
    assert corner_precision([hits], 3) == pytest.approx(expected, nan_ok=True)


def test_a_corner_is_taken_once_and_ignored_regions_count_for_nothing() -> None:
    decoding = decoded(handmade((GREEN, BLUE)), CONFIG)
    first, second = corner_hits(decoding, sample_of(GREEN))
    assert sorted(first.is_hit.tolist()) == sorted(second.is_hit.tolist()) == [False, True]
    first, _ = corner_hits(decoding, sample_of(GREEN, BLUE, ignored=(False, True)))
    assert first.is_hit.tolist() == [True]
    assert first.true_labels.tolist() == [1]
    twice, _ = corner_hits(decoding, sample_of(GREEN, GREEN))
    assert int(twice.is_hit.sum()) == 1


def test_the_worst_mistakes_come_first_and_are_drawn(tmp_path: Path) -> None:
    worst = Worst(DecodeConfig(min_score=0.3, min_corner_score=0.1))
    decoding = decoded(handmade((GREEN, BLUE)), CONFIG)
    for _ in range(MOST + 3):
        worst.add(sample_of(GREEN), decoding)  # blue is false
    worst.add(sample_of((0, (0, 0), (15, 15), 0.0, 0.0), GREEN, BLUE), decoding)  # red is missed
    worst.draw(tmp_path / "figures")
    names = sorted(path.name for path in (tmp_path / "figures").iterdir())
    assert len(names) == MOST + 1
    assert names[0] == "false-01-blue-false-corner.png"
    assert names[-1] == "miss-01-red-missed-corner.png"
    assert worst.sentences() == [
        "missed: 1, missed corner 1",
        f"false boxes: {MOST + 3}, false corner {MOST + 3}",
    ]


def test_what_lies_in_an_ignored_region_is_not_false(tmp_path: Path) -> None:
    worst = Worst(DecodeConfig(min_score=0.3, min_corner_score=0.1))
    decoding = decoded(handmade((GREEN, BLUE)), CONFIG)
    worst.add(sample_of(GREEN, BLUE, ignored=(False, True)), decoding)
    worst.draw(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_evaluate_draws_and_measures_corners(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = ["--figures", str(tmp_path / "figures")]
    assert main(["evaluate", "--images", "3", "--seed", "5", "--json", "-", *figures]) == 0
    printed, told = capsys.readouterr()
    report = json.loads(printed)
    assert report["AP_top_left_corners"] > 0.8
    assert report["AP_bottom_right_corners"] > 0.8
    assert "missed: " in told
    assert "false boxes: " in told
    assert (tmp_path / "figures").is_dir()
