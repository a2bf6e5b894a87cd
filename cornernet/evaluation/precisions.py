"""What lower precision changes in the answers."""

from collections.abc import Iterable
from dataclasses import dataclass

from cornernet.analysis.matching import match_boxes
from cornernet.decode import Detections
from cornernet.detector import Detector
from cornernet.image_reading import RgbArray

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
        """Return the share of the reference's detections that the other has too; 1 if none."""
        return self.matched / self.reference_count if self.reference_count else 1.0

    @property
    def mean_score_change(self) -> float:
        """Return the mean size of the changes; 0 if there is none."""
        changes = [abs(change) for change in self.score_changes]
        return sum(changes) / len(changes) if changes else 0.0

    @property
    def largest_score_change(self) -> float:
        """Return the size of the largest change; 0 if there is none."""
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
    pairs = match_boxes(reference.boxes, other.boxes, MIN_IOU).pairs
    return [float(other.scores[second] - reference.scores[first]) for first, second in pairs]
