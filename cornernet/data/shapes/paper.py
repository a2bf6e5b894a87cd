"""Paper: backgrounds, from a plain white sheet to a ruled one on a desk."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from cornernet.data.shapes.colours import Colour, colour_of


@dataclass(frozen=True, eq=False, kw_only=True)
class Paper:
    """Hold a background and the typical colour of it."""

    picture: Image.Image
    colour: Colour

    @property
    def is_dark(self) -> bool:
        """Return whether light pens show better than dark ones."""
        red, green, blue = self.colour
        return 0.3 * red + 0.59 * green + 0.11 * blue < 110


def draw_paper(rng: np.random.Generator, size_hw: tuple[int, int]) -> Paper:
    """Draw a background; about two in five are plain and near white."""
    kind = rng.random()
    colour = _near_white(rng)
    if 0.43 <= kind < 0.55 or (kind >= 0.55 and rng.random() < 0.25):
        colour = colour_of(rng.integers(40, 245, 3))
    if 0.55 <= kind < 0.66:
        colour = colour_of(rng.integers(10, 70) + rng.integers(0, 30, 3))
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


def _near_white(rng: np.random.Generator) -> Colour:
    warmth = rng.uniform(-4, 12)
    return colour_of(rng.uniform(222, 256) + np.array([0.3 * warmth, 0.0, -warmth]))


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
    ImageDraw.Draw(desk).polygon(strip, fill=colour_of(rng.integers(20, 200, 3)))
    return desk


def _ruled(rng: np.random.Generator, picture: Image.Image, kind: str) -> Image.Image:
    width, height = picture.size
    gap = rng.uniform(0.045, 0.1) * min(width, height)
    base = picture.getpixel((0, 0))
    tint = colour_of(np.array(base) + rng.choice([-1, -1, 1]) * rng.integers(14, 60, 3))
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
