"""Boxes keep their numbers through the steps of the error analysis, which ends in one sentence."""

import pytest
import torch

from cornernet.analysis.box_marks import box_marks
from cornernet.analysis.matching import Matching, match_boxes
from cornernet.boxes import LabelledBoxes
from cornernet.ui.tabs.truth_verdict import verdict


def boxes_at(*places: float) -> LabelledBoxes:
    """Lay boxes of ten pixels a side at places along x."""
    corners = [[x, 0.0, x + 10, 10.0] for x in places]
    return LabelledBoxes(
        boxes_xyxy_px=torch.tensor(corners).reshape(-1, 4),
        labels=torch.zeros(len(places), dtype=torch.int64),
    )


TRUTH = boxes_at(0, 100, 200)


def found_at(*places: float) -> tuple[LabelledBoxes, Matching]:
    found = boxes_at(*places)
    return found, match_boxes(found, TRUTH)


def test_true_boxes_and_false_alarms_keep_their_numbers() -> None:
    steps = (found_at(200, 50, 300, 0), found_at(0, 100, 301, 400), found_at(100, 200, 401, 51))
    found, matchings = zip(*steps, strict=True)
    marks = box_marks(found, matchings)
    # Found first, the best first: the true boxes at 200 and 0, then the missed one at 100.
    assert [one.found for one in marks] == [
        ("H1", "F4", "F5", "H2"),
        ("H2", "H3", "F5", "F6"),
        ("H3", "H1", "F6", "F7"),
    ]
    assert [one.missed for one in marks] == [("M3",), ("M1",), ("M2",)]


def test_nothing_found_and_nothing_true() -> None:
    empty = boxes_at()
    (marks,) = box_marks((empty,), (match_boxes(empty, empty),))
    assert (marks.found, marks.missed) == ((), ())


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (((0, 100, 200),) * 3, "no errors"),
        (
            ((0, 50), (0, 100, 200), (0, 100, 200)),
            "3 of 3 errors were corners**; offsets 0, pairing 0",
        ),
        (((0, 107), (0, 107), (0, 100)), "2 of 3 errors were offsets**; corners 0, pairing 1"),
        (((0, 100), (0, 100), (0, 100)), "1 of 1 error was pairing**; corners 0, offsets 0"),
        (((0, 100), (0, 50), (0, 100)), "even 3 errors"),
    ],
)
def test_the_verdict_counts_what_each_part_did(
    steps: tuple[tuple[float, ...], ...], words: str
) -> None:
    first, second, third = (found_at(*places)[1] for places in steps)
    assert words in verdict((first, second, third))
