"""Rows that tell what became of each box beside the truth."""

import math

from jaxtyping import Float
from torch import Tensor

from cornernet.analysis.box_marks import BoxMarks
from cornernet.analysis.reasons import reasons_of
from cornernet.analysis.sentences import at_most
from cornernet.analysis.truth import ErrorStep
from cornernet.boxes import LabelledBoxes
from cornernet.ui.shown import ShownImage

COMPARED_HEAD = (
    "Box",
    "Category",
    "Score",
    "IoU",
    "Predicted (x1, y1, x2, y2), image px",
    "True (x1, y1, x2, y2), image px",
    "Reason",
)
ERROR_HEAD = ("Answer", "Found", "Missed", "False alarms", "Mean IoU of found")


def compared_rows(
    shown: ShownImage, step: ErrorStep, truth: LabelledBoxes, marks: BoxMarks
) -> list[list[object]]:
    """List the detections, the best first, then the missed objects; boxes in original pixels."""
    found, matching = step.decoding.detections, step.matching
    reasons = reasons_of(step.decoding, truth, matching)
    rows: list[list[object]] = []
    for k, (name, score) in enumerate(zip(found.names, found.scores.tolist(), strict=True)):
        partner, predicted = int(matching.partner[k]), _box(shown, found.boxes_xyxy_px[k])
        iou = true = ""
        if partner >= 0:
            iou, true = f"{float(matching.iou[k]):.3f}", _box(shown, truth.boxes_xyxy_px[partner])
        reason = str(reasons.of_false.get(k, ""))
        rows.append([marks.found[k], name, at_most(score), iou, predicted, true, reason])
    for mark, n in zip(marks.missed, matching.left_over.tolist(), strict=True):
        name = found.categories[int(truth.labels[n])]
        true, reason = _box(shown, truth.boxes_xyxy_px[n]), str(reasons.of_missed[n])
        rows.append([mark, name, "", "", "", true, reason])
    return rows


def error_rows(steps: tuple[ErrorStep, ...]) -> list[list[object]]:
    """Count what was found, missed and imagined at each step of the error analysis."""
    return [
        [
            step.name,
            len(step.matching.pairs),
            len(step.matching.left_over),
            len(step.matching.unmatched),
            "" if math.isnan(step.matching.mean_iou) else f"{step.matching.mean_iou:.3f}",
        ]
        for step in steps
    ]


def _box(shown: ShownImage, box: Float[Tensor, "4"]) -> str:
    in_original = box.double() * box.new_tensor(shown.original_per_shown_xy * 2).double()
    return ", ".join(f"{value:.1f}" for value in in_original.tolist())
