"""The paper's losses against slow definitions, and the mistakes known from other code."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from cornernet.config import PenaltyReduction
from cornernet.data.targets import make_targets, stack_targets
from cornernet.model.network import CornerNet
from cornernet.training.losses import (
    LossWeights,
    answer_losses,
    detection_losses,
    focal_loss,
    gather_cells,
    offset_loss,
    pull_loss,
    push_loss,
)
from tests.tiny import TINY


def slow_focal(logits: Tensor, heatmap: Tensor, is_known: Tensor) -> float:
    total, corners = 0.0, 0
    cells = (logits, heatmap, is_known.expand(logits.shape))
    for logit, y, known in zip(*(c.flatten().tolist() for c in cells), strict=True):
        p = 1 / (1 + math.exp(-logit))
        if y == 1:
            corners += 1
            total += (1 - p) ** 2 * math.log(p)
        elif known:
            total += (1 - y) ** 4 * p**2 * math.log(1 - p)
    return -total / max(1, corners)


EVERYWHERE = torch.ones(1, 1, 1, 1, dtype=torch.bool)


@pytest.mark.parametrize("corners", [0, 1, 5])
@pytest.mark.parametrize("known", ["everywhere", "in some categories", "in some cells"])
def test_focal_loss_equals_equation_1_where_the_truth_is_known(corners: int, known: str) -> None:
    is_known = {
        "everywhere": EVERYWHERE,
        "in some categories": torch.rand(2, 3, 1, 1) < 0.5,
        "in some cells": torch.rand(2, 3, 4, 4) < 0.5,
    }[known]
    logits, heatmap = torch.randn(2, 3, 4, 4), torch.rand(2, 3, 4, 4) * 0.9
    heatmap.view(-1)[:corners] = 1
    assert focal_loss(logits, heatmap, is_known).item() == pytest.approx(
        slow_focal(logits, heatmap, is_known), rel=1e-5
    )


def test_focal_loss_stays_finite_at_extreme_logits() -> None:
    logits = torch.tensor([[[[-80.0, 80.0]]]], requires_grad=True)
    loss = focal_loss(logits, torch.tensor([[[[1.0, 0.0]]]]), EVERYWHERE)
    loss.backward()
    assert loss.item() == pytest.approx(160)
    assert torch.isfinite(logits.grad).all()


def slow_pull_push(first: list[float], second: list[float]) -> tuple[float, float]:
    means = [(a + b) / 2 for a, b in zip(first, second, strict=True)]
    count = len(means)
    pull = sum(
        (a - m) ** 2 + (b - m) ** 2 for a, b, m in zip(first, second, means, strict=True)
    ) / max(1, count)
    push = sum(
        max(0.0, 1 - abs(means[j] - means[k])) for j in range(count) for k in range(count) if j != k
    ) / max(1, count * (count - 1))
    return pull, push


@pytest.mark.parametrize("counts", [(0, 0), (1, 1), (0, 3), (4, 2)])
def test_pull_and_push_equal_equations_4_and_5(counts: tuple[int, int]) -> None:
    first, second = torch.randn(2, 5), torch.randn(2, 5)
    is_object = torch.arange(5)[None] < torch.tensor(counts)[:, None]
    expected = [
        slow_pull_push(first[i, :n].tolist(), second[i, :n].tolist()) for i, n in enumerate(counts)
    ]
    pull, push = (sum(parts) / 2 for parts in zip(*expected, strict=True))
    assert pull_loss(first, second, is_object).item() == pytest.approx(pull, abs=1e-6)
    assert push_loss(first, second, is_object).item() == pytest.approx(push, abs=1e-6)


def test_two_objects_are_pushed_and_a_lone_one_is_not() -> None:
    embedding = torch.zeros(1, 2, requires_grad=True)
    push_loss(
        embedding, embedding + torch.tensor([0.0, 0.1]), torch.tensor([[True, True]])
    ).backward()
    assert (embedding.grad != 0).all()
    assert push_loss(embedding, embedding, torch.tensor([[True, False]])).item() == 0


def test_offset_loss_counts_real_objects_only() -> None:
    boxes = torch.tensor([[1.5, 1.25, 5.0, 5.0]])
    none = torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64)
    targets = stack_targets(
        [
            make_targets(boxes, torch.tensor([0]), (1, 8, 8), PenaltyReduction()),
            make_targets(*none, (1, 8, 8), PenaltyReduction()),
        ]
    )
    offset = torch.zeros(2, 1, 2)
    expected = 0.5 * 0.5**2 + 0.5 * 0.25**2
    loss = offset_loss(offset, targets.top_left, targets.is_object)
    assert loss.item() == pytest.approx(expected)


def test_cells_are_read_row_by_row() -> None:
    maps = torch.arange(2 * 2 * 3 * 4).float().reshape(2, 2, 3, 4)
    values = gather_cells(maps, torch.tensor([[5], [11]]))
    assert values[0, 0].tolist() == [maps[0, 0, 1, 1].item(), maps[0, 1, 1, 1].item()]
    assert values[1, 0].tolist() == [maps[1, 0, 2, 3].item(), maps[1, 1, 2, 3].item()]


def test_every_stack_is_supervised(tiny_network: CornerNet) -> None:
    network = tiny_network.train().requires_grad_(True)
    boxes, labels = torch.tensor([[1.0, 1.0, 6.0, 6.0]]), torch.tensor([1])
    targets = stack_targets([make_targets(boxes, labels, (3, 8, 8), PenaltyReduction())] * 2)
    weights = LossWeights(pull=0.5, push=0.5, offset=1.0)
    losses = detection_losses(network(torch.randn(2, 3, 32, 32)), targets, weights)
    losses.total.backward()
    for stack in network.stacks:
        assert stack.top_left.offset[-1].weight.grad.abs().sum() > 0
        assert stack.bottom_right.logits[-1].weight.grad.abs().sum() > 0
    parts = losses.heatmap + 0.5 * losses.pull + 0.5 * losses.push + losses.offset
    assert torch.allclose(losses.total, parts)


def test_the_losses_of_an_answer_are_those_of_the_last_stack() -> None:
    network = CornerNet(replace(TINY, stacks=1)).eval()
    with torch.no_grad():
        output = network(torch.rand(1, 3, 64, 48, generator=torch.Generator().manual_seed(5)))
    boxes = torch.tensor([[1.2, 2.0, 9.5, 8.1], [3.0, 1.0, 6.0, 12.9]])
    targets = make_targets(
        boxes, torch.tensor([0, 1]), (TINY.categories, 16, 12), PenaltyReduction()
    )
    weights = LossWeights(pull=0.1, push=0.2, offset=3.0)
    answer = dict(answer_losses(output.stacks[-1].maps, targets, weights).items())
    whole = dict(detection_losses(output, stack_targets([targets]), weights).items())
    assert {name: float(value) for name, value in answer.items()} == pytest.approx(
        {name: float(value) for name, value in whole.items()}
    )
