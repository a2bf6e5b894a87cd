"""One channel of corner pooling: before and after each scan, the sum, and what becomes of it."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw

from cornernet.detector import Observation
from cornernet.figures.corners import observed
from cornernet.figures.marks import OVERSAMPLING, chip_size, draw_arrow, draw_chip, font_size
from cornernet.figures.palette import INK, PAPER, cell_side, colourise, enlarge, normalised
from cornernet.model.corner_pool import Corner
from cornernet.preprocess import RgbArray

SCAN_COLOURS = "viridis"
ARROW_SIDE = 34  # pixels, of the dark square that holds the arrow
ARROW_MARGIN = 7  # pixels around the arrow
ARROW_LINE = 3
# Anticlockwise quarter turns, from upward, of the vertical and of the horizontal scan.
QUARTER_TURNS: dict[Corner, tuple[int, int]] = {"top_left": (0, 1), "bottom_right": (2, 3)}


@dataclass(frozen=True, eq=False, kw_only=True)
class PoolingFigures:
    """Maps of one pooling channel; all have the same size."""

    vertical_in: RgbArray
    vertical_out: RgbArray
    horizontal_in: RgbArray
    horizontal_out: RgbArray
    merged: RgbArray
    features: RgbArray


def draw_pooling(
    observation: Observation, corner: Corner, channel: int, *, width: int = 320
) -> PoolingFigures:
    """Draw both scans of a channel in one colour scale; `merged` and `features` have their own.

    The module returns more channels than it scans, so `features` shows the mean over all of them.
    An arrow in each output tells which way the maximum was carried; numbers give the range.
    """
    pool = observed(observation, corner).pool
    scans = [
        scan[channel].float().numpy()
        for scan in (pool.vertical_in, pool.vertical_out, pool.horizontal_in, pool.horizontal_out)
    ]
    common = min(float(s.min()) for s in scans), max(float(s.max()) for s in scans)
    upward, sideways = QUARTER_TURNS[corner]
    return PoolingFigures(
        vertical_in=_map(scans[0], width, common),
        vertical_out=_map(scans[1], width, common, upward),
        horizontal_in=_map(scans[2], width, common),
        horizontal_out=_map(scans[3], width, common, sideways),
        merged=_map(scans[1] + scans[3], width),
        features=_map(pool.features.float().mean(0).numpy(), width),
    )


def _map(
    values: Float[np.ndarray, "h w"],
    width: int,
    scale: tuple[float, float] | None = None,
    quarter_turns: int | None = None,
) -> RgbArray:
    """Colour a map by a scale, or by its own range."""
    side = cell_side((values.shape[0], values.shape[1]), width)
    low, high = float(values.min()), float(values.max())
    colours = colourise(normalised(values, *(scale or (low, high))), SCAN_COLOURS)
    picture = Image.fromarray(enlarge(colours, values.shape[1] * side))
    if quarter_turns is not None:
        arrow = _arrow(quarter_turns)
        picture.paste(arrow, (picture.width - arrow.width, 0))
    size, text = font_size(picture.width), f"{low:.2f} to {high:.2f}"
    y = picture.height - chip_size(text, size)[1]
    draw_chip(ImageDraw.Draw(picture), (0, y), text, size, INK)
    return np.asarray(picture)


@cache
def _arrow(quarter_turns: int) -> Image.Image:
    side, margin = ARROW_SIDE * OVERSAMPLING, ARROW_MARGIN * OVERSAMPLING
    image = Image.new("RGB", (side, side), INK)
    bottom, top = (side / 2, float(side - margin)), (side / 2, float(margin))
    draw_arrow(ImageDraw.Draw(image), (bottom, top), PAPER, ARROW_LINE * OVERSAMPLING)
    return image.reduce(OVERSAMPLING).rotate(90 * quarter_turns)
