"""Two models' answers to one image: what both know, and where they agree."""

from dataclasses import dataclass

from cornernet.analysis.matching import match_boxes
from cornernet.decode import Detections


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How many boxes of categories that both models know were found by whom."""

    both: int  # pairs of boxes of one category, at an IoU of 0.5 or more
    first_only: int
    second_only: int


def common_categories(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """List the names that both models know, in the order of the first."""
    return tuple(name for name in first if name in second)


def agreement(first: Detections, second: Detections, common: tuple[str, ...]) -> Agreement:
    """Count the boxes of the common categories, matched by name and overlap."""
    ours, theirs = (found.boxes.relabelled(found.categories, common) for found in (first, second))
    both = len(match_boxes(ours, theirs).pairs)
    return Agreement(both=both, first_only=len(ours) - both, second_only=len(theirs) - both)
