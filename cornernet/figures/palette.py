"""Colours, colour maps and sizes that all figures share."""

from functools import cache

import numpy as np
from jaxtyping import Float, UInt8
from matplotlib import colormaps
from PIL import Image

from cornernet.analysis.verdicts import Verdict
from cornernet.image_reading import RgbArray
from cornernet.model.corner_pool import Corner

Colour = tuple[int, int, int]
# An image whose size has nothing to do with the size of the figure made of it.
SourceImage = UInt8[np.ndarray, "source_height source_width 3"]

# Figures bring their own background, so that they read alike on a white and on a dark page.
PAPER: Colour = (255, 255, 255)
INK: Colour = (28, 30, 36)
FAINT_INK: Colour = (104, 108, 118)  # still 5 : 1 against the paper
MIDDLE_INK: Colour = (120, 124, 132)  # about 4 : 1 against a white and against a dark page

# From Okabe and Ito's palette, which people with any kind of colour vision can tell apart.
CORNER_COLOURS: dict[Corner, Colour] = {
    "top_left": (86, 180, 233),  # sky blue
    "bottom_right": (230, 159, 0),  # orange
}
CORNER_NAMES: dict[Corner, str] = {"top_left": "top-left", "bottom_right": "bottom-right"}
VERDICT_COLOURS: dict[Verdict, Colour] = {
    Verdict.CATEGORY: (232, 234, 238),  # most pairs: recedes
    Verdict.ORDER: (230, 159, 0),  # orange
    Verdict.EMBEDDING: (204, 121, 167),  # reddish purple
    Verdict.WEAK: (146, 205, 240),  # light blue
    Verdict.SUPPRESSED: (240, 228, 66),  # yellow
    Verdict.DETECTION: (0, 114, 94),  # green, dark enough for white letters
}
LUMA = np.array([0.299, 0.587, 0.114])  # how bright red, green and blue look (BT.601)
MIDDLE_GREY = 128


def ink_on(background: Colour) -> Colour:
    """Choose dark or white text, whichever reads better."""
    return INK if float(LUMA @ np.array(background)) > MIDDLE_GREY else PAPER


@cache
def colour_map(name: str) -> UInt8[np.ndarray, "256 3"]:
    """Look up one of Matplotlib's colour maps as a table, from low to high."""
    table: np.ndarray = colormaps[name](np.arange(256), bytes=True)[:, :3]
    table.setflags(write=False)  # everybody shares it
    return table


def colourise(values: Float[np.ndarray, "height width"], name: str) -> RgbArray:
    """Turn values from 0 to 1 into colours; what lies outside is clipped."""
    index = (np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8)
    return np.asarray(colour_map(name)[index])


def normalised(
    values: Float[np.ndarray, "height width"], low: float, high: float
) -> Float[np.ndarray, "height width"]:
    """Carry low to 0 and high to 1; an empty range gives zeros."""
    if not high > low:
        return np.zeros(values.shape, dtype=np.float32)
    return np.asarray((values - low) / (high - low), dtype=np.float32)


def cell_side(cells_hw: tuple[int, int], longer_side: int) -> int:
    """Return the pixels to a cell, a whole number, that make a map about as long as wanted."""
    return max(1, round(longer_side / max(cells_hw)))


def fitted(image: SourceImage, longer_side: int) -> Image.Image:
    """Scale a photo so that its longer side has so many pixels."""
    height, width = image.shape[:2]
    scale = longer_side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    smooth = Image.Resampling.BICUBIC
    return Image.fromarray(image).resize(size, smooth, reducing_gap=2.0)
