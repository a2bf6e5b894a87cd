"""Heads: from pooled features to a corner's heatmap, embedding and offset (section 3.2)."""

import math
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, runtime_checkable

from jaxtyping import Float, Int64
from torch import Tensor, nn

from cornernet.config import ModelConfig
from cornernet.model.corner_pool import (
    Corner,
    CornerPool,
    CornerPoolOutput,
    FeatureMap,
    scans_of,
)
from cornernet.model.layers import parted

# Share of cells that a fresh network calls a corner; keeps the first focal losses small.
PRIOR_PROBABILITY = 0.1


@dataclass(frozen=True, eq=False, kw_only=True)
class CellValues:
    """What the embedding and offset heads say at some cells."""

    embeddings: Float[Tensor, "k"]  # corners of one object lie close on this axis
    offset_xy: Float[Tensor, "k 2"]  # in cells: from the cell's index to the corner


@runtime_checkable
class Maps(Protocol):
    """Predictions of one kind of corner in one image."""

    @property
    def logits(self) -> Float[Tensor, "1 classes h w"]:
        """Sigmoid gives the heatmap."""

    def at(self, cell_xy: Int64[Tensor, "k 2"]) -> CellValues:
        """Read the other heads at cells, given by column and row."""


@dataclass(frozen=True, eq=False, kw_only=True)
class CornerMaps:
    """Dense predictions of one kind of corner."""

    logits: Float[Tensor, "b classes h w"]  # sigmoid gives the heatmap
    embedding: Float[Tensor, "b 1 h w"]
    offset: Float[Tensor, "b 2 h w"]  # x then y

    def at(self, cell_xy: Int64[Tensor, "k 2"]) -> CellValues:
        """Read embeddings and offsets of the first image at cells, given by column and row."""
        x, y = cell_xy.unbind(1)
        return CellValues(
            embeddings=self.embedding[0, 0, y, x].float(),
            offset_xy=self.offset[0, :, y, x].T.float(),
        )


M_co = TypeVar("M_co", bound=Maps, covariant=True)


@dataclass(frozen=True, eq=False, kw_only=True)
class CornerOutput(Generic[M_co]):
    """All that one corner's branch computed."""

    pool: CornerPoolOutput
    maps: M_co


def _head(config: ModelConfig, outputs: int) -> nn.Sequential:
    width, hidden, kernel = config.hourglass_widths[0], config.head_width, config.head_kernel
    return nn.Sequential(
        nn.Conv2d(width, hidden, kernel, padding=kernel // 2),
        nn.ReLU(),
        nn.Conv2d(hidden, outputs, 1),
    )


class HeatmapHead(nn.Sequential):
    """Predict logits from the first channels; those beside them are logits already, and added."""

    def forward(self, input: FeatureMap) -> Float[Tensor, "*b classes h w"]:
        """Return the heatmap's logits."""
        first = self[0]
        assert isinstance(first, nn.Conv2d)
        own, *recognised = parted(input, first.in_channels)
        logits: Tensor = super().forward(own)  # type: ignore[no-untyped-call]
        return sum(recognised, start=logits)


class CornerBranch(nn.Module):
    """Corner pooling and the three heads of one kind of corner."""

    def __init__(self, corner: Corner, config: ModelConfig) -> None:
        super().__init__()
        scans, recognised = scans_of(corner, config), config.recognised
        self.width = width = config.hourglass_widths[0]
        self.pool = CornerPool(corner, width, config.pool_width, scans, recognised=recognised)
        self.logits = HeatmapHead(*_head(config, config.categories))
        self.embedding = _head(config, 1)
        self.offset = _head(config, 2)
        self.expect_corners(PRIOR_PROBABILITY)

    def expect_corners(self, probability: float) -> None:
        """Make a fresh heatmap head call this share of the cells a corner."""
        final = self.logits[-1]
        assert isinstance(final, nn.Conv2d)
        assert final.bias is not None
        nn.init.constant_(final.bias, -math.log((1 - probability) / probability))

    def forward(self, features: FeatureMap) -> CornerOutput[CornerMaps]:
        """Predict one kind of corner from a stack's features."""
        pool = self.pool(features)
        return CornerOutput(pool=pool, maps=self.predict(pool.features))

    def predict(self, pooled: FeatureMap) -> CornerMaps:
        """Apply the three heads to what corner pooling returned."""
        own, *_ = parted(pooled, self.width)
        return CornerMaps(
            logits=self.logits(pooled), embedding=self.embedding(own), offset=self.offset(own)
        )
