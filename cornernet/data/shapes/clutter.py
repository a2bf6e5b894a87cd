"""Clutter: marks on the paper that belong to no category."""

from functools import cache

import numpy as np
from jaxtyping import Float64
from PIL import Image, ImageDraw, ImageFont

from cornernet.data.shapes.colours import Colour, colour_of
from cornernet.data.shapes.paper import Paper


def add_clutter(rng: np.random.Generator, paper: Paper) -> Image.Image:
    """Draw marks that are no category; strokes keep apart, so that no two of them cross."""
    picture = paper.picture.copy()
    size = np.array(picture.size, dtype=np.float64)
    boxes: list[tuple[float, float, float, float]] = []
    shared = _mark_colour(rng, paper)
    for _ in range(int(rng.integers(1, 8))):
        kind = rng.random()
        colour = shared if rng.random() < 0.5 else _mark_colour(rng, paper)
        if kind < 0.14:
            picture = _specks(rng, picture, colour)
            continue
        if kind < 0.22:
            picture = _smear(rng, picture)
            continue
        marks = _text_box(rng, size) if kind < 0.42 else _open_stroke(rng, size)
        low, high = marks.min(axis=0) - 3, marks.max(axis=0) + 3
        box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        if any(_touch(box, other) for other in boxes):
            continue
        boxes.append(box)
        if kind < 0.42:
            picture = _text(rng, picture, marks[0], colour)
        else:
            picture = _lines(picture, marks, colour, max(2, round(size.min() * 2
                * rng.uniform(0.004, 0.022))))  # fmt: skip
    return picture


def _touch(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _mark_colour(rng: np.random.Generator, paper: Paper) -> Colour:
    if rng.random() < 0.3:  # a faint doodle
        sign = 1 if paper.is_dark else -1
        return colour_of(np.array(paper.colour) + sign * rng.uniform(25, 70))
    tone = rng.integers(150, 256, 3) if paper.is_dark else rng.integers(0, 150, 3)
    return colour_of(tone if rng.random() < 0.6 else np.full(3, tone[0]))


def _open_stroke(
    rng: np.random.Generator, size: Float64[np.ndarray, "2"]
) -> Float64[np.ndarray, "points 2"]:
    """Sample a line, bow, wave, zigzag, tick, hook or drifting scribble: open, never looping."""
    kind = int(rng.integers(8))
    t = np.linspace(-1.0, 1.0, 33)
    if kind <= 1:
        x, y = t[::16], np.zeros(3)
    elif kind == 2:
        x, y = t, rng.uniform(0.1, 0.5) * (t**2 - 0.5)
    elif kind == 3:
        x, y = t, rng.uniform(0.06, 0.3) * np.sin(rng.uniform(3.5, 12.0) * t + rng.uniform(0, 6))
    elif kind == 4:
        x = np.linspace(-1.0, 1.0, int(rng.integers(5, 11)))
        y = rng.uniform(0.1, 0.35) * np.where(np.arange(len(x)) % 2, 1.0, -1.0)
        y = y * rng.uniform(0.5, 1.3, len(x))
    elif kind == 5:
        x, y = np.array([-0.5, -0.2, 0.7]), np.array([0.0, 0.4, -0.7]) * rng.uniform(0.6, 1.1)
    elif kind == 6:
        bow = np.linspace(0.0, rng.uniform(1.2, 2.6), 20)
        x, y = np.append(-1.0, np.sin(bow) * 0.6), np.append(-1.0, -np.cos(bow))
    else:
        x = t + rng.normal(0.0, 0.015, 33)
        y = 0.2 * np.sin(22 * t) * rng.uniform(0.5, 1.3, 33)
    angle = rng.uniform(0, 2 * np.pi) if rng.random() < 0.6 else rng.normal(0.0, 0.06)
    along = np.array([np.cos(angle), np.sin(angle)])
    aside = np.array([-along[1], along[0]])
    length = size.min() * np.exp(rng.uniform(np.log(0.04), np.log(0.45)))
    shape = np.stack([x, y], axis=1) @ np.stack([along, aside])
    return np.asarray(rng.uniform(0.0, 1.0, 2) * size + length * shape)


def _lines(
    picture: Image.Image, points: Float64[np.ndarray, "points 2"], colour: Colour, width: int
) -> Image.Image:
    """Draw a smooth-edged stroke; width counts half pixels."""
    low = np.floor(points.min(axis=0)) - width
    wide, high = (np.ceil(points.max(axis=0)) - low + width).astype(int).tolist()
    mask = Image.new("L", (2 * wide, 2 * high))
    ImageDraw.Draw(mask).line(((points - low) * 2).ravel().tolist(), 255, width, "curve")
    marked = picture.copy()
    x, y = low.astype(int).tolist()
    marked.paste(colour, (x, y), mask.reduce(2))
    return marked


def _specks(rng: np.random.Generator, picture: Image.Image, colour: Colour) -> Image.Image:
    marked = picture.copy()
    pen = ImageDraw.Draw(marked)
    largest = min(picture.size) * 0.008
    for _ in range(int(rng.integers(2, 25))):
        x, y = (rng.random(2) * picture.size).tolist()
        wide, high = (rng.uniform(0.3, 1.0, 2) * largest).tolist()
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=colour)
    return marked


def _smear(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Lay a wide faint band across the sheet: tape, an eraser's trace, a fold."""
    width, height = picture.size
    small = Image.new("L", (max(8, width // 4), max(8, height // 4)))
    ends = (rng.uniform(-0.3, 1.3, 4) * np.tile(small.size, 2)).tolist()
    band = max(2, round(min(small.size) * rng.uniform(0.03, 0.2)))
    ImageDraw.Draw(small).line(ends, fill=int(rng.integers(15, 50)), width=band)
    marked = picture.copy()
    marked.paste(colour_of(rng.integers(60, 255, 3)), (0, 0), small.resize(picture.size))
    return marked


def _text_box(
    rng: np.random.Generator, size: Float64[np.ndarray, "2"]
) -> Float64[np.ndarray, "points 2"]:
    low = rng.uniform(0.0, 0.9, 2) * size
    return np.stack([low, low + np.array([0.3, 0.06]) * size.min()])


def _text(
    rng: np.random.Generator, picture: Image.Image, low: Float64[np.ndarray, "2"], colour: Colour
) -> Image.Image:
    """Write a few small letters, below a twentieth of the sheet high."""
    letters = "abcdefghiklmnprstuvwyz ABCEFGHKLMNPRSTUWYZ 1234567 ,.-"
    chosen = "".join(letters[k] for k in rng.integers(0, len(letters), int(rng.integers(2, 11))))
    marked = picture.copy()
    size = min(picture.size) * rng.uniform(0.035, 0.06)
    place = (float(low[0]), float(low[1]))
    ImageDraw.Draw(marked).text(place, chosen, fill=colour, font=_font(round(size)))
    return marked


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(max(6, size))
