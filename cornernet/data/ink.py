"""Pens: styles that turn an outline into ink masks, and colours laid on the ink."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float32, UInt8
from PIL import Image, ImageDraw

from cornernet.data.outlines import Outline, Path, Points, turned, unit_outline

Style = Literal["filled", "outlined", "hand-drawn"]
Mask = UInt8[np.ndarray, "height width"]
Colour = tuple[int, int, int]


@dataclass(frozen=True, eq=False, kw_only=True)
class Ink:
    """Hold one object's masks in its own crop, tight to the ink; 255 is full cover."""

    fill: Mask
    stroke: Mask

    @property
    def coverage(self) -> Mask:
        """Join fill and stroke."""
        joined: Mask = np.maximum(self.fill, self.stroke)
        return joined


def is_ink(coverage: Mask) -> Bool[np.ndarray, "height width"]:
    """Say which pixels count as ink: those at least half covered."""
    return np.asarray(coverage >= 128)


def draw_ink(
    shape: str,
    style: Style,
    rng: np.random.Generator,
    size_px: float,
    stroke_px: float | None = None,
) -> Ink:
    """Draw one object alone, its longer side about size_px; stroke_px None draws a width too."""
    is_filled = style == "filled"
    outline = turned(unit_outline(shape, rng, is_filled=is_filled), shape, rng)
    width = _stroke_width(rng, size_px, stroke_px, any(not path.is_closed for path in outline))
    if style == "hand-drawn":
        outline = _by_hand(outline, rng)
    elif is_filled and rng.random() < 0.35:
        outline = _wavy(outline, rng)
    is_hatched = is_filled and size_px > 24 and rng.random() < 0.18
    has_stroke = not is_filled or is_hatched or rng.random() < 0.3
    scale = 3 if size_px < 90 else 2
    fitted, side = _fitted(outline, size_px, width if has_stroke else 0.0, scale)
    fill = Image.new("L", side)
    for path in fitted:
        if path.is_solid or is_filled:
            ImageDraw.Draw(fill).polygon(path.points.ravel().tolist(), fill=255)
    if is_hatched:
        fill = _hatched(fill, rng, size_px * scale)
    stroke = Image.new("L", side)
    if has_stroke:
        stroke = _stroked(fitted, side, style, rng, width * scale)
    return _tight(Ink(fill=np.asarray(fill.reduce(scale)), stroke=np.asarray(stroke.reduce(scale))))


def _stroked(
    outline: Outline, side: tuple[int, int], style: Style, rng: np.random.Generator, width: float
) -> Image.Image:
    """Draw the strokes of an outline: even or pressed, corners round or sharp, rarely dashed."""
    stroke = Image.new("L", side)
    pen = ImageDraw.Draw(stroke)
    is_pressed = style == "hand-drawn" and rng.random() < 0.4
    is_dashed = style != "filled" and max(side) > 120 and rng.random() < 0.03
    is_mitred = style != "hand-drawn" and rng.random() < 0.5
    for path in outline:
        for piece in _dashes(path, 5 * width) if is_dashed else [path]:
            _draw_stroke(pen, piece, width, rng if is_pressed else None, is_mitred)
    return stroke


def _stroke_width(
    rng: np.random.Generator, size_px: float, stroke_px: float | None, is_line_drawing: bool
) -> float:
    thickest = 0.13 if is_line_drawing else 0.08
    wanted = size_px * np.exp(rng.uniform(np.log(0.012), np.log(thickest)))
    width = wanted if stroke_px is None else stroke_px * rng.uniform(0.9, 1.1)
    return float(np.clip(width, max(1.3, 0.01 * size_px), max(1.3, thickest * size_px)))


def _fitted(
    outline: Outline, size_px: float, width_px: float, scale: int
) -> tuple[Outline, tuple[int, int]]:
    """Scale an outline so that its inked longer side is size_px, on a canvas scale times finer."""
    points = np.concatenate([path.points for path in outline])
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    factor = max(size_px - width_px, 3.0) / float(extent.max())
    margin = width_px * 1.5 + 2.0
    shift = margin - low * factor
    wide, high = (np.ceil(extent * factor + 2 * margin).astype(int) * scale).tolist()
    fitted = tuple(
        Path(
            points=(path.points * factor + shift) * scale,
            is_closed=path.is_closed,
            is_solid=path.is_solid,
        )
        for path in outline
    )
    return fitted, (wide, high)


