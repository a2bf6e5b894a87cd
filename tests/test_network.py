"""The network's structure, and that one code builds the paper's network and a small one."""

from pathlib import Path

import pytest
import torch
from torch import nn

from cornernet.config import HOURGLASS_104, SHAPES_MODEL, ModelConfig
from cornernet.model.network import CornerNet
from tests.conftest import TINY

# Parameters of the official Hourglass-104 and of its parts, counted in the official code.
OFFICIAL_PARAMETERS = 201_035_212
OFFICIAL_PARTS = {"stem": 938_112, "hourglass": 92_134_400, "pool": 6_168_576 // 4}


@pytest.fixture(scope="module")
def hourglass_104() -> CornerNet:
    with torch.device("meta"):
        return CornerNet(HOURGLASS_104)


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def test_hourglass_104_has_the_official_number_of_parameters(hourglass_104: CornerNet) -> None:
    assert count(hourglass_104) == OFFICIAL_PARAMETERS
    assert count(hourglass_104.stem) == OFFICIAL_PARTS["stem"]
    stack = hourglass_104.stacks[0]
    assert count(stack.hourglass) == OFFICIAL_PARTS["hourglass"]
    assert count(stack.top_left.pool) == OFFICIAL_PARTS["pool"]


def test_hourglass_104_has_the_official_tensors(hourglass_104: CornerNet) -> None:
    rows = Path(__file__).parent.joinpath("fixtures/hourglass104_keys.tsv").read_text().splitlines()
    official = sorted(row.partition("\t")[2] for row in rows)
    ours = sorted(
        ",".join(str(side) for side in tensor.shape)
        for tensor in hourglass_104.state_dict().values()
    )
    assert ours == official


@pytest.mark.parametrize("size", [(16, 16), (32, 48), (15, 31)])
def test_maps_have_the_stride_of_the_config(tiny_network: CornerNet, size: tuple[int, int]) -> None:
    output = tiny_network(torch.zeros(2, 3, *size))
    height, width = ((side + 1) // TINY.heatmap_stride for side in size)
    assert len(output.stacks) == TINY.stacks
    for stack in output.stacks:
        for corner in (stack.top_left, stack.bottom_right):
            assert corner.maps.logits.shape == (2, TINY.categories, height, width)
            assert corner.maps.embedding.shape == (2, 1, height, width)
            assert corner.maps.offset.shape == (2, 2, height, width)


def test_fresh_network_calls_one_cell_in_ten_a_corner() -> None:
    final = CornerNet(TINY).stacks[0].top_left.logits[-1]
    assert final.bias.sigmoid().mean().item() == pytest.approx(0.1)


def test_every_parameter_is_trained_by_the_sum_of_all_maps() -> None:
    network = CornerNet(TINY)
    output = network(torch.randn(2, 3, 32, 32))
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
    ],
)
def test_impossible_sizes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Expected"):
        ModelConfig(**wrong)
