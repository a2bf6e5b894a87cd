"""Corner pooling: bring evidence from an object's edges to its corner (section 3.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.config import ModelConfig
from cornernet.model.layers import ConvBlock, ConvNorm, beside, parted

# What a fresh network multiplies the sum of the scans of what is recognised with, and adds to its
# logits before: what has a probability of less than 2 % is nothing.
RECOGNITION_GAIN, RECOGNISED_FROM = 0.3, 4.0

Corner = Literal["top_left", "bottom_right"]
FeatureMap = Float[Tensor, "*b c h w"]
Scan = Callable[[Tensor], Tensor]


def _running_maximum(x: Tensor, dim: int, *, is_backward: bool = False) -> Tensor:
    """Return each cell the maximum of itself and all before it, or after it, along a dimension."""
    if _lies_by_cell(x):
        return _by_lines(x, dim, is_backward)
    # cummax is slow, and keeps an odd memory layout, on channels-last tensors.
    turned = (x.flip(dim) if is_backward else x).contiguous()
    highest = torch.cummax(turned, dim).values
    return highest.flip(dim) if is_backward else highest


def _lies_by_cell(x: Tensor) -> bool:
    """Return whether line by line is faster: channels last, on the CPU, without a gradient."""
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
    """Return each cell the maximum of itself and all cells below it."""
    return _running_maximum(x, -2, is_backward=True)


def left_pool(x: FeatureMap) -> FeatureMap:
    """Return each cell the maximum of itself and all cells to its right."""
    return _running_maximum(x, -1, is_backward=True)


def bottom_pool(x: FeatureMap) -> FeatureMap:
    """Return each cell the maximum of itself and all cells above it."""
    return _running_maximum(x, -2)


def right_pool(x: FeatureMap) -> FeatureMap:
    """Return each cell the maximum of itself and all cells to its left."""
    return _running_maximum(x, -1)


# (vertical, horizontal): named for the side that the maximum is carried to.
SCANS: dict[Corner, tuple[Scan, Scan]] = {
    "top_left": (top_pool, left_pool),
    "bottom_right": (bottom_pool, right_pool),
}
NO_SCANS: tuple[Scan, Scan] = (torch.clone, torch.clone)


def window_pool(x: FeatureMap, side: int) -> FeatureMap:
    """Return each cell the maximum of the square window around it, cut off at the border."""
    column = F.max_pool2d(x, (side, 1), 1, (side // 2, 0))
    return F.max_pool2d(column, (1, side), 1, (0, side // 2))


def scans_of(corner: Corner, config: ModelConfig) -> tuple[Scan, Scan]:
    """Return what a network of these settings scans with, for one kind of corner."""
    if config.pooling == "window":
        window = partial(window_pool, side=config.pool_window)
        return window, window
    return NO_SCANS if config.pooling == "none" else SCANS[corner]


@dataclass(frozen=True, eq=False, kw_only=True)
class CornerPoolOutput:
    """What went into each scan, and what the module made of what came out.

    A scan only chooses among values, so scanning again gives exactly what came out, also of values
    that were rounded meanwhile.
    """

    corner: Corner
    scans: tuple[Scan, Scan]  # vertical, horizontal
    vertical_in: FeatureMap
    horizontal_in: FeatureMap
    features: Float[Tensor, "*b width h w"]  # what the module returns to the heads

    @property
    def vertical_out(self) -> FeatureMap:
        """Scan the vertical input."""
        return self.scans[0](self.vertical_in)

    @property
    def horizontal_out(self) -> FeatureMap:
        """Scan the horizontal input."""
        return self.scans[1](self.horizontal_in)

    @property
    def merged(self) -> FeatureMap:
        """Add up what came out of both scans."""
        return self.vertical_out + self.horizontal_out


class CornerPool(nn.Module):
    """Scan two projections of the features and merge them with a shortcut (figure 7).

    What is recognised beside the features, a map a category, is scanned as well: each map plus how
    much a cell looks like an object's edge, whatever its category, rectified. Both scans' sum is
    only scaled before it goes to the heads.
    """

    def __init__(
        self,
        corner: Corner,
        width: int,
        pool_width: int,
        scans: tuple[Scan, Scan] | None = None,
        *,
        recognised: int = 0,
    ) -> None:
        super().__init__()
        self.corner: Corner = corner
        self.width, self.pool_width = width, pool_width
        self.scans = scans or SCANS[corner]
        self.vertical = ConvBlock(width, pool_width, 3)
        self.horizontal = ConvBlock(width, pool_width, 3)
        self.merge = ConvNorm(pool_width, width, 3)
        self.shortcut = ConvNorm(width, width, 1)
        self.out = ConvBlock(width, width, 3)
        if recognised:
            self.edges = nn.Conv2d(width, 2, 3, padding=1)  # for the vertical scan, the horizontal
            nn.init.constant_(self.edges.bias, RECOGNISED_FROM)  # type: ignore[arg-type]
            self.gain = nn.Parameter(torch.tensor(RECOGNITION_GAIN))

    def forward(self, x: FeatureMap, scans: tuple[Scan, Scan] | None = None) -> CornerPoolOutput:
        """Pool with this module's scans, or with others, vertical then horizontal."""
        scans = scans or self.scans
        vertical_in, horizontal_in = self._scanned(*parted(x, self.width))
        merged = scans[0](vertical_in) + scans[1](horizontal_in)
        return CornerPoolOutput(
            corner=self.corner,
            scans=scans,
            vertical_in=vertical_in,
            horizontal_in=horizontal_in,
            features=self.refine(merged, x),
        )

    def _scanned(
        self, x: FeatureMap, *recognised: Float[Tensor, "*b categories h w"]
    ) -> tuple[Float[Tensor, "*b pooled h w"], Float[Tensor, "*b pooled h w"]]:
        """Return what goes into the vertical scan, and into the horizontal one."""
        vertical, horizontal = self.vertical(x), self.horizontal(x)
        if not recognised:
            return vertical, horizontal
        edges: Tensor = self.edges(x)
        for_vertical, for_horizontal = edges.narrow(-3, 0, 1), edges.narrow(-3, 1, 1)
        return (
            beside(vertical, *(F.relu(each + for_vertical) for each in recognised)),
            beside(horizontal, *(F.relu(each + for_horizontal) for each in recognised)),
        )

    def refine(self, merged: Float[Tensor, "*b pooled h w"], x: FeatureMap) -> FeatureMap:
        """Add the shortcut to the scans' sum and make of both what the heads get."""
        pooled, *recognised = parted(merged, self.pool_width)
        own, *_ = parted(x, self.width)
        features = self.out(F.relu(self.merge(pooled) + self.shortcut(own)))
        return beside(features, *(self.gain * each for each in recognised))
