"""What several test modules share: a tiny network and a detector made of it."""

from dataclasses import replace
from functools import cache

import pytest
import torch

from cornernet.checkpoints.known import KNOWN_MODELS
from cornernet.config import DecodeConfig, ModelConfig, PreprocessConfig
from cornernet.detector import Detector, load_detector
from cornernet.device import choose_precision
from cornernet.fast import FastNetwork
from cornernet.model.network import CornerNet

torch.set_num_threads(1)  # tiny networks gain nothing from more, and lose on a busy machine

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
)


@pytest.fixture
def tiny_network() -> CornerNet:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return CornerNet(TINY).eval().requires_grad_(False)


needs_photos = pytest.mark.skipif(
    not KNOWN_MODELS["photos"].file.is_file(), reason="the weights of `photos` are not here"
)
# Tests of what has to hold in every precision; bf16 works on every processor, slowly on some.
BOTH_PRECISIONS = pytest.mark.parametrize("precision", ["fp32", "bf16"])


@pytest.fixture
def precision() -> str:
    return "fp32"


@cache
def shapes_in(precision: str) -> Detector:
    """Load the shipped model once for all tests."""
    return load_detector("shapes", device="cpu", precision=precision)


@pytest.fixture
def shapes_detector(precision: str) -> Detector:
    return shapes_in(precision)


@pytest.fixture
def tiny_detector(tiny_network: CornerNet, precision: str) -> Detector:
    return Detector(
        name="tiny",
        network=tiny_network,
        fast=FastNetwork(tiny_network, choose_precision(precision)),
        categories=("red", "green", "blue"),
        preprocess=PreprocessConfig(longer_side=64, multiple=16),
        decode_config=DecodeConfig(min_score=0.0, top_k=40, max_embedding_distance=10.0),
        device=torch.device("cpu"),
    )
