"""The building blocks of the paper's network and of CornerNet-Squeeze."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.config import BlockKind


class ConvBlock(nn.Module):
    """Convolve, batch-normalise and rectify."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        padding = (kernel - 1) // 2
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs)

    def forward(self, x: Float[Tensor, "b c_in h w"]) -> Float[Tensor, "b c_out h_out w_out"]:
        """Return features of 0 or more."""
        return F.relu(self.bn(self.conv(x)))


class ConvNorm(nn.Sequential):
    """Convolve and batch-normalise, without rectifying, so that results can be summed."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        padding = (kernel - 1) // 2
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False),
            nn.BatchNorm2d(outputs),
        )


class Residual(nn.Module):
    """Two 3x3 convolutions and a shortcut, projected where the shape changes."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.first = ConvBlock(inputs, outputs, 3, stride)
        self.second = ConvNorm(outputs, outputs, 3)
        same_shape = stride == 1 and inputs == outputs
        self.shortcut: nn.Module = (
            nn.Identity() if same_shape else ConvNorm(inputs, outputs, 1, stride)
        )

    def forward(self, x: Float[Tensor, "b c_in h w"]) -> Float[Tensor, "b c_out h_out w_out"]:
        """Return features of 0 or more."""
        return F.relu(self.second(self.first(x)) + self.shortcut(x))


class Fire(nn.Module):
    """Squeeze to half the channels, then convolve them 1x1 and, each alone, 3x3 (SqueezeNet)."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        half = outputs // 2
        self.squeeze = ConvNorm(inputs, half, 1)
        self.pointwise = nn.Conv2d(half, half, 1, stride, bias=False)
        self.depthwise = nn.Conv2d(half, half, 3, stride, padding=1, groups=half, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.is_residual = stride == 1 and inputs == outputs

    def forward(self, x: Float[Tensor, "b c_in h w"]) -> Float[Tensor, "b c_out h_out w_out"]:
        """Return features of 0 or more."""
        squeezed = self.squeeze(x)
        expanded = self.norm(torch.cat([self.pointwise(squeezed), self.depthwise(squeezed)], 1))
        return F.relu(expanded + x if self.is_residual else expanded)


def parted(x: Float[Tensor, "*b c h w"], width: int) -> list[Float[Tensor, "*b _ h w"]]:
    """Separate the first channels from those beside them, if there are any."""
    rest = x.shape[-3] - width
    return [x.narrow(-3, 0, width), x.narrow(-3, width, rest)] if rest else [x]


def beside(
    own: Float[Tensor, "*b c h w"], *others: Float[Tensor, "*b _ h w"]
) -> Float[Tensor, "*b _ h w"]:
    """Put more channels beside one's own, if there are any, in the precision of these."""
    return torch.cat([own, *(each.to(own.dtype) for each in others)], -3) if others else own


BLOCKS: dict[BlockKind, type[Residual] | type[Fire]] = {"residual": Residual, "fire": Fire}


def chain(kind: BlockKind, widths: tuple[int, int], blocks: int, stride: int = 1) -> nn.Sequential:
    """Chain blocks; the first changes width and resolution."""
    block, (inputs, outputs) = BLOCKS[kind], widths
    first = block(inputs, outputs, stride)
    return nn.Sequential(first, *(block(outputs, outputs) for _ in range(blocks - 1)))
