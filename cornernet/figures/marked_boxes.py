"""Boxes told apart by a letter and a colour: what became of them beside the truth or a change."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from PIL import ImageDraw
from torch import Tensor

from cornernet.analysis.box_marks import BoxMarks
from cornernet.analysis.matching import Matching
from cornernet.analysis.sentences import at_most
from cornernet.analysis.what_if import Changes
from cornernet.boxes import LabelledBoxes
from cornernet.decode import Decoding
from cornernet.figures.marks import MOST_CHIPS, draw_dashed_box, draw_note
from cornernet.figures.overlay import add_chips, draw_outline, on_picture
from cornernet.figures.palette import INK, Colour, fitted
from cornernet.image_reading import RgbArray

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
    image: RgbArray,
    marked: tuple[MarkedBox, ...],
    *,
    width: int = 640,
    type_px: int | None = None,
) -> RgbArray:
    """Draw boxes in the image's pixels, the first on top, and their chips where there is room.

    Of more than `MOST_CHIPS`, those of the answer's boxes come first, and those of boxes that are
    nothing new last. Names are `type_px` pixels high, by default as the picture's width asks for.
    """
    picture = fitted(image, width)
    if not marked:
        draw_note(picture, "no box", size=type_px)
        return np.asarray(picture)
    boxes = torch.stack([m.box_xyxy_px.double() for m in marked])
    places = list(zip(on_picture(boxes, image, picture), marked, strict=True))
    draw = ImageDraw.Draw(picture)
    for box, mark in reversed(places):
        if mark.is_dashed:
            draw_dashed_box(draw, box)
        else:
            draw_outline(draw, box, mark.colour)
    named = sorted(((b, m) for b, m in places if m.text), key=lambda p: p[1].colour == SAME)
    shown = sorted(named, key=lambda p: p[1].is_dashed) if len(named) > MOST_CHIPS else named
    add_chips(picture, [(box, mark.text, mark.colour) for box, mark in shown], type_px)
    return np.asarray(picture)


def compared_boxes(
    decoding: Decoding, truth: LabelledBoxes, matching: Matching, marks: BoxMarks
) -> tuple[MarkedBox, ...]:
    """Mark hits (H) with their IoU, false alarms (F) and missed true boxes (M).

    Dashes are true boxes.
    """
    found, names = decoding.detections, decoding.detections.categories
    partner, iou = matching.partner.tolist(), matching.iou.tolist()
    answered = tuple(
        MarkedBox(
            box_xyxy_px=found.boxes_xyxy_px[k],
            text=f"{mark} {name}" + (f" IoU {iou[k]:.3f}" if partner[k] >= 0 else ""),
            colour=GOOD if partner[k] >= 0 else BAD,
            is_dashed=False,
        )
        for k, (mark, name) in enumerate(zip(marks.found, found.names, strict=True))
    )
    matched = tuple(
        MarkedBox(box_xyxy_px=truth.boxes_xyxy_px[n], text="", colour=INK, is_dashed=True)
        for n in partner
        if n >= 0
    )
    missed = tuple(
        MarkedBox(
            box_xyxy_px=truth.boxes_xyxy_px[n],
            text=f"{mark} {names[int(truth.labels[n])]}",
            colour=ABSENT,
            is_dashed=True,
        )
        for mark, n in zip(marks.missed, matching.left_over.tolist(), strict=True)
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
            text=f"{kinds[n][0]}{name} {at_most(score)}",
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
