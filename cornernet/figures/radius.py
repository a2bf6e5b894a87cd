"""The Gaussian's radius, seen: a box, and boxes whose corners lie off by the radius."""

import numpy as np
from PIL import Image, ImageDraw

from cornernet.analysis.radius import MovedBox, moved_boxes, worst_box
from cornernet.figures.marked_boxes import BAD, SHIFTED
from cornernet.figures.marks import draw_dashed_box
from cornernet.figures.palette import CORNER_COLOURS, INK, PAPER, Colour
from cornernet.figures.typesetting import Panel, grid
from cornernet.image_reading import RgbArray

TILE = 300  # pixels, each way
GAP = 14
MARGIN_SHARE = 0.06  # of a tile, left empty at each border
GRID_COLOUR: Colour = (232, 234, 238)
LEAST_CELL_SHOWN = 5  # pixels; smaller cells get no lines between them
LINE = 3


def draw_radius(width: float, height: float, radius: float) -> RgbArray:
    """Draw a box of a size in cells (dashed), and boxes whose corners are off by the radius.

    Three boxes move both corners along both axes, inwards, outwards and the same way; the fourth
    is the worst that a search over all moves within the radius found. Squares are those moves.
    """
    boxes = (*moved_boxes(width, height, radius), worst_box(width, height, radius))
    panels = tuple(
        Panel(f"{box.name}: IoU {box.iou:.3f}", "", _tile(box, width, height, radius, index == 3))
        for index, box in enumerate(boxes)
    )
    return grid(panels, 2, GAP)


def _tile(moved: MovedBox, width: float, height: float, radius: float, is_worst: bool) -> RgbArray:
    """Draw one moved box; all tiles of a size and radius have the same scale."""
    image = Image.new("RGB", (TILE, TILE), PAPER)
    extent = max(width, height) + 2 * radius
    zoom = TILE * (1 - 2 * MARGIN_SHARE) / extent
    left, top = (TILE - width * zoom) / 2, (TILE - height * zoom) / 2

    def place(box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
        x1, y1, x2, y2 = (round(v * zoom) for v in box)
        return round(left) + x1, round(top) + y1, round(left) + x2, round(top) + y2

    draw = ImageDraw.Draw(image)
    _add_cells(draw, (left, top), zoom)
    for colour, (x, y) in zip(CORNER_COLOURS.values(), ((0.0, 0.0), (width, height)), strict=True):
        square = place((x - radius, y - radius, x + radius, y + radius))
        draw.rectangle(square, outline=colour, width=2)
    draw_dashed_box(draw, place((0, 0, width, height)))
    colour = BAD if is_worst else SHIFTED
    draw.rectangle(place(moved.box_xyxy_cell), outline=colour, width=LINE)
    draw.rectangle((0, 0, TILE - 1, TILE - 1), outline=INK)
    return np.asarray(image)


def _add_cells(draw: ImageDraw.ImageDraw, origin: tuple[float, float], zoom: float) -> None:
    if zoom < LEAST_CELL_SHOWN:
        return
    for start, is_column in zip(origin, (True, False), strict=True):
        at = start % zoom
        while at < TILE:
            line = (at, 0, at, TILE) if is_column else (0, at, TILE, at)
            draw.line(line, fill=GRID_COLOUR)
            at += zoom
