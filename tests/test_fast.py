"""The fast way gives what the dense network gives."""

import copy
from dataclasses import replace
from typing import NoReturn

import numpy as np
import pytest
import torch
from torch import nn

from cornernet.config import DecodeConfig, ModelConfig
from cornernet.detector import Detector
from cornernet.fast import CellHeads, FastNetwork
from cornernet.model.folding import fold, is_folded, without_norms
from cornernet.model.heads import CornerBranch
from cornernet.model.network import CornerNet
from cornernet.peaks import find_peaks
from tests.tiny import TINY, TINY_SQUEEZE

CONFIGS = pytest.mark.parametrize("config", [TINY, TINY_SQUEEZE], ids=["residual", "fire"])


def lively(config: ModelConfig) -> CornerNet:
    """Make a network whose normalisations do something."""
    generator = torch.Generator().manual_seed(1)

    def uniform(shape: torch.Size, low: float, high: float) -> torch.Tensor:
        return torch.rand(shape, generator=generator) * (high - low) + low

    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = CornerNet(config).eval().requires_grad_(False)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            shape = module.weight.shape
            module.weight = nn.Parameter(uniform(shape, 0.5, 1.5), requires_grad=False)
            module.bias = nn.Parameter(uniform(shape, -0.5, 0.5), requires_grad=False)
            module.running_mean = uniform(shape, -0.5, 0.5)
            module.running_var = uniform(shape, 0.5, 2.0)
    return network


@CONFIGS
def test_folding_changes_nothing_but_rounding(config: ModelConfig) -> None:
    network = lively(config)
    folded = fold(copy.deepcopy(network))
    assert is_folded(folded)
    assert not is_folded(network)
    pixels = torch.randn(1, 3, 64, 96, generator=torch.Generator().manual_seed(2))
    exact, near = network(pixels), folded(pixels)
    for stack, other in zip(exact.stacks, near.stacks, strict=True):
        for one, two in (
            (stack.features, other.features),
            (stack.top_left.maps.logits, other.top_left.maps.logits),
            (stack.top_left.pool.vertical_in, other.top_left.pool.vertical_in),
            (stack.bottom_right.maps.offset, other.bottom_right.maps.offset),
        ):
            assert torch.allclose(one, two, rtol=1e-4, atol=1e-5)
    assert [
        k for k, v in folded.state_dict().items() if v.shape != network.state_dict()[k].shape
    ] == []


@CONFIGS
def test_the_fast_network_shares_what_is_folded(config: ModelConfig) -> None:
    folded = fold(lively(config))
    bare = without_norms(folded)
    theirs = {p.data_ptr() for p in folded.parameters()}
    assert all(p.data_ptr() in theirs for p in bare.parameters() if p.ndim == 4)
    assert not any(isinstance(module, nn.BatchNorm2d) for module in bare.modules())
    before = lively(config)
    without_norms(before)
    assert not is_folded(before), "a network that is not folded is left as it is"


@CONFIGS
@pytest.mark.parametrize("hw", [(64, 96), (63, 95)])
def test_fast_corners_are_the_dense_ones(config: ModelConfig, hw: tuple[int, int]) -> None:
    network = lively(config)
    pixels = torch.randn(1, 3, *hw, generator=torch.Generator().manual_seed(3))
    decode = DecodeConfig(top_k=20)
    stack = network(pixels).stacks[-1]
    seen = FastNetwork(network)(pixels)
    for branch, maps in zip(stack.both, seen.maps, strict=True):
        peaks, expected = find_peaks(maps, decode), find_peaks(branch.maps, decode)
        assert torch.equal(peaks.labels, expected.labels)
        assert torch.equal(peaks.cell_xy, expected.cell_xy)
        assert torch.allclose(peaks.scores, expected.scores, atol=1e-5)
        assert torch.allclose(peaks.embeddings, expected.embeddings, atol=1e-4)
        assert torch.allclose(peaks.offset_xy, expected.offset_xy, atol=1e-4)


def branch_of(kernel: int) -> CornerBranch:
    with torch.random.fork_rng():
        torch.manual_seed(2)
        return CornerBranch("top_left", replace(TINY, head_kernel=kernel)).requires_grad_(False)


@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_heads_at_some_cells_are_the_heads_there(kernel: int, count: int) -> None:
    branch = branch_of(kernel)
    pooled = torch.randn(1, 8, 9, 7).contiguous(memory_format=torch.channels_last)
    corners = torch.tensor([[0, 0], [6, 8], [6, 0], [0, 8], [3, 4], [1, 8], [5, 5]])[:count]
    dense, found = branch.predict(pooled).at(corners), CellHeads(branch).at(pooled, corners)
    assert torch.allclose(found.embeddings, dense.embeddings, atol=1e-5)
    assert torch.allclose(found.offset_xy, dense.offset_xy, atol=1e-5)


@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_cells_values_do_not_depend_on_the_cells_computed_with_it(
    kernel: int, dtype: torch.dtype
) -> None:
    heads = CellHeads(branch_of(kernel))
    pooled = torch.randn(1, 8, 40, 30).contiguous(memory_format=torch.channels_last).to(dtype)
    cells = torch.cartesian_prod(torch.arange(30), torch.arange(40))
    together = heads.at(pooled, cells)
    for some in (slice(0, 1), slice(3, 103), slice(7, 1190, 13)):
        apart = heads.at(pooled, cells[some])
        assert torch.equal(apart.embeddings, together.embeddings[some])
        assert torch.equal(apart.offset_xy, together.offset_xy[some])


def test_half_precision_runs_and_stays_near() -> None:
    network, config = lively(TINY), DecodeConfig(top_k=1)
    pixels = torch.randn(1, 3, 64, 96, generator=torch.Generator().manual_seed(3))
    exact = find_peaks(FastNetwork(network)(pixels).top_left.maps, config)
    near = find_peaks(FastNetwork(network, torch.bfloat16)(pixels).top_left.maps, config)
    assert near.scores.dtype == torch.float32
    assert torch.allclose(exact.scores, near.scores, atol=0.05)


def test_detect_answers_when_memory_runs_out(
    tiny_detector: Detector, caplog: pytest.LogCaptureFixture
) -> None:
    class Full(FastNetwork):
        def forward(self, _: torch.Tensor) -> NoReturn:
            raise torch.OutOfMemoryError("full")

    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    detector = replace(tiny_detector, fast=Full(tiny_detector.network))
    expected, found = tiny_detector.detect(image), detector.detect(image)
    assert torch.equal(found.boxes_xyxy_px, expected.boxes_xyxy_px)
    assert "ran out of memory, so the CPU answered" in caplog.text
