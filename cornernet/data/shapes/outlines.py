"""Unit outlines of the eight shape categories, with variation inside each category."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cornernet.categories import SHAPES
from cornernet.data.shapes.curves import Points, arc, bezier, rotation


@dataclass(frozen=True, eq=False, kw_only=True)
class Path:
    """Hold one polyline: x right, y down, about -1 to 1.

    A solid path is filled even where its object is drawn as strokes (an arrow's head).
    """

    points: Points
    is_closed: bool = True
    is_solid: bool = False


Outline = tuple[Path, ...]


def unit_outline(shape: str, rng: np.random.Generator, *, is_filled: bool) -> Outline:
    """Draw one outline of a category, upright; if to be filled, every path of it is closed."""
    return _OUTLINE_OF[shape](rng, is_filled)


def turned(outline: Outline, shape: str, rng: np.random.Generator) -> Outline:
    """Rotate, shear and stretch an outline as far as its category stays true."""
    stretch = 1.0 if shape == "circle" else float(np.exp(rng.uniform(-0.1, 0.1)))
    shear = 0.0 if shape == "circle" or rng.random() < 0.5 else rng.uniform(-0.15, 0.15)
    mirror = 1.0 if rng.random() < 0.5 else -1.0
    deform = np.array([[mirror * stretch, shear], [0.0, 1.0 / stretch]])
    matrix = rotation(_angle(shape, rng)) @ deform
    return tuple(
        Path(points=path.points @ matrix.T, is_closed=path.is_closed, is_solid=path.is_solid)
        for path in outline
    )


def _angle(shape: str, rng: np.random.Generator) -> float:
    """Draw an angle in radians, half of the time near upright (an arrow: near an axis)."""
    if rng.random() < 0.5:
        return float(rng.uniform(-np.pi, np.pi))
    quarter = int(rng.integers(4)) if shape == "arrow" else 0
    return float(quarter * np.pi / 2 + rng.normal(0.0, 0.09))


def _circle(rng: np.random.Generator, _is_filled: bool) -> Outline:
    aspect = 1.0 + 0.33 * rng.random() ** 2
    return (Path(points=arc(0.0, 2 * np.pi, 73)[:-1] * np.array([1.0, 1.0 / aspect])),)


def _triangle(rng: np.random.Generator, _is_filled: bool) -> Outline:
    kind = rng.random()
    if kind < 0.3:
        angles = np.full(3, 60.0)
    elif kind < 0.6:
        apex = rng.uniform(36.0, 100.0)
        angles = np.array([90 - apex / 2, 90 - apex / 2, apex])
    elif kind < 0.78:
        small = rng.uniform(30.0, 60.0)
        angles = np.array([90.0, small, 90.0 - small])
    else:
        angles = 30.0 + 90.0 * rng.dirichlet([1.5, 1.5, 1.5])
    # The inscribed-angle theorem: an angle A stands opposite to an arc of 2 A.
    first, _, third = np.radians(angles)
    around = np.array([0.0, 2 * third, 2 * third + 2 * first])
    corners = np.stack([np.cos(around), np.sin(around)], axis=1)
    base = corners[1] - corners[0]
    level = corners @ rotation(-float(np.arctan2(base[1], base[0]))).T
    upright = level * np.array([1.0, -1.0])
    return (Path(points=upright - upright.mean(axis=0)),)


def _square(rng: np.random.Generator, _is_filled: bool) -> Outline:
    half_height = 1.0 / rng.uniform(1.0, 1.2) if rng.random() < 0.5 else 1.0
    if rng.random() < 0.7:
        corners = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
        return (Path(points=corners * np.array([1.0, half_height])),)
    radius = rng.uniform(0.05, 0.25)
    signs = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    centres = signs * (np.array([1.0, half_height]) - radius)
    arcs = [
        centre + radius * arc(k * np.pi / 2, (k + 1) * np.pi / 2, 7)
        for k, centre in enumerate(centres)
    ]
    return (Path(points=np.concatenate(arcs)),)


def _star(rng: np.random.Generator, is_filled: bool) -> Outline:
    if not is_filled and rng.random() < 0.35:
        tips = -np.pi / 2 + np.arange(5) * 4 * np.pi / 5
        return (Path(points=np.stack([np.cos(tips), np.sin(tips)], axis=1)),)
    count = (5, 4, 6, 7, 8)[int(np.searchsorted([0.72, 0.80, 0.92, 0.96], rng.random()))]
    low, high = {4: (0.25, 0.42), 5: (0.32, 0.54), 6: (0.42, 0.62)}.get(count, (0.5, 0.68))
    angles = -np.pi / 2 + np.arange(2 * count) * np.pi / count
    radii = np.where(np.arange(2 * count) % 2 == 0, 1.0, rng.uniform(low, high))
    return (Path(points=radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)),)


def _heart(rng: np.random.Generator, _is_filled: bool) -> Outline:
    kind = rng.random()
    t = np.linspace(-np.pi, np.pi, 81)[:-1]
    if kind < 0.25:
        second, third = rng.uniform(4.0, 6.0), rng.uniform(1.0, 2.5)
        y = 13 * np.cos(t) - second * np.cos(2 * t) - third * np.cos(3 * t) - np.cos(4 * t)
        points = np.stack([16 * np.sin(t) ** 3, -y], axis=1) / 16
    elif kind < 0.45:
        depth, power = rng.uniform(0.65, 0.95), rng.uniform(0.5, 0.72)
        raised = np.sin(t) + depth * np.abs(np.cos(t)) ** power
        points = np.stack([np.cos(t), -raised * rng.uniform(0.85, 1.05)], axis=1)
    else:
        points = _bezier_heart(rng)
    return (Path(points=points - (points.max(axis=0) + points.min(axis=0)) / 2),)


def _bezier_heart(rng: np.random.Generator) -> Points:
    notch, widest, bottom = rng.uniform(-0.6, -0.25), rng.uniform(-0.45, -0.2), 1.0
    top = rng.uniform(-1.25, -0.95)
    upper = [(0.0, notch), (rng.uniform(0.05, 0.35), top), (1.0, top), (1.0, widest)]
    belly, waist = rng.uniform(0.05, 0.45), rng.uniform(0.1, 0.5)
    lower = [(1.0, widest), (1.0, belly), (waist, rng.uniform(0.45, 0.8)), (0.0, bottom)]
    right = np.concatenate([bezier(upper, 22), bezier(lower, 22)[1:]])
    return np.concatenate([right, right[-2:0:-1] * np.array([-1.0, 1.0])])


def _crescent(rng: np.random.Generator, _is_filled: bool) -> Outline:
    tip = np.radians(rng.uniform(25.0, 88.0))
    thickest = min(0.95, float(np.cos(tip)) + 1.0 - 0.35)
    deepest = rng.uniform(min(0.28, thickest - 0.05), thickest) - 1.0
    centre = (1.0 - deepest**2) / (2.0 * (np.cos(tip) - deepest))
    radius = centre - deepest
    start = float(np.arctan2(np.sin(tip), np.cos(tip) - centre))
    outer = arc(float(tip), 2 * np.pi - float(tip), 45)
    inner = arc(2 * np.pi - start, start, 33) * radius + np.array([centre, 0.0])
    blunt = int(rng.integers(1, 3)) if rng.random() < 0.4 else 1
    points = np.concatenate([outer, inner[blunt:-blunt]])
    return (Path(points=points - (points.max(axis=0) + points.min(axis=0)) / 2),)


def _cross(rng: np.random.Generator, is_filled: bool) -> Outline:
    is_latin = rng.random() < 0.25
    bar = rng.uniform(-0.45, -0.2) if is_latin else 0.0
    reach = rng.uniform(0.55, 0.8) if is_latin else rng.uniform(0.85, 1.0)
    tilt = np.pi / 4 if not is_latin and rng.random() < 0.35 else 0.0
    turn = rotation(tilt).T
    if not is_filled and rng.random() < 0.6:
        upright = np.array([[0.0, -1.0], [0.0, 1.0]])
        across = np.array([[-reach, bar], [reach, bar]])
        return tuple(Path(points=line @ turn, is_closed=False) for line in (upright, across))
    half = rng.uniform(0.1, 0.25 if is_latin else 0.38)
    low, high = bar - half, bar + half
    side = [(half, -1.0), (half, low), (reach, low), (reach, high), (half, high), (half, 1.0)]
    right = np.array(side)
    return (Path(points=np.concatenate([right, right[::-1] * np.array([-1.0, 1.0])]) @ turn),)


def _arrow(rng: np.random.Generator, is_filled: bool) -> Outline:
    bend = rng.uniform(-0.35, 0.35) if rng.random() < 0.3 else 0.0
    if is_filled or rng.random() < 0.35:
        return (Path(points=_block_arrow(rng, bend)),)
    shaft = bezier([(-1.0, 0.0), (0.0, bend * 1.6), (1.0, 0.0)], 25 if bend else 2)
    along = shaft[-1] - shaft[-2]
    heading = rotation(float(np.arctan2(along[1], along[0]))).T
    length, spread = rng.uniform(0.35, 0.75), rng.uniform(0.5, 1.0)
    barbs = np.array([[-length, -spread * length], [0.0, 0.0], [-length, spread * length]])
    head = barbs @ heading + shaft[-1]
    if rng.random() < 0.35:
        kept = shaft if bend else np.array([[-1.0, 0.0], [1.0 - length / 2, 0.0]])
        return (Path(points=kept, is_closed=False), Path(points=head, is_solid=True))
    return (Path(points=shaft, is_closed=False), Path(points=head, is_closed=False))


def _block_arrow(rng: np.random.Generator, bend: float) -> Points:
    half, length = rng.uniform(0.06, 0.26), rng.uniform(0.5, 1.05)
    wing = max(half * 1.7, rng.uniform(0.35, 0.7))
    neck = 1.0 - length
    swept = neck - (rng.uniform(0.05, 0.25) if rng.random() < 0.25 else 0.0)
    tail = np.linspace(-1.0, neck, 12 if bend else 2)
    upper = np.stack([tail, np.full_like(tail, -half)], axis=1)
    head = np.array([[swept, -wing], [1.0, 0.0], [swept, wing]])
    points = np.concatenate([upper, head, upper[::-1] * np.array([1.0, -1.0])])
    return points + np.stack([np.zeros(len(points)), bend * points[:, 0] ** 2], axis=1)


_OUTLINE_OF: dict[str, Callable[[np.random.Generator, bool], Outline]] = dict(
    zip(
        SHAPES,
        (_circle, _triangle, _square, _star, _heart, _crescent, _cross, _arrow),
        strict=True,
    )
)
