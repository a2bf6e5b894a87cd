"""How far a corner may lie off, and how wide its Gaussian is (section 3.2 and figure 5)."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RadiusCases:
    """The largest radius, in cells, for each of three ways to move both corners of a box."""

    inwards: float
    along: float
    outwards: float


def radius_cases(height: float, width: float, min_overlap: float) -> RadiusCases:
    """Return how far corners may move, in each way, so that the box keeps an IoU of `min_overlap`.

    Both corners move by the radius along both axes. Sides and radii are in cells.
    """
    side_sum, area = height + width, height * width
    # Both inside: 4 r^2 - 2 r (h + w) + (1 - o) w h = 0.
    inwards = _smaller_root(4, -2 * side_sum, (1 - min_overlap) * area)
    # One corner inside and one outside the true box: r^2 - r (h + w) + w h (1 - o) / (1 + o) = 0.
    along = _smaller_root(1, -side_sum, area * (1 - min_overlap) / (1 + min_overlap))
    # Both outside: 4 o r^2 + 2 o r (h + w) + (o - 1) w h = 0, whose one positive root is wanted.
    a, b, c = 4 * min_overlap, 2 * min_overlap * side_sum, (min_overlap - 1) * area
    outwards = (-b + math.sqrt(b * b - 4 * a * c)) / (2 * a)
    return RadiusCases(inwards=inwards, along=along, outwards=outwards)


def gaussian_radius(height: float, width: float, min_overlap: float) -> float:
    """Return the largest radius within which moved corners keep an IoU of `min_overlap`.

    The corrected form of the official code (2019-03): the least of the three cases.
    """
    cases = radius_cases(height, width, min_overlap)
    return min(cases.inwards, cases.along, cases.outwards)


def gaussian_sigma(radius: int) -> float:
    """Return the Gaussian's standard deviation: a sixth of the window it is drawn in, in cells."""
    return (2 * radius + 1) / 6


def _smaller_root(a: float, b: float, c: float) -> float:
    return (-b - math.sqrt(b * b - 4 * a * c)) / (2 * a)
