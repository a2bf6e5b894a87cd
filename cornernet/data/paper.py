"""Backgrounds, clutter that belongs to no category, and what cameras do to a drawing."""

import io
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float64, UInt8
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from cornernet.data.ink import Colour

Pixels = UInt8[np.ndarray, "height width 3"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Paper:
    """Hold a background and the typical colour of it."""

    picture: Image.Image
    colour: Colour

    @property
    def is_dark(self) -> bool:
        """Say whether light pens show better than dark ones."""
        red, green, blue = self.colour
        return 0.3 * red + 0.59 * green + 0.11 * blue < 110


def draw_paper(rng: np.random.Generator, size_hw: tuple[int, int]) -> Paper:
    """Draw a background; about two in five are plain and near white."""
    kind = rng.random()
    colour = _near_white(rng)
    if 0.43 <= kind < 0.55 or (kind >= 0.55 and rng.random() < 0.25):
        colour = _colour(rng.integers(40, 245, 3))
    if 0.55 <= kind < 0.66:
        colour = _colour(rng.integers(10, 70) + rng.integers(0, 30, 3))
    picture = _sheet(rng, size_hw, colour, kind)
    if rng.random() < 0.07:
        picture = _on_desk(rng, picture)
    return Paper(picture=picture, colour=colour)


def _sheet(
    rng: np.random.Generator, size_hw: tuple[int, int], colour: Colour, kind: float
) -> Image.Image:
    """Draw the sheet itself: even, graded, blotchy, textured or ruled; kind is 0 to 1."""
    if kind >= 0.86:
        pattern = ("lines", "squares", "squares", "dots")[int(rng.integers(4))]
        return _ruled(rng, Image.new("RGB", size_hw[::-1], colour), pattern)
    if kind >= 0.80:
        return _soft(rng, size_hw, colour, cells=int(rng.integers(24, 90)), spread=14.0)
    if kind >= 0.73:
        return _soft(rng, size_hw, colour, cells=int(rng.integers(3, 6)), spread=45.0)
    if kind >= 0.66:
        return _soft(rng, size_hw, colour, cells=2, spread=55.0)
    if kind < 0.20 or kind >= 0.55:
        return _soft(rng, size_hw, colour, cells=3, spread=7.0)
    return Image.new("RGB", size_hw[::-1], colour)


def _colour(values: np.ndarray) -> Colour:
    red, green, blue = np.clip(values, 0, 255).astype(int).tolist()
    return red, green, blue


def _near_white(rng: np.random.Generator) -> Colour:
    warmth = rng.uniform(-4, 12)
    return _colour(rng.uniform(222, 256) + np.array([0.3 * warmth, 0.0, -warmth]))


def _soft(
    rng: np.random.Generator, size_hw: tuple[int, int], colour: Colour, cells: int, spread: float
) -> Image.Image:
    """Vary a colour smoothly: cells across the frame, spread in levels."""
    shared = rng.normal(0.0, spread, (cells, cells, 1))
    coarse = np.array(colour) + shared + rng.normal(0.0, spread * 0.35, (cells, cells, 3))
    small = Image.fromarray(np.clip(coarse, 0, 255).astype(np.uint8))
    return small.resize(size_hw[::-1], Image.Resampling.BICUBIC)


def _on_desk(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Let what lies under the sheet show along one of its sides."""
    width, height = picture.size
    first, second = (rng.uniform(0.03, 0.13) + rng.uniform(-0.03, 0.03, 2)).tolist()
    left = [(0.0, 0.0), (first * width, 0.0), (second * width, height), (0.0, height)]
    top = [(0.0, 0.0), (width, 0.0), (width, second * height), (0.0, first * height)]
    strip = left if rng.random() < 0.5 else top
    if rng.random() < 0.5:
        strip = [(width - x, height - y) for x, y in strip]
    desk = picture.copy()
    ImageDraw.Draw(desk).polygon(strip, fill=_colour(rng.integers(20, 200, 3)))
    return desk


def _ruled(rng: np.random.Generator, picture: Image.Image, kind: str) -> Image.Image:
    width, height = picture.size
    gap = rng.uniform(0.045, 0.1) * min(width, height)
    base = picture.getpixel((0, 0))
    tint = _colour(np.array(base) + rng.choice([-1, -1, 1]) * rng.integers(14, 60, 3))
    ruled = picture.copy()
    pen = ImageDraw.Draw(ruled)
    rows = np.arange(rng.uniform(0, gap), height, gap)
    columns = np.arange(rng.uniform(0, gap), width, gap)
    slope = rng.normal(0.0, 3.0)
    if kind == "dots":
        pen.point([(x, y) for y in rows.tolist() for x in columns.tolist()], fill=tint)
        return ruled
    for y in rows.tolist():
        pen.line((0, y, width, y + slope), fill=tint)
    for x in columns.tolist() if kind == "squares" else []:
        pen.line((x, 0, x - slope, height), fill=tint)
    if kind == "lines" and rng.random() < 0.5:
        x = width * rng.uniform(0.06, 0.15)
        pen.line((x, 0, x - slope, height), fill=(214, 120, 120))
    return ruled


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
        return _colour(np.array(paper.colour) + sign * rng.uniform(25, 70))
    tone = rng.integers(150, 256, 3) if paper.is_dark else rng.integers(0, 150, 3)
    return _colour(tone if rng.random() < 0.6 else np.full(3, tone[0]))


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
    marked.paste(_colour(rng.integers(60, 255, 3)), (0, 0), small.resize(picture.size))
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


def degrade(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Photograph a sheet: uneven light, lost contrast, colour cast, blur, noise, compression."""
    seen = picture
    if rng.random() < 0.3:
        seen = ImageChops.multiply(seen, _uneven_light(rng, picture.size))
    if rng.random() < 0.3:
        seen = _tone(rng, seen)
    if rng.random() < 0.25:
        radius = rng.uniform(0.3, 1.1) * min(picture.size) / 256
        seen = seen.filter(ImageFilter.GaussianBlur(radius))
    if rng.random() < 0.3:
        seen = Image.fromarray(_with_noise(rng, np.asarray(seen)))
    if rng.random() < 0.3:
        encoded = io.BytesIO()
        seen.save(encoded, "JPEG", quality=int(rng.integers(30, 92)))
        seen = Image.open(encoded).convert("RGB")
    return seen


def _uneven_light(rng: np.random.Generator, size: tuple[int, int]) -> Image.Image:
    """Draw a vignette, a slope of light or a soft shadow's edge, as a factor of 255."""
    y, x = np.mgrid[-1:1:16j, -1:1:16j]
    angle, kind = rng.uniform(0, 2 * np.pi), rng.random()
    ramp = x * np.cos(angle) + y * np.sin(angle)
    if kind < 0.35:
        shade = (x**2 + y**2) / 2
    elif kind < 0.7:
        shade = (ramp + 1.4) / 2.8
    else:
        shade = 1 / (1 + np.exp(-(ramp + rng.uniform(-0.6, 0.6)) * rng.uniform(3, 14)))
    factor = 255 * (1 - rng.uniform(0.1, 0.5) * np.clip(shade, 0, 1))
    light = Image.fromarray(factor.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    return Image.merge("RGB", (light, light, light))


def _tone(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Lose contrast and shift the colours a little."""
    kept, levels = rng.uniform(0.6, 1.0), np.arange(256)
    floor = rng.uniform(0, 1) * (1 - kept) * 255
    table = [np.clip(levels * kept * cast + floor, 0, 255) for cast in rng.uniform(0.93, 1.04, 3)]
    return picture.point(np.concatenate(table).astype(int).tolist())


def _with_noise(rng: np.random.Generator, pixels: Pixels) -> Pixels:
    """Add sensor noise, of which most is common to the three channels."""
    shape = (*pixels.shape[:2], 1 if rng.random() < 0.6 else 3)
    count, strength = int(np.prod(shape)), round(3 + 42 * rng.random() ** 2)
    first, second = np.frombuffer(rng.bytes(2 * count), dtype=np.uint8).reshape(2, *shape)
    noise = (first.astype(np.int16) - second) * strength // 256
    return np.asarray(np.clip(pixels + noise, 0, 255), dtype=np.uint8)
