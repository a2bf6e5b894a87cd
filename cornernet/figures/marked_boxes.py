"""Boxes told apart by a letter and a colour: what became of them beside the truth or a change."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image, ImageDraw
from torch import Tensor

from cornernet.analysis.matching import Matching
from cornernet.analysis.what_if import Changes
from cornernet.boxes import LabelledBoxes
from cornernet.decode import Decoding
from cornernet.figures.marks import (
    Rectangle,
    chip_size,
    draw_chip,
    draw_dashed_box,
    draw_note,
    font_size,
)
from cornernet.figures.overlay import LINE, inside, on_picture, place_chip
from cornernet.figures.palette import INK, PAPER, Colour, fitted
from cornernet.observation import Observation
from cornernet.preprocess import RgbArray

# From Okabe and Ito's palette, dark enough for white letters.
GOOD: Colour = (0, 114, 94)  # green
BAD: Colour = (178, 68, 0)  # vermilion
ABSENT: Colour = (0, 94, 150)  # blue
SHIFTED: Colour = (150, 70, 120)  # reddish purple
SAME: Colour = (76, 82, 94)  # grey: recedes


@dataclass(frozen=True, eq=False, kw_only=True)
class MarkedBox:
    """One box and what is to be said of it."""

    box_xyxy_px: Float[Tensor, "4"]
    text: str  # on a chip; empty for none
    colour: Colour
    is_dashed: bool  # for a box that is not in the answer


def draw_marked(
    observation: Observation, marked: tuple[MarkedBox, ...], *, width: int = 640
) -> RgbArray:
    """Draw boxes on an observed image."""
    return draw_boxes(observation.image, marked, width=width)


def draw_boxes(image: RgbArray, marked: tuple[MarkedBox, ...], *, width: int) -> RgbArray:
    """Draw boxes in the image's pixels, the first on top, and their chips where there is room."""
    picture = fitted(image, width)
    if not marked:
        draw_note(picture, "no box")
        return np.asarray(picture)
    boxes = torch.stack([m.box_xyxy_px.double() for m in marked])
    places = [inside(box, picture) for box in on_picture(boxes, image, picture)]
    draw = ImageDraw.Draw(picture)
    for mark, box in reversed(list(zip(marked, places, strict=True))):
        _outline(draw, box, mark)
    _add_chips(picture, marked, places)
    return np.asarray(picture)


def _outline(draw: ImageDraw.ImageDraw, box: Rectangle, mark: MarkedBox) -> None:
    if mark.is_dashed:
        draw_dashed_box(draw, box)
        return
    x1, y1, x2, y2 = box
    for thickness, fill in ((LINE + 2, PAPER), (LINE, mark.colour)):
        draw.line((x1, y1, x2, y1, x2, y2, x1, y2, x1, y1), fill=fill, width=thickness)


def _add_chips(
    picture: Image.Image, marked: tuple[MarkedBox, ...], places: list[Rectangle]
) -> None:
    draw, size = ImageDraw.Draw(picture), font_size(picture.width)
    taken: list[Rectangle] = []
    for mark, box in zip(marked, places, strict=True):
        if mark.text:
            corner = place_chip(picture, box, chip_size(mark.text, size), taken)
            taken.append(draw_chip(draw, corner, mark.text, size, mark.colour))


def compared_boxes(
    decoding: Decoding, truth: LabelledBoxes, matching: Matching
) -> tuple[MarkedBox, ...]:
    """Mark hits (H) with their IoU, false alarms (F) and missed true boxes (M).

    Dashes are true boxes. Numbers count the detections, the best first, then the misses.
    """
    found, names = decoding.detections, decoding.detections.categories
    partner, iou = matching.partner.tolist(), matching.iou.tolist()
    hits = {k for k, _ in matching.pairs}
    answered = tuple(
        MarkedBox(
            box_xyxy_px=found.boxes_xyxy_px[k],
            text=f"H{k + 1} {name} IoU {iou[k]:.2f}" if k in hits else f"F{k + 1} {name}",
            colour=GOOD if k in hits else BAD,
            is_dashed=False,
        )
        for k, name in enumerate(found.names)
    )
    matched = tuple(
        MarkedBox(box_xyxy_px=truth.boxes_xyxy_px[n], text="", colour=INK, is_dashed=True)
        for n in partner
        if n >= 0
    )
    missed = tuple(
        MarkedBox(
            box_xyxy_px=truth.boxes_xyxy_px[n],
            text=f"M{len(partner) + place + 1} {names[int(truth.labels[n])]}",
            colour=ABSENT,
            is_dashed=True,
        )
        for place, n in enumerate(matching.left_over.tolist())
    )
    return (*missed, *matched, *answered)


def changed_boxes(before: Decoding, after: Decoding, changes: Changes) -> tuple[MarkedBox, ...]:
    """Mark what a change did: gained (G), moved (M) and lost (L, dashed) boxes, and the others."""
    old, new = before.detections, after.detections
    kinds = {n: ("G ", BAD) for n in changes.gained}
    kinds |= {n: ("M ", SHIFTED) for _, n in changes.moved}
    kinds |= {n: ("", SAME) for _, n in changes.same}
    kept = tuple(
        MarkedBox(
            box_xyxy_px=new.boxes_xyxy_px[n],
            text=f"{kinds[n][0]}{name} {score:.2f}",
            colour=kinds[n][1],
            is_dashed=False,
        )
        for n, (name, score) in enumerate(zip(new.names, new.scores.tolist(), strict=True))
    )
    lost = tuple(
        MarkedBox(
            box_xyxy_px=old.boxes_xyxy_px[k],
            text=f"L {old.names[k]}",
            colour=ABSENT,
            is_dashed=True,
        )
        for k in changes.lost
    )
    return (*lost, *kept)
