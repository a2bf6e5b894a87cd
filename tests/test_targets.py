"""Targets against their definition: what a corner within the radius still overlaps."""

import itertools

import numpy as np
import pytest
import torch

from cornernet.config import PenaltyReduction, TrainConfig, config_from
from cornernet.data.radius import gaussian_radius
from cornernet.data.targets import (
    known_cells,
    make_targets,
    miss_weight,
    radii_of,
    stack_targets,
)

BOXES = [(10, 10), (40, 60), (128, 32), (5, 80)]  # height and width in cells


def overlap(box: tuple[float, ...], other: tuple[float, ...]) -> float:
    width = max(0.0, min(box[2], other[2]) - max(box[0], other[0]))
    height = max(0.0, min(box[3], other[3]) - max(box[1], other[1]))
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (box, other)]
    return width * height / (sum(areas) - width * height)


def worst_overlap(height: float, width: float, radius: float) -> float:
    """Move both corners by the radius in every diagonal direction; the worst case is there."""
    moves = list(itertools.product((-radius, radius), repeat=2))
    truth = (0.0, 0.0, width, height)
    return min(
        overlap(truth, (a, b, width + c, height + d))
        for (a, b), (c, d) in itertools.product(moves, moves)
    )


@pytest.mark.parametrize("size", BOXES)
@pytest.mark.parametrize("minimum", [0.3, 0.5, 0.7])
def test_corners_within_the_radius_keep_the_overlap_and_not_further(
    size: tuple[int, int], minimum: float
) -> None:
    radius = gaussian_radius(float(size[0]), float(size[1]), minimum)
    assert worst_overlap(*size, radius) == pytest.approx(minimum, abs=1e-9)
    assert worst_overlap(*size, radius * 1.05) < minimum


@pytest.mark.parametrize(("side", "radius"), [(10, 2), (32, 7), (64, 14), (128, 28)])
def test_radii_of_the_corrected_official_code(side: float, radius: int) -> None:
    assert int(gaussian_radius(float(side), float(side), 0.3)) == radius


def test_no_object_gives_empty_targets() -> None:
    targets = make_targets(
        torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64), (3, 8, 8), PenaltyReduction()
    )
    assert targets.top_left.heatmap.sum() == 0
    assert targets.top_left.cell.shape == (0,)
    batch = stack_targets([targets, targets])
    assert batch.is_object.tolist() == [[False], [False]]


def test_heatmap_equals_the_definition() -> None:
    boxes = torch.tensor([[3.4, 5.7, 25.2, 30.9], [10.1, 9.0, 20.0, 28.0]])
    labels = torch.tensor([1, 1])
    shape = (3, 32, 32)
    heatmap = make_targets(boxes, labels, shape, PenaltyReduction()).top_left.heatmap
    expected = np.zeros(shape)
    for x1, y1, x2, y2 in boxes.tolist():
        radius = int(gaussian_radius(np.ceil(y2 - y1), np.ceil(x2 - x1), 0.3))
        sigma = (2 * radius + 1) / 6
        for y, x in np.ndindex(32, 32):
            dx, dy = x - int(x1), y - int(y1)
            if abs(dx) <= radius and abs(dy) <= radius:
                value = np.exp(-(dx**2 + dy**2) / (2 * sigma**2))
                expected[1, y, x] = max(expected[1, y, x], value)
    assert np.allclose(heatmap.numpy(), expected, atol=1e-6)


@pytest.mark.parametrize(("kind", "radius"), [("fixed", 0), ("fixed", 3), ("none", 0)])
def test_other_penalty_reductions_equal_their_definition(kind: str, radius: int) -> None:
    """Whatever the boxes' sizes, one radius; without reduction, ones at the corners alone."""
    boxes = torch.tensor([[3.4, 5.7, 25.2, 30.9], [10.1, 9.0, 12.0, 11.0]])
    given = radius if kind == "fixed" else 5  # which has no effect
    reduction = PenaltyReduction(kind=kind, fixed_radius=given)  # type: ignore[arg-type]
    targets = make_targets(boxes, torch.tensor([1, 0]), (2, 32, 32), reduction)
    expected, sigma = np.zeros((2, 32, 32)), (2 * radius + 1) / 6
    for label, (x, y) in ((1, (25, 30)), (0, (12, 11))):
        for row, column in np.ndindex(32, 32):
            dx, dy = column - x, row - y
            if abs(dx) <= radius and abs(dy) <= radius:
                expected[label, row, column] = np.exp(-(dx**2 + dy**2) / (2 * sigma**2))
    assert np.allclose(targets.bottom_right.heatmap.numpy(), expected, atol=1e-6)
    weight = miss_weight(targets.bottom_right.heatmap)
    assert (weight == 1).sum() == 2 * 32 * 32 - (expected > 0).sum()


