"""Heatmaps of corners over the greyed input."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw

from cornernet.categories import colour_of
from cornernet.decode import Decoding
from cornernet.figures.corners import least_score
from cornernet.figures.marks import draw_note, paste_centred, ring
from cornernet.figures.palette import CORNER_NAMES, SourceImage, cell_side, colourise
from cornernet.image_reading import RgbArray
from cornernet.model.corner_pool import Corner
from cornernet.model.heads import Maps
from cornernet.observation import Observation
from cornernet.peaks import Peaks

HEAT = "inferno"
BACKDROP_BRIGHTNESS = 0.45  # of the greyed input, so that heat stands out
OPACITY_GAIN = 2.5  # heat of 1 / 2.5 and more hides the input altogether
RING_RADIUS = (7, 16)  # pixels, least and most
RING_CELLS = 1.2  # the radius in between
RING_LINE = 3
DOT_RADIUS = 1.5
DOT_COLOUR = (112, 112, 122)  # faint: there may be a hundred


@dataclass(frozen=True, eq=False, kw_only=True)
class Heatmap:
    """One corner's maps, and the canvas over which they are laid."""

    corner: Corner
    maps: Maps
    canvas: SourceImage


def heatmap_of(observation: Observation, corner: Corner) -> Heatmap:
    """Choose what an observation holds of one corner."""
    maps = observation.side(corner).maps
    return Heatmap(corner=corner, maps=maps, canvas=observation.canvas)


def draw_heatmap(
    heatmap: Heatmap, decoding: Decoding, label: int | None = None, *, width: int = 640
) -> RgbArray:
    """Draw one label's heatmap, or the maximum over all, on the whole canvas; black 0, yellow 1.

    Rings show strong peaks in their category's colour, dots the other peaks among the top k. A
    cell is a whole number of pixels, so the longer side is only about `width`.
    """
    logits = heatmap.maps.logits[0]
    chosen = logits.amax(0) if label is None else logits[label]
    heat = chosen.float().sigmoid().numpy()
    side = cell_side((heat.shape[0], heat.shape[1]), width)
    picture = over_input(heat, heatmap.canvas, side)
    least = least_score(decoding)
    if _mark_peaks(picture, decoding.side(heatmap.corner), label, side, least) == 0:
        name = CORNER_NAMES[heatmap.corner]
        draw_note(picture, f"no {name} corner with a score of {least:.2f} or more")
    return np.asarray(picture)


def over_input(heat: Float[np.ndarray, "h w"], canvas: SourceImage, side: int) -> Image.Image:
    """Lay heat from 0 to 1 over the greyed canvas, `side` pixels to a cell."""
    height, width = heat.shape
    size = (width * side, height * side)
    grey = Image.fromarray(canvas).convert("L")
    grey = grey.point([round(BACKDROP_BRIGHTNESS * value) for value in range(256)])
    backdrop = grey.resize(size, Image.Resampling.BILINEAR).convert("RGB")
    opacity = (np.clip(heat * OPACITY_GAIN, 0, 1) * 255).astype(np.uint8)
    nearest = Image.Resampling.NEAREST
    colours = Image.fromarray(colourise(heat, HEAT)).resize(size, nearest)
    return Image.composite(colours, backdrop, Image.fromarray(opacity).resize(size, nearest))


def _mark_peaks(
    picture: Image.Image, peaks: Peaks, label: int | None, side: int, least: float
) -> int:
    """Mark the peaks of a label, the best on top; give the number of rings."""
    scores, labels, cells = peaks.scores.tolist(), peaks.labels.tolist(), peaks.cell_xy.tolist()
    radius = min(RING_RADIUS[1], max(RING_RADIUS[0], round(RING_CELLS * side)))
    draw, rings = ImageDraw.Draw(picture), 0
    for k in reversed(range(len(scores))):
        if label is not None and labels[k] != label:
            continue
        x, y = ((cell + 0.5) * side for cell in cells[k])
        if scores[k] >= least:
            rings += 1
            paste_centred(picture, ring(radius, RING_LINE, colour_of(labels[k])), x, y)
        else:
            draw.ellipse(
                (x - DOT_RADIUS, y - DOT_RADIUS, x + DOT_RADIUS, y + DOT_RADIUS), DOT_COLOUR
            )
    return rings
