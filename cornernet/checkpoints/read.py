"""From a file of any kind to its tensors; nothing in the file is ever run."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from cornernet.checkpoints.honest import expect_honest, expect_stored

FileKind = Literal["safetensors", "zip", "pickle"]
KINDS = "a safetensors file, an official or CornerNet-Lite .pkl, or an mmdetection .pth"


class _Forgotten:
    """What stands for a value of a training's history: it keeps nothing and does nothing."""

    def __new__(cls, *_: object) -> "_Forgotten":
        return super().__new__(cls)

    def __init__(self, *_: object) -> None:
        pass

    def __setstate__(self, _: object) -> None:
        pass


# What mmdetection writes beside the weights: buffers of NumPy values, whose state names their own
# methods by `getattr`. Nothing of that is needed, so neither NumPy nor `getattr` is called.
_HISTORY: list[Callable[..., Any] | tuple[Callable[..., Any], str]] = [
    (_Forgotten, name)
    for name in (
        "mmengine.logging.history_buffer.HistoryBuffer",
        "builtins.getattr",
        "numpy.dtype",
        "numpy.ndarray",
        "numpy.core.multiarray._reconstruct",
        "numpy.core.multiarray.scalar",
        "numpy._core.multiarray._reconstruct",
        "numpy._core.multiarray.scalar",
    )
]
_ONE_AT_A_TIME = threading.Lock()  # PyTorch keeps the names it allows for all threads


class CheckpointError(ValueError):
    """A checkpoint that cannot be used, told in one sentence."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Content:
    """What a file holds; tensors are mapped from it where its kind allows."""

    kind: FileKind
    tensors: dict[str, Tensor]
    metadata: Mapping[str, Any]  # safetensors: strings; others: the "meta" beside a "state_dict"


def read_content(path: Path, *, is_mapped: bool = True) -> Content:
    """Read a file, or map it into memory where its kind allows.

    Raise CheckpointError if it is damaged, or holds more than tensors and plain values.
    """
    kind = _kind_of(path)
    try:
        if kind == "safetensors":
            return _read_safetensors(path)
        return _read_torch(path, kind, is_mapped=is_mapped)
    except (CheckpointError, MemoryError):
        raise
    except Exception as error:  # a dozen types, by where the damage is
        raise _refusal(path, error) from error


def _kind_of(path: Path) -> FileKind:
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise CheckpointError(
            f"Expected a file that can be read, but {path.name} cannot: {error.strerror}."
        ) from error
    if is_web_page(start):
        raise CheckpointError(f"Expected {KINDS}, but {path.name} is a web page.")
    if start.startswith(b"PK\x03\x04"):
        return "zip"
    return "pickle" if start.startswith(b"\x80") and start[8:9] != b"{" else "safetensors"


def is_web_page(start: bytes) -> bool:
    """Return whether a file that starts so is HTML or XML, as an error page is."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!", b"<html", b"<?xml"))


def _read_safetensors(path: Path) -> Content:
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        expect_honest(tensors, path)
        return Content(kind="safetensors", tensors=tensors, metadata=file.metadata() or {})


def _read_torch(path: Path, kind: FileKind, *, is_mapped: bool) -> Content:
    if kind == "zip":
        expect_stored(path)
    # The format before PyTorch 1.6 (a bare pickle) cannot be mapped into memory.
    with _ONE_AT_A_TIME, torch.serialization.safe_globals(_HISTORY):
        loaded = torch.load(
            path, map_location="cpu", weights_only=True, mmap=is_mapped and kind == "zip"
        )
    is_wrapped = isinstance(loaded, Mapping) and isinstance(loaded.get("state_dict"), Mapping)
    state = loaded["state_dict"] if is_wrapped else loaded
    metadata = loaded.get("meta") if is_wrapped else None
    if not (isinstance(state, Mapping) and state and _all_tensors(state)):
        raise CheckpointError(
            f"Expected a state_dict of tensors in {path.name}, but it holds something else."
        )
    expect_honest(state, path)
    return Content(
        kind=kind,
        tensors=dict(state),
        metadata=metadata if isinstance(metadata, Mapping) else {},
    )


def _all_tensors(state: Mapping[Any, Any]) -> bool:
    return all(isinstance(k, str) and isinstance(v, Tensor) for k, v in state.items())


def _refusal(path: Path, error: Exception) -> CheckpointError:
    code = re.search(r"GLOBAL (\S+) was not an allowed global|call reduce for", str(error))
    if code:
        return CheckpointError(
            f"Expected only tensors and plain values, but {path.name} asks to run "
            f"{code.group(1) or 'something'} when it is read, which could do anything; it was not "
            "loaded. Where it was made, this keeps its weights alone: "
            f"w = torch.load({path.name!r}, weights_only=False); "
            "torch.save(w.get('state_dict', w), 'weights.pth')"
        )
    what = "it is no such file" if isinstance(error, SafetensorError) else "it is damaged"
    first_line = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
    return CheckpointError(
        f"Expected {KINDS}, but {path.name} cannot be read as one; {what}: {first_line}"
    )
