"""Average precision as COCO defines it, computed by pycocotools."""

import contextlib
import io
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torch import Tensor

from cornernet.decode import Detections


@dataclass(frozen=True, kw_only=True)
class AveragePrecision:
    """Means over IoU thresholds and categories, 0 to 1; NaN where nothing was to be found."""

    ap: float  # over IoU 0.50, 0.55, ..., 0.95
    ap50: float
    ap75: float
    ap_small: float  # objects under 32 x 32 pixels
    ap_medium: float
    ap_large: float  # objects over 96 x 96 pixels
    ap_by_category: dict[str, float]


@dataclass(frozen=True, eq=False, kw_only=True)
class Answer:
    """What was true and what was found in one image; labels index the same categories."""

    true_boxes_xyxy_px: Float[Tensor, "n 4"]
    true_labels: Int[Tensor, "n"]
    is_crowd: tuple[
        bool, ...
    ]  # regions of uncounted objects: finding them is neither right nor wrong
    detections: Detections


def average_precision(answers: list[Answer], categories: tuple[str, ...]) -> AveragePrecision:
    """Score detections over a set of images."""
    truth = COCO()
    truth.dataset = {
        "info": {},
        "images": [{"id": image} for image in range(len(answers))],
        "categories": [{"id": label, "name": name} for label, name in enumerate(categories)],
        "annotations": _annotations(answers),
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        evaluation = COCOeval(truth, _results(truth, answers), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    ap, ap50, ap75, small, medium, large = (_or_nan(v) for v in evaluation.stats[:6])
    return AveragePrecision(
        ap=ap,
        ap50=ap50,
        ap75=ap75,
        ap_small=small,
        ap_medium=medium,
        ap_large=large,
        ap_by_category=_by_category(evaluation, categories),
    )


def _annotations(answers: list[Answer]) -> list[dict[str, object]]:
    rows = [
        (image, box, label, crowd)
        for image, answer in enumerate(answers)
        for box, label, crowd in zip(
            answer.true_boxes_xyxy_px.tolist(),
            answer.true_labels.tolist(),
            answer.is_crowd,
            strict=True,
        )
    ]
    return [
        {
            "id": number + 1,  # pycocotools takes an id of 0 for "no match"
            "image_id": image,
            "category_id": label,
            "bbox": [x1, y1, x2 - x1, y2 - y1],
            "area": (x2 - x1) * (y2 - y1),
            "iscrowd": int(crowd),
        }
        for number, (image, (x1, y1, x2, y2), label, crowd) in enumerate(rows)
    ]


def _results(truth: COCO, answers: list[Answer]) -> COCO:
    rows = [
        [image, x1, y1, x2 - x1, y2 - y1, score, label]
        for image, answer in enumerate(answers)
        for (x1, y1, x2, y2), score, label in zip(
            answer.detections.boxes_xyxy_px.tolist(),
            answer.detections.scores.tolist(),
            answer.detections.labels.tolist(),
            strict=True,
        )
    ]
    if rows:
        return truth.loadRes(np.asarray(rows, dtype=np.float64))
    nothing = COCO()
    nothing.dataset = {**truth.dataset, "annotations": []}
    nothing.createIndex()
    return nothing


def _by_category(evaluation: COCOeval, categories: tuple[str, ...]) -> dict[str, float]:
    # precision: (IoU thresholds, recall steps, categories, areas, most detections)
    precision = evaluation.eval["precision"][:, :, :, 0, -1]
    return {
        name: float(np.mean(p)) if (p := precision[:, :, label])[p > -1].size else float("nan")
        for label, name in enumerate(categories)
    }


def _or_nan(value: float) -> float:
    return float(value) if value > -1 else float("nan")
