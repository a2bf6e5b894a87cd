"""Where a place of the image lies on the network's input and on its heatmaps."""

from dataclasses import dataclass, replace

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The map between original pixels, network pixels and heatmap cells.

    network = original * scale + shift; cell = network / stride. What it carries may lie outside the
    image.
    """

    original_hw: tuple[int, int]
    network_hw: tuple[int, int]
    cells_hw: tuple[int, int]
    scale_xy: tuple[float, float]
    shift_xy: tuple[float, float]

    @property
    def stride_xy(self) -> tuple[float, float]:
        """Return network pixels per cell, a little less than whole on the official odd canvas."""
        return self.network_hw[1] / self.cells_hw[1], self.network_hw[0] / self.cells_hw[0]

    def to_network(self, xyxy: Float[Tensor, "n 4"]) -> Float[Tensor, "n 4"]:
        """Carry boxes from original pixels to network pixels."""
        return xyxy * xyxy.new_tensor(self.scale_xy * 2) + xyxy.new_tensor(self.shift_xy * 2)

    def to_original(self, xyxy: Float[Tensor, "n 4"]) -> Float[Tensor, "n 4"]:
        """Carry boxes from network pixels to original pixels."""
        return (xyxy - xyxy.new_tensor(self.shift_xy * 2)) / xyxy.new_tensor(self.scale_xy * 2)

    def to_cells(self, xyxy: Float[Tensor, "n 4"]) -> Float[Tensor, "n 4"]:
        """Carry boxes from original pixels to cells."""
        return self.to_network(xyxy) / xyxy.new_tensor(self.stride_xy * 2)

    def from_cells(self, xyxy: Float[Tensor, "n 4"]) -> Float[Tensor, "n 4"]:
        """Carry boxes from cells to original pixels."""
        return self.to_original(xyxy * xyxy.new_tensor(self.stride_xy * 2))

    def mirrored(self) -> "Frame":
        """Return the frame of the mirrored canvas; x1 and x2 of what it carries change places."""
        return replace(
            self,
            scale_xy=(-self.scale_xy[0], self.scale_xy[1]),
            shift_xy=(self.network_hw[1] - self.shift_xy[0], self.shift_xy[1]),
        )
