"""Sizes of the network."""

import itertools
from dataclasses import dataclass
from typing import Literal

from cornernet.config.check import expect

BlockKind = Literal["residual", "fire"]
UpsamplingKind = Literal["nearest", "transposed"]
EncoderKind = Literal["hourglass", "nanodet"]
PoolingKind = Literal["corner", "window", "none"]
MOST_BLOCKS, MOST_LEVELS, MOST_WIDTH = 256, 12, 8192
WIDEST_WINDOW = 31  # cells


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """Sizes of the network; the defaults are the paper's Hourglass-104 for COCO."""

    categories: int = 80
    stacks: int = 2
    # Channels after the 7x7 convolution, then after each residual block; every one halves the size.
    stem_widths: tuple[int, ...] = (128, 256)
    # Channels at each resolution of the hourglass, the finest first; one halving between entries.
    hourglass_widths: tuple[int, ...] = (256, 256, 384, 384, 384, 512)
    # Residual blocks at each resolution; the last number is for the coarsest one.
    hourglass_blocks: tuple[int, ...] = (2, 2, 2, 2, 2, 4)
    pool_width: int = 128  # channels that each corner-pooling scan runs over
    # What a cell takes from each scan: the maximum on its way to the far border, as in the paper;
    # that of the window around it; or its own value, with as many parameters.
    pooling: PoolingKind = "corner"
    pool_window: int = 9  # side, in cells, where `pooling` is "window"
    head_width: int = 256  # hidden channels of each head
    head_kernel: int = 3  # side of each head's first convolution, in cells; 1 in CornerNet-Squeeze
    block: BlockKind = "residual"  # what the hourglasses are made of; "fire" in CornerNet-Squeeze
    upsampling: UpsamplingKind = "nearest"  # between resolutions; "transposed" convolution: Squeeze
    # The hourglasses' way down: blocks as on the way up, or NanoDet-Plus's encoder, whose stem is a
    # convolution and a maximum, and whose first stage halves the size once more.
    encoder: EncoderKind = "hourglass"
    encoder_widths: tuple[int, ...] = ()  # channels of its stages, the finest first
    encoder_units: tuple[int, ...] = ()  # units in each stage
    pan_width: int = 96  # channels in which its resolutions exchange features
    # Whether corner pooling also scans what that encoder recognises: a map of logits a category.
    recognition: bool = False

    def __post_init__(self) -> None:
        """Check that the lists fit together."""
        expect(1 <= self.categories <= 100_000, "1 to 100000 categories", self.categories)
        expect(self.stacks >= 1, "at least 1 stack", self.stacks)
        # Building as many as a file may name could take for ever.
        blocks = self.stacks * (sum(self.hourglass_blocks) + sum(self.encoder_units))
        expect(1 <= blocks <= MOST_BLOCKS, f"1 to {MOST_BLOCKS} blocks in all stacks", blocks)
        lists = (self.stem_widths, self.hourglass_widths, self.encoder_widths)
        expect(max(map(len, lists)) <= MOST_LEVELS, f"at most {MOST_LEVELS} widths in a row", lists)
        widths = (*itertools.chain(*lists), self.pool_width, self.head_width, self.pan_width)
        ok = all(1 <= width <= MOST_WIDTH for width in widths)
        expect(ok, f"widths from 1 to {MOST_WIDTH} channels", widths)
        counts = (*self.hourglass_blocks, *self.encoder_units)
        expect(all(count >= 1 for count in counts), "at least 1 block at each resolution", counts)
        expect(
            len(self.hourglass_widths) == len(self.hourglass_blocks) >= 2,
            "as many hourglass_blocks as hourglass_widths, at least 2",
            (self.hourglass_widths, self.hourglass_blocks),
        )
        encoder = self.encoder
        known = ("hourglass", "nanodet")
        expect(encoder in known, "encoder 'hourglass' or 'nanodet'", encoder)
        if encoder == "nanodet":
            self._check_encoder()
        else:
            self._check_stem()
        kernel = self.head_kernel
        expect(kernel in (1, 3), "a head_kernel of 1 or 3 cells", kernel)
        expect(self.block in ("residual", "fire"), "block 'residual' or 'fire'", self.block)
        pooling, side = self.pooling, self.pool_window
        ok = pooling in ("corner", "window", "none")
        expect(ok, "pooling 'corner', 'window' or 'none'", pooling)
        odd = 1 <= side <= WIDEST_WINDOW and side % 2 == 1
        expect(odd, f"an odd pool_window from 1 to {WIDEST_WINDOW} cells", side)
        kinds = ("nearest", "transposed")
        expect(self.upsampling in kinds, "upsampling 'nearest' or 'transposed'", self.upsampling)

    def _check_encoder(self) -> None:
        widths, units = self.encoder_widths, self.encoder_units
        expect(
            len(widths) == len(units) == len(self.hourglass_widths) - 1,
            "as many encoder_widths as encoder_units, one fewer than hourglass_widths",
            (widths, units, self.hourglass_widths),
        )
        expect(self.stacks == 1, "1 stack with this encoder", self.stacks)
        stem = self.stem_widths
        expect(len(stem) == 2 and stem[0] == stem[1], "a stem of 2 equal widths", stem)

    @property
    def heatmap_stride(self) -> int:
        """Input pixels per heatmap cell: stem layers, and NanoDet's first stage, have stride 2."""
        return int(2 ** (len(self.stem_widths) + (self.encoder == "nanodet")))

    def _check_stem(self) -> None:
        expect(not self.recognition, "encoder 'nanodet' with recognition", self.encoder)
        widths = self.stem_widths
        expect(
            len(widths) >= 2 and widths[-1] == self.hourglass_widths[0],
            "a stem of at least 2 widths that ends with the hourglass's first width",
            (widths, self.hourglass_widths),
        )

    @property
    def recognised(self) -> int:
        """Channels that features have beside their own: what is recognised, by category."""
        return self.categories if self.recognition else 0

    @property
    def total_stride(self) -> int:
        """Input pixels per cell at the coarsest resolution; inputs must be a multiple of it."""
        return int(self.heatmap_stride * 2 ** (len(self.hourglass_widths) - 1))


HOURGLASS_104 = ModelConfig()
# CornerNet-Squeeze (Law et al., BMVC 2020): stride 8, and fire modules instead of residual blocks.
SQUEEZE = ModelConfig(
    stem_widths=(128, 256, 256),
    hourglass_widths=(256, 256, 384, 384, 512),
    hourglass_blocks=(2, 2, 2, 2, 4),
    head_kernel=1,
    block="fire",
    upsampling="transposed",
)
SHAPES_MODEL = ModelConfig(
    categories=8,
    stem_widths=(32, 64),
    hourglass_widths=(64, 64, 96, 96, 128),
    hourglass_blocks=(1, 1, 1, 1, 1),
    pool_width=32,
    head_width=32,
)
# NanoDet-Plus-m's encoder, and a way up and heads small enough for a processor.
PHOTOS_MODEL = ModelConfig(
    stacks=1,
    stem_widths=(24, 24),
    encoder="nanodet",
    encoder_widths=(116, 232, 464),
    encoder_units=(4, 8, 4),
    hourglass_widths=(96, 96, 96, 96),
    hourglass_blocks=(1, 1, 1, 1),
    pool_width=64,
    head_width=96,
    head_kernel=1,
    recognition=True,
)
