"""Networks that answer in a moment, one of each kind."""

from dataclasses import replace

from cornernet.checkpoints import Checkpoint
from cornernet.config import DecodeConfig, ModelConfig, PreprocessConfig
from cornernet.model.network import CornerNet

TINY = ModelConfig(
    categories=3,
    stacks=2,
    # Below 8 channels, training crashes on AVX2: oneDNN writes past the end of a workspace in the
    # weights' gradient of a strided 1x1 convolution (uxlfoundation/oneDNN#6035).
    stem_widths=(8, 8),
    hourglass_widths=(8, 8, 12),
    hourglass_blocks=(1, 1, 1),
    pool_width=4,
    head_width=6,
)
TINY_SQUEEZE = replace(
    TINY,
    stem_widths=(8, 12, 8),
    hourglass_blocks=(2, 1, 3),
    head_kernel=1,
    block="fire",
    upsampling="transposed",
)
TINY_PHOTOS = replace(
    TINY,
    stacks=1,
    stem_widths=(8, 8),
    encoder="nanodet",
    encoder_widths=(16, 16, 16),
    encoder_units=(1, 2, 1),
    pan_width=8,
    hourglass_widths=(8, 8, 8, 8),
    hourglass_blocks=(1, 1, 1, 1),
    head_kernel=1,
    recognition=True,
)


def tiny_checkpoint(
    network: CornerNet, categories: tuple[str, ...], decode: DecodeConfig
) -> Checkpoint:
    """Give what a file of the tiny network holds."""
    return Checkpoint(
        name="tiny",
        network=network,
        categories=categories,
        preprocess=PreprocessConfig(longer_side=64, multiple=16),
        decode=decode,
    )
