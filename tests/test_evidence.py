"""Evidence against autograd through the whole map, and winners against a loop over cells."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from cornernet.analysis.corner_cell import CornerCell
from cornernet.analysis.evidence import Evidence, corner_evidence
from cornernet.analysis.origins import winning_cells
from cornernet.detector import Detector
from cornernet.model.corner_pool import SCANS, Corner
from cornernet.observation import Observation, ObservedCorner
from cornernet.paths import EXAMPLES
from tests.conftest import BOTH_PRECISIONS

CORNERS: tuple[Corner, ...] = ("top_left", "bottom_right")


@pytest.fixture
def observation(tiny_detector: Detector) -> Observation:
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    return tiny_detector.observe(image)


def slow_winner(ray: list[float], start: int, step: int) -> int:
    """Walk from the far end of the ray to the cell; an equal value that is nearer wins."""
    far_end = 0 if step < 0 else len(ray) - 1
    best = far_end
    for place in range(far_end, start - step, -step):
        if ray[place] >= ray[best]:
            best = place
    return best


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 1, 6), (2, 5, 1), (3, 7, 4)])
@pytest.mark.parametrize("corner", CORNERS)
def test_winning_cells_equal_a_loop_also_where_values_are_equal(
    corner: Corner, shape: tuple[int, int, int]
) -> None:
    scan_in = torch.randint(0, 3, shape, generator=torch.Generator().manual_seed(1)).half()
    step = 1 if corner == "top_left" else -1
    rows = winning_cells(scan_in, corner, "vertical")
    columns = winning_cells(scan_in, corner, "horizontal")
    for channel, row, column in torch.ones(shape).nonzero().tolist():
        down = scan_in[channel, :, column].tolist()
        across = scan_in[channel, row].tolist()
        assert rows[channel, row, column] == slow_winner(down, row, step)
        assert columns[channel, row, column] == slow_winner(across, column, step)


@pytest.mark.parametrize("corner", CORNERS)
def test_the_values_of_the_winning_cells_are_the_scans_output(corner: Corner) -> None:
    scan_in = torch.randn(3, 6, 9, generator=torch.Generator().manual_seed(2))
    rows = winning_cells(scan_in, corner, "vertical")
    columns = winning_cells(scan_in, corner, "horizontal")
    assert torch.equal(scan_in.gather(1, rows), SCANS[corner][0](scan_in))
    assert torch.equal(scan_in.gather(2, columns), SCANS[corner][1](scan_in))


def traced_on_the_whole_map(
    detector: Detector, observation: Observation, evidence: Evidence
) -> tuple[float, list[Tensor]]:
    """Let autograd go back from the logit to the scans' inputs, without any crop."""
    branch = getattr(detector.network.stacks[-1], evidence.corner)
    observed = getattr(observation, evidence.corner).pool
    inputs = [observed.vertical_in, observed.horizontal_in]
    scan_ins = [scan_in.float().clone()[None].requires_grad_() for scan_in in inputs]
    down, across = observed.scans
    merged = down(scan_ins[0]) + across(scan_ins[1])
    refined = branch.pool.refine(merged, observation.features.float().clone()[None])
    x, y = evidence.cell_xy
    logit = branch.logits(refined)[0, evidence.label, y, x]
    gradients = torch.autograd.grad(logit, scan_ins)
    shares = [g[0] * s.detach()[0] for g, s in zip(gradients, scan_ins, strict=True)]
    return logit.item(), shares


