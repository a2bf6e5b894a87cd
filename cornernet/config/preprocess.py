"""How an image becomes the network's input."""

from dataclasses import dataclass
from typing import Literal

from cornernet.config.check import expect


@dataclass(frozen=True, kw_only=True)
class PreprocessConfig:
    """How an image becomes the network's input; belongs to the checkpoint."""

    # The image is resized so that its longer side has this many pixels; None keeps its size.
    longer_side: int | None = 256
    # Shrinking averages all pixels; without, it samples the nearest four, as OpenCV does.
    antialias: bool = True
    multiple: int = 64  # the canvas is padded, image centred, to a multiple of this many pixels
    size_offset: int = 0  # -1 for the official code's 128k - 1 canvases
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)  # of values in 0..1, RGB order
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    # "mean" is the byte nearest to it, as on the canvas; "exact mean" is 0 to the network.
    padding: Literal["mean", "exact mean", "black"] = "mean"
    channel_order: Literal["RGB", "BGR"] = "RGB"  # of the network's input

    def __post_init__(self) -> None:
        """Check ranges."""
        ok = self.longer_side is None or 1 <= self.longer_side <= 4096
        expect(ok, "longer_side from 1 to 4096 pixels, or None", self.longer_side)
        expect(1 <= self.multiple <= 4096, "a multiple from 1 to 4096 pixels", self.multiple)
        offset = self.size_offset
        expect(-self.multiple < offset <= 0, "a size_offset from -multiple + 1 to 0", offset)
        expect(all(value > 0 for value in self.std), "std above 0", self.std)
        kinds = ("mean", "exact mean", "black")
        expect(self.padding in kinds, f"padding to be one of {', '.join(kinds)}", self.padding)
        order = self.channel_order
        expect(order in ("RGB", "BGR"), "channel_order 'RGB' or 'BGR'", order)


# The image keeps its size, on a canvas of 128 k - 1 pixels a side (the official code's `| 127`).
OFFICIAL_PREPROCESS = PreprocessConfig(
    longer_side=None,
    antialias=False,
    multiple=128,
    size_offset=-1,
    mean=(0.47026115, 0.44719302, 0.40789654),
    std=(0.27809835, 0.27408164, 0.28863828),
    padding="black",
    channel_order="BGR",
)
MMDETECTION_PREPROCESS = PreprocessConfig(
    longer_side=None,
    antialias=False,
    multiple=128,
    size_offset=-1,
    mean=(123.675 / 255, 116.28 / 255, 103.53 / 255),
    std=(58.395 / 255, 57.12 / 255, 57.375 / 255),
    padding="exact mean",
)
