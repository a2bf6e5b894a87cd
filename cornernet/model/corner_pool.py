"""Corner pooling: bring evidence from an object's edges to its corner (section 3.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.model.layers import ConvBlock, ConvNorm

Corner = Literal["top_left", "bottom_right"]
FeatureMap = Float[Tensor, "*b c h w"]
Scan = Callable[[Tensor], Tensor]


def _running_maximum(x: Tensor, dim: int, *, is_backward: bool = False) -> Tensor:
    """Give each cell the maximum of itself and all before it, or after it, along a dimension."""
    if _lies_by_cell(x):
        return _by_lines(x, dim, is_backward)
    # cummax is slow, and keeps an odd memory layout, on channels-last tensors.
    turned = (x.flip(dim) if is_backward else x).contiguous()
    highest = torch.cummax(turned, dim).values
    return highest.flip(dim) if is_backward else highest


def _lies_by_cell(x: Tensor) -> bool:
    """Tell whether line by line is faster: channels last, on the CPU, without a gradient."""
    has_gradient = torch.is_grad_enabled() and x.requires_grad
    is_plain = x.ndim == 4 and x.device.type == "cpu" and not has_gradient
    return is_plain and x.is_contiguous(memory_format=torch.channels_last)


def _by_lines(x: Tensor, dim: int, is_backward: bool) -> Tensor:
    highest = x.clone()
    lines = highest.unbind(dim)
    for before, line in pairwise(lines[::-1] if is_backward else lines):
        torch.maximum(before, line, out=line)
    return highest


def top_pool(x: FeatureMap) -> FeatureMap:
    """Give each cell the maximum of itself and all cells below it."""
    return _running_maximum(x, -2, is_backward=True)


def left_pool(x: FeatureMap) -> FeatureMap:
    """Give each cell the maximum of itself and all cells to its right."""
    return _running_maximum(x, -1, is_backward=True)


def bottom_pool(x: FeatureMap) -> FeatureMap:
    """Give each cell the maximum of itself and all cells above it."""
    return _running_maximum(x, -2)


def right_pool(x: FeatureMap) -> FeatureMap:
    """Give each cell the maximum of itself and all cells to its left."""
    return _running_maximum(x, -1)


# (vertical, horizontal): named for the side that the maximum is carried to.
SCANS: dict[Corner, tuple[Scan, Scan]] = {
    "top_left": (top_pool, left_pool),
    "bottom_right": (bottom_pool, right_pool),
}


@dataclass(frozen=True, eq=False, kw_only=True)
class CornerPoolOutput:
    """What went into and came out of each scan, and what the module made of it."""

    corner: Corner
    vertical_in: FeatureMap
    vertical_out: FeatureMap
    horizontal_in: FeatureMap
    horizontal_out: FeatureMap
    merged: FeatureMap  # vertical_out + horizontal_out
    features: Float[Tensor, "b width h w"]  # what the module returns to the heads


class CornerPool(nn.Module):
    """Scan two projections of the features and merge them with a shortcut (figure 7)."""

    def __init__(self, corner: Corner, width: int, pool_width: int) -> None:
        super().__init__()
        self.corner: Corner = corner
        self.vertical = ConvBlock(width, pool_width, 3)
        self.horizontal = ConvBlock(width, pool_width, 3)
        self.merge = ConvNorm(pool_width, width, 3)
        self.shortcut = ConvNorm(width, width, 1)
        self.out = ConvBlock(width, width, 3)

    def forward(self, x: FeatureMap) -> CornerPoolOutput:
        """Pool towards this module's corner."""
        return self.pool_by(SCANS[self.corner], x)

    def pool_by(self, scans: tuple[Scan, Scan], x: FeatureMap) -> CornerPoolOutput:
        """Pool with scans, vertical then horizontal, that need not be this corner's own."""
        scan_vertically, scan_horizontally = scans
        vertical_in, horizontal_in = self.vertical(x), self.horizontal(x)
        vertical_out, horizontal_out = (
            scan_vertically(vertical_in),
            scan_horizontally(horizontal_in),
        )
        merged = vertical_out + horizontal_out
        return CornerPoolOutput(
            corner=self.corner,
            vertical_in=vertical_in,
            vertical_out=vertical_out,
            horizontal_in=horizontal_in,
            horizontal_out=horizontal_out,
            merged=merged,
            features=self.refine(merged, x),
        )

    def refine(self, merged: Float[Tensor, "*b pool_width h w"], x: FeatureMap) -> FeatureMap:
        """Add the shortcut to the scans' sum and make of both what the heads get."""
        features: Tensor = self.out(F.relu(self.merge(merged) + self.shortcut(x)))
        return features
