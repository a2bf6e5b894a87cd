"""Corner pooling against its definition, and how the four directions relate."""

import pytest
import torch
from torch import Tensor

from cornernet.model.corner_pool import (
    SCANS,
    CornerPool,
    bottom_pool,
    left_pool,
    right_pool,
    top_pool,
)

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