@BOTH_PRECISIONS
@pytest.mark.parametrize("cell_xy", [(0, 0), (15, 0), (0, 11), (15, 11), (7, 6), (2, 9)])
@pytest.mark.parametrize("corner", CORNERS)
def test_the_crop_gives_what_the_whole_map_gives(
    tiny_detector: Detector, observation: Observation, corner: Corner, cell_xy: tuple[int, int]
) -> None:
    evidence = corner_evidence(tiny_detector, observation, CornerCell(corner, 1, cell_xy))
    logit, shares = traced_on_the_whole_map(tiny_detector, observation, evidence)
    assert evidence.logit - evidence.rounding == pytest.approx(logit, abs=1e-5)
    seen = getattr(observation, evidence.corner).maps.logits
    assert evidence.logit == seen[0, evidence.label, evidence.cell_xy[1], evidence.cell_xy[0]]
    for scan, expected in zip((evidence.vertical, evidence.horizontal), shares, strict=True):
        assert expected.abs().sum() > 0
        assert torch.allclose(scan.shares, expected.sum(0), atol=1e-6)
        assert torch.allclose(scan.by_channel, expected.sum((1, 2)), atol=1e-6)
    assert evidence.pooled == pytest.approx(sum(float(s.sum()) for s in shares), abs=1e-5)
    assert evidence.pooled + evidence.rest == pytest.approx(evidence.logit, abs=1e-6)


def without_equal_values(observation: Observation) -> Observation:
    """Make every input of a scan another one: among equal ones, any may be the maximum."""

    def noisy(scan_in: Tensor) -> Tensor:
        noise = torch.rand(scan_in.shape, generator=torch.Generator().manual_seed(1))
        return scan_in.float() + 1e-3 * noise

    def changed(seen: ObservedCorner) -> ObservedCorner:
        pool = seen.pool
        vertical, horizontal = noisy(pool.vertical_in), noisy(pool.horizontal_in)
        pool = replace(pool, vertical_in=vertical, horizontal_in=horizontal)
        return replace(seen, pool=pool)

    return replace(
        observation,
        top_left=changed(observation.top_left),
        bottom_right=changed(observation.bottom_right),
    )


@pytest.mark.parametrize("cell_xy", [(0, 0), (15, 11), (7, 6)])
@pytest.mark.parametrize("corner", CORNERS)
def test_evidence_follows_what_a_network_scans_with(
    otherwise_pooling_detector: Detector, corner: Corner, cell_xy: tuple[int, int]
) -> None:
    detector = otherwise_pooling_detector
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    observation = without_equal_values(detector.observe(image))
    evidence = corner_evidence(detector, observation, CornerCell(corner, 1, cell_xy))
    _, shares = traced_on_the_whole_map(detector, observation, evidence)
    for scan, expected in zip((evidence.vertical, evidence.horizontal), shares, strict=True):
        assert expected.abs().sum() > 0
        assert torch.allclose(scan.shares, expected.sum(0), atol=1e-6)
    assert evidence.pooled + evidence.rest == pytest.approx(evidence.logit, abs=1e-6)


def test_a_map_smaller_than_the_crop_is_traced_too(tiny_detector: Detector) -> None:
    observation = tiny_detector.observe(np.full((3, 64, 3), 99, np.uint8))
    assert observation.top_left.maps.logits.shape[2] < 7
    evidence = corner_evidence(tiny_detector, observation, CornerCell("top_left", 0, (5, 1)))
    logit, shares = traced_on_the_whole_map(tiny_detector, observation, evidence)
    assert evidence.logit - evidence.rounding == pytest.approx(logit, abs=1e-5)
    seen = getattr(observation, evidence.corner).maps.logits
    assert evidence.logit == seen[0, evidence.label, evidence.cell_xy[1], evidence.cell_xy[0]]
    assert torch.allclose(evidence.total.shares, (shares[0] + shares[1]).sum(0), atol=1e-6)


def test_shares_lie_where_the_scans_look(tiny_detector: Detector, observation: Observation) -> None:
    for corner in CORNERS:
        evidence = corner_evidence(tiny_detector, observation, CornerCell(corner, 0, (8, 6)))
        near_columns, near_rows = torch.zeros(12, 16), torch.zeros(12, 16)
        ahead = slice(3, None) if corner == "top_left" else slice(None, 10)
        near_columns[ahead, 5:12] = 1
        ahead = slice(5, None) if corner == "top_left" else slice(None, 12)
        near_rows[3:10, ahead] = 1
        assert torch.equal(evidence.vertical.shares * near_columns, evidence.vertical.shares)
        assert torch.equal(evidence.horizontal.shares * near_rows, evidence.horizontal.shares)


