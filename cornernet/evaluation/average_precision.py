"""Average precision as COCO defines it, computed by pycocotools."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from pycocotools.cocoeval import COCOeval

from cornernet.evaluation.answers import Answer, evaluated

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


def average_precision(
    answers: list[Answer], categories: tuple[str, ...], labels: frozenset[int] | None = None
) -> AveragePrecision:
    """Score detections over a set of images, in all categories or those of `labels`."""
    chosen = sorted(range(len(categories)) if labels is None else labels)
    evaluation = evaluated(answers, categories, chosen)
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


def _by_category(evaluation: COCOeval, names: list[str], overlaps: slice) -> dict[str, float]:
    # precision: (IoU thresholds, recall steps, categories, areas, most detections)
    precision = evaluation.eval["precision"][overlaps, :, :, 0, -1]
    return {
        name: float(np.mean(p)) if (p := precision[:, :, place])[p > -1].size else float("nan")
        for place, name in enumerate(names)
    }


def _or_nan(value: float) -> float:
    return value if value > -1 else float("nan")
