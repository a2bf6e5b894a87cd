"""Average precision as COCO defines it, computed by pycocotools."""

import contextlib
import io
import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torch import Tensor

from cornernet.data.samples import Sample
from cornernet.decode import Detections

# COCO's twelve figures, in pycocotools' order.
FIGURES = (
    *("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large"),
    *("AR_1", "AR_10", "AR_100", "AR_small", "AR_medium", "AR_large"),
)
SIZES = ("small", "medium", "large")  # under 32 x 32 pixels, between, over 96 x 96 pixels


@dataclass(frozen=True, kw_only=True)
class AveragePrecision:
    """Means over IoU thresholds and categories, 0 to 1; NaN where nothing was to be found."""

    figures: dict[str, float]  # by `FIGURES`; AP is over IoU 0.50, 0.55, ..., 0.95
    ap_by_category: dict[str, float]
    ap50_by_category: dict[str, float]
    images: int
    objects_by_category: dict[str, int]  # that were to be found
    objects_by_size: dict[str, int]  # by `SIZES`; one on a limit is of both

    @property
    def ap(self) -> float:
        """Return COCO's AP."""
        return self.figures["AP"]

    def as_values(self) -> dict[str, Any]:
        """Return plain values for JSON, each figure with what it rests on."""
        counts = self.objects_by_category
        return {
            **{name: rounded(value) for name, value in self.figures.items()},
            "AP_by_category": {k: rounded(v) for k, v in self.ap_by_category.items()},
            "AP50_by_category": {k: rounded(v) for k, v in self.ap50_by_category.items()},
            "images": self.images,
            "objects": sum(counts.values()),
            "categories": sum(count > 0 for count in counts.values()),
            "objects_by_category": counts,
            **{f"objects_{size}": self.objects_by_size[size] for size in SIZES},
        }


def rounded(value: float) -> float | None:
    """Return four decimals, or None for NaN, which JSON does not have."""
    return None if math.isnan(value) else round(value, 4)


@dataclass(frozen=True, eq=False, kw_only=True)
class Answer:
    """What was true and what was found in one image; labels index the same categories."""

    true_boxes_xyxy_px: Float[Tensor, "n 4"]
    true_labels: Int[Tensor, "n"]
    is_crowd: tuple[bool, ...]  # regions of uncounted objects; any number may be found there
    is_ignored: tuple[bool, ...]  # finding one is neither right nor wrong; holds for every crowd
    areas_px2: tuple[float, ...]  # decide what is small, medium and large
    known_labels: frozenset[int] | None  # None: every category was looked for
    detections: Detections


def answer_of(sample: Sample, detections: Detections) -> Answer:
    """Put what was found beside what a sample says."""
    boxes = sample.boxes_xyxy_px
    nothing = (False,) * len(boxes)
    sides = (boxes[:, 2:] - boxes[:, :2]).double()
    return Answer(
        true_boxes_xyxy_px=boxes,
        true_labels=sample.labels,
        is_crowd=sample.is_crowd or nothing,
        is_ignored=sample.is_ignored or sample.is_crowd or nothing,
        areas_px2=sample.areas_px2 or tuple(sides.prod(1).tolist()),
        known_labels=sample.known_labels,
        detections=detections,
    )


class _Evaluation(COCOeval):  # type: ignore[misc]
    """COCO's evaluation, which also ignores what is no crowd but marked to be ignored."""

    def _prepare(self) -> None:
        super()._prepare()  # sets `ignore` to `iscrowd`
        for objects in self._gts.values():
            for truth in objects:
                truth["ignore"] = truth["iscrowd"] or truth["is_ignored"]


def average_precision(
    answers: list[Answer], categories: tuple[str, ...], labels: frozenset[int] | None = None
) -> AveragePrecision:
    """Score detections over a set of images, in all categories or those of `labels`."""
    chosen = sorted(range(len(categories)) if labels is None else labels)
    truth = COCO()
    truth.dataset = {
        "info": {},
        "images": [{"id": image} for image in range(len(answers))],
        "categories": [{"id": label, "name": name} for label, name in enumerate(categories)],
        "annotations": _annotations(answers),
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        evaluation = _Evaluation(truth, _results(truth, answers), "bbox")
        evaluation.params.catIds = chosen
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    counted = [
        (label, area)
        for answer in answers
        for label, area, is_ignored in zip(
            answer.true_labels.tolist(), answer.areas_px2, answer.is_ignored, strict=True
        )
        if label in set(chosen) and not is_ignored
    ]
    per_label = Counter(label for label, _ in counted)
    ranges = zip(SIZES, evaluation.params.areaRng[1:], strict=True)
    names = [categories[label] for label in chosen]
    return AveragePrecision(
        figures={k: _or_nan(v) for k, v in zip(FIGURES, evaluation.stats.tolist(), strict=True)},
        ap_by_category=_by_category(evaluation, names, slice(None)),
        ap50_by_category=_by_category(evaluation, names, slice(1)),
        images=len(answers),
        objects_by_category={categories[label]: per_label[label] for label in chosen},
        objects_by_size={
            size: sum(least <= area <= most for _, area in counted)
            for size, (least, most) in ranges
        },
    )


def _annotations(answers: list[Answer]) -> list[dict[str, object]]:
    rows = [
        (image, *row)
        for image, answer in enumerate(answers)
        for row in zip(
            answer.true_boxes_xyxy_px.tolist(),
            answer.true_labels.tolist(),
            answer.areas_px2,
            answer.is_crowd,
            answer.is_ignored,
            strict=True,
        )
    ]
    return [
        {
            "id": number + 1,  # pycocotools takes an id of 0 for "no match"
            "image_id": image,
            "category_id": label,
            "bbox": [x1, y1, x2 - x1, y2 - y1],
            "area": area,
            "iscrowd": int(is_crowd),
            "is_ignored": int(is_ignored),
        }
        for number, (image, (x1, y1, x2, y2), label, area, is_crowd, is_ignored) in enumerate(rows)
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
        if answer.known_labels is None or label in answer.known_labels
    ]
    if rows:
        return truth.loadRes(np.asarray(rows, dtype=np.float64))
    nothing = COCO()
    nothing.dataset = {**truth.dataset, "annotations": []}
    nothing.createIndex()
    return nothing


def _by_category(evaluation: COCOeval, names: list[str], overlaps: slice) -> dict[str, float]:
    # precision: (IoU thresholds, recall steps, categories, areas, most detections)
    precision = evaluation.eval["precision"][overlaps, :, :, 0, -1]
    return {
        name: float(np.mean(p)) if (p := precision[:, :, place])[p > -1].size else float("nan")
        for place, name in enumerate(names)
    }


def _or_nan(value: float) -> float:
    return value if value > -1 else float("nan")
