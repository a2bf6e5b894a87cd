"""Boxes on the image, and the image as the network sees it."""

from itertools import product

import numpy as np
from jaxtyping import Float
from PIL import Image, ImageDraw
from torch import Tensor

from cornernet.analysis.sentences import at_most
from cornernet.boxes import LabelledBoxes
from cornernet.categories import colour_of
from cornernet.decode import Decoding, Detections
from cornernet.figures.marks import (
    MOST_CHIPS,
    Rectangle,
    chip_size,
    draw_chip,
    draw_dashed_box,
    draw_note,
    font_size,
)
from cornernet.figures.palette import CORNER_COLOURS, PAPER, Colour, SourceImage, fitted
from cornernet.image_reading import RgbArray
from cornernet.observation import Observation

LINE = 3  # pixels, of a box's outline; odd, so that its middle lies on the edge
MARK_LINE = 5
LONGEST_MARK = 14  # pixels, of each arm of a corner mark
MARK_SHARE = 3  # an arm is at most this part of the box's side


def draw_boxes(image: SourceImage, found: Detections, *, width: int = 640) -> RgbArray:
    """Draw detections with their corners and with chips that name them.

    The longer side of the picture is `width`.
    """
    picture = fitted(image, width)
    _add_detections(picture, image, found)
    return np.asarray(picture)


def draw_detections(
    observation: Observation,
    decoding: Decoding,
    *,
    truth: LabelledBoxes | None = None,
    width: int = 640,
    type_px: int | None = None,
) -> RgbArray:
    """Draw the answer; `truth`, in original pixels, appears as dashed outlines.

    Names are `type_px` pixels high, by default as the picture's width asks for.
    """
    picture = fitted(observation.image, width)
    _add_detections(picture, observation.image, decoding.detections, type_px)
    if truth is not None:
        draw = ImageDraw.Draw(picture)
        for box in on_picture(truth.boxes_xyxy_px, observation.image, picture):
            draw_dashed_box(draw, box)
    if not decoding.detections.names:
        words = f"no box with a score of {decoding.config.min_score:.2f} or more"
        draw_note(picture, words, size=type_px)
    return np.asarray(picture)


def draw_input(observation: Observation, *, width: int = 640) -> RgbArray:
    """Draw the network's canvas; dashes show where the image ends and the padding begins."""
    picture = fitted(observation.canvas, width)
    frame = observation.frame
    (height, image_width), (canvas_h, canvas_w) = frame.original_hw, frame.network_hw
    zoom_x, zoom_y = picture.width / canvas_w, picture.height / canvas_h
    left, top = frame.shift_xy
    right, bottom = left + image_width * frame.scale_xy[0], top + height * frame.scale_xy[1]
    if (round(left), round(top), round(right), round(bottom)) != (0, 0, canvas_w, canvas_h):
        edges = (left * zoom_x, top * zoom_y, right * zoom_x - 1, bottom * zoom_y - 1)
        draw_dashed_box(ImageDraw.Draw(picture), edges)
    draw_note(picture, f"{canvas_w} x {canvas_h} px")
    return np.asarray(picture)


def on_picture(
    boxes_xyxy_px: Float[Tensor, "n 4"], image: SourceImage, picture: Image.Image
) -> list[Rectangle]:
    """Carry boxes from an image's pixels to whole pixels of its scaled picture."""
    zoom = (picture.width / image.shape[1], picture.height / image.shape[0])
    scaled = boxes_xyxy_px.double() * boxes_xyxy_px.new_tensor(zoom * 2)
    return [_inside(box, picture) for box in scaled.tolist()]


def _inside(box: list[float], picture: Image.Image) -> Rectangle:
    x1, y1, x2, y2 = (round(v) for v in box)
    right, bottom = picture.width - 1, picture.height - 1
    return min(x1, right), min(y1, bottom), min(x2, right), min(y2, bottom)


