"""Every corner with every other: how far apart their embeddings are, and what became of them."""

import numpy as np
import torch
from jaxtyping import Int64
from PIL import Image, ImageDraw
from torch import Tensor

from cornernet.analysis.verdicts import Verdict, verdict
from cornernet.categories import colour_of
from cornernet.decode import Decoding
from cornernet.figures.corners import best_corners, least_score, peaks_of
from cornernet.figures.fonts import font, text_width, write
from cornernet.figures.marks import blank, shorten
from cornernet.figures.number_line import draw_number_line
from cornernet.figures.palette import FAINT_INK, INK, PAPER, VERDICT_COLOURS, ink_on
from cornernet.model.corner_pool import Corner
from cornernet.preprocess import RgbArray

__all__ = ["draw_distance_matrix", "draw_number_line"]

HEADER = 118  # pixels, for the names of rows and of columns
LARGEST_CELL = 56  # pixels
LEAST_CELL_FOR_DISTANCE = 34
GAP = 1  # pixels between cells
TEXT = 12  # pixels, height of the type
LEGEND_LINE = 22
SWATCH = 16
LEGEND_COLUMNS = 2
CHIP = 6  # pixels, width of the category's colour beside a name
CHIP_GAP = 4
HUNDREDTHS_BELOW = 10  # distances from here on are printed without decimals


def draw_distance_matrix(decoding: Decoding, *, most: int = 24, width: int = 640) -> RgbArray:
    """Draw the best top-left corners (rows) against the best bottom-right ones (columns).

    Corners of one category stand together, the best first. Colour and letter tell what became of
    a pair; where there is room, a number gives the embedding distance.
    """
    rows = _grouped(decoding, "top_left", most)
    columns = _grouped(decoding, "bottom_right", most)
    if len(rows) == 0 or len(columns) == 0:
        words = f"no pairs: one kind of corner nowhere scores {least_score(decoding):.2f} or more"
        return np.asarray(blank(width, width // 3, words))
    cell = min(LARGEST_CELL, (width - HEADER) // max(len(rows), len(columns)))
    fates = verdict(decoding)[np.ix_(rows.numpy(), columns.numpy())]
    legend_top = HEADER + len(rows) * cell + LEGEND_LINE // 2
    legend_rows = -(-len(Verdict) // LEGEND_COLUMNS)
    picture = Image.new("RGB", (width, legend_top + legend_rows * LEGEND_LINE), PAPER)
    distances = decoding.pairing.embedding_distance[rows][:, columns].numpy()
    _draw_cells(picture, fates, distances, cell)
    _draw_names(picture, decoding, (rows, columns), cell)
    _draw_legend(picture, fates, legend_top)
    return np.asarray(picture)


def _grouped(decoding: Decoding, corner: Corner, most: int) -> Int64[Tensor, "n"]:
    best = best_corners(decoding, corner, most)
    labels = peaks_of(decoding, corner).labels[best]
    return best[torch.sort(labels, stable=True).indices]


def _draw_cells(picture: Image.Image, fates: np.ndarray, distances: np.ndarray, cell: int) -> None:
    draw = ImageDraw.Draw(picture)
    size = max(7, min(TEXT + 2, cell - 6))
    for (row, column), value in np.ndenumerate(fates):
        x, y, fate = HEADER + column * cell, HEADER + row * cell, Verdict(value)
        colour = VERDICT_COLOURS[fate]
        draw.rectangle((x, y, x + cell - 1 - GAP, y + cell - 1 - GAP), fill=colour)
        ink = FAINT_INK if fate is Verdict.CATEGORY else ink_on(colour)
        middle_x, middle_y = x + (cell - GAP) / 2, y + (cell - GAP) / 2
        if cell >= LEAST_CELL_FOR_DISTANCE:
            distance = float(distances[row, column])
            number = f"{distance:.2f}" if distance < HUNDREDTHS_BELOW else f"{distance:.0f}"
            spot = (middle_x, middle_y + cell / 5)
            draw.text(spot, number, fill=ink, font=font(TEXT - 1), anchor="mm")
            middle_y -= cell / 6
        draw.text((middle_x, middle_y), fate.letter, fill=ink, font=font(size), anchor="mm")


def _draw_names(
    picture: Image.Image,
    decoding: Decoding,
    places: tuple[Int64[Tensor, "n"], Int64[Tensor, "m"]],
    cell: int,
) -> None:
    draw = ImageDraw.Draw(picture)
    for place, row in enumerate(places[0].tolist()):
        name = _name(decoding, "top_left", row)
        picture.paste(name, (0, round(HEADER + (place + 0.5) * cell - name.height / 2)))
    for place, column in enumerate(places[1].tolist()):
        name = _name(decoding, "bottom_right", column).rotate(90, expand=True)
        picture.paste(name, (round(HEADER + (place + 0.5) * cell - name.width / 2), 0))
    for line, words in enumerate(("across:", "bottom-right", "down:", "top-left")):
        draw.text((4, 4 + line * (TEXT + 4)), words, fill=INK, font=font(TEXT))


def _name(decoding: Decoding, corner: Corner, row: int) -> Image.Image:
    """Write a corner's category and score, the category's colour on the side of the matrix.

    That is the right for a row, and the left for a column, which is yet to be turned upright.
    """
    peaks = peaks_of(decoding, corner)
    label, number = int(peaks.labels[row]), f" {float(peaks.scores[row]):.2f}"
    image = Image.new("RGB", (HEADER, TEXT + 3), PAPER)
    draw = ImageDraw.Draw(image)
    room = HEADER - CHIP - 4 * CHIP_GAP - text_width(number, TEXT)
    text = shorten(decoding.detections.categories[label], TEXT, room) + number
    is_row = corner == "top_left"
    chip_x = HEADER - CHIP_GAP - CHIP if is_row else CHIP_GAP
    text_x = chip_x - CHIP_GAP if is_row else chip_x + CHIP + CHIP_GAP
    anchor = "rm" if is_row else "lm"
    write(draw, (text_x, image.height / 2), text, size=TEXT, fill=INK, anchor=anchor)
    draw.rectangle((chip_x, 1, chip_x + CHIP - 1, image.height - 2), fill=colour_of(label))
    return image


def _draw_legend(picture: Image.Image, fates: np.ndarray, top: int) -> None:
    draw = ImageDraw.Draw(picture)
    lines = -(-len(Verdict) // LEGEND_COLUMNS)
    for place, fate in enumerate(reversed(Verdict)):
        x = 4 + place // lines * (picture.width // LEGEND_COLUMNS)
        y = top + place % lines * LEGEND_LINE
        colour = VERDICT_COLOURS[fate]
        draw.rectangle((x, y, x + SWATCH, y + SWATCH), fill=colour)
        spot = (x + SWATCH / 2, y + SWATCH / 2)
        draw.text(spot, fate.letter, fill=ink_on(colour), font=font(TEXT), anchor="mm")
        words, spot = f"{fate.words}: {int((fates == fate).sum())}", (x + SWATCH + 8, spot[1])
        draw.text(spot, words, fill=INK, font=font(TEXT + 1), anchor="lm")