def test_channels_are_ordered_by_what_they_brought(
    tiny_detector: Detector, observation: Observation
) -> None:
    evidence = corner_evidence(tiny_detector, observation, CornerCell("top_left", 2, (4, 4)))
    for scan in (evidence.vertical, evidence.horizontal, evidence.total):
        assert sorted(scan.best_channels.tolist()) == [0, 1, 2, 3]
        assert scan.by_channel[scan.best_channels].diff().le(0).all()
        assert float(scan.by_channel.sum()) == pytest.approx(float(scan.shares.sum()), abs=1e-5)


def test_a_network_that_does_not_use_its_pooled_map_has_no_evidence(
    tiny_detector: Detector, observation: Observation
) -> None:
    branch = tiny_detector.network.stacks[-1].top_left
    torch.nn.init.zeros_(branch.pool.merge[0].weight)
    evidence = corner_evidence(tiny_detector, observation, CornerCell("top_left", 0, (4, 4)))
    assert not evidence.total.shares.any()
    assert evidence.pooled == 0
    assert evidence.rest == evidence.logit


def test_it_can_be_asked_where_gradients_are_switched_off(
    tiny_detector: Detector, observation: Observation
) -> None:
    expected = corner_evidence(tiny_detector, observation, CornerCell("top_left", 0, (4, 4)))
    for mode in (torch.inference_mode, torch.no_grad):
        with mode():
            evidence = corner_evidence(
                tiny_detector, observation, CornerCell("top_left", 0, (4, 4))
            )
        assert torch.equal(evidence.total.shares, expected.total.shares)


@pytest.mark.parametrize(
    ("label", "cell_xy", "words"),
    [
        (3, (0, 0), r"^Expected a label from 0 to 2, but 3 was given\.$"),
        (-1, (0, 0), r"^Expected a label from 0 to 2, but -1 was given\.$"),
        (0, (16, 0), r"^Expected a cell of the 16 x 12 heatmap, but \(16, 0\) was given\.$"),
        (0, (0, -1), r"^Expected a cell of the 16 x 12 heatmap, but \(0, -1\) was given\.$"),
    ],
)
def test_what_does_not_exist_is_refused_in_a_sentence(
    tiny_detector: Detector,
    observation: Observation,
    label: int,
    cell_xy: tuple[int, int],
    words: str,
) -> None:
    with pytest.raises(ValueError, match=words):
        corner_evidence(tiny_detector, observation, CornerCell("top_left", label, cell_xy))


@BOTH_PRECISIONS
@pytest.mark.parametrize("name", ["1-scene-8.png", "2-scene-14.png"])
def test_the_shipped_models_boxes_vote_for_their_own_corners(
    shapes_detector: Detector, name: str
) -> None:
    """Most of what speaks for a found corner comes from cells of its box, 1 cell of margin."""
    with Image.open(EXAMPLES / name) as image:
        observation = shapes_detector.observe(image)
    decoding = shapes_detector.decode(observation)
    found = decoding.candidates.is_detection
    rows = decoding.candidates.top_left_index[found].tolist()
    columns = decoding.candidates.bottom_right_index[found].tolist()
    assert rows
    for top_left, bottom_right in zip(rows, columns, strict=True):
        first, second = decoding.corners.both
        ends = first.cell_xy[top_left], second.cell_xy[bottom_right]
        (left, top), (right, bottom) = (end.tolist() for end in ends)
        label = int(decoding.corners.top_left.labels[top_left])
        for corner, x, y in (("top_left", left, top), ("bottom_right", right, bottom)):
            evidence = corner_evidence(
                shapes_detector, observation, CornerCell(corner, label, (x, y))
            )
            seen = getattr(observation, corner).maps.logits[0, label, y, x]
            assert evidence.logit == float(seen)
            shares = evidence.total.shares.clamp(min=0)
            inside = shares[max(0, top - 1) : bottom + 2, max(0, left - 1) : right + 2]
            assert float(inside.sum() / shares.sum()) > 0.6
