"""Boxes before and after non-maximum suppression."""

import numpy as np
from PIL import ImageDraw

from cornernet.categories import colour_of
from cornernet.decode import Decoding
from cornernet.detector import Observation
from cornernet.figures.marks import draw_note
from cornernet.figures.overlay import add_boxes, inside, on_picture
from cornernet.figures.palette import PAPER, fitted
from cornernet.preprocess import RgbArray

MOST_DRAWN = 200  # boxes; more would only hide the image
LEAST_OPACITY = 70  # of 255, for a score of 0
LINE = 2  # pixels


def draw_suppression(
    observation: Observation, decoding: Decoding, *, width: int = 480
) -> tuple[RgbArray, RgbArray]:
    """Draw the boxes of all kept pairs that reach min_score, and those that suppression left.

    Before: the better a box, the more opaque its outline. A count stands below each picture.
    """
    return _before(observation, decoding, width), _after(observation, decoding, width)


def _before(observation: Observation, decoding: Decoding, width: int) -> RgbArray:
    candidates = decoding.candidates
    chosen = (candidates.scores >= decoding.config.min_score).nonzero()[:, 0]
    drawn = chosen[:MOST_DRAWN]
    picture = fitted(observation.image, width)
    draw = ImageDraw.Draw(picture, "RGBA")
    boxes = on_picture(candidates.boxes_xyxy_px[drawn], observation.image, picture)
    scores, labels = candidates.scores[drawn].tolist(), candidates.labels[drawn].tolist()
    for box, score, label in reversed(list(zip(boxes, scores, labels, strict=True))):
        x1, y1, x2, y2 = inside(box, picture)
        opacity = round(LEAST_OPACITY + (255 - LEAST_OPACITY) * score)
        outer = (x1 - 1, y1 - 1, max(x1, x2) + 1, max(y1, y2) + 1)
        draw.rectangle(outer, outline=(*PAPER, opacity), width=LINE + 2)
        inner = (x1, y1, max(x1, x2), max(y1, y2))
        draw.rectangle(inner, outline=(*colour_of(label), opacity), width=LINE)
    shown = f", the best {MOST_DRAWN} drawn" if len(chosen) > MOST_DRAWN else ""
    draw_note(picture, f"{_count(len(chosen))} before suppression{shown}")
    return np.asarray(picture)


def _after(observation: Observation, decoding: Decoding, width: int) -> RgbArray:
    found = decoding.detections
    picture = fitted(observation.image, width)
    boxes = on_picture(found.boxes_xyxy_px, observation.image, picture)
    add_boxes(picture, boxes, found.names, found.labels, found.scores)
    draw_note(picture, f"{_count(len(found.scores))} after suppression ({decoding.config.nms})")
    return np.asarray(picture)


def _count(number: int) -> str:
    return f"{number} box" if number == 1 else f"{number} boxes"
