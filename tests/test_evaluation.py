"""Average precision and embedding separation on cases whose answer is known."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from cornernet.boxes import iou_matrix
from cornernet.data.samples import Sample
from cornernet.decode import Detections
from cornernet.detector import Detector
from cornernet.evaluation.answers import Answer, answer_of
from cornernet.evaluation.average_precision import FIGURES, average_precision
from cornernet.evaluation.evaluate import evaluate
from cornernet.evaluation.separation import PairCounts, add_counts, count_group, count_pairs

NAMES = ("red", "green", "blue")
TRUTH = torch.tensor([[10.0, 10, 110, 110], [200, 200, 240, 240], [0, 0, 20, 20]])
LABELS = torch.tensor([0, 1, 1])


def answer(
    found: torch.Tensor, scores: list[float], labels: list[int], crowd: int = -1, **facts: Any
) -> Answer:
    sample = Sample(
        image=np.zeros((240, 240, 3), np.uint8),
        boxes_xyxy_px=TRUTH,
        labels=LABELS,
        is_crowd=tuple(i == crowd for i in range(3)),
        **facts,
    )
    detections = Detections(
        boxes_xyxy_px=found.float(),
        scores=torch.tensor(scores),
        labels=torch.tensor(labels, dtype=torch.int64),
        categories=NAMES,
    )
    return answer_of(sample, detections)


def test_nothing_found_scores_zero_and_nothing_true_has_no_score() -> None:
    none = torch.zeros(0, 4)
    result = average_precision([answer(none, [], [])], NAMES)
    assert result.ap == result.figures["AP50"] == 0
    assert math.isnan(result.ap_by_category["blue"])


def test_perfect_answers_score_one() -> None:
    result = average_precision([answer(TRUTH, [0.9, 0.8, 0.7], [0, 1, 1])], NAMES)
    assert set(result.figures) == set(FIGURES)
    for name in ("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large", "AR_100"):
        assert result.figures[name] == pytest.approx(1)


def test_a_wrong_category_is_no_answer() -> None:
    result = average_precision([answer(TRUTH, [0.9, 0.8, 0.7], [1, 0, 0])], NAMES)
    assert result.figures["AP50"] == 0


def test_a_shifted_box_counts_up_to_its_overlap() -> None:
    shifted = TRUTH + torch.tensor([[10.0, 0, 10, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    overlap = iou_matrix(TRUTH[:1], shifted[:1]).item()
    assert 0.8 < overlap < 0.85
    result = average_precision([answer(shifted, [0.9, 0.8, 0.7], [0, 1, 1])], NAMES)
    assert result.figures["AP75"] == pytest.approx(1)
    assert result.ap_by_category["red"] == pytest.approx(0.7)  # right at 0.50, 0.55, ..., 0.80


def test_a_crowd_is_neither_to_be_found_nor_wrong() -> None:
    without = average_precision([answer(TRUTH[:2], [0.9, 0.8], [0, 1], crowd=2)], NAMES)
    assert without.ap == pytest.approx(1)
    inside = torch.cat([TRUTH[:2], TRUTH[2:] * 0.5])
    assert average_precision([answer(inside, [0.7, 0.8, 0.9], [0, 1, 1], crowd=2)], NAMES).ap == (
        pytest.approx(1)
    )


def test_an_ignored_object_is_neither_a_hit_nor_a_miss() -> None:
    """Unlike a crowd, it needs the usual IoU: a box inside it is wrong."""
    ignored = {"is_ignored": (False, False, True)}
    without = average_precision([answer(TRUTH[:2], [0.8, 0.7], [0, 1], **ignored)], NAMES)
    found = average_precision([answer(TRUTH, [0.8, 0.7, 0.9], [0, 1, 1], **ignored)], NAMES)
    assert without.ap == found.ap == pytest.approx(1)
    inside = torch.cat([TRUTH[:2], TRUTH[2:] * 0.5])
    wrong = average_precision([answer(inside, [0.8, 0.7, 0.9], [0, 1, 1], **ignored)], NAMES)
    assert wrong.ap_by_category["green"] == pytest.approx(0.5)


def test_a_category_that_was_not_looked_for_is_not_counted() -> None:
    scores, labels = [0.9, 0.8, 0.7], [0, 1, 1]
    whole = answer(TRUTH, scores, labels)
    partly = Sample(
        image=np.zeros((240, 240, 3), np.uint8), boxes_xyxy_px=TRUTH[:1], labels=LABELS[:1]
    )
    for known, green in ((None, 0.67), (frozenset({0}), 1.0), (frozenset({0, 1}), 0.67)):
        sample = replace(partly, known_labels=known)
        found = answer_of(sample, answer(TRUTH, [0.9, 0.85, 0.6], labels).detections)
        result = average_precision([whole, found], NAMES)
        assert result.ap_by_category["red"] == pytest.approx(1)
        assert result.ap_by_category["green"] == pytest.approx(green, abs=0.01)


def test_the_annotated_area_decides_what_is_small() -> None:
    areas = {"areas_px2": (1000.0, 1600.0, 400.0)}  # a thin outline in a box of 100 x 100
    result = average_precision([answer(TRUTH, [0.9, 0.8, 0.7], [0, 1, 1], **areas)], NAMES)
    assert math.isnan(result.figures["AP_large"])
    assert result.figures["AP_small"] == pytest.approx(1)


def test_pairs_are_counted_as_a_loop_would(tiny_detector: Detector) -> None:
    image = np.random.default_rng(1).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    observation = tiny_detector.observe(image)
    boxes = torch.tensor([[4.0, 4, 20, 20], [30, 30, 50, 60], [2, 40, 22, 63], [8, 8, 64, 64]])
    labels = torch.tensor([1, 1, 2, 1])
    cells = torch.cartesian_prod(torch.arange(16), torch.arange(16))
    maps = observation.maps
    first, second = (m.at(cells).embeddings.reshape(16, 16) for m in maps)  # [x, y]
    spread = float(first.std())
    expected = [0, 0, 0, 0]
    for i, j in np.ndindex(4, 4):
        x1, y1 = (boxes[i, :2] / 4).long().tolist()
        x2, y2 = (boxes[j, 2:] / 4).long().clamp(max=15).tolist()
        is_close = bool((first[x1, y1] - second[x2, y2]).abs() <= spread)
        has_rival = sum(labels == labels[i]) > 1
        if i == j and has_rival:
            expected[0] += 1
            expected[1] += is_close
        elif i != j and labels[i] == labels[j]:
            expected[2] += 1
            expected[3] += is_close
    counts = count_pairs(observation, boxes, labels, spread)
    assert list(vars(counts).values()) == expected
    assert add_counts([counts, counts]).true_pairs == 2 * counts.true_pairs == 6
    assert math.isnan(add_counts([]).share_of_true_close)


def test_a_report_holds_the_contract_s_keys(tiny_detector: Detector) -> None:
    samples = [
        Sample(
            image=np.zeros((32, 48, 3), np.uint8),
            boxes_xyxy_px=torch.tensor([[1.0, 1, 9, 9]]),
            labels=torch.tensor([2]),
        )
    ]
    report = evaluate(tiny_detector, samples, total=1).as_values()
    assert {"AP", "AP50", "AP75", "images"} <= set(report)
    assert report["images"] == 1
    assert report["true_pairs_within_threshold"] is None


def test_partly_labelled_data_is_measured_in_parts(tiny_detector: Detector) -> None:
    """What was looked for everywhere, and everything where all was looked for."""
    image = np.zeros((32, 48, 3), np.uint8)
    boxes = torch.tensor([[1.0, 1, 9, 9], [2, 2, 40, 30]])
    samples = [
        Sample(image=image, boxes_xyxy_px=boxes, labels=torch.tensor([0, 2])),
        Sample(
            image=image,
            boxes_xyxy_px=boxes,
            labels=torch.tensor([0, 0]),
            known_labels=frozenset({0, 1}),
            is_ignored=(False, True),
        ),
    ]
    report = evaluate(tiny_detector, samples, total=2).as_values()
    assert (report["objects"], report["categories"], report["images"]) == (3, 2, 2)
    assert report["objects_by_category"] == {"red": 2, "green": 0, "blue": 1}
    assert (report["objects_small"], report["objects_medium"], report["objects_large"]) == (2, 1, 0)
    everywhere = report["parts"]["categories_known_in_all_images"]
    assert everywhere["objects_by_category"] == {"red": 2, "green": 0}
    assert everywhere["images"] == 2
    exhaustive = report["parts"]["images_with_all_categories_known"]
    assert exhaustive["objects_by_category"] == {"red": 1, "green": 0, "blue": 1}
    assert exhaustive["images"] == 1
    for part in (everywhere, exhaustive):
        assert {*FIGURES, "AP_by_category", "AP50_by_category"} <= set(part)
    assert "parts" not in evaluate(tiny_detector, samples[:1], total=1).as_values()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 300])
@pytest.mark.parametrize("distance", [0.0, 0.1, 0.5, 9.0])
def test_pairs_are_counted_as_one_by_one(count: int, distance: float) -> None:
    rng = torch.Generator().manual_seed(count)
    # Steps of a tenth: many distances lie on the limit, where rounding decides.
    first, second = (torch.randn(count, generator=rng).mul(10).round().div(10) for _ in range(2))
    is_close = (first[:, None] - second[None, :]).abs() <= distance
    itself = torch.eye(count, dtype=torch.bool)
    found = count_group(first, second, distance)
    if count < 2:
        assert found == PairCounts()
        return
    assert found == PairCounts(
        true_pairs=count,
        true_close=int((is_close & itself).sum()),
        false_pairs=count * (count - 1),
        false_close=int((is_close & ~itself).sum()),
    )


def test_half_a_million_pairs_take_no_terabyte() -> None:
    values = torch.linspace(0, 1, 500_000)
    found = count_group(values, values, 2.0)
    assert found.false_close == found.false_pairs == 500_000 * 499_999