def test_a_training_runs_settings_choose_the_reduction() -> None:
    boxes = torch.tensor([[0.0, 0.0, 30.0, 30.0]])
    radii = [
        radii_of(boxes, TrainConfig(steps=1, penalty_reduction=kind, fixed_radius=3).reduction)
        for kind in ("object", "fixed", "none")
    ]
    assert radii == [[int(gaussian_radius(30.0, 30.0, 0.3))], [3], [0]]
    with pytest.raises(ValueError, match="for penalty_reduction, but 'gaussian'"):
        config_from(TrainConfig, {"steps": 1, "penalty_reduction": "gaussian"})


def test_cells_and_offsets_add_up_to_the_corners() -> None:
    boxes = torch.tensor([[3.4, 5.75, 25.25, 30.5], [0.0, 0.0, 32.0, 32.0]])
    targets = make_targets(boxes, torch.tensor([0, 2]), (3, 32, 32), PenaltyReduction())
    for corner, columns in ((targets.top_left, slice(0, 2)), (targets.bottom_right, slice(2, 4))):
        cells = torch.stack([corner.cell % 32, corner.cell // 32], 1)
        assert torch.allclose(cells + corner.offset, boxes[:, columns], atol=1e-5)
        assert (corner.heatmap.flatten(1)[[0, 2], corner.cell] == 1).all()
    # A corner on the far border belongs to the last cell.
    assert targets.bottom_right.offset[1].tolist() == [1, 1]


def test_batches_are_padded_and_masked() -> None:
    one = make_targets(
        torch.tensor([[1.0, 1, 5, 5]]), torch.tensor([0]), (1, 8, 8), PenaltyReduction()
    )
    none = make_targets(
        torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64), (1, 8, 8), PenaltyReduction()
    )
    batch = stack_targets([none, one])
    assert batch.is_object.tolist() == [[False], [True]]
    assert batch.top_left.cell.tolist() == [[0], [9]]
    assert batch.top_left.offset.shape == (2, 1, 2)


IGNORED = torch.tensor([[1.0, 0.5, 2.9, 1.2]])  # columns 1 and 2 of rows 0 and 1


@pytest.mark.parametrize(
    ("known_labels", "ignored", "unknown"),
    [
        (None, 0, set()),
        (frozenset({0, 1}), 0, set()),
        (frozenset({1}), 0, {(0, y, x) for y in range(3) for x in range(4)}),
        (None, 1, {(1, 0, 1), (1, 0, 2), (1, 1, 1), (1, 1, 2)}),
    ],
)
def test_the_truth_is_unknown_in_other_categories_and_in_ignored_regions(
    known_labels: frozenset[int] | None, ignored: int, unknown: set[tuple[int, int, int]]
) -> None:
    labels = torch.ones(ignored, dtype=torch.int64)
    is_known = known_cells(known_labels, IGNORED[:ignored], labels, (2, 3, 4)).expand(2, 3, 4)
    assert {tuple(place) for place in (~is_known).nonzero().tolist()} == unknown


def test_batches_mix_images_of_which_all_and_of_which_some_is_known() -> None:
    boxes, labels, shape = torch.zeros(0, 4), torch.zeros(0, dtype=torch.int64), (2, 3, 4)
    partly = known_cells(frozenset({1}), boxes, labels, shape)
    batch = stack_targets(
        [
            make_targets(boxes, labels, shape, PenaltyReduction()),
            make_targets(boxes, labels, shape, PenaltyReduction(), partly),
        ]
    )
    assert batch.is_known.shape == (2, *shape)
    assert batch.is_known.sum((2, 3)).tolist() == [[12, 12], [0, 12]]
