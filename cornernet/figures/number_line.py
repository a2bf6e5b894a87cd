"""The embeddings of all corners on one line, where corners of one object meet."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from cornernet.categories import colour_of
from cornernet.decode import Decoding
from cornernet.figures.corners import best_corners, detected_pairs, least_score, peaks_of
from cornernet.figures.fonts import font, text_width, write
from cornernet.figures.marks import blank, disc, paste_centred
from cornernet.figures.palette import CORNER_NAMES, FAINT_INK, INK, PAPER
from cornernet.model.corner_pool import Corner
from cornernet.preprocess import RgbArray

MOST = 60  # corners of each kind
HEIGHT_SHARE = 3  # the picture is this many times as wide as high
MARGIN = 34  # pixels left and right of the line
FIRST_STEP = 34  # pixels from the line to the nearest corners
STEP = 17  # pixels between corners piled onto one another
TALLEST_PILE = 4  # corners; further ones share the last place
RADIUS = (4, 8)  # pixels, for scores of 0 and of 1
TEXT = 14
NAME_GAP = 3  # pixels left and right of a name
TICKS = 8  # about so many numbers
PADDING_SHARE = 0.04  # of the range of values, left and right
LEAST_SPAN = 2.0  # of the line, in maximum distances
LINK_WIDTH = 3


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One corner's place in the picture."""

    x: float
    y: float
    radius: int
    label: int


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The line: embeddings from low to high, over pixels from left to right."""

    low: float
    high: float
    left: int
    right: int
    y: int

    def x_of(self, value: float) -> float:
        """Give the place of an embedding."""
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)


def draw_number_line(decoding: Decoding, *, width: int = 960) -> RgbArray:
    """Draw corners by embedding: top-left ones above the line, bottom-right ones below.

    Colour is the category, size the score; corners that lie on one place are piled up. Lines join
    the corners of detections, and a bar is as long as the greatest distance allowed.
    """
    pairs = detected_pairs(decoding)
    kinds: tuple[Corner, Corner] = ("top_left", "bottom_right")
    shown = [best_corners(decoding, corner, MOST).tolist() for corner in kinds]
    shown = [sorted({*rows, *(p[k] for p in pairs)}) for k, rows in enumerate(shown)]
    if not any(shown):
        words = f"no corner with a score of {least_score(decoding):.2f} or more"
        return np.asarray(blank(width, width // HEIGHT_SHARE, words))
    picture = Image.new("RGB", (width, width // HEIGHT_SHARE), PAPER)
    axis = _axis(decoding, shown, picture)
    _draw_axis(picture, axis, decoding.config.max_embedding_distance)
    above, below = (
        _dots(decoding, corner, rows, axis) for corner, rows in zip(kinds, shown, strict=True)
    )
    draw = ImageDraw.Draw(picture)
    for start, end in reversed(pairs):
        first, last = above[start], below[end]
        line = (first.x, first.y, last.x, last.y)
        draw.line(line, fill=colour_of(first.label), width=LINK_WIDTH)
    _draw_ticks(draw, axis)
    for dot in reversed([*above.values(), *below.values()]):
        paste_centred(picture, disc(dot.radius, colour_of(dot.label)), dot.x, dot.y)
    _draw_names(draw, decoding, [above[start] for start, _ in pairs], axis)
    return np.asarray(picture)


def _axis(decoding: Decoding, shown: list[list[int]], picture: Image.Image) -> Axis:
    values = [
        *decoding.top_left.embeddings[shown[0]].tolist(),
        *decoding.bottom_right.embeddings[shown[1]].tolist(),
    ]
    low, high = min(values), max(values)
    wanted = max(LEAST_SPAN * decoding.config.max_embedding_distance, high - low) or 1.0
    wanted *= 1 + 2 * PADDING_SHARE
    middle = (low + high) / 2
    return Axis(
        low=middle - wanted / 2,
        high=middle + wanted / 2,
        left=MARGIN,
        right=picture.width - MARGIN,
        y=picture.height // 2,
    )


def _dots(decoding: Decoding, corner: Corner, rows: list[int], axis: Axis) -> dict[int, Dot]:
    """Place corners, the best first and nearest to the line, so that none covers another."""
    peaks = peaks_of(decoding, corner)
    away = -1 if corner == "top_left" else 1
    dots: dict[int, Dot] = {}
    for row in rows:
        x = axis.x_of(float(peaks.embeddings[row]))
        radius = round(RADIUS[0] + (RADIUS[1] - RADIUS[0]) * float(peaks.scores[row]))
        level = 0
        while level < TALLEST_PILE - 1 and any(
            _covers(dot, x, axis.y + away * (FIRST_STEP + level * STEP)) for dot in dots.values()
        ):
            level += 1
        y = axis.y + away * (FIRST_STEP + level * STEP)
        dots[row] = Dot(x=x, y=y, radius=radius, label=int(peaks.labels[row]))
    return dots


def _covers(dot: Dot, x: float, y: float) -> bool:
    return dot.y == y and abs(dot.x - x) < STEP


def _draw_axis(picture: Image.Image, axis: Axis, distance: float) -> None:
    draw = ImageDraw.Draw(picture)
    draw.line((axis.left, axis.y, axis.right, axis.y), fill=INK, width=2)
    below = picture.height - 5
    draw.text((4, 4), f"{CORNER_NAMES['top_left']} corners", INK, font(TEXT), "lt")
    draw.text((4, below), f"{CORNER_NAMES['bottom_right']} corners", INK, font(TEXT), "ls")
    length = distance / (axis.high - axis.low) * (axis.right - axis.left)
    right, y = picture.width - 8, picture.height - 10
    draw.line((right - length, y, right, y), fill=INK, width=3)
    for x in (right - length, right):
        draw.line((x, y - 5, x, y + 5), fill=INK, width=2)
    words = f"greatest distance allowed: {distance:g}"
    draw.text((right, y - 9), words, fill=INK, font=font(TEXT), anchor="rs")


def _draw_ticks(draw: ImageDraw.ImageDraw, axis: Axis) -> None:
    step = _nice_step((axis.high - axis.low) / TICKS)
    for number in range(math.ceil(axis.low / step), math.floor(axis.high / step) + 1):
        x = axis.x_of(number * step)
        draw.line((x, axis.y - 4, x, axis.y + 4), fill=INK, width=2)
        spot = (x, axis.y + 6)
        draw.text(
            spot,
            f"{number * step:g}",
            fill=FAINT_INK,
            font=font(TEXT - 2),
            anchor="mt",
            stroke_width=3,
            stroke_fill=PAPER,
        )


def _nice_step(least: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * 0.999)


def _draw_names(draw: ImageDraw.ImageDraw, decoding: Decoding, dots: list[Dot], axis: Axis) -> None:
    """Name the detections above all piles, over their top-left corners, where there is room."""
    taken: list[tuple[float, float]] = []  # left and right ends
    y = axis.y - FIRST_STEP - TALLEST_PILE * STEP
    for dot, name in zip(dots, decoding.detections.names, strict=True):
        half = text_width(name, TEXT) / 2 + NAME_GAP
        left, right = dot.x - half, dot.x + half
        if not any(left < b and a < right for a, b in taken):
            taken.append((left, right))
            write(draw, (dot.x, y), name, size=TEXT, fill=colour_of(dot.label), anchor="mm")
