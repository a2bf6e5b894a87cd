"""Arcs, Bezier curves and rotations, from which outlines are made."""

import numpy as np
from jaxtyping import Float64

Points = Float64[np.ndarray, "points 2"]


def rotation(angle: float) -> Float64[np.ndarray, "2 2"]:
    """Return the matrix that turns columns by an angle in radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, -sine], [sine, cosine]])


def arc(start: float, stop: float, count: int) -> Points:
    """Sample the unit circle between two angles in radians, both ends included."""
    angles = np.linspace(start, stop, count)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def bezier(controls: list[tuple[float, float]], count: int) -> Points:
    """Sample a quadratic or cubic Bezier curve, both ends included."""
    points = np.array(controls)
    t = np.linspace(0.0, 1.0, count)[:, None, None]
    level = np.broadcast_to(points, (count, *points.shape))
    while level.shape[1] > 1:
        level = level[:, :-1] * (1 - t) + level[:, 1:] * t
    return level[:, 0]
