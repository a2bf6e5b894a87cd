"""What lower precision changes in the answers."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch

from cornernet.boxes import iou_matrix
from cornernet.decode import Detections
from cornernet.detector import Detector
from cornernet.preprocess import RgbArray

MIN_IOU = 0.9  # between a box and the one that stands for it


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How the detections of one precision stand to those of another, over a set of images."""

    images: int
    reference_count: int
    other_count: int
    matched: int
    score_changes: tuple[float, ...]  # of the matched: other minus reference

    @property
    def matched_share(self) -> float:
        """Give the share of the reference's detections that the other has too; 1 if none."""
        return self.matched / self.reference_count if self.reference_count else 1.0

    @property
    def mean_score_change(self) -> float:
        """Give the mean size of the changes; 0 if there is none."""
        changes = [abs(change) for change in self.score_changes]
        return sum(changes) / len(changes) if changes else 0.0

    @property
    def largest_score_change(self) -> float:
        """Give the size of the largest change; 0 if there is none."""
        return max((abs(change) for change in self.score_changes), default=0.0)


def agreement(reference: Detector, other: Detector, images: Iterable[RgbArray]) -> Agreement:
    """Detect with both in every image and match the answers."""
    counts, changes, total = [0, 0], [], 0
    for image in images:
        first, second = reference.detect(image), other.detect(image)
        changes += match_scores(first, second)
        counts = [counts[0] + len(first.scores), counts[1] + len(second.scores)]
        total += 1
    return Agreement(
        images=total,
        reference_count=counts[0],
        other_count=counts[1],
        matched=len(changes),
        score_changes=tuple(changes),
    )


def match_scores(reference: Detections, other: Detections) -> list[float]:
    """Match each detection, the best first, with the nearest one left; give the score changes."""
    overlap = iou_matrix(reference.boxes_xyxy_px, other.boxes_xyxy_px)
    is_same = reference.labels[:, None] == other.labels[None, :]
    is_free = torch.ones(len(other.scores), dtype=torch.bool)
    changes = []
    for row in range(len(reference.scores)):
        candidates = torch.where(is_same[row] & is_free, overlap[row], -1.0)
        if len(candidates) == 0 or candidates.max() < MIN_IOU:
            continue
        best = int(candidates.argmax())
        is_free = is_free & (torch.arange(len(is_free)) != best)
        changes.append(float(other.scores[best] - reference.scores[row]))
    return changes
