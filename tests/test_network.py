"""The network's structure, and that one code builds the paper's network and a small one."""

from itertools import islice
from pathlib import Path

import pytest
import torch
from torch import nn

from cornernet.config import HOURGLASS_104, SHAPES_MODEL, SQUEEZE, ModelConfig
from cornernet.model.network import CornerNet
from tests.tiny import TINY, TINY_SQUEEZE

# Parameters of the official networks and of their parts, counted in the official code.
OFFICIAL = {
    "hourglass104": (HOURGLASS_104, 201_035_212),
    "squeeze": (SQUEEZE, 31_771_852),
}
OFFICIAL_PARTS = {
    "hourglass104": {"stem": 938_112, "hourglass": 92_134_400, "pool": 6_168_576 // 4},
    "squeeze": {"stem": 2_184_832, "hourglass": 20_050_176 // 2, "pool": 6_168_576 // 4},
}


def on_no_memory(config: ModelConfig) -> CornerNet:
    with torch.device("meta"):
        return CornerNet(config)


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


@pytest.mark.parametrize("name", OFFICIAL)
def test_networks_have_the_official_number_of_parameters(name: str) -> None:
    config, parameters = OFFICIAL[name]
    network, parts = on_no_memory(config), OFFICIAL_PARTS[name]
    assert count(network) == parameters
    assert count(network.stem) == parts["stem"]
    assert count(network.stacks[0].hourglass) == parts["hourglass"]
    assert count(network.stacks[0].top_left.pool) == parts["pool"]


@pytest.mark.parametrize("name", OFFICIAL)
def test_networks_have_the_official_tensors(name: str) -> None:
    rows = Path(__file__).parent.joinpath(f"fixtures/{name}_keys.tsv").read_text().splitlines()
    official = sorted(row.partition("\t")[2] for row in rows)
    ours = sorted(
        ",".join(str(side) for side in tensor.shape)
        for tensor in on_no_memory(OFFICIAL[name][0]).state_dict().values()
    )
    assert ours == official


@pytest.mark.parametrize(
    ("config", "heatmap", "total"), [(HOURGLASS_104, 4, 128), (SQUEEZE, 8, 128), (TINY, 4, 16)]
)
def test_strides_follow_from_the_config(config: ModelConfig, heatmap: int, total: int) -> None:
    assert (config.heatmap_stride, config.total_stride) == (heatmap, total)


@pytest.mark.parametrize("config", [TINY, TINY_SQUEEZE], ids=["residual", "fire"])
@pytest.mark.parametrize("size", [(32, 32), (32, 64), (31, 63)])
def test_maps_have_the_stride_of_the_config(config: ModelConfig, size: tuple[int, int]) -> None:
    output = CornerNet(config).eval()(torch.zeros(2, 3, *size))
    height, width = ((side + 1) // config.heatmap_stride for side in size)
    assert len(output.stacks) == TINY.stacks
    for stack in output.stacks:
        for corner in (stack.top_left, stack.bottom_right):
            assert corner.maps.logits.shape == (2, TINY.categories, height, width)
            assert corner.maps.embedding.shape == (2, 1, height, width)
            assert corner.maps.offset.shape == (2, 2, height, width)


def test_fresh_network_calls_one_cell_in_ten_a_corner() -> None:
    final = CornerNet(TINY).stacks[0].top_left.logits[-1]
    assert final.bias.sigmoid().mean().item() == pytest.approx(0.1)


@pytest.mark.parametrize("config", [TINY, TINY_SQUEEZE], ids=["residual", "fire"])
def test_every_parameter_is_trained_by_the_sum_of_all_maps(config: ModelConfig) -> None:
    network = CornerNet(config)
    output = network(torch.randn(2, 3, 64, 64))
    total = sum(
        maps.sum()
        for stack in output.stacks
        for corner in (stack.top_left, stack.bottom_right)
        for maps in (corner.maps.logits, corner.maps.embedding, corner.maps.offset)
    )
    total.backward()
    assert [name for name, p in network.named_parameters() if p.grad is None] == []


def test_shapes_model_fits_in_ten_megabytes_in_half_precision() -> None:
    assert 2 * count(CornerNet(SHAPES_MODEL)) < 9.9e6


@pytest.mark.parametrize(
    "wrong",
    [
        {"categories": 0},
        {"stacks": 0},
        {"hourglass_blocks": (1, 1)},
        {"stem_widths": (128, 128)},
        {"stem_widths": (256,)},
        {"head_kernel": 2},
    ],
)
def test_impossible_sizes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Expected"):
        ModelConfig(**wrong)


def test_features_are_computed_as_far_as_they_are_asked_for(tiny_network: CornerNet) -> None:
    pixels = torch.randn(1, 3, 64, 96, generator=torch.Generator().manual_seed(2))
    expected = tiny_network(pixels).stacks
    last = tiny_network.stack(-1)
    first, *_ = islice(tiny_network.stack_features(pixels), 1)
    assert torch.equal(first, expected[0].features)
    *_, features = tiny_network.stack_features(pixels)
    answer = last.predict(features)
    for maps, dense in zip(answer.maps, expected[-1].maps, strict=True):
        assert torch.equal(maps.logits, dense.logits)
        assert torch.equal(maps.embedding, dense.embedding)
    assert answer.side("bottom_right") is answer.bottom_right

    def refuse(_: torch.Tensor) -> None:
        raise AssertionError("ran")

    last.hourglass.forward = refuse
    assert torch.equal(next(tiny_network.stack_features(pixels)), first)
