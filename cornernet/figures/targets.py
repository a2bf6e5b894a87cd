"""What the heads should have said: target heatmaps, and how much each false corner costs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw
from torch import Tensor

from cornernet.analysis.truth import targets_of
from cornernet.boxes import LabelledBoxes
from cornernet.categories import colour_of
from cornernet.config import PenaltyReduction
from cornernet.data.targets import Targets, miss_weight, radii_of
from cornernet.figures.heatmaps import over_input
from cornernet.figures.marks import (
    MOST_CHIPS,
    chip_size,
    draw_chip,
    draw_dashed_box,
    font_size,
)
from cornernet.figures.palette import CORNER_COLOURS, INK, PAPER, cell_side, colourise
from cornernet.image_reading import RgbArray
from cornernet.model.corner_pool import Corner
from cornernet.observation import Observation

WEIGHT_COLOURS = "Blues_r"
WIDTH = 640  # pixels, of a picture, about


@dataclass(frozen=True, eq=False, kw_only=True)
class Aim:
    """What the heads should have said of an image."""

    observation: Observation
    truth: LabelledBoxes
    min_overlap: float

    @cached_property
    def targets(self) -> Targets:
        """Make the targets, once for all pictures of them."""
        return targets_of(self.observation, self.truth, self.min_overlap)

    @property
    def boxes_xyxy_cell(self) -> Float[Tensor, "n 4"]:
        """Return the true boxes on the heatmaps."""
        return self.observation.frame.to_cells(self.truth.boxes_xyxy_px.double())


def draw_target(aim: Aim, corner: Corner) -> RgbArray:
    """Draw the target heatmap, the maximum over all categories, on the greyed canvas.

    Each square, in its category's colour, is the window of one Gaussian: its corner's cell and the
    radius around it; of many, the first say their radius. Dashes are the true boxes.
    """
    target, labels = aim.targets.side(corner), aim.truth.labels.tolist()
    heat = target.heatmap.amax(0).numpy()
    side = cell_side((heat.shape[0], heat.shape[1]), WIDTH)
    picture = over_input(heat, aim.observation.canvas, side)
    draw = _with_boxes(picture, aim.boxes_xyxy_cell * side)
    radii = radii_of(aim.boxes_xyxy_cell, PenaltyReduction(min_overlap=aim.min_overlap))
    for n, (cell, label, radius) in enumerate(
        zip(target.cell.tolist(), labels, radii, strict=True)
    ):
        y, x = divmod(cell, heat.shape[1])
        window = [(x - radius) * side, (y - radius) * side]
        window += [(x + radius + 1) * side - 1, (y + radius + 1) * side - 1]
        draw.rectangle([v + e for v, e in zip(window, (-1, -1, 1, 1), strict=True)], outline=PAPER)
        draw.rectangle(window, outline=colour_of(label), width=2)
        if n < MOST_CHIPS:
            _add_radius(picture, window, radius, label)
    return np.asarray(picture)


def _add_radius(picture: Image.Image, window: list[int], radius: int, label: int) -> None:
    text, size = f"r = {radius}", font_size(picture.width)
    width, height = chip_size(text, size)
    x = min(max(window[0], 0), picture.width - width)
    y = window[1] - height if window[1] >= height else window[3] + 2
    draw_chip(ImageDraw.Draw(picture), (x, y), text, size, colour_of(label))


def draw_miss_weight(aim: Aim, corner: Corner) -> RgbArray:
    """Draw how much a false corner counts in the focal loss: white 1, dark blue 0.

    Of all categories, each cell shows the least weight; categories without an object nearby count
    in full. Squares with a dot are the true corners' cells, which must score high instead.
    """
    target = aim.targets.side(corner)
    weight = miss_weight(target.heatmap).amin(0).numpy()
    side = cell_side((weight.shape[0], weight.shape[1]), WIDTH)
    colours = Image.fromarray(colourise(weight, WEIGHT_COLOURS))
    size = (colours.width * side, colours.height * side)
    picture = colours.resize(size, Image.Resampling.NEAREST)
    draw = _with_boxes(picture, aim.boxes_xyxy_cell * side)
    for cell in target.cell.tolist():
        y, x = divmod(cell, weight.shape[1])
        left, top = x * side, y * side
        around = (left - 2, top - 2, left + side + 1, top + side + 1)
        draw.rectangle(around, fill=CORNER_COLOURS[corner], outline=PAPER)
        middle = (left + side // 2, top + side // 2)
        draw.rectangle((middle[0] - 1, middle[1] - 1, middle[0], middle[1]), fill=INK)
    return np.asarray(picture)


def _with_boxes(picture: Image.Image, boxes_xyxy: Float[Tensor, "n 4"]) -> ImageDraw.ImageDraw:
    """Outline true boxes in dashes; give the pen for what lies above them."""
    draw = ImageDraw.Draw(picture)
    for box in boxes_xyxy.tolist():
        draw_dashed_box(draw, box)
    return draw
