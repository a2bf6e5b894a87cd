"""The `shapes` data set: drawn scenes whose truth is exact, the same for the same seed."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float32, Int16, Int64, UInt8
from PIL import Image

from cornernet.categories import SHAPES
from cornernet.data.ink import Colour, Ink, Style, coloured, draw_ink, is_ink
from cornernet.data.paper import Paper, add_clutter, degrade, draw_paper

Split = Literal["train", "evaluation"]
Box = tuple[int, int, int, int]

LARGEST_IOU = 0.3
SMALLEST_VISIBLE = 0.6
SIZE_SHARE = (0.06, 0.80)  # of the shorter image side
_FIRST_WORD = {"train": 0x7472_6169, "evaluation": 0x6576_616C}
_DARK_PENS: tuple[Colour, ...] = (
    (20, 20, 24), (20, 20, 24), (28, 56, 160), (190, 30, 40), (20, 120, 60), (90, 90, 96),
    (110, 40, 140), (200, 90, 10), (60, 40, 30),
)  # fmt: skip
_LIGHT_PENS: tuple[Colour, ...] = (
    (245, 245, 240), (245, 245, 240), (250, 230, 120), (250, 170, 180), (150, 220, 250),
    (170, 240, 170),
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """Hold a drawing and its truth.

    Boxes are pixel edges: x1 is the first inked column, x2 the last one plus 1, of the object's
    own ink before later objects cover it, cut at the border. Labels index `categories.SHAPES`;
    visible_fraction is the share of an object's ink neither covered nor cut off.
    """

    image: UInt8[np.ndarray, "height width 3"]
    boxes_xyxy_px: Float32[np.ndarray, "objects 4"]
    labels: Int64[np.ndarray, "objects"]
    visible_fraction: Float32[np.ndarray, "objects"]
    styles: tuple[Style, ...]
    has_clutter: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class _Wish:
    """Say what to draw; colour or place None: any."""

    label: int
    style: Style
    size_px: float
    stroke_px: float | None
    colour: Colour | None
    centre_xy: tuple[float, float] | None
    is_aliased: bool
    is_grainy: bool
    may_overlap: bool


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


def entropy_of(split: Split, seed: int, index: int) -> tuple[int, int, int, int, int]:
    """Give the words that seed one scene; the first differs between the splits.

    Five words of 32 bits, however small the numbers: a sequence of variable length would give
    some pairs of seed and index the same stream.
    """
    if split not in get_args(Split):
        raise ValueError(f"split: expected one of {get_args(Split)}, got {split!r}")
    if not (0 <= seed < 2**64 and 0 <= index < 2**64):
        raise ValueError(f"seed and index: expected 0 to 2**64 - 1, got {seed} and {index}")
    low = 2**32 - 1
    return _FIRST_WORD[split], seed & low, seed >> 32, index & low, index >> 32


def draw_scene(split: Split, seed: int, index: int, size_hw: tuple[int, int] = (256, 256)) -> Scene:
    """Draw one scene; the arguments determine it to the last bit. Sides: 32 to 4096 px."""
    if not all(32 <= side <= 4096 for side in size_hw):
        raise ValueError(f"size_hw: expected two sides of 32 to 4096 pixels, got {size_hw}")
    sequence = np.random.SeedSequence(entropy_of(split, seed, index))
    rng = np.random.Generator(np.random.PCG64(sequence))
    canvas, has_clutter = draw_canvas(rng, size_hw)
    return _scene(canvas, degrade(rng, Image.fromarray(canvas.pixels)), has_clutter)


def draw_canvas(rng: np.random.Generator, size_hw: tuple[int, int]) -> tuple[Canvas, bool]:
    """Draw a scene as it lies on the paper, not yet photographed; say whether it has clutter."""
    paper = draw_paper(rng, size_hw)
    has_clutter = bool(rng.random() < 0.45)
    sheet = add_clutter(rng, paper) if has_clutter else paper.picture
    owner = np.full(size_hw, -1, dtype=np.int16)
    canvas = Canvas(pixels=np.asarray(sheet), owner=owner, placed=())
    for wish in _wishes(rng, paper, size_hw):
        canvas = _with_object(rng, canvas, wish)
    return canvas, has_clutter


def _scene(canvas: Canvas, photograph: Image.Image, has_clutter: bool) -> Scene:
    visible = _visible_counts(canvas.owner, len(canvas.placed))
    total = np.array([placed.ink_total for placed in canvas.placed], dtype=np.float32)
    boxes = [placed.box for placed in canvas.placed]
    return Scene(
        image=np.array(photograph, dtype=np.uint8),
        boxes_xyxy_px=np.array(boxes, dtype=np.float32).reshape(-1, 4),
        labels=np.array([placed.label for placed in canvas.placed], dtype=np.int64),
        visible_fraction=(visible / total).astype(np.float32),
        styles=tuple(placed.style for placed in canvas.placed),
        has_clutter=has_clutter,
    )


def _visible_counts(
    owner: Int16[np.ndarray, "height width"], count: int
) -> Int64[np.ndarray, "objects"]:
    return np.bincount((owner + 1).ravel(), minlength=count + 1)[1:]


def _style(rng: np.random.Generator) -> Style:
    kind = rng.random()
    return "filled" if kind < 0.40 else "outlined" if kind < 0.65 else "hand-drawn"


def _size_share(rng: np.random.Generator) -> float:
    """Draw an object's longer side as a share of the shorter image side."""
    kind = rng.random()
    low, high = (0.12, 0.45) if kind < 0.82 else (0.45, 0.76) if kind < 0.91 else (0.068, 0.12)
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _wishes(rng: np.random.Generator, paper: Paper, size_hw: tuple[int, int]) -> tuple[_Wish, ...]:
    """Plan the objects of a scene: a mix, a repeated category, or an aligned row of one."""
    if rng.random() < 0.04:
        return ()
    side = min(size_hw)
    count = min(10, 1 + int(rng.poisson(2.9)))
    is_row = count >= 3 and rng.random() < 0.15
    some = int(rng.integers(min(2, count), count + 1)) if rng.random() < 0.3 else 1
    repeats = count if is_row else some
    is_aliased, is_grainy, may_overlap = (rng.random(3) < (0.12, 0.15, 0.2)).tolist()
    pens = _LIGHT_PENS if paper.is_dark else _DARK_PENS
    pen = pens[int(rng.integers(len(pens)))] if rng.random() < 0.5 else None
    shared_style = _style(rng) if rng.random() < 0.5 else None
    shared_stroke = side * np.exp(rng.uniform(np.log(0.006), np.log(0.03)))
    stroke = float(shared_stroke) if rng.random() < 0.5 else None
    repeated_label, repeated_style = int(rng.integers(len(SHAPES))), shared_style or _style(rng)
    repeated_share = _size_share(rng) if not is_row else rng.uniform(0.55, 0.85) / (count + 0.5)
    repeated_colour = pen or _any_colour(rng)
    places = _row(rng, count, size_hw) if is_row else [None] * count
    wishes = [
        _Wish(
            label=repeated_label if k < repeats else int(rng.integers(len(SHAPES))),
            style=repeated_style if k < repeats else shared_style or _style(rng),
            size_px=side
            * (
                max(0.068, repeated_share * rng.uniform(0.88, 1.12))
                if repeats > 1 and k < repeats
                else _size_share(rng)
            ),
            stroke_px=stroke,
            colour=repeated_colour if repeats > 1 and k < repeats else pen,
            centre_xy=places[k],
            is_aliased=is_aliased,
            is_grainy=is_grainy,
            may_overlap=may_overlap,
        )
        for k in range(count)
    ]
    # A repeated category is drawn in random turn with the others.
    return tuple(wishes[k] for k in rng.permutation(count).tolist())


