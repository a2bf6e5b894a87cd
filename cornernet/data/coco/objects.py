"""From rows to objects in the pixels of their upright images."""

import math
from collections.abc import Container
from dataclasses import dataclass

from cornernet.data.coco.frames import Box, BoxFrame, Size
from cornernet.data.coco.framing import SHARES, KeptImage, find_frames
from cornernet.data.coco.meaning import Meaning, are_shares, box_of, find_meaning
from cornernet.data.coco.report import Ledger
from cornernet.data.coco.rows import Row
from cornernet.data.coco.values import Key

OVERHANG = 1.0  # pixels beyond the image that rounding explains


@dataclass(frozen=True, kw_only=True)
class CocoObject:
    """One annotated object."""

    box_xyxy_px: Box
    area_px2: float
    label: int
    is_crowd: bool
    is_ignored: bool  # to be found or not, neither right nor wrong; holds for every crowd


def place_objects(
    rows: list[Row], images: dict[Key, KeptImage], ledger: Ledger
) -> dict[Key, list[CocoObject]]:
    """Return the objects of each image that can be used, also of one that has none."""
    rows = [row for row in rows if _is_of_kept_image(row, images, ledger)]
    have_shares = are_shares(rows)
    if have_shares:
        for row in rows:
            ledger.add("mended", "boxes between 0 and 1, taken as shares of the image", row.name)
    sizes = [SHARES if have_shares else images[row.image].largest_wh for row in rows]
    meaning = find_meaning(rows, sizes, ledger)
    boxes: dict[Key, list[Box]] = {}
    if meaning is not None:
        for row in rows:
            boxes.setdefault(row.image, []).append(box_of(row.numbers, meaning))
    frames = find_frames(images.values(), boxes, have_shares, ledger)
    objects: dict[Key, list[CocoObject]] = {key: [] for key in frames}
    for row in rows:
        if meaning is not None and _is_usable(row, frames, have_shares, ledger):
            found = _object(row, meaning, frames[row.image], ledger)
            if found is not None:
                objects[row.image].append(found)
    return objects


def _is_usable(
    row: Row, frames: dict[Key, BoxFrame | None], have_shares: bool, ledger: Ledger
) -> bool:
    if not _is_of_kept_image(row, frames, ledger):
        return False
    if have_shares and frames[row.image] is None:
        ledger.add("left out", "boxes between 0 and 1 in images of unknown size", row.name)
        return False
    if not have_shares and not row.is_ignored and all(abs(v) <= 1 for v in row.numbers):
        ledger.add("left out", "boxes between 0 and 1 among boxes in pixels", row.name)
        return False
    return True


def _is_of_kept_image(row: Row, images: Container[Key], ledger: Ledger) -> bool:
    if row.image not in images:
        ledger.add("left out", "annotations of images that were left out", row.name)
        return False
    return True


def _object(
    row: Row, meaning: Meaning, frame: BoxFrame | None, ledger: Ledger
) -> CocoObject | None:
    given = box_of(row.numbers, meaning)
    box = given if frame is None else frame.to_upright(given)
    clipped = box if frame is None else _clipped(box, frame.upright_wh)
    width, height = clipped[2] - clipped[0], clipped[3] - clipped[1]
    if min(given[2] - given[0], given[3] - given[1]) <= 0:
        ledger.add("left out", "boxes without an area", row.name)
        return None
    if min(width, height) <= 0:
        ledger.add("left out", "boxes outside their image", row.name)
        return None
    if meaning != "corner" and min(row.numbers[2:]) < 0:
        ledger.add("mended", "boxes with negative sides, turned about", row.name)
    if clipped != box:
        ledger.add("mended", "boxes that reach beyond their image, cut off there", row.name)
    return CocoObject(
        box_xyxy_px=clipped,
        area_px2=_area(row, meaning, frame) or width * height,
        label=row.label,
        is_crowd=row.is_crowd,
        is_ignored=row.is_crowd or row.is_ignored,
    )


def _clipped(box: Box, size: Size) -> Box:
    """Cut off what lies beyond the image, unless it is no more than rounding."""
    x1, y1, x2, y2 = box
    width, height = size
    if min(x1, y1) >= -OVERHANG and x2 <= width + OVERHANG and y2 <= height + OVERHANG:
        return box
    return max(0.0, x1), max(0.0, y1), min(float(width), x2), min(float(height), y2)


def _area(row: Row, meaning: Meaning, frame: BoxFrame | None) -> float | None:
    """Return the annotated area in the image's pixels; None where the box's is to be taken."""
    if row.area is None or (
        # A tool that took corners for sides has multiplied the wrong numbers, too.
        meaning == "corner" and math.isclose(row.area, row.numbers[2] * row.numbers[3], rel_tol=0.1)
    ):
        return None
    if frame is None or (frame.given_wh == SHARES and row.area > 1):
        return row.area
    return row.area * frame.scale_xy[0] * frame.scale_xy[1]
