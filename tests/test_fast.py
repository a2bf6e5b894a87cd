"""The fast way gives what the dense network gives."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from cornernet import load_detector
from cornernet.config import DecodeConfig, ModelConfig
from cornernet.data.samples import held_out_scene
from cornernet.detector import Detector
from cornernet.fast import FastNetwork, head_on, patches_at
from cornernet.model.folding import fold, is_folded, without_norms
from cornernet.model.network import CornerNet
from cornernet.peaks import find_peaks
from tests.conftest import TINY, TINY_SQUEEZE

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
    found = FastNetwork(network)(pixels, decode)
    for branch, peaks in (
        (stack.top_left, found.top_left),
        (stack.bottom_right, found.bottom_right),
    ):
        expected = find_peaks(branch.maps, decode)
        assert torch.equal(peaks.labels, expected.labels)
        assert torch.equal(peaks.cell_xy, expected.cell_xy)
        assert torch.allclose(peaks.scores, expected.scores, atol=1e-5)
        assert torch.allclose(peaks.embeddings, expected.embeddings, atol=1e-4)
        assert torch.allclose(peaks.offset_xy, expected.offset_xy, atol=1e-4)
    assert found.cells_hw == stack.top_left.maps.logits.shape[2:]


@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_head_at_some_cells_is_the_head_there(kernel: int, count: int) -> None:
    head = nn.Sequential(
        nn.Conv2d(5, 6, kernel, padding=kernel // 2), nn.ReLU(), nn.Conv2d(6, 2, 1)
    )
    pooled = torch.randn(1, 5, 9, 7).contiguous(memory_format=torch.channels_last)
    corners = torch.tensor([[0, 0], [6, 8], [6, 0], [0, 8], [3, 4], [1, 8], [5, 5]])[:count]
    dense = head(pooled)[0, :, corners[:, 1], corners[:, 0]].T
    assert torch.allclose(head_on(head, patches_at(pooled, corners, kernel)), dense, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.bfloat16])
def test_half_precision_runs_and_stays_near(dtype: torch.dtype) -> None:
    network = lively(TINY)
    pixels = torch.randn(1, 3, 64, 96, generator=torch.Generator().manual_seed(3))
    exact = FastNetwork(network)(pixels, DecodeConfig(top_k=1)).top_left
    near = FastNetwork(network, dtype)(pixels, DecodeConfig(top_k=1)).top_left
    assert near.scores.dtype == torch.float32
    assert torch.allclose(exact.scores, near.scores, atol=0.05)


def test_detect_gives_what_observing_and_decoding_gives() -> None:
    detector = load_detector("shapes", device="cpu", precision="fp32")
    for seed in range(3):
        image = held_out_scene(seed, 1).image
        slow = detector.decode(detector.observe(image)).detections
        fast = detector.detect(image)
        assert fast.names == slow.names
        assert torch.allclose(fast.boxes_xyxy_px, slow.boxes_xyxy_px, atol=1e-3)
        assert torch.allclose(fast.scores, slow.scores, atol=1e-5)


def test_detect_answers_when_memory_runs_out(
    tiny_detector: Detector, caplog: pytest.LogCaptureFixture
) -> None:
    class Full(CornerNet):
        def forward(self, _: torch.Tensor) -> object:
            raise torch.OutOfMemoryError("full")

    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    expected = tiny_detector.detect(image)
    full = Full(tiny_detector.network.config).eval()
    full.load_state_dict(tiny_detector.network.state_dict())
    detector = replace(tiny_detector, network=full)

    class FullFast(FastNetwork):
        def forward(self, *_: object) -> object:  # type: ignore[override]
            raise torch.OutOfMemoryError("full")

    vars(detector)["_fast"] = FullFast(full)
    found = detector.detect(image)
    assert torch.allclose(found.boxes_xyxy_px, expected.boxes_xyxy_px, atol=1e-2)
    assert "ran out of memory, so the CPU answered" in caplog.text
