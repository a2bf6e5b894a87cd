"""ShuffleNetV2 (Ma et al., ECCV 2018) as the way down of an hourglass, normalisation folded in.

Sized and rectified as in NanoDet-Plus (RangiLyu/nanodet, Apache-2.0), so that its published weights
fit. Modules are created in the order in which they compute.
"""

from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

SLOPE = 0.1  # of negative values, where a convolution is rectified


class BiasConv(nn.Conv2d):
    """Convolve with a bias, each channel alone if asked; no normalisation, no rectification."""

    def __init__(
        self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(inputs, outputs, kernel, stride, kernel // 2, groups=groups)


class LeakyConv(BiasConv):
    """Convolve with a bias and rectify, leaving a tenth of negative values."""

    def forward(self, input: Float[Tensor, "b c_in h w"]) -> Float[Tensor, "b c_out h_out w_out"]:
        """Return rectified features."""
        return F.leaky_relu(super().forward(input), SLOPE)


def shuffle(x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
    """Interleave the two halves of the channels."""
    batch, channels, height, width = x.shape
    halves = x.reshape(batch, 2, channels // 2, height, width)
    return halves.transpose(1, 2).reshape(batch, channels, height, width)


def _branch(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        LeakyConv(inputs, outputs, 1),
        BiasConv(outputs, outputs, 3, stride, groups=outputs),
        LeakyConv(outputs, outputs, 1),
    )


class DownUnit(nn.Module):
    """Halve the size: two branches, concatenated and shuffled."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        half = outputs // 2
        self.first = nn.Sequential(
            BiasConv(inputs, inputs, 3, 2, groups=inputs), LeakyConv(inputs, half, 1)
        )
        self.second = _branch(inputs, half, stride=2)

    def forward(self, x: Float[Tensor, "b c_in h w"]) -> Float[Tensor, "b c_out h_out w_out"]:
        """Return features of half the size."""
        return shuffle(torch.cat([self.first(x), self.second(x)], 1))


class Unit(nn.Module):
    """Refine half of the channels, leave the others, shuffle."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.branch = _branch(width // 2, width // 2, stride=1)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Return features of the same shape."""
        kept, refined = x.chunk(2, 1)
        return shuffle(torch.cat([kept, self.branch(refined)], 1))


class Stem(nn.Sequential):
    """A convolution and a maximum, each of which halves the size."""

    def __init__(self, width: int) -> None:
        super().__init__(LeakyConv(3, width, 3, 2), nn.MaxPool2d(3, 2, 1))


class ShuffleNet(nn.Module):
    """Stages of units, each at half the size of the one before."""

    def __init__(self, stem_width: int, widths: tuple[int, ...], units: tuple[int, ...]) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            nn.Sequential(DownUnit(inputs, width), *(Unit(width) for _ in range(count - 1)))
            for (inputs, width), count in zip(pairwise((stem_width, *widths)), units, strict=True)
        )

    def forward(self, x: Float[Tensor, "b c h w"]) -> list[Float[Tensor, "b _ _ _"]]:
        """Return what each stage returns, the finest first."""
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        return features
