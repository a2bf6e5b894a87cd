"""A mark for each box beside the truth, the same one at every step of the error analysis."""

import itertools
from dataclasses import dataclass

from cornernet.analysis.matching import Matching, match_boxes
from cornernet.boxes import LabelledBoxes


@dataclass(frozen=True, kw_only=True)
class BoxMarks:
    """What one step calls its boxes: H a hit, F a false alarm, M a missed object; and a number."""

    found: tuple[str, ...]  # of each detection
    missed: tuple[str, ...]  # of each true box that is left over


def box_marks(
    found: tuple[LabelledBoxes, ...], matchings: tuple[Matching, ...]
) -> tuple[BoxMarks, ...]:
    """Number the true boxes, then the false alarms, and keep each number through all steps.

    Give each step's detections, and how they match the true boxes. True boxes are counted as the
    first step lists them: those found, the best score first, then the others. A false alarm that
    matches one of the step before keeps its number.
    """
    order = [n for _, n in matchings[0].pairs] + matchings[0].left_over.tolist()
    number_of = {n: place for place, n in enumerate(order, 1)}
    known, free = _Numbered(boxes=_chosen(found[0], []), numbers=[]), len(order) + 1
    marks = []
    for boxes, matching in zip(found, matchings, strict=True):
        false = matching.unmatched
        known = _number(_chosen(boxes, false), known, free)
        free = max([free - 1, *known.numbers]) + 1
        names = {k: f"H{number_of[n]}" for k, n in matching.pairs}
        names |= {k: f"F{number}" for k, number in zip(false, known.numbers, strict=True)}
        missed = tuple(f"M{number_of[n]}" for n in matching.left_over.tolist())
        marks.append(BoxMarks(found=tuple(names[k] for k in sorted(names)), missed=missed))
    return tuple(marks)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Numbered:
    boxes: LabelledBoxes
    numbers: list[int]


def _number(boxes: LabelledBoxes, known: _Numbered, free: int) -> _Numbered:
    """Give boxes the numbers of those that they match, and the others new ones, from `free` on."""
    fresh = itertools.count(free)
    partners = match_boxes(boxes, known.boxes).partner.tolist()
    numbers = [known.numbers[n] if n >= 0 else next(fresh) for n in partners]
    return _Numbered(boxes=boxes, numbers=numbers)


def _chosen(boxes: LabelledBoxes, index: list[int]) -> LabelledBoxes:
    return LabelledBoxes(boxes_xyxy_px=boxes.boxes_xyxy_px[index], labels=boxes.labels[index])
