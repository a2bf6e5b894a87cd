"""Placement: an object drawn where box, cover, border and contrast allow it."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Int16, Int64, UInt8

from cornernet.categories import SHAPES
from cornernet.data.shapes.colours import Colour, any_colour, contrast, fill_colour
from cornernet.data.shapes.ink import Ink, Mask, Style, coloured, draw_ink, is_ink
from cornernet.data.shapes.plans import Plan

Box = tuple[int, int, int, int]
Pixels = UInt8[np.ndarray, "height width 3"]
LARGEST_IOU = 0.3
SMALLEST_VISIBLE = 0.6
SIZE_SHARE = (0.06, 0.80)  # of the shorter image side


@dataclass(frozen=True, eq=False, kw_only=True)
class Placed:
    """Describe one drawn object; ink_total counts its inked pixels, cut off ones included."""

    label: int
    style: Style
    box: Box
    ink_total: int


@dataclass(frozen=True, eq=False, kw_only=True)
class Canvas:
    """Hold the pixels drawn so far and, for each, the object that inked it last (-1: none)."""

    pixels: UInt8[np.ndarray, "height width 3"]
    owner: Int16[np.ndarray, "height width"]
    placed: tuple[Placed, ...]


def with_object(rng: np.random.Generator, canvas: Canvas, plan: Plan) -> Canvas:
    """Draw one more object where it fits, smaller if need be; none if no place is found."""
    side = min(canvas.owner.shape)
    for attempt in range(10):
        shrink = 1.0 if attempt < 5 else 0.65
        size_px = max(0.068 * side, plan.size_px * shrink)
        if attempt in (0, 5):
            ink = draw_ink(SHAPES[plan.label], plan.style, rng, size_px, plan.stroke_px)
        if not SIZE_SHARE[0] * side <= max(ink.fill.shape) <= SIZE_SHARE[1] * side:
            continue
        corner = _corner(rng, canvas, ink.fill.shape, plan.centre_xy if attempt < 2 else None)
        drawn = _placed_at(rng, canvas, plan, ink, corner)
        if drawn is not None:
            return drawn
    return canvas


def _corner(
    rng: np.random.Generator,
    canvas: Canvas,
    shape_hw: tuple[int, int],
    centre_xy: tuple[float, float] | None,
) -> tuple[int, int]:
    """Choose where the top left corner of an object's crop goes, (x, y)."""
    (height, width), (high, wide) = canvas.owner.shape, shape_hw
    if centre_xy is not None:
        x, y = round(centre_xy[0] - wide / 2), round(centre_xy[1] - high / 2)
        return max(0, min(width - wide, x)), max(0, min(height - high, y))
    x, y = int(rng.integers(0, width - wide + 1)), int(rng.integers(0, height - high + 1))
    if canvas.placed and rng.random() < 0.15:  # aligned with an earlier object
        x1, y1, x2, y2 = canvas.placed[int(rng.integers(len(canvas.placed)))].box
        if rng.random() < 0.5:
            y = max(0, min(height - high, (y1 + y2 - high) // 2))
        else:
            x = max(0, min(width - wide, (x1 + x2 - wide) // 2))
    if max(wide, high) > 0.15 * min(height, width) and rng.random() < 0.11:
        beyond = rng.uniform(0.03, 0.3)
        sides = (-beyond * wide, width - (1 - beyond) * wide)
        ends = (-beyond * high, height - (1 - beyond) * high)
        if rng.random() < 0.5:
            return round(sides[int(rng.integers(2))]), y
        return x, round(ends[int(rng.integers(2))])
    return x, y


@dataclass(frozen=True, eq=False, kw_only=True)
class _Spot:
    """Where an object's crop meets the canvas."""

    crop: tuple[slice, slice]  # of the object
    window: tuple[slice, slice]  # of the canvas
    visible: Bool[np.ndarray, "rows columns"]  # its ink inside the canvas
    ink_total: int
    box: Box  # of what is visible; empty if nothing is


def _placed_at(
    rng: np.random.Generator, canvas: Canvas, plan: Plan, ink: Ink, corner: tuple[int, int]
) -> Canvas | None:
    """Draw an object at a corner, unless boxes, cover, border or colours forbid it."""
    spot = _spot(canvas, ink, corner)
    if not _fits(canvas, plan, spot):
        return None
    owner = canvas.owner.copy()
    owner[spot.window][spot.visible] = len(canvas.placed)
    left = visible_counts(owner, len(canvas.placed))
    if any(left[k] < SMALLEST_VISIBLE * one.ink_total for k, one in enumerate(canvas.placed)):
        return None
    below = canvas.pixels[spot.window]
    colours = _colours(rng, plan, ink, below[spot.visible])
    if colours is None:
        return None
    pixels = canvas.pixels.copy()
    paint = coloured(ink, rng, *colours)[spot.crop]
    pixels[spot.window] = _painted(rng, plan, spot, paint, (below, ink.coverage[spot.crop]))
    placed = Placed(label=plan.label, style=plan.style, box=spot.box, ink_total=spot.ink_total)
    return Canvas(pixels=pixels, owner=owner, placed=(*canvas.placed, placed))


def _spot(canvas: Canvas, ink: Ink, corner: tuple[int, int]) -> _Spot:
    inked = is_ink(ink.coverage)
    (height, width), (high, wide), (x, y) = canvas.owner.shape, inked.shape, corner
    left, top = max(0, x), max(0, y)
    right, bottom = min(width, x + wide), min(height, y + high)
    crop = (slice(top - y, bottom - y), slice(left - x, right - x))
    visible = inked[crop]
    return _Spot(
        crop=crop,
        window=(slice(top, bottom), slice(left, right)),
        visible=visible,
        ink_total=int(inked.sum()),
        box=_box_of(visible, (left, top)),
    )


def _box_of(visible: Bool[np.ndarray, "rows columns"], corner: tuple[int, int]) -> Box:
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    if len(rows) == 0:
        return 0, 0, 0, 0
    x, y = corner
    return int(x + columns[0]), int(y + rows[0]), int(x + columns[-1] + 1), int(y + rows[-1] + 1)


def _fits(canvas: Canvas, plan: Plan, spot: _Spot) -> bool:
    """Return whether enough is visible, at a size that counts, without too much of other boxes."""
    # An arrow whose head is cut off is a bar.
    least = 0.9 if SHAPES[plan.label] == "arrow" else SMALLEST_VISIBLE
    if spot.visible.sum() < least * spot.ink_total:
        return False
    x1, y1, x2, y2 = spot.box
    if max(x2 - x1, y2 - y1) < SIZE_SHARE[0] * min(canvas.owner.shape):
        return False
    allowed = LARGEST_IOU if plan.may_overlap else 0.0
    return all(_iou(spot.box, other.box) <= allowed for other in canvas.placed)


def _painted(
    rng: np.random.Generator,
    plan: Plan,
    spot: _Spot,
    paint: Float32[np.ndarray, "height width 3"],
    sheet: tuple[Pixels, Mask],
) -> Pixels:
    """Lay paint onto the window of the canvas; `sheet`: its pixels, and the object's cover."""
    below, coverage = sheet
    opaque = np.where(spot.visible, 255, 0) if plan.is_aliased else coverage
    share = opaque[..., None].astype(np.float32) / 255
    if plan.is_grainy:  # chalk, crayon or pencil on rough paper
        share = share * (0.55 + 0.45 * rng.random(share.shape, dtype=np.float32))
    return np.asarray(np.rint(below + (paint - below) * share), dtype=np.uint8)


def _iou(a: Box, b: Box) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return wide * high / (areas - wide * high)


def visible_counts(
    owner: Int16[np.ndarray, "height width"], count: int
) -> Int64[np.ndarray, "objects"]:
    """Count the pixels of each object that no later one covers."""
    return np.bincount((owner + 1).ravel(), minlength=count + 1)[1:]


def _colours(
    rng: np.random.Generator, plan: Plan, ink: Ink, below: UInt8[np.ndarray, "pixels 3"]
) -> tuple[Colour, Colour | None] | None:
    """Choose a pen that shows at a glance, and for a filled and stroked object a fill."""
    under = below[:: max(1, len(below) // 200)].astype(np.float32)
    is_both = bool(ink.fill.any() and ink.stroke.any()) and plan.style == "filled"
    needed = 95.0 if plan.style == "filled" and not is_both else 120.0
    for attempt in range(8):
        colour = plan.colour if plan.colour and attempt == 0 else any_colour(rng)
        if np.quantile(contrast(colour, under), 0.1) >= needed:
            return colour, fill_colour(rng) if is_both and rng.random() < 0.8 else None
        if plan.colour and attempt == 0 and rng.random() < 0.5:
            return None
    return None
