"""Magnified cells: from the heatmap's whole cell to the corner's exact place."""

import numpy as np
from PIL import Image, ImageDraw

from cornernet.categories import colour_of
from cornernet.decode import Decoding
from cornernet.detector import Observation
from cornernet.figures.corners import detected_pairs, observed, peaks_of
from cornernet.figures.fonts import font, write
from cornernet.figures.marks import Point, blank, draw_arrow, shorten
from cornernet.figures.palette import CORNER_COLOURS, CORNER_NAMES, FAINT_INK, INK, PAPER, Colour
from cornernet.model.corner_pool import Corner
from cornernet.preprocess import RgbArray

CELLS = 5  # shown across, the corner's own in the middle
COLUMNS = 3  # tiles side by side
GAP = 14  # pixels between tiles
TEXT = 14  # pixels, height of the type
TEXT_LINE = 19
SMOOTH = 2  # a tile is drawn so many times too large, then shrunk
OUTSIDE = (128, 128, 128)  # beyond the canvas
GRID = (255, 255, 255, 110)  # red, green, blue, opacity
GRID_SHADOW = (0, 0, 0, 90)
ARROW_LINE = 3  # pixels
DOT_RADIUS = 5


def draw_offsets(
    observation: Observation, decoding: Decoding, *, most: int = 6, width: int = 960
) -> RgbArray:
    """Draw up to `most` corners of the best detections: top-left ones, then their partners.

    The dot is the cell's upper left, which is all that a heatmap can tell; the arrow is the
    offset that the network adds, and ends at the corner. The coloured lines are the box's edges.
    """
    pairs = detected_pairs(decoding)[: max(1, most // 2)]
    if not pairs:
        return np.asarray(blank(width, width // 5, "no detection, so no corners to magnify"))
    tile_width = (width + GAP) // COLUMNS - GAP
    corners: list[tuple[Corner, int]] = [("top_left", start) for start, _ in pairs]
    corners += [("bottom_right", end) for _, end in pairs]
    tiles = [_tile(observation, decoding, *which, tile_width) for which in corners]
    columns = 2 if len(pairs) == 1 else min(COLUMNS, len(pairs))
    return np.asarray(_grid(tiles, columns, width))


def _grid(tiles: list[Image.Image], columns: int, width: int) -> Image.Image:
    step_x, step_y = tiles[0].width + GAP, tiles[0].height + GAP
    rows = -(-len(tiles) // columns)
    picture = Image.new("RGB", (width, rows * step_y - GAP), PAPER)
    margin = (width + GAP - columns * step_x) // 2
    for place, tile in enumerate(tiles):
        picture.paste(tile, (margin + place % columns * step_x, place // columns * step_y))
    return picture


def _tile(
    observation: Observation, decoding: Decoding, corner: Corner, row: int, width: int
) -> Image.Image:
    peaks = peaks_of(decoding, corner)
    cells_h, cells_w = observed(observation, corner).maps.logits.shape[2:]
    canvas_h, canvas_w = observation.frame.network_hw
    stride_xy = (canvas_w / cells_w, canvas_h / cells_h)
    (cell_x, cell_y), (dx, dy) = peaks.cell_xy[row].tolist(), peaks.offset_xy[row].tolist()
    label = int(peaks.labels[row])
    crop = _crop(observation, (cell_x, cell_y), stride_xy, width * SMOOTH)
    _draw_corner(crop, (dx, dy), corner, colour_of(label))
    tile = Image.new("RGB", (width, width + 2 * TEXT_LINE), PAPER)
    tile.paste(crop.reduce(SMOOTH), (0, TEXT_LINE))
    draw = ImageDraw.Draw(tile)
    name = f"{observation.categories[label]}, {CORNER_NAMES[corner]}, cell ({cell_x}, {cell_y})"
    write(draw, (0, 1), shorten(name, TEXT, width), size=TEXT, fill=INK)
    pixels = f"({dx * stride_xy[0]:.1f}, {dy * stride_xy[1]:.1f}) px"
    value = f"+ ({dx:.2f}, {dy:.2f}) cells = {pixels}"
    draw.text((0, width + TEXT_LINE + 2), value, fill=FAINT_INK, font=font(TEXT))
    return tile


def _crop(
    observation: Observation, cell_xy: tuple[int, int], stride_xy: Point, side: int
) -> Image.Image:
    """Cut cells out of the canvas, around one of them, and draw the lines between them."""
    first_x, first_y = (cell - CELLS // 2 for cell in cell_xy)
    extent = (
        first_x * stride_xy[0],
        first_y * stride_xy[1],
        (first_x + CELLS) * stride_xy[0],
        (first_y + CELLS) * stride_xy[1],
    )
    crop = Image.fromarray(observation.canvas).transform(
        (side, side), Image.Transform.EXTENT, extent, Image.Resampling.NEAREST, fillcolor=OUTSIDE
    )
    draw = ImageDraw.Draw(crop, "RGBA")
    for line in range(1, CELLS):
        for shift, colour in ((0, GRID), (SMOOTH, GRID_SHADOW)):
            at = round(line * side / CELLS) + shift
            draw.line((at, 0, at, side), fill=colour, width=SMOOTH)
            draw.line((0, at, side, at), fill=colour, width=SMOOTH)
    return crop


def _draw_corner(crop: Image.Image, offset_xy: Point, corner: Corner, colour: Colour) -> None:
    draw, cell = ImageDraw.Draw(crop), crop.width / CELLS
    start = (CELLS // 2 * cell, CELLS // 2 * cell)
    end = (start[0] + offset_xy[0] * cell, start[1] + offset_xy[1] * cell)
    far = crop.width if corner == "top_left" else 0
    for line, fill in ((4, PAPER), (2, colour)):
        draw.line((far, end[1], *end, end[0], far), fill=fill, width=line * SMOOTH)
    draw.rectangle((*start, start[0] + cell, start[1] + cell), outline=PAPER, width=2 * SMOOTH)
    kind = CORNER_COLOURS[corner]
    draw_arrow(draw, (start, end), kind, ARROW_LINE * SMOOTH, rim=SMOOTH)
    radius = DOT_RADIUS * SMOOTH
    box = (start[0] - radius, start[1] - radius, start[0] + radius, start[1] + radius)
    draw.ellipse(box, fill=kind, outline=INK, width=SMOOTH)
