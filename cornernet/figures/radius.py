"""The Gaussian's radius, seen: a box, and boxes whose corners lie off by the radius."""

import numpy as np
from PIL import Image, ImageDraw

from cornernet.analysis.radius import MovedBox, moved_boxes, worst_box
from cornernet.data.radius import radius_cases
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


def draw_radius(width: float, height: float, min_overlap: float) -> RgbArray:
    """Draw a box of a size in cells (dashed), and boxes whose corners are off by a radius.

    Three boxes move both corners along both axes, inwards, the same way and outwards, each by the
    radius at which the IoU is down to `min_overlap`; the least of the three is the one that counts.
    The fourth is the worst that a search over all moves within that one found. Squares are the
    moves within each radius.
    """
    cases = radius_cases(height, width, min_overlap)
    radii = (cases.inwards, cases.along, cases.outwards)
    least = min(radii)
    boxes = (*moved_boxes(width, height, radii), worst_box(width, height, least))
    counts = [radius == least for radius in radii]
    panels = tuple(
        Panel(
            _title(box, radius, is_it), "", _tile(box, (width, height), radius, max(radii), is_it)
        )
        for box, radius, is_it in zip(boxes, (*radii, least), (*counts, False), strict=True)
    )
    return grid(panels, 2, GAP)


def _title(box: MovedBox, radius: float, is_least: bool) -> str:
    return f"{box.name}: r = {radius:.2f}, IoU {box.iou:.3f}" + (", least" if is_least else "")


def _tile(
    moved: MovedBox, size: tuple[float, float], radius: float, largest: float, is_least: bool
) -> RgbArray:
    """Draw one moved box; all tiles of a size and of a largest radius have the same scale."""
    width, height = size
    image = Image.new("RGB", (TILE, TILE), PAPER)
    extent = max(width, height) + 2 * largest
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
    colour = BAD if is_least else SHIFTED
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
