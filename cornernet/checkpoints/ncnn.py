"""Read NanoDet-Plus-m's published weights, in ncnn's format, into our encoder."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import nn

from cornernet.checkpoints.read import CheckpointError
from cornernet.model.network import CornerNet
from cornernet.model.pyramid import Encoder, Pyramid
from cornernet.model.shufflenet import BiasConv

SOURCE = "https://github.com/Qengineering/NanoDetPlus-ncnn-Raspberry-Pi-4"
FILE_NAME = "nanodet-plus-m_416.bin"
SHA256 = "f7555ca6cb9650ee41e2f0a53fdf46b6e187a2a09792208d8c3eec033b6ac615"
_HALF_PRECISION = b"\x47\x6b\x30\x01"  # ncnn's tag of weights stored as 16-bit floats
# The published heads' outputs: COCO's categories, and bins of four distances, which we leave out.
_OWN_HEAD = 80 + 4 * 8


def load_encoder(
    network: CornerNet, path: Path | None, recognised: Mapping[int, int] | None = None
) -> None:
    """Fill stem, backbone, Ghost-PAN and towers. Raise CheckpointError if the file does not fit.

    Of its own last layers, what `recognised` says goes to the recognisers: which of COCO's 80
    categories each of the network's is. The file holds nothing but convolutions in the order in
    which they compute, each as a tag, 16-bit weights padded to four bytes, and a 32-bit bias.
    """
    if path is None or not path.is_file():
        given = "none was given" if path is None else f"there is no file {path}"
        raise CheckpointError(
            f"Expected --pretrained with NanoDet-Plus-m's weights ({FILE_NAME} from {SOURCE}, "
            f"SHA-256 {SHA256}), but {given}; --pretrained none trains without them."
        )
    data = path.read_bytes()
    given = hashlib.sha256(data).hexdigest()
    if given != SHA256:
        raise CheckpointError(
            f"Expected {FILE_NAME} from {SOURCE} with SHA-256 {SHA256}, but {path} has {given}."
        )
    pyramid = network.stacks[0].hourglass
    assert isinstance(pyramid, Pyramid)
    place, encoder = 0, pyramid.encoder
    with torch.no_grad():
        own_heads = [BiasConv(network.config.pan_width, _OWN_HEAD, 1) for _ in encoder.towers]
        for conv in _convolutions(network.stem, encoder, own_heads):
            place = _read(conv, data, place)
        rows = recognised or {}
        for ours, theirs in zip(encoder.recognisers, own_heads, strict=False):
            assert isinstance(ours, nn.Conv2d)
            _copy_rows(ours, theirs, rows)


def _copy_rows(ours: nn.Conv2d, theirs: nn.Conv2d, rows: Mapping[int, int]) -> None:
    assert ours.bias is not None
    assert theirs.bias is not None
    to, source = list(rows), list(rows.values())
    ours.weight[to], ours.bias[to] = theirs.weight[source], theirs.bias[source]


def _convolutions(
    stem: nn.Module, encoder: Encoder, own_heads: list[BiasConv]
) -> Iterator[nn.Conv2d]:
    """Return convolutions in the file's order."""
    for part in (stem, encoder.backbone, encoder.pan):
        yield from (module for module in part.modules() if isinstance(module, nn.Conv2d))
    for tower, own_head in zip(encoder.towers, own_heads, strict=True):
        yield from (module for module in tower.modules() if isinstance(module, nn.Conv2d))
        yield own_head


def _read(conv: nn.Conv2d, data: bytes, place: int) -> int:
    """Fill one convolution from the bytes at `place`; give the place behind it."""
    assert conv.bias is not None
    assert data[place : place + 4] == _HALF_PRECISION, "the hash vouches for the file"
    count, start = conv.weight.numel(), place + 4
    weights = np.frombuffer(data, "<f2", count, start).astype(np.float32)
    conv.weight.copy_(torch.from_numpy(weights).reshape(conv.weight.shape))
    start += (2 * count + 3) // 4 * 4
    bias = np.frombuffer(data, "<f4", conv.out_channels, start)
    conv.bias.copy_(torch.from_numpy(bias.copy()))
    return start + 4 * conv.out_channels
