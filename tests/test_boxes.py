"""Overlap and suppression against slow definitions."""

import math

import pytest
import torch
from torch import Tensor

from cornernet.boxes import LabelledBoxes, clip_boxes, iou_matrix, suppress
from cornernet.config import DecodeConfig


def slow_iou(a: list[float], b: list[float]) -> float:
    width = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    height = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    union = areas - width * height
    return width * height / union if union > 0 else 0.0


def slow_soft_nms(
    boxes: list[list[float]], scores: list[float], labels: list[int], config: DecodeConfig
) -> list[float]:
    """Follow the paper's pseudo-code literally."""
    current, remaining = list(scores), list(range(len(scores)))
    while remaining:
        best = max(remaining, key=lambda i: current[i])
        remaining.remove(best)
        for other in remaining:
            if labels[other] != labels[best]:
                continue
            overlap = slow_iou(boxes[best], boxes[other])
            if config.nms == "gaussian":
                current[other] *= math.exp(-(overlap**2) / config.nms_sigma)
            elif config.nms == "linear" and overlap > config.nms_iou:
                current[other] *= 1 - overlap
            elif config.nms == "hard" and overlap > config.nms_iou:
                current[other] = 0.0
    return current


def random_boxes(count: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    corners = torch.rand(count, 2, generator=generator, dtype=torch.float64) * 50
    sides = torch.rand(count, 2, generator=generator, dtype=torch.float64) * 50
    scores = torch.rand(count, generator=generator, dtype=torch.float64)
    labels = torch.randint(0, 2, (count,), generator=generator)
    return torch.cat([corners, corners + sides], 1), scores, labels


@pytest.mark.parametrize("nms", ["gaussian", "linear", "hard", "none"])
@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_suppression_equals_the_definition(nms: str, count: int) -> None:
    config = DecodeConfig(nms=nms)
    boxes, scores, labels = random_boxes(count, seed=count)
    expected = slow_soft_nms(boxes.tolist(), scores.tolist(), labels.tolist(), config)
    result = suppress(boxes, scores, labels, config)
    assert result.scores.tolist() == pytest.approx(expected, abs=1e-12)
    assert sorted(result.rank.tolist()) == list(range(count))


def test_the_best_box_is_never_lowered_and_names_whom_it_lowers() -> None:
    boxes = torch.tensor([[0, 0, 10, 10], [0, 0, 10, 9], [50, 50, 60, 60]], dtype=torch.float64)
    scores, labels = torch.tensor([0.8, 0.9, 0.7]), torch.tensor([4, 4, 4])
    result = suppress(boxes, scores, labels, DecodeConfig())
    assert result.scores[1] == scores[1].double()
    assert result.strongest.tolist() == [1, -1, -1]
    factor = math.exp(-(0.9**2) / 0.5)
    assert result.strongest_factor[0].item() == pytest.approx(factor)
    # Boxes that do not touch leave each other alone, exactly.
    assert result.scores[2] == scores[2].double()


def test_suppression_does_not_depend_on_the_order_of_boxes() -> None:
    boxes, scores, labels = random_boxes(30, seed=3)
    order = torch.randperm(30)
    straight = suppress(boxes, scores, labels, DecodeConfig()).scores[order]
    shuffled = suppress(boxes[order], scores[order], labels[order], DecodeConfig()).scores
    assert torch.allclose(straight, shuffled, atol=1e-12)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 3), (5, 4)])
def test_iou_equals_the_definition(first: int, second: int) -> None:
    a, b = random_boxes(first, 1)[0], random_boxes(second, 2)[0]
    expected = [[slow_iou(x, y) for y in b.tolist()] for x in a.tolist()]
    assert torch.allclose(
        iou_matrix(a, b), torch.tensor(expected, dtype=torch.float64).reshape(first, second)
    )


def test_iou_of_empty_boxes_is_zero() -> None:
    empty = torch.tensor([[5.0, 5.0, 5.0, 5.0]])
    assert iou_matrix(empty, empty).item() == 0


def test_clipping_moves_corners_onto_the_border_only() -> None:
    boxes = torch.tensor([[-3.0, 2.0, 30.0, 40.0], [1.0, 1.0, 2.0, 2.0]])
    clipped = clip_boxes(boxes, height=20, width=25)
    assert clipped.tolist() == [[0, 2, 25, 20], [1, 1, 2, 2]]
    assert boxes[0, 0] == -3


@pytest.mark.parametrize(
    ("names", "categories", "expected"),
    [
        (("cat", "dog", "elk"), ("cat", "dog", "elk"), [(0, 2), (1, 0), (2, 0), (3, 1)]),
        (("cat", "dog", "elk"), ("dog", "cat"), [(1, 1), (2, 1), (3, 0)]),
        (("cat", "dog", "elk"), ("elk", "elk"), [(0, 0)]),
        (("cat", "dog", "elk"), ("yak",), []),
        (("cat", "dog", "elk"), (), []),
    ],
)
def test_labels_go_by_name(
    names: tuple[str, ...], categories: tuple[str, ...], expected: list[tuple[int, int]]
) -> None:
    given = LabelledBoxes(
        boxes_xyxy_px=torch.arange(16.0).reshape(4, 4), labels=torch.tensor([2, 0, 0, 1])
    )
    found = given.relabelled(names, categories)
    rows = [given.boxes_xyxy_px[row].tolist() for row, _ in expected]
    assert found.boxes_xyxy_px.tolist() == rows
    assert found.labels.tolist() == [label for _, label in expected]
    assert len(found) == len(expected)
