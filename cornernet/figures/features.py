"""Feature maps of the last hourglass, and the choice of channels worth looking at."""

import math

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw

from cornernet.detector import Observation, ObservedPool
from cornernet.figures.marks import draw_chip, font_size
from cornernet.figures.palette import INK, PAPER, colourise, enlarge, normalised
from cornernet.preprocess import RgbArray

FEATURE_COLOURS = "viridis"
COLUMNS = 6
GAP = 4  # pixels between maps


def draw_features(observation: Observation, *, channels: int = 12, width: int = 960) -> RgbArray:
    """Draw the channels that vary most, the first with the highest variance.

    Each is scaled to its own range, dark blue for its least and yellow for its greatest value.
    """
    features = observation.features.float().numpy()
    chosen = most_varied_channels(features, channels)
    columns = min(COLUMNS, len(chosen))
    tile_width = (width + GAP) // columns - GAP
    tiles = [_tile(features[channel], channel, tile_width) for channel in chosen]
    step_x, step_y = tile_width + GAP, tiles[0].height + GAP
    rows = math.ceil(len(tiles) / columns)
    picture = Image.new("RGB", (columns * step_x - GAP, rows * step_y - GAP), PAPER)
    for place, tile in enumerate(tiles):
        picture.paste(tile, (place % columns * step_x, place // columns * step_y))
    return np.asarray(picture)


def most_varied_channels(features: Float[np.ndarray, "c h w"], count: int) -> list[int]:
    """List the channels that vary most over the image, the first with the highest variance."""
    return [int(c) for c in np.argsort(-features.var((1, 2)), kind="stable")[:count]]


def _tile(values: Float[np.ndarray, "h w"], channel: int, width: int) -> Image.Image:
    scaled = normalised(values, float(values.min()), float(values.max()))
    tile = Image.fromarray(enlarge(colourise(scaled, FEATURE_COLOURS), width))
    draw_chip(ImageDraw.Draw(tile), (0, 0), str(channel), font_size(width), INK)
    return tile


def strongest_channels(pool: ObservedPool, count: int | None = None) -> list[int]:
    """List pooling channels, the most telling first: those where both scans leave a pattern.

    The measure is the product of both outputs' variances; a channel that a scan fills evenly has
    little to show. Without `count` all channels are listed.
    """
    vertical, horizontal = (
        out.float().numpy().var((1, 2)) for out in (pool.vertical_out, pool.horizontal_out)
    )
    order = np.argsort(-vertical * horizontal, kind="stable")
    return [int(channel) for channel in order[:count]]
