"""The hand: outlines redrawn with the unsteadiness of a person."""

import numpy as np

from cornernet.data.shapes.curves import Points
from cornernet.data.shapes.outlines import Outline, Path


def wavy(outline: Outline, rng: np.random.Generator) -> Outline:
    """Redraw closed paths with an unsteady edge."""
    strength = rng.uniform(0.2, 1.2)
    sampled = [dense(path, 56) for path in _uneven(outline, rng, strength)]
    return tuple(
        Path(points=points + _wobble(rng, len(points), 0.012 * strength)) for points in sampled
    )


def by_hand(outline: Outline, rng: np.random.Generator) -> Outline:
    """Redraw an outline as open wobbly strokes whose ends overshoot or do not quite meet."""
    strength = float(np.exp(rng.uniform(np.log(0.4), np.log(1.9))))
    uneven = _uneven(outline, rng, strength)
    passes = 2 if rng.random() < 0.15 else 1
    is_split = rng.random() < 0.35
    strokes: list[Path] = []
    for path in uneven:
        for number in range(passes):
            is_split_path = is_split and path.is_closed and len(path.points) <= 16
            sources = _edges(path) if is_split_path else [path]
            strokes += [_hand_stroke(source, rng, strength * (1 + number)) for source in sources]
        if path.is_solid:
            strokes.append(path)
    return tuple(strokes)


def _edges(path: Path) -> list[Path]:
    """Split a polygon into its sides."""
    following = np.roll(path.points, -1, axis=0)
    return [
        Path(points=np.stack([a, b]), is_closed=False)
        for a, b in zip(path.points, following, strict=True)
    ]


def _hand_stroke(path: Path, rng: np.random.Generator, strength: float) -> Path:
    start = int(rng.integers(len(path.points))) if path.is_closed else 0
    rolled = Path(points=np.roll(path.points, -start, axis=0), is_closed=path.is_closed)
    points = dense(rolled, 56 if path.is_closed else 24)
    if path.is_closed and rng.random() < 0.5:
        extra = int(rng.integers(1, 4))
        points = np.concatenate([points, points[1 : 1 + extra]])
    elif path.is_closed and rng.random() < 0.6:
        points = points[: -int(rng.integers(1, 4))]
    elif len(points) > 4:
        over = rng.uniform(-0.03, 0.07, 2) * min(1.0, strength)
        first, last = points[0] - points[4], points[-1] - points[-5]
        points = np.concatenate([
            points[:1] + first / np.hypot(*first) * over[0],
            points[1:-1],
            points[-1:] + last / np.hypot(*last) * over[1],
        ])  # fmt: skip
    if rng.random() < 0.4:
        padded = np.concatenate([points[:1], points, points[-1:]])
        points = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    drift = np.linspace(-0.5, 0.5, len(points))[:, None] * rng.normal(0.0, 0.05 * strength, 2)
    wobbly = points + _wobble(rng, len(points), 0.016 * strength) + drift
    if rng.random() < 0.25:  # a shaking hand, or a mouse
        wobbly = wobbly + rng.normal(0.0, 0.009, wobbly.shape)
    return Path(points=wobbly, is_closed=False)


def dense(path: Path, count: int) -> Points:
    """Sample a path evenly, corners kept; a closed one ends where it starts."""
    points = np.concatenate([path.points, path.points[:1]]) if path.is_closed else path.points
    travelled = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    where = np.union1d(np.linspace(0.0, travelled[-1], count), travelled)
    return np.stack([np.interp(where, travelled, points[:, axis]) for axis in (0, 1)], axis=1)


def _wobble(rng: np.random.Generator, count: int, amplitude: float) -> Points:
    """Draw smooth noise along a stroke."""
    along = np.linspace(0.0, 1.0, count)[:, None, None]
    cycles = np.array([0.7, 1.6, 3.1, 6.5]) * rng.uniform(0.8, 1.25, (2, 4))
    weights = rng.normal(0.0, 1.0, (2, 4)) * np.array([1.0, 0.7, 0.45, 0.25])
    waves = np.sin(2 * np.pi * (cycles * along + rng.random((2, 4)))) * weights
    return np.asarray(amplitude * waves.sum(axis=2))


def _uneven(outline: Outline, rng: np.random.Generator, strength: float) -> Outline:
    """Bend the plane a little and shift corners: unequal sides, uneven lobes."""
    across, corner = rng.normal(0.0, 0.045 * strength, (2, 3)), 0.045 * min(strength, 1.2)

    def bent(points: Points) -> Points:
        x, y = points[:, 0], points[:, 1]
        warp = np.stack([x * y, x * x, y * y], axis=1) @ across.T
        shift = rng.normal(0.0, corner, points.shape) if len(points) <= 16 else 0.0
        return points + warp + shift

    return tuple(
        Path(points=bent(path.points), is_closed=path.is_closed, is_solid=path.is_solid)
        for path in outline
    )