def _tight(ink: Ink) -> Ink:
    """Cut the masks to the extent of the ink (which may be empty)."""
    inked = is_ink(ink.coverage)
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if rows.size == 0:
        return Ink(fill=ink.fill[:0, :0], stroke=ink.stroke[:0, :0])
    window = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    return Ink(fill=ink.fill[window], stroke=ink.stroke[window])


def _draw_stroke(
    pen: ImageDraw.ImageDraw,
    path: Path,
    width: float,
    pressure_rng: np.random.Generator | None,
    is_mitred: bool,
) -> None:
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


def _dashes(path: Path, dash: float) -> list[Path]:
    points = _dense(path, 96)
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    count = max(6, int(length / max(dash, 1.0)))
    pieces = np.array_split(points, count)
    return [
        Path(points=piece[: max(2, round(len(piece) * 0.65))], is_closed=False)
        for piece in pieces
        if len(piece) >= 2
    ]


def _hatched(fill: Image.Image, rng: np.random.Generator, size: float) -> Image.Image:
    """Keep parallel lines of a fill, from thin hatching to an almost full scribble."""
    gap = size * rng.uniform(0.07, 0.14)
    width = max(2, round(gap * rng.uniform(0.25, 0.95)))
    angle, reach = rng.uniform(0, np.pi), float(np.hypot(*fill.size))
    along, aside = (
        np.array([np.cos(angle), np.sin(angle)]),
        np.array([-np.sin(angle), np.cos(angle)]),
    )
    centre = np.array(fill.size) / 2
    lines = Image.new("L", fill.size)
    pen = ImageDraw.Draw(lines)
    for offset in np.arange(-reach / 2, reach / 2, gap):
        middle = centre + aside * (offset + rng.uniform(-0.15, 0.15) * gap)
        slant = aside * rng.uniform(-0.3, 0.3) * gap
        ends = np.concatenate(
            [middle - along * reach / 2 - slant, middle + along * reach / 2 + slant]
        )
        pen.line(ends.tolist(), fill=255, width=width)
    return Image.composite(lines, Image.new("L", fill.size), fill)


def _dense(path: Path, count: int) -> Points:
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


def _wavy(outline: Outline, rng: np.random.Generator) -> Outline:
    """Redraw closed paths with an unsteady edge."""
    strength = rng.uniform(0.2, 1.2)
    sampled = [_dense(path, 56) for path in _uneven(outline, rng, strength)]
    return tuple(
        Path(points=points + _wobble(rng, len(points), 0.012 * strength)) for points in sampled
    )


def _by_hand(outline: Outline, rng: np.random.Generator) -> Outline:
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
    points = _dense(rolled, 56 if path.is_closed else 24)
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


def coloured(
    ink: Ink, rng: np.random.Generator, colour: Colour, second: Colour | None
) -> Float32[np.ndarray, "height width 3"]:
    """Lay colours on an object: flat, graded or streaky fill, the stroke in colour.

    A second colour, where given, is the fill's; gradients stay close to the fill's colour.
    """
    height, width = ink.fill.shape
    base = np.asarray(second or colour, dtype=np.float32)
    surface: Float32[np.ndarray, "height width 3"] = np.broadcast_to(base, (height, width, 3))
    kind = rng.random()
    if ink.fill.any() and kind < 0.4:
        angle = rng.uniform(0, 2 * np.pi)
        rows = np.linspace(-0.5, 0.5, height, dtype=np.float32)[:, None, None]
        columns = np.linspace(-0.5, 0.5, width, dtype=np.float32)[None, :, None]
        ramp = columns * np.float32(np.cos(angle)) + rows * np.float32(np.sin(angle))
        if kind < 0.2:
            change = rng.uniform(-70, 70, 3).astype(np.float32)
            surface = surface + ramp * change
        else:
            streaks = np.sin(ramp * np.float32(rng.uniform(20, 60)))
            surface = surface + streaks * np.float32(rng.uniform(6, 18))
    share = (ink.stroke.astype(np.float32) / 255)[..., None]
    stroke = np.asarray(colour, dtype=np.float32)
    mixed = surface + (stroke - surface) * share
    return np.asarray(np.clip(mixed, 0, 255), dtype=np.float32)
