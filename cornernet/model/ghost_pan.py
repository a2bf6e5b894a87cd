"""Ghost-PAN: exchange features between resolutions, down and up again (NanoDet-Plus).

Modules are created in the order in which they compute; normalisation is folded in.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from cornernet.model.shufflenet import BiasConv, LeakyConv


class GhostBlock(nn.Module):
    """Halve the channels; half of the output is a cheap function of the other (GhostNet)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        half = outputs // 2
        self.first = LeakyConv(inputs, half, 1)
        self.first_ghost = LeakyConv(half, half, 3, groups=half)
        self.second = BiasConv(outputs, half, 1)
        self.second_ghost = BiasConv(half, half, 3, groups=half)
        self.shortcut = nn.Sequential(
            BiasConv(inputs, inputs, 5, groups=inputs), BiasConv(inputs, outputs, 1)
        )

    def forward(self, x: Float[Tensor, "b c_in h w"]) -> Float[Tensor, "b c_out h w"]:
        """Return features of the same size."""
        first = self.first(x)
        second = self.second(torch.cat([first, self.first_ghost(first)], 1))
        result: Tensor = torch.cat([second, self.second_ghost(second)], 1) + self.shortcut(x)
        return result


def _halve(width: int) -> nn.Sequential:
    return nn.Sequential(LeakyConv(width, width, 5, 2, groups=width), LeakyConv(width, width, 1))


class Upward(nn.Module):
    """Tell a resolution what the next finer one saw."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.halve = _halve(width)
        self.merge = GhostBlock(2 * width, width)

    def forward(
        self, fine: Float[Tensor, "b c h w"], coarse: Float[Tensor, "b c h_half w_half"]
    ) -> Float[Tensor, "b c h_half w_half"]:
        """Return features of the coarse size."""
        merged: Tensor = self.merge(torch.cat([self.halve(fine), coarse], 1))
        return merged


class GhostPan(nn.Module):
    """Bring every resolution to one width, and tell each what the others saw."""

    def __init__(self, widths: tuple[int, ...], width: int) -> None:
        super().__init__()
        steps = len(widths) - 1
        self.laterals = nn.ModuleList(LeakyConv(inputs, width, 1) for inputs in widths)
        self.downwards = nn.ModuleList(GhostBlock(2 * width, width) for _ in range(steps))
        self.upwards = nn.ModuleList(Upward(width) for _ in range(steps))
        self.coarsest_from_lateral, self.coarsest_from_output = _halve(width), _halve(width)

    def forward(
        self, features: list[Float[Tensor, "b _ _ _"]]
    ) -> list[Float[Tensor, "b width _ _"]]:
        """Return one map a resolution, the finest first, and one more of half the coarsest size."""
        laterals = [lateral(x) for lateral, x in zip(self.laterals, features, strict=True)]
        merged = [laterals[-1]]  # the coarsest first
        for fine, block in zip(reversed(laterals[:-1]), self.downwards, strict=True):
            coarse = F.interpolate(merged[-1], size=fine.shape[2:], mode="bilinear")
            merged.append(block(torch.cat([coarse, fine], 1)))
        outputs = [merged.pop()]
        for coarse, upward in zip(reversed(merged), self.upwards, strict=True):
            outputs.append(upward(outputs[-1], coarse))
        last = self.coarsest_from_lateral(laterals[-1]) + self.coarsest_from_output(outputs[-1])
        return [*outputs, last]
