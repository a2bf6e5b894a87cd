"""Strokes: one path drawn with a pen, its corners and ends, and its dashes."""

import numpy as np
from PIL import ImageDraw

from cornernet.data.shapes.curves import Points
from cornernet.data.shapes.hand import dense
from cornernet.data.shapes.outlines import Path


def draw_stroke(
    pen: ImageDraw.ImageDraw,
    path: Path,
    width: float,
    pressure_rng: np.random.Generator | None,
    is_mitred: bool,
) -> None:
    """Draw one path, evenly where no generator is given, else with changing pressure."""
    points = np.concatenate([path.points, path.points[:1]]) if path.is_closed else path.points
    if pressure_rng is None:
        whole = max(1, round(width))
        pen.line(points.ravel().tolist(), fill=255, width=whole)
        _draw_joins(pen, points, whole / 2, path.is_closed, is_mitred)
        return
    along = np.linspace(0.0, 1.0, len(points))
    swing = np.sin(2 * np.pi * (pressure_rng.uniform(0.5, 2.5) * along + pressure_rng.random()))
    least = 3.6 if width > 5 else 2.6
    widths = np.maximum(width * (1 + pressure_rng.uniform(0.15, 0.4) * swing), least)
    pairs = points.tolist()
    for (x1, y1), (x2, y2), broad in zip(pairs[:-1], pairs[1:], widths.tolist(), strict=False):
        half = broad / 2
        pen.line((x1, y1, x2, y2), fill=255, width=round(broad))
        pen.ellipse((x1 - half, y1 - half, x1 + half, y1 + half), fill=255)


def _draw_joins(
    pen: ImageDraw.ImageDraw, points: Points, half: float, is_closed: bool, is_mitred: bool
) -> None:
    """Round the corners and ends of a stroke, or sharpen the corners where they are not acute."""
    steps = np.diff(points, axis=0)
    steps = steps / np.maximum(np.hypot(steps[:, 0], steps[:, 1]), 1e-9)[:, None]
    before = np.concatenate([steps[-1:] if is_closed else -steps[:1], steps])
    after = np.concatenate([steps, steps[:1] if is_closed else -steps[-1:]])
    cosines = (before * after).sum(axis=1)
    for k in np.flatnonzero(cosines < 0.94).tolist():
        x, y = points[k].tolist()
        is_end = not is_closed and k in (0, len(points) - 1)
        if is_mitred and is_end:
            continue
        if is_mitred and cosines[k] > -0.75:
            out = (before[k] - after[k]) * half / np.sqrt(max(1 - cosines[k] ** 2, 1e-6))
            turn = np.sign(before[k, 0] * after[k, 1] - before[k, 1] * after[k, 0])
            normals = np.array([[s[1], -s[0]] for s in (before[k], after[k])]) * half * turn
            corner = np.stack([points[k], points[k] + normals[0], points[k] + out,
                               points[k] + normals[1]])  # fmt: skip
            pen.polygon(corner.ravel().tolist(), fill=255)
        else:
            pen.ellipse((x - half, y - half, x + half, y + half), fill=255)


def dashes(path: Path, dash: float) -> list[Path]:
    """Cut a path into dashes: pieces about `dash` long, of each the first two thirds."""
    points = dense(path, 96)
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    count = max(6, int(length / max(dash, 1.0)))
    pieces = np.array_split(points, count)
    return [
        Path(points=piece[: max(2, round(len(piece) * 0.65))], is_closed=False)
        for piece in pieces
        if len(piece) >= 2
    ]
