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
) -> RgbArray:
    """Draw the answer; `truth`, in original pixels, appears as dashed outlines."""
    picture = fitted(observation.image, width)
    _add_detections(picture, observation.image, decoding.detections)
    if truth is not None:
        draw = ImageDraw.Draw(picture)
        for box in on_picture(truth.boxes_xyxy_px, observation.image, picture):
            draw_dashed_box(draw, box)
    if not decoding.detections.names:
        draw_note(picture, f"no box with a score of {decoding.config.min_score:.2f} or more")
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


def _add_detections(picture: Image.Image, image: SourceImage, found: Detections) -> None:
    """Draw detections onto the picture of an image, the best on top."""
    draw = ImageDraw.Draw(picture)
    boxes = on_picture(found.boxes_xyxy_px, image, picture)
    colours = [colour_of(label) for label in found.labels.tolist()]
    for box, colour in reversed(list(zip(boxes, colours, strict=True))):
        draw_outline(draw, box, colour)
        _mark_corners(draw, box)
    scored = zip(found.names, found.scores.tolist(), strict=True)
    texts = [f"{name} {at_most(score)}" for name, score in scored]
    add_chips(picture, list(zip(boxes, texts, colours, strict=True)))


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


def add_chips(picture: Image.Image, named: list[tuple[Rectangle, str, Colour]]) -> None:
    """Name boxes, each on a chip where there is room."""
    draw, size = ImageDraw.Draw(picture), font_size(picture.width)
    taken: list[Rectangle] = []
    for box, text, colour in named:
        corner = _place_chip(picture, box, chip_size(text, size), taken)
        taken.append(draw_chip(draw, corner, text, size, colour))


def _place_chip(
    picture: Image.Image, box: Rectangle, chip: tuple[int, int], taken: list[Rectangle]
) -> tuple[int, int]:
    """Find a free place for a chip at one of the box's corners, outside the box if possible."""
    (x1, y1, x2, y2), (width, height) = box, chip
    most_x, most_y = max(0, picture.width - width), max(0, picture.height - height)
    heights = (y1 - height - LINE, y2 + LINE, y1 + LINE, y2 - height - LINE)
    places = [(min(max(x, 0), most_x), y) for y, x in product(heights, (x1, x2 - width))]
    for x, y in places:
        spot = (x, y, x + width, y + height)
        if 0 <= y <= most_y and not any(_overlap(spot, other) for other in taken):
            return x, y
    return places[0][0], min(max(places[0][1], 0), most_y)


def _overlap(first: Rectangle, second: Rectangle) -> bool:
    across = first[0] < second[2] and second[0] < first[2]
    return across and first[1] < second[3] and second[1] < first[3]