def _add_detections(
    picture: Image.Image, image: SourceImage, found: Detections, type_px: int | None = None
) -> None:
    """Draw detections onto the picture of an image, the best on top."""
    draw = ImageDraw.Draw(picture)
    boxes = on_picture(found.boxes_xyxy_px, image, picture)
    colours = [colour_of(label) for label in found.labels.tolist()]
    for box, colour in reversed(list(zip(boxes, colours, strict=True))):
        draw_outline(draw, box, colour)
        _mark_corners(draw, box)
    scored = zip(found.names, found.scores.tolist(), strict=True)
    texts = [f"{name} {at_most(score)}" for name, score in scored]
    add_chips(picture, list(zip(boxes, texts, colours, strict=True)), type_px)


def draw_outline(draw: ImageDraw.ImageDraw, box: Rectangle, colour: Colour) -> None:
    """Draw a box with a rim of paper around its colour."""
    x1, y1, x2, y2 = box
    for thickness, fill in ((LINE + 2, PAPER), (LINE, colour)):
        draw.line((x1, y1, x2, y1, x2, y2, x1, y2, x1, y1), fill=fill, width=thickness)


def _mark_corners(draw: ImageDraw.ImageDraw, box: Rectangle) -> None:
    x1, y1, x2, y2 = box
    arm_x, arm_y = (min(LONGEST_MARK, side // MARK_SHARE) for side in (x2 - x1, y2 - y1))
    start, end = CORNER_COLOURS["top_left"], CORNER_COLOURS["bottom_right"]
    draw.line((x1 + arm_x, y1, x1, y1, x1, y1 + arm_y), fill=start, width=MARK_LINE)
    draw.line((x2 - arm_x, y2, x2, y2, x2, y2 - arm_y), fill=end, width=MARK_LINE)


Named = list[tuple[Rectangle, str, Colour]]  # boxes, their names, and the colours of these


def add_chips(picture: Image.Image, named: Named, type_px: int | None = None) -> None:
    """Name boxes, each on a chip where there is room; count those without, the last ones first."""
    size = type_px or font_size(picture.width)
    placed = _placed(picture, named, size, [])
    if len(placed) < len(named):
        width, height = chip_size(_more(len(named)), size)
        note = (0, picture.height - height, width, picture.height)
        placed = _placed(picture, named, size, [note])
        draw_note(picture, _more(len(named) - len(placed)), size=size)
    draw = ImageDraw.Draw(picture)
    for corner, text, colour in placed:
        draw_chip(draw, corner, text, size, colour)


def _more(count: int) -> str:
    return f"and {count} more"


def _placed(
    picture: Image.Image, named: Named, size: int, taken: list[Rectangle]
) -> list[tuple[tuple[int, int], str, Colour]]:
    """Place the chips that find room, and the first in any case; `taken` is room that is not."""
    placed: list[tuple[tuple[int, int], str, Colour]] = []
    taken = list(taken)
    for box, text, colour in named[:MOST_CHIPS]:
        width, height = chip = chip_size(text, size)
        places = _chip_places(picture, box, chip)
        spots = [(x, y, x + width, y + height) for x, y in places]
        free = [s for s in spots if not any(_overlap(s, other) for other in taken)]
        inside = [s for s in free if 0 <= s[1] <= picture.height - height]
        if inside or not placed:
            x, y, *_ = spot = (inside or spots)[0]
            top = min(max(y, 0), max(0, picture.height - height))
            placed.append(((x, top), text, colour))
            taken.append(spot)
    return placed


def _chip_places(
    picture: Image.Image, box: Rectangle, chip: tuple[int, int]
) -> list[tuple[int, int]]:
    """List places at the box's corners, those outside the box first; some leave the picture."""
    (x1, y1, x2, y2), (width, height) = box, chip
    most_x = max(0, picture.width - width)
    heights = (y1 - height - LINE, y2 + LINE, y1 + LINE, y2 - height - LINE)
    return [(min(max(x, 0), most_x), y) for y, x in product(heights, (x1, x2 - width))]


def _overlap(first: Rectangle, second: Rectangle) -> bool:
    across = first[0] < second[2] and second[0] < first[2]
    return across and first[1] < second[3] and second[1] < first[3]
