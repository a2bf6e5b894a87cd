"""Which box of one set is which of another."""

from dataclasses import dataclass

import torch
from jaxtyping import Float64, Int64
from torch import Tensor

from cornernet.boxes import LabelledBoxes, iou_matrix

MATCH_IOU = 0.5  # from which two boxes of a category count as one object


@dataclass(frozen=True, eq=False, kw_only=True)
class Matching:
    """What became of each box of the first set, and which of the second are left over."""

    partner: Int64[Tensor, "n"]  # index into the second set; -1 for none
    iou: Float64[Tensor, "n"]  # with the partner; 0 without one
    left_over: Int64[Tensor, "m"]  # indices into the second set

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """List the matches as (first, second), in the order of the first set."""
        return [(k, partner) for k, partner in enumerate(self.partner.tolist()) if partner >= 0]

    @property
    def unmatched(self) -> list[int]:
        """List the boxes of the first set without a partner."""
        return [k for k, partner in enumerate(self.partner.tolist()) if partner < 0]

    @property
    def mean_iou(self) -> float:
        """Return the mean over the matches; NaN without any."""
        return float(self.iou[self.partner >= 0].mean())


def match_boxes(
    first: LabelledBoxes, second: LabelledBoxes, least_iou: float = MATCH_IOU
) -> Matching:
    """Let each box of the first set, in its order, take the free one that overlaps it most.

    Only boxes of its own category count, from an IoU of `least_iou` on. Give the best-scored box
    first, as COCO's evaluation does.
    """
    overlap = iou_matrix(first.boxes_xyxy_px.double(), second.boxes_xyxy_px.double())
    overlap = torch.where(first.labels[:, None] == second.labels[None, :], overlap, -1.0)
    partner = torch.full((len(first),), -1, dtype=torch.int64)
    iou = torch.zeros(len(first), dtype=torch.float64)
    is_free = torch.ones(len(second), dtype=torch.bool)
    for k in range(len(first) if len(second) else 0):
        free_overlap = torch.where(is_free, overlap[k], -1.0)
        best = int(free_overlap.argmax())
        if free_overlap[best] >= least_iou:
            partner[k], iou[k], is_free[best] = best, free_overlap[best], False
    return Matching(partner=partner, iou=iou, left_over=is_free.nonzero()[:, 0])