def _row(
    rng: np.random.Generator, count: int, size_hw: tuple[int, int]
) -> list[tuple[float, float] | None]:
    """Space centres evenly along a horizontal or vertical line."""
    height, width = size_hw
    along = (np.arange(count) + 0.75) / (count + 0.5)
    across = rng.uniform(0.2, 0.8) + rng.normal(0.0, 0.015, count)
    if rng.random() < 0.7:
        return [(x * width, y * height) for x, y in zip(along, across, strict=True)]
    return [(x * width, y * height) for x, y in zip(across, along, strict=True)]


def _any_colour(rng: np.random.Generator) -> Colour:
    """Draw a colour, mostly saturated: a hue between its darkest and its lightest channel."""
    values = rng.integers(0, 256, 3)
    if rng.random() < 0.7:
        values[int(rng.integers(3))] = rng.integers(0, 60)
        values[int(rng.integers(3))] = rng.integers(150, 256)
    red, green, blue = values.tolist()
    return red, green, blue


def _fill_colour(rng: np.random.Generator) -> Colour:
    """Draw a colour to lay inside a stroke, also a pale one."""
    red, green, blue = _any_colour(rng)
    if rng.random() < 0.65:
        return red, green, blue
    return (red + 510) // 3, (green + 510) // 3, (blue + 510) // 3


