"""The shortest way from pixels to corners: what `detect` runs.

It gives what the dense network gives: no head of an earlier stack is computed, and of embeddings
and offsets only the values at the corners found.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.config import DecodeConfig
from cornernet.model.corner_pool import SCANS
from cornernet.model.folding import without_norms
from cornernet.model.heads import CornerBranch
from cornernet.model.network import CornerNet, Stack
from cornernet.peaks import Peaks, locate_peaks


@dataclass(frozen=True, eq=False, kw_only=True)
class Corners:
    """The corners of one image."""

    top_left: Peaks
    bottom_right: Peaks
    cells_hw: tuple[int, int]  # size of the heatmaps


@dataclass(frozen=True, eq=False, kw_only=True)
class Pooled:
    """What the heads of one kind of corner start from, and the one head that every cell needs."""

    branch: CornerBranch
    features: Float[Tensor, "1 width h w"]
    logits: Float[Tensor, "1 classes h w"]


class FastNetwork(nn.Module):
    """A CornerNet in one precision, without normalisations, for one image at a time."""

    def __init__(self, network: CornerNet, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        bare = without_norms(network)
        self.stem, self.links, self.stacks = bare.stem, bare.links, bare.stacks
        for stack in self.stacks[:-1]:
            del stack.top_left, stack.bottom_right
        self.to(dtype)
        self.dtype = dtype

    def forward(self, pixels: Float[Tensor, "1 3 height width"], config: DecodeConfig) -> Corners:
        """Find the corners that a dense run and `find_peaks` find."""
        return self.read(self.look(pixels), config)

    def look(self, pixels: Float[Tensor, "1 3 height width"]) -> tuple[Pooled, Pooled]:
        """Compute all that is needed of every cell: top-left, bottom-right."""
        stack = self.stacks[-1]
        assert isinstance(stack, Stack)
        features = self._features(pixels)
        return _pooled(stack.top_left, features), _pooled(stack.bottom_right, features)

    def read(self, pooled: tuple[Pooled, Pooled], config: DecodeConfig) -> Corners:
        """Locate the corners, and compute what is needed of them only."""
        return Corners(
            top_left=_peaks(pooled[0], config),
            bottom_right=_peaks(pooled[1], config),
            cells_hw=(pooled[0].logits.shape[2], pooled[0].logits.shape[3]),
        )

    def _features(self, pixels: Tensor) -> Tensor:
        place = next(self.parameters()).device
        pixels = pixels.to(place, self.dtype, memory_format=torch.channels_last)
        x: Tensor = self.stem(pixels)
        features = x
        for index, stack in enumerate(self.stacks):
            if index > 0:
                x = self.links[index - 1](x, features)
            features = stack.conv(stack.hourglass(x))  # type: ignore[operator]
        return features


def _pooled(branch: CornerBranch, features: Tensor) -> Pooled:
    pool = branch.pool
    scan_vertically, scan_horizontally = SCANS[pool.corner]
    merged = scan_vertically(pool.vertical(features)) + scan_horizontally(pool.horizontal(features))
    pooled = pool.refine(merged, features)  # unlike pool(), keeps nothing between
    return Pooled(branch=branch, features=pooled, logits=branch.logits(pooled))


def _peaks(pooled: Pooled, config: DecodeConfig) -> Peaks:
    branch, places = pooled.branch, locate_peaks(pooled.logits, config)
    patches = patches_at(pooled.features, places.cell_xy, _first(branch.offset).kernel_size[0])
    return Peaks(
        scores=places.scores.cpu(),
        labels=places.labels.cpu(),
        cell_xy=places.cell_xy.cpu(),
        offset_xy=head_on(branch.offset, patches).float().cpu(),
        embeddings=head_on(branch.embedding, patches)[:, 0].float().cpu(),
    )


def _first(head: nn.Sequential) -> nn.Conv2d:
    first = head[0]
    assert isinstance(first, nn.Conv2d)
    return first


def patches_at(
    features: Float[Tensor, "1 c h w"], cell_xy: Int64[Tensor, "k 2"], side: int
) -> Float[Tensor, "k side side c"]:
    """Cut out the square around each cell; beyond the border there are zeros."""
    _, _, height, width = features.shape
    reach = torch.arange(side, device=features.device) - side // 2
    rows = cell_xy[:, 1, None, None] + reach[:, None]
    columns = cell_xy[:, 0, None, None] + reach
    is_inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    by_cell = features[0].permute(1, 2, 0)  # as it lies in memory
    found = by_cell[rows.clamp(0, height - 1), columns.clamp(0, width - 1)]
    return found * is_inside[..., None].to(found.dtype)


def head_on(
    head: nn.Sequential, patches: Float[Tensor, "k side side c"]
) -> Float[Tensor, "k outputs"]:
    """Compute a head at the middle of each patch only."""
    first, final = _first(head), head[-1]
    assert isinstance(final, nn.Conv2d)
    weight = first.weight.permute(0, 2, 3, 1).flatten(1)
    hidden = F.relu(F.linear(patches.flatten(1), weight, first.bias))
    return F.linear(hidden, final.weight[:, :, 0, 0], final.bias)
