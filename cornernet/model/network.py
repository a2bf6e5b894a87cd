"""CornerNet: a stem, stacked hourglasses, and corner branches after each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.config import ModelConfig
from cornernet.model.corner_pool import FeatureMap
from cornernet.model.heads import CornerBranch, CornerMaps, CornerOutput, M_co
from cornernet.model.hourglass import Hourglass
from cornernet.model.layers import ConvBlock, ConvNorm, Residual, beside, parted
from cornernet.model.pyramid import Pyramid
from cornernet.model.shufflenet import Stem
from cornernet.model.sides import Sides


@dataclass(frozen=True, eq=False, kw_only=True)
class StackOutput(Sides[CornerOutput[M_co]], Generic[M_co]):
    """One hourglass and its predictions."""

    features: FeatureMap

    @property
    def maps(self) -> tuple[M_co, M_co]:
        """Return what decoding needs: of top-left corners, of bottom-right ones."""
        return self.top_left.maps, self.bottom_right.maps


@dataclass(frozen=True, eq=False, kw_only=True)
class NetworkOutput:
    """All stacks in order; the last one answers, the others are there to be supervised."""

    stacks: tuple[StackOutput[CornerMaps], ...]


class Stack(nn.Module):
    """An hourglass, a convolution, and the two corner branches."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.width = width = config.hourglass_widths[0]
        self.hourglass = Pyramid(config) if config.encoder == "nanodet" else Hourglass(config)
        self.conv = ConvBlock(width, width, 3)
        self.top_left = CornerBranch("top_left", config)
        self.bottom_right = CornerBranch("bottom_right", config)

    @property
    def branches(self) -> Sides[CornerBranch]:
        """Return the branches of both kinds of corners."""
        return Sides(top_left=self.top_left, bottom_right=self.bottom_right)

    def forward(self, x: Float[Tensor, "b c_in h_in w_in"]) -> Float[Tensor, "b c h w"]:
        """Compute the features that both branches get; what is recognised stays beside them."""
        own, *recognised = parted(self.hourglass(x), self.width)
        return beside(self.conv(own), *recognised)

    def predict(self, features: FeatureMap) -> StackOutput[CornerMaps]:
        """Predict both kinds of corners."""
        return StackOutput(
            features=features,
            top_left=self.top_left(features),
            bottom_right=self.bottom_right(features),
        )


class Link(nn.Module):
    """Merge a stack's input and features into the next stack's input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.from_input = ConvNorm(width, width, 1)
        self.from_features = ConvNorm(width, width, 1)
        self.residual = Residual(width, width)

    def forward(self, x: FeatureMap, features: FeatureMap) -> FeatureMap:
        """Add both, rectify, and refine."""
        merged: Tensor = self.residual(F.relu(self.from_input(x) + self.from_features(features)))
        return merged


def _stem(widths: tuple[int, ...]) -> nn.Sequential:
    blocks = (Residual(inputs, outputs, 2) for inputs, outputs in pairwise(widths))
    return nn.Sequential(ConvBlock(3, widths[0], 7, 2), *blocks)


class CornerNet(nn.Module):
    """The whole network, sized by its config."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        width = config.stem_widths[-1]
        self.stem = Stem(width) if config.encoder == "nanodet" else _stem(config.stem_widths)
        self.stacks = nn.ModuleList(Stack(config) for _ in range(config.stacks))
        self.links = nn.ModuleList(Link(width) for _ in range(config.stacks - 1))

    def forward(self, pixels: Float[Tensor, "b 3 height width"]) -> NetworkOutput:
        """Predict corners from normalised pixels.

        Height and width are multiples of `config.total_stride` (or that minus one).
        """
        outputs = enumerate(self.stack_features(pixels))
        return NetworkOutput(
            stacks=tuple(self.stack(index).predict(features) for index, features in outputs)
        )

    def stack_features(self, pixels: Float[Tensor, "b 3 height width"]) -> Iterator[FeatureMap]:
        """Yield the features of each stack in order, computing each when it is asked for."""
        x = features = self.stem(pixels)
        for index, stack in enumerate(self.stacks):
            x = x if index == 0 else self.links[index - 1](x, features)
            features = stack(x)
            yield features

    def stack(self, index: int) -> Stack:
        """Return a stack by its place; -1 is the one that answers."""
        stack = self.stacks[index]
        assert isinstance(stack, Stack)
        return stack
