"""Heads: from pooled features to a corner's heatmap, embedding and offset (section 3.2)."""

import math
from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor, nn

from cornernet.config import ModelConfig
from cornernet.model.corner_pool import Corner, CornerPool, CornerPoolOutput, FeatureMap

# Share of cells that a fresh network calls a corner; keeps the first focal losses small.
PRIOR_PROBABILITY = 0.1


@dataclass(frozen=True, eq=False, kw_only=True)
class CornerMaps:
    """Dense predictions of one kind of corner."""

    logits: Float[Tensor, "b classes h w"]  # sigmoid gives the heatmap
    embedding: Float[Tensor, "b 1 h w"]  # corners of one object lie close on this axis
    offset: Float[Tensor, "b 2 h w"]  # x then y, in cells: from the cell's index to the corner

    def on_cpu(self) -> "CornerMaps":
        """Copy to the CPU, in single precision."""
        return CornerMaps(
            logits=self.logits.float().cpu(),
            embedding=self.embedding.float().cpu(),
            offset=self.offset.float().cpu(),
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class CornerOutput:
    """All that one corner's branch computed."""

    pool: CornerPoolOutput
    maps: CornerMaps


def _head(config: ModelConfig, outputs: int) -> nn.Sequential:
    width, hidden, kernel = config.hourglass_widths[0], config.head_width, config.head_kernel
    return nn.Sequential(
        nn.Conv2d(width, hidden, kernel, padding=kernel // 2),
        nn.ReLU(),
        nn.Conv2d(hidden, outputs, 1),
    )


class CornerBranch(nn.Module):
    """Corner pooling and the three heads of one kind of corner."""

    def __init__(self, corner: Corner, config: ModelConfig) -> None:
        super().__init__()
        self.pool = CornerPool(corner, config.hourglass_widths[0], config.pool_width)
        self.logits = _head(config, config.categories)
        self.embedding = _head(config, 1)
        self.offset = _head(config, 2)
        prior_logit = -math.log((1 - PRIOR_PROBABILITY) / PRIOR_PROBABILITY)
        final = self.logits[-1]
        assert isinstance(final, nn.Conv2d)
        assert final.bias is not None
        nn.init.constant_(final.bias, prior_logit)

    def forward(self, features: FeatureMap) -> CornerOutput:
        """Predict one kind of corner from a stack's features."""
        pool = self.pool(features)
        return CornerOutput(pool=pool, maps=self.predict(pool.features))

    def predict(self, pooled: FeatureMap) -> CornerMaps:
        """Apply the three heads to what corner pooling returned."""
        return CornerMaps(
            logits=self.logits(pooled),
            embedding=self.embedding(pooled),
            offset=self.offset(pooled),
        )
