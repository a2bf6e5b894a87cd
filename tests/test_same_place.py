"""Boxes that claim one place."""

import pytest
import torch

from cornernet.analysis.same_place import same_place

A = [0.0, 0.0, 100.0, 100.0]
NEAR = [0.0, 0.0, 100.0, 91.0]  # IoU 0.91 with A
NEARER = [0.0, 0.0, 100.0, 95.0]
FAR = [0.0, 0.0, 100.0, 80.0]
NOTHING = [5.0, 5.0, 5.0, 5.0]


@pytest.mark.parametrize(
    ("boxes", "labels", "groups"),
    [
        ([], [], ()),
        ([A], [0], ((0,),)),
        ([A, NEAR], [0, 1], ((0, 1),)),
        ([A, A], [0, 0], ((0,), (1,))),  # of one category: suppression's business
        ([A, FAR], [0, 1], ((0,), (1,))),
        ([A, NEAR, NEARER], [0, 1, 2], ((0, 1, 2),)),
        ([A, FAR, NEAR], [0, 1, 2], ((0, 2), (1,))),
        ([A, NEAR, NEARER], [0, 1, 1], ((0, 1), (2,))),  # a group names a category once
        ([NEAR, A, [0.0, 0.0, 100.0, 84.0]], [0, 1, 2], ((0, 1, 2),)),  # with the first, 0.92
        ([A, NEAR, [0.0, 0.0, 100.0, 84.0]], [0, 1, 2], ((0, 1), (2,))),  # not by a chain
        ([NOTHING, NOTHING], [0, 1], ((0,), (1,))),
    ],
)
def test_boxes_of_one_place_are_grouped(
    boxes: list[list[float]], labels: list[int], groups: tuple[tuple[int, ...], ...]
) -> None:
    found = same_place(torch.tensor(boxes).reshape(-1, 4), torch.tensor(labels, dtype=torch.int64))
    assert found == groups
