"""An hourglass whose way down is a small trained encoder, and whose way up is ours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.config import ModelConfig
from cornernet.model.ghost_pan import GhostPan
from cornernet.model.layers import ConvBlock, ConvNorm, beside
from cornernet.model.shufflenet import BiasConv, LeakyConv, ShuffleNet


@dataclass(frozen=True, eq=False, kw_only=True)
class Encoded:
    """What the encoder makes of an image, one map a resolution, the finest first."""

    sides: list[Float[Tensor, "b _ _ _"]]  # exchanged features, then the towers'
    logits: list[Float[Tensor, "b categories _ _"]]  # empty without recognition


class Encoder(nn.Module):
    """ShuffleNetV2, Ghost-PAN and, at each resolution, what NanoDet-Plus's own heads start from."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width = config.pan_width
        self.backbone = ShuffleNet(
            config.stem_widths[-1], config.encoder_widths, config.encoder_units
        )
        self.pan = GhostPan(config.encoder_widths, width)
        sizes = range(len(config.encoder_widths) + 1)
        self.towers = nn.ModuleList(_tower(width) for _ in sizes)
        # Each resolution's logits of the categories: what the encoder itself recognises.
        self.recognisers = nn.ModuleList(
            BiasConv(width, config.recognised, 1) for _ in sizes if config.recognised
        )

    def forward(self, x: Float[Tensor, "b c h w"]) -> Encoded:
        """Encode, in single precision where gradients would be slow otherwise."""
        with _precision_of(self.backbone) as cast:
            features = self.backbone(cast(x))
        with _precision_of(self.pan) as cast:
            shared = self.pan([cast(each) for each in features])
        with _precision_of(self.towers) as cast:
            extra = [tower(cast(each)) for tower, each in zip(self.towers, shared, strict=True)]
            logits = [read(each) for read, each in zip(self.recognisers, extra, strict=False)]
        return Encoded(
            sides=[torch.cat(pair, 1) for pair in zip(shared, extra, strict=True)],
            logits=logits,
        )


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

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b channels h_out w_out"]:
        """Return the finest features, of half the stem's size, then what is recognised there."""
        encoded = self.encoder(x)
        sides = [lateral(side) for lateral, side in zip(self.laterals, encoded.sides, strict=True)]
        merged: Tensor = sides.pop()
        for block in self.up:
            side = sides.pop()
            merged = side + F.interpolate(block(merged), size=side.shape[2:], mode="nearest")
        return beside(merged, *_highest(encoded.logits))


def _highest(logits: list[Float[Tensor, "b categories _ _"]]) -> list[Tensor]:
    """Bring all resolutions to the finest, and keep the highest logit of each cell."""
    if not logits:
        return []
    finest, *coarser = logits
    size = finest.shape[2:]
    enlarged = [F.interpolate(each, size=size, mode="bilinear") for each in coarser]
    return [torch.stack([finest, *enlarged]).amax(0)]
