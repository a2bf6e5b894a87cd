"""Each way of being wrong has its reason, on maps whose corners are known."""

from dataclasses import replace

import pytest
import torch

from cornernet.analysis.reasons import Reason, reasons_of
from cornernet.analysis.truth import compare
from cornernet.boxes import LabelledBoxes
from tests.handmade import CONFIG, decoded, handmade

Thing = tuple[int, tuple[int, int], tuple[int, int], float, float]
# label, first cell, last cell, embedding, score; cells of 4 pixels, corners half a cell further
GREEN: Thing = (1, (1, 1), (7, 7), 0.0, 0.9)
BLUE: Thing = (2, (9, 8), (14, 14), 3.0, 0.9)
OTHER: Thing = (1, (9, 9), (14, 14), 3.0, 0.9)


def box_of(thing: Thing) -> tuple[int, list[float]]:
    label, first, last, *_ = thing
    return label, [4 * (cell + 0.5) for cell in (*first, *last)]


def why(
    there: list[Thing], true: list[tuple[int, list[float]]], **changes: float
) -> tuple[list[str], list[str]]:
    """Give the reasons of the missed and of the false boxes, in order."""
    decoding = decoded(handmade(tuple(there)), replace(CONFIG, min_corner_score=0.1, **changes))
    truth = LabelledBoxes(
        boxes_xyxy_px=torch.tensor([box for _, box in true]).reshape(-1, 4),
        labels=torch.tensor([label for label, _ in true], dtype=torch.int64),
    )
    reasons = reasons_of(decoding, truth, compare(decoding, truth))
    return list(reasons.of_missed.values()), list(reasons.of_false.values())


def moved(thing: Thing, first: tuple[int, int], last: tuple[int, int]) -> tuple[int, list[float]]:
    return box_of((thing[0], first, last, 0.0, 0.0))


@pytest.mark.parametrize(
    ("there", "true", "missed", "false"),
    [
        ([GREEN, BLUE], [box_of(GREEN), box_of(BLUE)], [], []),
        ([GREEN], [box_of(GREEN), box_of(BLUE)], [Reason.MISSED_CORNER], []),
        ([GREEN, BLUE], [box_of(GREEN)], [], [Reason.FALSE_CORNER]),
        ([GREEN, BLUE], [], [], [Reason.FALSE_CORNER, Reason.FALSE_CORNER]),
        ([BLUE], [(1, box_of(BLUE)[1])], [Reason.WRONG_CATEGORY], [Reason.WRONG_CATEGORY]),
        # One corner is an object's, the other one is not.
        ([GREEN], [moved(GREEN, (1, 1), (12, 12))], [Reason.MISSED_CORNER], [Reason.FALSE_CORNER]),
        # Three cells are 2 x 2 of an object of 3 x 3: both corners are within a cell.
        ([(1, (2, 2), (4, 4), 0.0, 0.9)], [moved(GREEN, (1, 1), (4, 5))], [Reason.OFFSET],
         [Reason.OFFSET]),
        ([(1, *GREEN[1:3], 0.0, 0.25)], [box_of(GREEN)], [Reason.SCORE], []),
    ],
)  # fmt: skip
def test_each_error_has_its_reason(
    there: list[Thing],
    true: list[tuple[int, list[float]]],
    missed: list[Reason],
    false: list[Reason],
) -> None:
    assert why(there, true) == (missed, false)


def test_own_corners_that_do_not_pair_and_those_of_two_objects_that_do() -> None:
    # The first corner of the one and the last of the other are an object's, and do not pair.
    things = [(1, (1, 1), (15, 15), 0.0, 0.9), (1, (5, 3), (7, 7), 3.0, 0.9)]
    missed, false = why(things, [box_of(GREEN)])
    assert (missed, false) == ([Reason.WRONG_PARTNER], [Reason.FALSE_CORNER] * 2)
    true = [box_of(GREEN), box_of(OTHER)]
    # All embeddings pass: the first corner of one object is paired with the last of the other.
    missed, false = why([GREEN, OTHER], true, max_embedding_distance=1e9)
    assert (missed, false) == ([], [Reason.WRONG_PARTNER])


def test_a_second_box_on_an_object_is_double() -> None:
    twice = [GREEN, (1, (3, 2), (7, 7), 0.0, 0.8)]
    missed, false = why(twice, [box_of(GREEN)], min_score=0.05)
    assert missed == []
    assert set(false) == {Reason.DOUBLE}
