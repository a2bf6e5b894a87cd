"""One hourglass: down to a coarse view of the whole image, up again to fine detail."""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.model.layers import Residual, residuals


class Hourglass(nn.Module):
    """Process features at this resolution and, recursively, at all coarser ones (section 3.5)."""

    def __init__(self, widths: tuple[int, ...], blocks: tuple[int, ...]) -> None:
        super().__init__()
        width, coarse_width = widths[:2]
        self.skip = residuals(width, width, blocks[0])
        self.down = residuals(width, coarse_width, blocks[0], stride=2)
        self.coarse: nn.Module = (
            Hourglass(widths[1:], blocks[1:])
            if len(widths) > 2
            else residuals(coarse_width, coarse_width, blocks[1])
        )
        # The width changes in the last block, as in the official network.
        same = (Residual(coarse_width, coarse_width) for _ in range(blocks[0] - 1))
        self.up = nn.Sequential(*same, Residual(coarse_width, width))

    def forward(self, x: Float[Tensor, "b c h w"]) -> Float[Tensor, "b c h w"]:
        """Add the coarse view, enlarged to this resolution, to the fine one."""
        coarse: Tensor = self.up(self.coarse(self.down(x)))
        fine: Tensor = self.skip(x)
        return fine + F.interpolate(coarse, scale_factor=2.0, mode="nearest")
