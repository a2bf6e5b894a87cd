"""Whether a file's tensors are what they claim, found out before anything is done with them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

MOST_TENSORS = 5000  # Hourglass-104 has 1,128
SPARE_BYTES = 4096  # a scalar's storage may be told as larger than it is
_TYPES = frozenset(
    (
        *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
        *(torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64),
    )
)


def expect_honest(tensors: Mapping[str, Tensor], path: Path) -> None:
    """Raise ValueError unless these are plain tensors, all of whose values the file can hold.

    A tensor of a few bytes can claim any size, by strides of 0 or a sparse layout.
    """
    if len(tensors) > MOST_TENSORS:
        raise ValueError(f"it has {len(tensors):,} tensors, more than any network of this kind")
    for name, tensor in tensors.items():
        is_plain = tensor.layout is torch.strided and tensor.device.type == "cpu"
        if not is_plain or tensor.dtype not in _TYPES:
            raise ValueError(f"{name[:80]} is no plain tensor of numbers")
    claimed = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    there = path.stat().st_size + SPARE_BYTES
    if claimed > there:
        raise ValueError(f"its tensors claim {claimed:,} bytes, but it has {there:,}")


def expect_stored(path: Path) -> None:
    """Raise ValueError if a zip file's parts are compressed, and so could unpack to any size."""
    with zipfile.ZipFile(path) as parts:
        for part in parts.infolist():
            if part.compress_type != zipfile.ZIP_STORED or part.file_size != part.compress_size:
                raise ValueError(f"{part.filename[:80]} in it is compressed")


def expect_texts(values: Any, count: int) -> tuple[str, ...]:  # noqa: ANN401
    """Return names of categories. Raise ValueError unless they are so many texts."""
    is_list = isinstance(values, list | tuple)
    if not is_list or not all(isinstance(value, str) for value in values):
        raise ValueError("Expected categories named by text, but it has other values.")
    if len(values) != count:
        raise ValueError(f"Expected {count} names of categories, but there are {len(values)}.")
    return tuple(values)