def _with_object(rng: np.random.Generator, canvas: Canvas, wish: _Wish) -> Canvas:
    """Draw one more object where it fits, smaller if need be; none if no place is found."""
    side = min(canvas.owner.shape)
    for attempt in range(10):
        shrink = 1.0 if attempt < 5 else 0.65
        size_px = max(0.068 * side, wish.size_px * shrink)
        if attempt in (0, 5):
            ink = draw_ink(SHAPES[wish.label], wish.style, rng, size_px, wish.stroke_px)
        if not SIZE_SHARE[0] * side <= max(ink.fill.shape) <= SIZE_SHARE[1] * side:
            continue
        corner = _corner(rng, canvas, ink.fill.shape, wish.centre_xy if attempt < 2 else None)
        drawn = _placed_at(rng, canvas, wish, ink, corner)
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


def _iou(a: Box, b: Box) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return wide * high / (areas - wide * high)


def _placed_at(
    rng: np.random.Generator,
    canvas: Canvas,
    wish: _Wish,
    ink: Ink,
    corner: tuple[int, int],
) -> Canvas | None:
    """Draw an object at a corner, unless boxes, cover, border or colours forbid it."""
    coverage = ink.coverage
    inked = is_ink(coverage)
    (height, width), (high, wide), (x, y) = canvas.owner.shape, coverage.shape, corner
    left, top = max(0, x), max(0, y)
    right, bottom = min(width, x + wide), min(height, y + high)
    crop = (slice(top - y, bottom - y), slice(left - x, right - x))
    window = (slice(top, bottom), slice(left, right))
    seen, total = inked[crop], int(inked.sum())
    # An arrow whose head is cut off is a bar.
    least = 0.9 if SHAPES[wish.label] == "arrow" else SMALLEST_VISIBLE
    if seen.sum() < least * total:
        return None
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    box = (int(left + columns[0]), int(top + rows[0]),
           int(left + columns[-1] + 1), int(top + rows[-1] + 1))  # fmt: skip
    shortest = SIZE_SHARE[0] * min(height, width)
    if max(box[2] - box[0], box[3] - box[1]) < shortest:
        return None
    allowed = LARGEST_IOU if wish.may_overlap else 0.0
    if any(_iou(box, other.box) > allowed for other in canvas.placed):
        return None
    owner = canvas.owner.copy()
    owner[window][seen] = len(canvas.placed)
    visible = _visible_counts(owner, len(canvas.placed))
    if any(
        visible[k] < SMALLEST_VISIBLE * other.ink_total for k, other in enumerate(canvas.placed)
    ):
        return None
    below = canvas.pixels[window]
    colours = _colours(rng, wish, ink, below[seen])
    if colours is None:
        return None
    paint = coloured(ink, rng, *colours)[crop]
    opaque = np.where(seen, 255, 0) if wish.is_aliased else coverage[crop]
    share = opaque[..., None].astype(np.float32) / 255
    if wish.is_grainy:  # chalk, crayon or pencil on rough paper
        share = share * (0.55 + 0.45 * rng.random(share.shape, dtype=np.float32))
    pixels = canvas.pixels.copy()
    pixels[window] = np.rint(below + (paint - below) * share).astype(np.uint8)
    placed = Placed(label=wish.label, style=wish.style, box=box, ink_total=total)
    return Canvas(pixels=pixels, owner=owner, placed=(*canvas.placed, placed))


def _colours(
    rng: np.random.Generator, wish: _Wish, ink: Ink, below: UInt8[np.ndarray, "pixels 3"]
) -> tuple[Colour, Colour | None] | None:
    """Choose a pen that shows at a glance, and for a filled and stroked object a fill."""
    under = below[:: max(1, len(below) // 200)].astype(np.float32)
    is_both = bool(ink.fill.any() and ink.stroke.any()) and wish.style == "filled"
    needed = 95.0 if wish.style == "filled" and not is_both else 120.0
    for attempt in range(8):
        colour = wish.colour if wish.colour and attempt == 0 else _any_colour(rng)
        if np.quantile(_contrast(colour, under), 0.1) >= needed:
            return colour, _fill_colour(rng) if is_both and rng.random() < 0.8 else None
        if wish.colour and attempt == 0 and rng.random() < 0.5:
            return None
    return None


def _contrast(
    colour: Colour, under: Float32[np.ndarray, "pixels 3"]
) -> Float32[np.ndarray, "pixels"]:
    """Measure how far a colour is from each pixel: luminance first, then hue (0 to about 400)."""
    difference = np.asarray(colour, dtype=np.float32) - under
    luminance = difference @ np.array([0.3, 0.59, 0.11], dtype=np.float32)
    distance = np.sqrt((difference * difference).sum(axis=1))
    return np.asarray(np.abs(luminance) + 0.35 * distance)
