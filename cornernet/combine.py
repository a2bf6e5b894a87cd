"""From several views of one image to one answer (test-time augmentation)."""

import torch
from jaxtyping import Float64, Int64
from torch import Tensor

from cornernet.boxes import suppress, suppression_factors
from cornernet.config import DecodeConfig
from cornernet.decode import Decoding, Detections, are_detections, best_first

# (1 - factor) to this power is a suppressed box's share in the box that suppressed it.
MERGE_EXPONENT = 10


def combine(looks: list[Decoding], config: DecodeConfig, *, is_merged: bool) -> Detections:
    """Suppress the boxes of all views together; merge overlapping ones, as for several scales."""
    boxes = torch.cat([upright(look.candidates.boxes_xyxy_px) for look in looks])
    scores = torch.cat([look.candidates.scores for look in looks])
    labels = torch.cat([look.candidates.labels for look in looks])
    corners = torch.cat([_corner_scores(look) for look in looks])
    remaining, merged = torch.zeros_like(scores), boxes.clone()
    for label in sorted(set(labels.tolist())):  # categories do not touch each other
        mine = (labels == label).nonzero()[:, 0]
        suppression = suppress(boxes[mine], scores[mine], labels[mine], config)
        remaining[mine] = suppression.scores
        if is_merged:
            merged[mine] = merge(boxes[mine], corners[mine], suppression.rank, config)
    chosen = best_first(are_detections(remaining, config), remaining)
    return Detections(
        boxes_xyxy_px=merged[chosen].float(),
        scores=remaining[chosen].float(),
        labels=labels[chosen],
        categories=looks[0].detections.categories,
    )


def upright(boxes: Float64[Tensor, "n 4"]) -> Float64[Tensor, "n 4"]:
    """Put x1 before x2: the frame of a mirrored view gives them the other way round."""
    return torch.where(boxes[:, :1] > boxes[:, 2:3], boxes[:, [2, 1, 0, 3]], boxes)


def _corner_scores(look: Decoding) -> Float64[Tensor, "n 2"]:
    first = look.corners.top_left.scores[look.candidates.top_left_index]
    second = look.corners.bottom_right.scores[look.candidates.bottom_right_index]
    return torch.stack([first, second], 1).double()


def merge(
    boxes: Float64[Tensor, "n 4"],
    corner_scores: Float64[Tensor, "n 2"],
    rank: Int64[Tensor, "n"],
    config: DecodeConfig,
) -> Float64[Tensor, "n 4"]:
    """Move each box to the weighted mean of itself and those of one category that it suppressed.

    Each corner is weighted by its own score, and by how much its box overlaps.
    """
    share = (1 - suppression_factors(boxes, config)) ** MERGE_EXPONENT
    is_later = rank[None, :] > rank[:, None]
    share = torch.where(is_later, share, 0.0).fill_diagonal_(1.0)
    weights = corner_scores.repeat_interleave(2, 1)  # of x1, y1, x2, y2
    return (share @ (boxes * weights)) / (share @ weights).clamp(min=1e-12)
