"""The shortest way from pixels to maps: the one that `detect` and `observe` both run.

It gives what the dense network gives, in one precision: heads are computed where they are asked
for, and of embeddings and offsets only the values at the corners found.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float, Float64, Int64
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.model.corner_pool import CornerPoolOutput, Scan
from cornernet.model.folding import convert, without_norms
from cornernet.model.heads import CellValues, CornerBranch, CornerOutput
from cornernet.model.layers import parted
from cornernet.model.network import CornerNet, StackOutput
from cornernet.model.sides import Sides


class CellHeads:
    """The embedding and offset heads of one kind of corner, computed at single cells.

    In double precision, so that rounded to single precision a cell's values do not depend on which
    other cells are computed with it, nor in what order sums are made.
    """

    def __init__(self, branch: CornerBranch) -> None:
        self._heads = (branch.embedding, branch.offset)  # in single precision
        place = next(branch.parameters()).device
        self.device = torch.device("cpu") if place.type == "mps" else place  # which has no doubles

    @property
    def side(self) -> int:
        """Return the side of the square of features that a cell's values depend on."""
        return int(_convolution(self._heads[0], 0).kernel_size[0])

    def at(self, features: Float[Tensor, "1 c h w"], cell_xy: Int64[Tensor, "k 2"]) -> CellValues:
        """Compute both heads at cells, given by column and row."""
        own, *_ = parted(features, _convolution(self._heads[0], 0).in_channels)
        patches = patches_at(own, cell_xy.to(features.device), self.side)
        patches = patches.flatten(1).to(self.device, torch.float64)
        hidden = F.relu(F.linear(patches, *self._first))
        half = hidden.shape[1] // 2
        embeddings = F.linear(hidden[:, :half], *self._final[0])[:, 0]
        offset_xy = F.linear(hidden[:, half:], *self._final[1])
        return CellValues(embeddings=embeddings.float(), offset_xy=offset_xy.float())

    @cached_property
    def _first(self) -> tuple[Float64[Tensor, "hidden inputs"], Float64[Tensor, "hidden"]]:
        weights, biases = zip(*(self._doubles(head, 0) for head in self._heads), strict=True)
        return torch.cat(weights), torch.cat(biases)

    @cached_property
    def _final(self) -> list[tuple[Tensor, Tensor]]:
        return [self._doubles(head, -1) for head in self._heads]

    def _doubles(self, head: nn.Sequential, index: int) -> tuple[Tensor, Tensor]:
        conv = _convolution(head, index)
        assert conv.bias is not None
        weight = conv.weight.permute(0, 2, 3, 1).flatten(1)
        return weight.to(self.device, torch.float64), conv.bias.to(self.device, torch.float64)


@dataclass(frozen=True, eq=False, kw_only=True)
class CellMaps:
    """Predictions of one kind of corner; but for the heatmap, of the cells asked for only."""

    logits: Float[Tensor, "1 classes h w"]  # sigmoid gives the heatmap
    features: Float[Tensor, "1 c h w"]  # what corner pooling returned to the heads
    heads: CellHeads

    def at(self, cell_xy: Int64[Tensor, "k 2"]) -> CellValues:
        """Compute the other heads at cells, given by column and row."""
        return self.heads.at(self.features, cell_xy)

    def on_cpu(self) -> "CellMaps":
        """Copy to the CPU, logits in single precision; the other heads stay where they are."""
        return replace(self, logits=self.logits.float().cpu(), features=self.features.cpu())


def cell_heads(network: CornerNet) -> list[Sides[CellHeads]]:
    """Give both kinds of corners' heads of each hourglass."""
    branches = [network.stack(k).branches for k in range(network.config.stacks)]
    return [
        Sides(top_left=CellHeads(both.top_left), bottom_right=CellHeads(both.bottom_right))
        for both in branches
    ]


@runtime_checkable
class Runs(Protocol):
    """A network that gives maps of cells, here or elsewhere."""

    dtype: torch.dtype

    def __call__(self, pixels: Float[Tensor, "1 3 height width"]) -> StackOutput[CellMaps]:
        """Compute all that is needed of every cell."""

    def features(
        self, pixels: Float[Tensor, "n 3 height width"], stacks: int | None = None
    ) -> Float[Tensor, "n c h w"]:
        """Run up to the features of the last hourglass, or of as many as are said."""

    def predict(
        self,
        features: Float[Tensor, "1 c h w"],
        stack: int = -1,
        scans: tuple[Scan, Scan] | None = None,
    ) -> StackOutput[CellMaps]:
        """Run the branches of an hourglass on its features, if need be with other scans."""


class FastNetwork(nn.Module):
    """A CornerNet in one precision, without normalisations, for one image at a time.

    Shares the tensors of a folded network where the precision is its own; changes none of them.
    """

    def __init__(self, network: CornerNet, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.dtype = dtype
        self.bare = without_norms(network)
        branches = [self.bare.stack(k).branches for k in range(network.config.stacks)]
        exact = [h for sides in branches for b in sides.both for h in (b.embedding, b.offset)]
        convert(self, dtype, spared=exact)
        self.heads = cell_heads(self.bare)

    def forward(self, pixels: Float[Tensor, "1 3 height width"]) -> StackOutput[CellMaps]:
        """Compute all that is needed of every cell, and no head of an earlier hourglass."""
        return self.predict(self.features(pixels))

    def features(
        self, pixels: Float[Tensor, "n 3 height width"], stacks: int | None = None
    ) -> Float[Tensor, "n c h w"]:
        """Run up to the features of the last hourglass, or of as many as are said."""
        *_, features = islice(self.bare.stack_features(self.placed(pixels)), stacks)
        return features

    def predict(
        self,
        features: Float[Tensor, "1 c h w"],
        stack: int = -1,
        scans: tuple[Scan, Scan] | None = None,
    ) -> StackOutput[CellMaps]:
        """Run the branches of an hourglass on its features, if need be with other scans."""
        features = self.placed(features)
        branches, heads = self.bare.stack(stack).branches, self.heads[stack]

        def corner(branch: CornerBranch, heads: CellHeads) -> CornerOutput[CellMaps]:
            pool: CornerPoolOutput = branch.pool(features, scans)
            logits = branch.logits(pool.features)
            maps = CellMaps(logits=logits, features=pool.features, heads=heads)
            return CornerOutput(pool=pool, maps=maps)

        return StackOutput(
            features=features,
            top_left=corner(branches.top_left, heads.top_left),
            bottom_right=corner(branches.bottom_right, heads.bottom_right),
        )

    def placed(self, x: Tensor) -> Tensor:
        """Return a tensor where, and in the precision and memory layout, that the network has."""
        place = next(self.parameters()).device
        layout = torch.preserve_format if place.type == "mps" else torch.channels_last
        return x.to(place, self.dtype, memory_format=layout)


def _convolution(head: nn.Sequential, index: int) -> nn.Conv2d:
    conv = head[index]
    assert isinstance(conv, nn.Conv2d)
    return conv


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
