"""An hourglass whose way down is a small trained encoder, and whose way up is ours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.config import ModelConfig
from cornernet.model.ghost_pan import GhostPan
from cornernet.model.layers import ConvBlock, ConvNorm
from cornernet.model.shufflenet import LeakyConv, ShuffleNet


class Encoder(nn.Module):
    """ShuffleNetV2, Ghost-PAN and, at each resolution, what NanoDet-Plus's own heads start from."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.pan_width
        self.backbone = ShuffleNet(
            config.stem_widths[-1], config.encoder_widths, config.encoder_units
        )
        self.pan = GhostPan(config.encoder_widths, width)
        self.towers = nn.ModuleList(_tower(width) for _ in range(len(config.encoder_widths) + 1))

    def forward(self, x: Float[Tensor, "b c h w"]) -> list[Float[Tensor, "b _ _ _"]]:
        """Return one map a resolution, the finest first: exchanged features, then the towers'."""
        with _precision_of(self.backbone) as cast:
            features = self.backbone(cast(x))
        with _precision_of(self.pan) as cast:
            shared = self.pan([cast(each) for each in features])
        with _precision_of(self.towers) as cast:
            extra = [tower(cast(each)) for tower, each in zip(self.towers, shared, strict=True)]
        return [torch.cat(pair, 1) for pair in zip(shared, extra, strict=True)]


@contextmanager
def _precision_of(part: nn.Module) -> Iterator[Callable[[Tensor], Tensor]]:
    """Compute in single precision where gradients follow on a processor; yields a cast of inputs.

    In bf16 and channels-last memory the gradients of depthwise convolutions are so slow that a
    whole training step takes longer.
    """
    first = next(part.parameters())
    if part.training and first.requires_grad and first.device.type == "cpu":
        with torch.autocast("cpu", enabled=False):
            yield Tensor.float
    else:
        yield lambda x: x


def _tower(width: int) -> nn.Sequential:
    return nn.Sequential(
        LeakyConv(width, width, 5, groups=width),
        LeakyConv(width, width, 1),
        LeakyConv(width, width, 5, groups=width),
        LeakyConv(width, width, 1),
    )


class Pyramid(nn.Module):
    """Encode the image at every resolution, then bring all of them to the finest."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.encoder = Encoder(config)
        widths = config.hourglass_widths
        self.laterals = nn.ModuleList(ConvNorm(2 * config.pan_width, width, 1) for width in widths)
        # From the coarsest to the finest; the stack's own convolution refines the last sum.
        self.up = nn.ModuleList(
            ConvBlock(width, finer, 3)
            for finer, width in zip(widths[-2::-1], widths[:0:-1], strict=True)
        )

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b width h_out w_out"]:
        """Return the finest features, of half the stem's size."""
        sides = [
            lateral(side) for lateral, side in zip(self.laterals, self.encoder(x), strict=True)
        ]
        merged: Tensor = sides.pop()
        for block in self.up:
            side = sides.pop()
            merged = side + F.interpolate(block(merged), size=side.shape[2:], mode="nearest")
        return merged
