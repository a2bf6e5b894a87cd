"""Run a detector over labelled images and report."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tqdm import tqdm

from cornernet.config import ViewsConfig
from cornernet.data.samples import Sample
from cornernet.detector import Detector
from cornernet.evaluation.average_precision import AveragePrecision, answer_of, average_precision
from cornernet.evaluation.separation import PairCounts, add_counts, count_pairs


@dataclass(frozen=True, kw_only=True)
class Report:
    """What an evaluation found."""

    images: int
    precision: AveragePrecision
    separation: PairCounts

    def as_json(self) -> dict[str, Any]:
        """Give plain values for JSON; a figure without any object behind it is null."""
        precision = self.precision
        values = {
            "AP": precision.ap,
            "AP50": precision.ap50,
            "AP75": precision.ap75,
            "AP_small": precision.ap_small,
            "AP_medium": precision.ap_medium,
            "AP_large": precision.ap_large,
            "true_pairs_within_threshold": self.separation.share_of_true_close,
            "false_pairs_within_threshold": self.separation.share_of_false_close,
        }
        return {
            **{k: _rounded(v) for k, v in values.items()},
            "AP_by_category": {k: _rounded(v) for k, v in precision.ap_by_category.items()},
            "images": self.images,
        }


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)


def evaluate(
    detector: Detector, samples: Iterable[Sample], total: int, views: ViewsConfig | None = None
) -> Report:
    """Detect in every sample, without a score threshold, and compare with its truth.

    The corner pairs are counted in the image as it is, whatever the other views.
    """
    is_single = views is None or views.is_single
    config = replace(detector.decode_config, min_score=0.0)
    answers, counts = [], []
    for sample in tqdm(samples, total=total, unit="image", desc="evaluate"):
        observation = detector.observe(sample.image)
        detections = (
            detector.decode(observation, config).detections
            if is_single
            else detector.detect(sample.image, config, views)
        )
        answers.append(answer_of(sample, detections))
        counted = sample.chosen(sample.is_counted.nonzero().flatten().tolist())
        counts.append(
            count_pairs(
                observation, counted.boxes_xyxy_px, counted.labels, config.max_embedding_distance
            )
        )
    return Report(
        images=len(answers),
        precision=average_precision(answers, detector.categories),
        separation=add_counts(counts),
    )
