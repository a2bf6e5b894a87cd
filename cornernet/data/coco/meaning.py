"""What the four numbers of a file's boxes mean: told from all of them together."""

from collections.abc import Callable
from typing import Literal

from cornernet.data.coco.frames import Box, Size
from cornernet.data.coco.report import Kind, Ledger
from cornernet.data.coco.rows import Numbers, Row

Meaning = Literal["side", "corner", "centre"]  # what stands beside x and y, or what x and y are
FAR = 0.1  # of the image's side: no box reaches so far beyond the image by rounding
MANY = 0.25  # of all boxes: of boxes given by corners, more than half reach far
_FINDINGS: dict[bool | Meaning, tuple[Kind, str, Meaning | None]] = {
    "corner": ("mended", "boxes given by two corners instead of width and height", "corner"),
    "centre": ("mended", "boxes given by their centre instead of a corner", "centre"),
    True: ("left out", "boxes whose numbers may be two corners, or centres and sides", None),
}


def are_shares(rows: list[Row]) -> bool:
    """Return whether all boxes lie between 0 and 1: no file in pixels looks so."""
    return bool(rows) and all(abs(value) <= 1 for row in rows for value in row.numbers)


def find_meaning(rows: list[Row], sizes: list[Size | None], ledger: Ledger) -> Meaning | None:
    """Return what the numbers mean, in the units of `sizes`, from how boxes lie in their images.

    COCO's own meaning holds unless many boxes would reach far beyond their image with it, and all
    lie within with another.
    """
    judged = [(row, size) for row, size in zip(rows, sizes, strict=True) if size is not None]
    far = [row for row, size in judged if _reaches_far(row.numbers, size)]
    if not far:
        return "side"
    if len(far) >= MANY * len(judged):
        others: tuple[Meaning, ...] = ("corner", "centre")
        fitting = [
            meaning
            for meaning in others
            if all(_lies_within(box_of(row.numbers, meaning), size) for row, size in judged)
        ]
        if fitting:
            kind, what, meaning = _FINDINGS[True if len(fitting) > 1 else fitting[0]]
            for row in rows:
                ledger.add(kind, what, row.name)
            return meaning
    for row in far:
        ledger.add("doubtful", "boxes that reach far beyond their image, cut off there", row.name)
    return "side"


def box_of(numbers: Numbers, meaning: Meaning) -> Box:
    """Return the corners of a box."""
    return _READ[meaning](numbers)


def _from_sides(numbers: Numbers) -> Box:
    x, y, w, h = numbers
    return min(x, x + w), min(y, y + h), max(x, x + w), max(y, y + h)


def _from_corners(numbers: Numbers) -> Box:
    return numbers


def _from_centre(numbers: Numbers) -> Box:
    x, y, w, h = numbers
    return x - w / 2, y - h / 2, x + w / 2, y + h / 2


_READ: dict[Meaning, Callable[[Numbers], Box]] = {
    "side": _from_sides,
    "corner": _from_corners,
    "centre": _from_centre,
}


def _reaches_far(numbers: Numbers, size: Size) -> bool:
    _, _, right, bottom = _from_sides(numbers)
    return right > (1 + FAR) * size[0] or bottom > (1 + FAR) * size[1]


def _lies_within(box: Box, size: Size) -> bool:
    x1, y1, x2, y2 = box
    margin_x, margin_y = FAR * FAR * size[0], FAR * FAR * size[1]
    return -margin_x <= x1 < x2 <= size[0] + margin_x and -margin_y <= y1 < y2 <= size[1] + margin_y
