"""One hourglass: down to a coarse view of the whole image, up again to fine detail."""

from jaxtyping import Float
from torch import Tensor, nn

from cornernet.config import ModelConfig, UpsamplingKind
from cornernet.model.layers import BLOCKS, chain


class Hourglass(nn.Module):
    """Process features at this resolution and, recursively, at all coarser ones (section 3.5)."""

    def __init__(self, config: ModelConfig, level: int = 0) -> None:
        super().__init__()
        kind, block = config.block, BLOCKS[config.block]
        width, coarse_width = config.hourglass_widths[level : level + 2]
        blocks, coarse_blocks = config.hourglass_blocks[level : level + 2]
        self.skip = chain(kind, (width, width), blocks)
        self.down = chain(kind, (width, coarse_width), blocks, stride=2)
        self.coarse: nn.Module = (
            Hourglass(config, level + 1)
            if level + 2 < len(config.hourglass_widths)
            else chain(kind, (coarse_width, coarse_width), coarse_blocks)
        )
        # The width changes in the last block, as in the official network.
        same = (block(coarse_width, coarse_width) for _ in range(blocks - 1))
        self.up = nn.Sequential(*same, block(coarse_width, width))
        self.enlarge = _enlarge(config.upsampling, width)

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Add the coarse view, enlarged to this resolution, to the fine one."""
        coarse: Tensor = self.enlarge(self.up(self.coarse(self.down(x))))
        fine: Tensor = self.skip(x)
        return fine + coarse


def _enlarge(kind: UpsamplingKind, width: int) -> nn.Module:
    if kind == "nearest":
        return nn.Upsample(scale_factor=2.0)
    return nn.ConvTranspose2d(width, width, kernel_size=4, stride=2, padding=1)
