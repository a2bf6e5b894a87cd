"""Boxes of several categories that claim one place: each category has its own heatmaps."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from cornernet.boxes import iou_matrix

SAME_PLACE_IOU = 0.9  # from which on two boxes of different categories claim one place


def same_place(
    boxes_xyxy: Float[Tensor, "n 4"], labels: Int64[Tensor, "n"]
) -> tuple[tuple[int, ...], ...]:
    """Group boxes, given best first: each with the later ones that claim its place.

    A group holds a category once; a box that is in a group begins none.
    """
    overlap = iou_matrix(boxes_xyxy.double(), boxes_xyxy.double())
    is_free = torch.ones(len(labels), dtype=torch.bool)
    groups = []
    for first in range(len(labels)):
        if not is_free[first]:
            continue
        members = {int(labels[first]): first}
        for other in range(first + 1, len(labels)):
            if is_free[other] and overlap[first, other] >= SAME_PLACE_IOU:
                members.setdefault(int(labels[other]), other)
        groups.append(tuple(members.values()))
        is_free[list(members.values())] = False
    return tuple(groups)
