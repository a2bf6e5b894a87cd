"""Boxes as (x1, y1, x2, y2): labels, overlap, clipping, and non-maximum suppression."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Float64, Int, Int64
from torch import Tensor

from cornernet.config import DecodeConfig

Boxes = Float[Tensor, "n 4"]


@dataclass(frozen=True, eq=False, kw_only=True)
class LabelledBoxes:
    """Boxes and what is in them, as true of an image or as found in it."""

    boxes_xyxy_px: Float[Tensor, "n 4"]
    labels: Int64[Tensor, "n"]

    def __len__(self) -> int:
        """Count the boxes."""
        return len(self.labels)

    def relabelled(self, names: tuple[str, ...], categories: tuple[str, ...]) -> "LabelledBoxes":
        """Let labels that index `names` index `categories`; boxes of other names are left out."""
        label_of = {name: label for label, name in reversed(list(enumerate(categories)))}
        labels = torch.tensor([label_of.get(name, -1) for name in names], dtype=torch.int64)
        new = labels[self.labels]
        return LabelledBoxes(boxes_xyxy_px=self.boxes_xyxy_px[new >= 0], labels=new[new >= 0])


def iou_matrix(first: Float[Tensor, "n 4"], second: Float[Tensor, "m 4"]) -> Float[Tensor, "n m"]:
    """Return the intersection over union of every pair; 0 where both boxes are empty."""
    low = torch.maximum(first[:, None, :2], second[None, :, :2])
    high = torch.minimum(first[:, None, 2:], second[None, :, 2:])
    intersection = (high - low).clamp(min=0).prod(2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).clamp(min=0).prod(1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None, :] - intersection
    return torch.where(union > 0, intersection / union.clamp(min=1e-12), 0.0)


def clip_boxes(boxes: Boxes, height: int, width: int) -> Boxes:
    """Move corners that lie outside the image onto its border."""
    limits = boxes.new_tensor([width, height, width, height])
    return torch.minimum(boxes.clamp(min=0), limits)


@dataclass(frozen=True, eq=False, kw_only=True)
class Suppression:
    """What non-maximum suppression did to each box, in the order of the boxes given."""

    scores: Float64[Tensor, "n"]  # after all decays
    rank: Int64[Tensor, "n"]  # 0 for the box that was picked first
    strongest: Int64[Tensor, "n"]  # the box whose decay was the heaviest; -1 if none decayed it
    strongest_factor: Float64[Tensor, "n"]  # what that box multiplied the score by; 1 if none did


def suppress(
    boxes: Boxes, scores: Float[Tensor, "n"], labels: Int[Tensor, "n"], config: DecodeConfig
) -> Suppression:
    """Lower the scores of boxes that overlap better ones of their category.

    Soft-NMS (Bodla et al., ICCV 2017): take the best remaining box, multiply the scores of the
    others by exp(-IoU^2 / sigma) ("gaussian"), 1 - IoU above the threshold ("linear") or 0 above
    it ("hard"), and repeat. Of equal scores the earlier box comes first.
    """
    count = len(boxes)
    same = (labels[:, None] == labels[None, :]).numpy()
    factors = np.where(same, suppression_factors(boxes, config).numpy(), 1.0)
    remaining_scores = scores.double().numpy().copy()
    is_remaining = np.ones(count, dtype=bool)
    rank = np.zeros(count, dtype=np.int64)
    strongest = np.full(count, -1, dtype=np.int64)
    strongest_factor = np.ones(count)
    for turn in range(count):
        best = int(np.argmax(np.where(is_remaining, remaining_scores, -1.0)))
        rank[best], is_remaining[best] = turn, False
        factor = np.where(is_remaining, factors[best], 1.0)
        remaining_scores = remaining_scores * factor
        is_heavier = factor < strongest_factor
        strongest = np.where(is_heavier, best, strongest)
        strongest_factor = np.where(is_heavier, factor, strongest_factor)
    return Suppression(
        scores=torch.from_numpy(remaining_scores),
        rank=torch.from_numpy(rank),
        strongest=torch.from_numpy(strongest),
        strongest_factor=torch.from_numpy(strongest_factor),
    )


def suppression_factors(boxes: Boxes, config: DecodeConfig) -> Float64[Tensor, "n n"]:
    """Return what each box would multiply each other's score by, were they of one category."""
    exact = boxes.double()
    return torch.from_numpy(_factors(iou_matrix(exact, exact).numpy(), config))


def _factors(iou: np.ndarray, config: DecodeConfig) -> np.ndarray:
    if config.nms == "gaussian":
        return np.exp(-(iou**2) / config.nms_sigma)
    if config.nms == "linear":
        return np.where(iou > config.nms_iou, 1 - iou, 1.0)
    if config.nms == "hard":
        return np.where(iou > config.nms_iou, 0.0, 1.0)
    return np.ones_like(iou)
