"""Average precision of each kind of corner alone, before any is paired."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from cornernet.analysis.reasons import nearness
from cornernet.boxes import LabelledBoxes
from cornernet.data.samples import Sample
from cornernet.decode import Decoding

RECALLS = np.linspace(0, 1, 101)  # at which COCO's evaluation reads the precision


@dataclass(frozen=True, eq=False, kw_only=True)
class CornerHits:
    """The corners of one kind in one image, the best first, and how many were to be found."""

    scores: Float[Tensor, "k"]
    labels: Int64[Tensor, "k"]
    is_hit: Bool[Tensor, "k"]
    true_labels: Int64[Tensor, "n"]


def corner_hits(decoding: Decoding, sample: Sample) -> tuple[CornerHits, CornerHits]:
    """Let each peak, the best first, take a free true corner of its category within reach.

    Peaks in ignored regions, and of categories that were not looked for, count for nothing.
    """
    counted = sample.is_counted
    truth = LabelledBoxes(
        boxes_xyxy_px=sample.boxes_xyxy_px[counted], labels=sample.labels[counted]
    )
    near = nearness(decoding, truth)
    ignored = decoding.frame.to_cells(sample.boxes_xyxy_px[~counted].double())
    hits = []
    for peaks, reached in zip(
        decoding.corners.both, (near.top_left, near.bottom_right), strict=True
    ):
        is_known = torch.tensor(
            [
                sample.known_labels is None or k in sample.known_labels
                for k in peaks.labels.tolist()
            ],
            dtype=torch.bool,
        )
        xy = peaks.corner_xy_cell[:, None]
        inside = ((xy >= ignored[None, :, :2]) & (xy <= ignored[None, :, 2:])).all(2)
        inside &= peaks.labels[:, None] == sample.labels[~counted][None]
        reached = reached & (truth.labels[:, None] == peaks.labels[None])
        is_hit = _taken(reached)
        kept = is_hit | (is_known & ~inside.any(1))
        hits.append(
            CornerHits(
                scores=peaks.scores[kept],
                labels=peaks.labels[kept],
                is_hit=is_hit[kept],
                true_labels=truth.labels,
            )
        )
    return hits[0], hits[1]


def _taken(reached: Bool[Tensor, "n k"]) -> Bool[Tensor, "k"]:
    is_free = torch.ones(len(reached), dtype=torch.bool)
    is_hit = torch.zeros(reached.shape[1], dtype=torch.bool)
    for k in range(reached.shape[1]):
        fitting = (reached[:, k] & is_free).nonzero()
        if len(fitting):
            is_free[fitting[0, 0]], is_hit[k] = False, True
    return is_hit


def corner_precision(hits: list[CornerHits], categories: int) -> float:
    """Return the mean over categories with objects of COCO's average precision; NaN for none."""
    scores = torch.cat([each.scores for each in hits]).numpy()
    labels = torch.cat([each.labels for each in hits]).numpy()
    is_hit = torch.cat([each.is_hit for each in hits]).numpy()
    true = np.bincount(torch.cat([each.true_labels for each in hits]).numpy(), minlength=categories)
    order = np.argsort(-scores, kind="stable")
    found = [is_hit[order][labels[order] == label] for label in range(categories)]
    each = [_area(f, int(n)) for f, n in zip(found, true, strict=True) if n]
    return float(np.mean(each)) if each else float("nan")


def _area(is_hit: Bool[np.ndarray, "k"], objects: int) -> float:
    hits = np.cumsum(is_hit)
    precision = hits / np.arange(1, len(hits) + 1)
    best_from_here = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(hits / objects, RECALLS, side="left")
    return float(np.append(best_from_here, 0.0)[np.minimum(places, len(hits))].mean())
