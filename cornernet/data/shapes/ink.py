"""Ink: styles that turn an outline into masks, and colours laid on them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float32, UInt8
from PIL import Image, ImageDraw

from cornernet.data.shapes.colours import Colour
from cornernet.data.shapes.hand import by_hand, wavy
from cornernet.data.shapes.outlines import Outline, Path, turned, unit_outline
from cornernet.data.shapes.strokes import dashes, draw_stroke

Style = Literal["filled", "outlined", "hand-drawn"]
Mask = UInt8[np.ndarray, "height width"]


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
    """Describe which pixels count as ink: those at least half covered."""
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
        outline = by_hand(outline, rng)
    elif is_filled and rng.random() < 0.35:
        outline = wavy(outline, rng)
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
        for piece in dashes(path, 5 * width) if is_dashed else [path]:
            draw_stroke(pen, piece, width, rng if is_pressed else None, is_mitred)
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
