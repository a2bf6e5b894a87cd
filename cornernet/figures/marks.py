"""Chips of text, dashed outlines and rings."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from cornernet.figures.fonts import Lettering, text_width, write
from cornernet.figures.palette import INK, MIDDLE_INK, PAPER, Colour, ink_on

Rectangle = tuple[int, int, int, int]  # x1, y1, x2, y2; the last two lie just outside

OVERSAMPLING = 4  # PIL draws no smooth curves: draw them larger, then shrink
CHIP_PADDING = 4  # pixels left and right of a chip's text
DASH = 6  # pixels
MOST_CHIPS = 150  # more would hide the picture, and take seconds


def shorten(text: str, size: int, width: int) -> str:
    """Cut text that is longer than a width, and say so with dots."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "..", size) > width:
        text = text[:-1]
    return text + ".."


def font_size(picture_width: int) -> int:
    """Choose a legible height of type for a picture, in pixels."""
    return min(18, max(11, picture_width // 42))


def chip_size(text: str, size: int) -> tuple[int, int]:
    """Return a chip's width and height."""
    return text_width(text, size) + 2 * CHIP_PADDING, size + CHIP_PADDING + 1


def draw_chip(
    draw: ImageDraw.ImageDraw, corner: tuple[int, int], text: str, size: int, fill: Colour
) -> Rectangle:
    """Write on a filled rectangle, whose upper left is given."""
    width, height = chip_size(text, size)
    x, y = corner
    draw.rectangle((x, y, x + width - 1, y + height - 1), fill=fill)
    middle = (x + CHIP_PADDING, y + height / 2)
    write(draw, middle, text, Lettering(size=size, fill=ink_on(fill), anchor="lm"))
    return x, y, x + width, y + height


def draw_note(
    picture: Image.Image, text: str, *, at_bottom: bool = True, size: int | None = None
) -> None:
    """Write a remark on a dark chip in the lower or upper left of a picture."""
    size = size or font_size(picture.width)
    fits = shorten(text, size, picture.width - 2 * CHIP_PADDING)
    y = max(0, picture.height - chip_size(fits, size)[1]) if at_bottom else 0
    draw_chip(ImageDraw.Draw(picture), (0, y), fits, size, INK)


def blank(width: int, height: int, words: str) -> Image.Image:
    """Make an empty picture, clear as glass, that says why it is empty."""
    picture = Image.new("RGBA", (width, height), (*MIDDLE_INK, 0))
    size = 2 * font_size(width)
    fits = shorten(words, size, width - 2 * CHIP_PADDING)
    middle, lettering = (width / 2, height / 2), Lettering(size=size, fill=MIDDLE_INK, anchor="mm")
    write(ImageDraw.Draw(picture), middle, fits, lettering)
    return picture


def draw_dashed_box(draw: ImageDraw.ImageDraw, box: Sequence[float]) -> None:
    """Outline a box in white and black dashes, visible on anything."""
    x1, y1, x2, y2 = (round(v) for v in box)
    draw.rectangle((x1, y1, x2, y2), outline=PAPER)
    # A side at a time: thousands of boxes have a hundred thousand dashes.
    lying, standing = _dashes(x2 - x1 + 1), _dashes(y2 - y1 + 1, is_standing=True)
    for corner, dashes in (
        ((x1, y1), lying),
        ((x1, y2), lying),
        ((x1, y1), standing),
        ((x2, y1), standing),
    ):
        draw.bitmap(corner, dashes, fill=(0, 0, 0))


@lru_cache(maxsize=4096)
def _dashes(length: int, *, is_standing: bool = False) -> Image.Image:
    """Make the mask of a dashed line, a pixel wide, that begins with a dash."""
    is_black = np.arange(length) % (2 * DASH) < DASH
    line = np.where(is_black, 255, 0).astype(np.uint8)[None]
    return Image.fromarray(line.T.copy() if is_standing else line)


@lru_cache(maxsize=1024)
def ring(radius: int, thickness: int, colour: Colour) -> Image.Image:
    """Draw a smooth ring with a white rim, to be pasted with itself as its mask."""
    side = (2 * radius + 1) * OVERSAMPLING
    image = Image.new("RGBA", (side, side), (*PAPER, 0))
    draw = ImageDraw.Draw(image)
    rim = (thickness + 2) * OVERSAMPLING
    draw.ellipse((0, 0, side - 1, side - 1), outline=(*PAPER, 255), width=rim)
    inset = OVERSAMPLING  # one pixel of rim
    within = (inset, inset, side - 1 - inset, side - 1 - inset)
    draw.ellipse(within, outline=(*colour, 255), width=thickness * OVERSAMPLING)
    return image.reduce(OVERSAMPLING)


def paste_centred(picture: Image.Image, sprite: Image.Image, x: float, y: float) -> None:
    """Lay a sprite onto a picture with its centre at a point."""
    corner = (round(x - sprite.width / 2), round(y - sprite.height / 2))
    picture.paste(sprite, corner, sprite)
