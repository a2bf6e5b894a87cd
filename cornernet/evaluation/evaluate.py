"""Run a detector over labelled images and report."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tqdm import tqdm

from cornernet.config import ViewsConfig
from cornernet.data.samples import Sample
from cornernet.detector import Detector
from cornernet.evaluation.answers import Answer, answer_of
from cornernet.evaluation.average_precision import AveragePrecision, average_precision, rounded
from cornernet.evaluation.corners import CornerHits, corner_hits, corner_precision
from cornernet.evaluation.separation import PairCounts, add_counts, count_pairs
from cornernet.evaluation.worst import Worst


@dataclass(frozen=True, eq=False, kw_only=True)
class Report:
    """What an evaluation found."""

    answers: tuple[Answer, ...]  # one for each image
    precision: AveragePrecision
    parts: dict[str, AveragePrecision]  # where not every category was looked for in every image
    separation: PairCounts
    corner_precisions: tuple[float, float]  # of top-left and bottom-right corners, unpaired

    def as_values(self) -> dict[str, Any]:
        """Return plain values for JSON; a figure without any object behind it is null."""
        parts = {name: part.as_values() for name, part in self.parts.items()}
        first, second = map(rounded, self.corner_precisions)
        return {
            **self.precision.as_values(),
            "AP_top_left_corners": first,
            "AP_bottom_right_corners": second,
            "true_pairs_within_threshold": rounded(self.separation.share_of_true_close),
            "false_pairs_within_threshold": rounded(self.separation.share_of_false_close),
            **({"parts": parts} if parts else {}),
        }


def measured_parts(
    answers: list[Answer], categories: tuple[str, ...]
) -> dict[str, AveragePrecision]:
    """Measure what was looked for everywhere, and all where everything was looked for.

    A mean over all categories mixes ones that rest on all images with ones that rest on few.
    """
    known = [answer.known_labels for answer in answers if answer.known_labels is not None]
    if not known:
        return {}
    everywhere = frozenset.intersection(*known)
    exhaustive = [answer for answer in answers if answer.known_labels is None]
    parts = {}
    if everywhere:
        parts["categories_known_in_all_images"] = average_precision(answers, categories, everywhere)
    if exhaustive:
        parts["images_with_all_categories_known"] = average_precision(exhaustive, categories)
    return parts


def evaluate(
    detector: Detector,
    samples: Iterable[Sample],
    total: int,
    views: ViewsConfig | None = None,
    worst: Worst | None = None,
) -> Report:
    """Detect in every sample, without a score threshold, and compare with its truth.

    Corners and their pairs are counted in the image as it is, whatever the other views; so are
    the mistakes that `worst` collects.
    """
    is_single = views is None or views.is_single
    config = replace(detector.decode_config, min_score=0.0)
    answers, counts, corners = [], [], []
    for sample in tqdm(samples, total=total, unit="image", desc="evaluate"):
        observation = detector.observe(sample.image)
        decoding = detector.decode(observation, config)
        detections = (
            decoding.detections if is_single else detector.detect(sample.image, config, views)
        )
        answers.append(answer_of(sample, detections))
        corners.append(corner_hits(decoding, sample))
        if worst is not None:
            worst.add(sample, decoding)
        counted = sample.chosen(sample.is_counted.nonzero().flatten().tolist())
        counts.append(
            count_pairs(
                observation, counted.boxes_xyxy_px, counted.labels, config.max_embedding_distance
            )
        )
    return Report(
        answers=tuple(answers),
        precision=average_precision(answers, detector.categories),
        parts=measured_parts(answers, detector.categories),
        separation=add_counts(counts),
        corner_precisions=_corner_precisions(corners, len(detector.categories)),
    )


def _corner_precisions(
    corners: list[tuple[CornerHits, CornerHits]], categories: int
) -> tuple[float, float]:
    first, second = (
        corner_precision([each[side] for each in corners], categories) for side in (0, 1)
    )
    return first, second
