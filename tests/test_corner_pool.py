"""Corner pooling against its definition, and how the four directions relate."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from cornernet.config import ModelConfig, config_from
from cornernet.fast import FastNetwork
from cornernet.model.corner_pool import (
    SCANS,
    CornerPool,
    bottom_pool,
    left_pool,
    right_pool,
    top_pool,
    window_pool,
)
from cornernet.model.folding import fold
from cornernet.model.network import CornerNet
from tests.tiny import TINY

POOLS = {"top": top_pool, "left": left_pool, "bottom": bottom_pool, "right": right_pool}


def slow_pool(x: Tensor, side: str) -> Tensor:
    """Look from each cell over all cells away from `side`, one by one."""
    _, _, height, width = x.shape
    result = torch.empty_like(x)
    for row in range(height):
        for column in range(width):
            ray = {
                "top": x[:, :, row:, column],
                "bottom": x[:, :, : row + 1, column],
                "left": x[:, :, row, column:],
                "right": x[:, :, row, : column + 1],
            }[side]
            result[:, :, row, column] = ray.amax(-1)
    return result


@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (1, 2, 1, 5), (2, 3, 7, 4)])
@pytest.mark.parametrize("side", POOLS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_equals_the_definition(
    side: str, shape: tuple[int, ...], dtype: torch.dtype, layout: torch.memory_format
) -> None:
    x = torch.randn(shape).to(dtype).contiguous(memory_format=layout)
    before = x.clone()
    pooled = POOLS[side](x)
    assert torch.equal(pooled, slow_pool(x, side))
    assert torch.equal(x, before)
    assert pooled.is_contiguous(memory_format=layout)


@pytest.mark.parametrize("side", POOLS)
def test_gradients_do_not_depend_on_the_layout(side: str) -> None:
    x = torch.randn(1, 3, 5, 4)
    found = []
    for layout in (torch.contiguous_format, torch.channels_last):
        scan_in = x.clone(memory_format=layout).requires_grad_()
        (POOLS[side](scan_in) ** 2).sum().backward()
        assert scan_in.grad is not None
        found.append(scan_in.grad)
    assert torch.equal(found[0], found[1])


@pytest.mark.parametrize(
    ("side", "filled"), [("top", (0, 1)), ("left", (1, 0)), ("bottom", (2, 1)), ("right", (1, 2))]
)
def test_a_single_spot_is_carried_to_the_named_side(side: str, filled: tuple[int, int]) -> None:
    x = torch.zeros(1, 1, 3, 3)
    x[0, 0, 1, 1] = 1
    expected = x.clone()
    expected[0, 0, filled[0], filled[1]] = 1
    assert torch.equal(POOLS[side](x), expected)


@pytest.mark.parametrize("side", POOLS)
def test_gradient_is_that_of_the_function(side: str) -> None:
    # Distinct values: at a tie the maximum has no gradient to check.
    x = torch.randperm(2 * 4 * 5).double().reshape(1, 2, 4, 5).requires_grad_()
    assert torch.autograd.gradcheck(POOLS[side], x)


def test_directions_are_transposes_and_mirrors_of_each_other() -> None:
    x = torch.randn(1, 2, 5, 5)
    assert torch.equal(left_pool(x), top_pool(x.mT).mT)
    assert torch.equal(right_pool(x), left_pool(x.flip(-1)).flip(-1))
    assert torch.equal(bottom_pool(x), top_pool(x.flip(-2)).flip(-2))


def test_memory_layout_does_not_change_values_and_input_is_not_altered() -> None:
    x = torch.randn(2, 8, 6, 5)
    before = x.clone()
    channels_last = x.contiguous(memory_format=torch.channels_last)
    for pool in POOLS.values():
        assert torch.equal(pool(channels_last), pool(x))
    assert torch.equal(x, before)


def slow_window(x: Tensor, side: int) -> Tensor:
    """Look from each cell over all cells at most half a side away, one by one."""
    _, _, height, width = x.shape
    result, reach = torch.empty_like(x), side // 2
    for row in range(height):
        for column in range(width):
            rows = slice(max(0, row - reach), row + reach + 1)
            columns = slice(max(0, column - reach), column + reach + 1)
            result[:, :, row, column] = x[:, :, rows, columns].amax((2, 3))
    return result


@pytest.mark.parametrize("side", [1, 3, 9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_a_windows_maximum_equals_its_definition(
    side: int, dtype: torch.dtype, layout: torch.memory_format
) -> None:
    x = torch.randn(2, 3, 7, 5).to(dtype).contiguous(memory_format=layout)
    before = x.clone()
    assert torch.equal(window_pool(x, side), slow_window(x, side))
    assert torch.equal(x, before)
    assert window_pool(x, side).is_contiguous(memory_format=layout)


@pytest.mark.parametrize("pooling", ["corner", "window", "none"])
def test_a_network_pools_as_its_settings_say_also_when_it_is_made_fast(pooling: str) -> None:
    config = replace(TINY, pooling=pooling, pool_window=5)  # type: ignore[arg-type]
    network = CornerNet(config).eval().requires_grad_(False)
    pixels = torch.randn(1, 3, 32, 48)
    dense, fast = network(pixels).stacks[-1], FastNetwork(fold(network))(pixels)
    for corner in ("top_left", "bottom_right"):
        down, across = {
            "corner": SCANS[corner],
            "window": (lambda x: slow_window(x, 5),) * 2,
            "none": (lambda x: x,) * 2,
        }[pooling]
        pool = dense.side(corner).pool
        assert torch.equal(pool.vertical_out, down(pool.vertical_in))
        assert torch.equal(pool.horizontal_out, across(pool.horizontal_in))
        logits = fast.side(corner).maps.logits
        torch.testing.assert_close(logits, dense.side(corner).maps.logits)


def test_other_pooling_changes_neither_the_parameters_nor_what_trains_of_them() -> None:
    counts = set()
    for pooling in ("corner", "window", "none"):
        network = CornerNet(replace(TINY, pooling=pooling))  # type: ignore[arg-type]
        counts.add(sum(p.numel() for p in network.parameters()))
        maps = [m for m in network(torch.randn(2, 3, 32, 32)).stacks[-1].maps]
        sum(m.logits.sum() + m.embedding.sum() + m.offset.sum() for m in maps).backward()
        pools = [p for n, p in network.named_parameters() if ".pool." in n and "stacks.1" in n]
        assert pools
        assert all(p.grad is not None for p in pools)
    assert len(counts) == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [({"pooling": "max"}, "for pooling, but 'max'"), ({"pool_window": 4}, "odd pool_window")],
)
def test_other_kinds_of_pooling_are_refused(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        config_from(ModelConfig, changes)


@pytest.mark.parametrize("corner", ["top_left", "bottom_right"])
def test_module_returns_what_went_in_and_came_out_of_each_scan(corner: str) -> None:
    module = CornerPool(corner, width=6, pool_width=4).eval()
    x = torch.randn(1, 6, 8, 8)
    vertical, horizontal = SCANS[corner]
    for scans in (None, (horizontal, vertical), (torch.clone, torch.clone)):
        output = module(x, scans)
        down, across = scans or (vertical, horizontal)
        assert torch.equal(output.vertical_out, down(module.vertical(x)))
        assert torch.equal(output.horizontal_out, across(module.horizontal(x)))
        assert torch.equal(output.features, module.refine(output.merged, x))
    assert output.features.shape == (1, 6, 8, 8)
