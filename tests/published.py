"""Checkpoints in the layouts of others, made of generated weights.

The names come from lists that were taken from the official code, CornerNet-Lite and mmdetection,
not from the table that the library uses.
"""

import sys
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Literal

import numpy as np
import torch
from torch import Tensor

FIXTURES = Path(__file__).parent / "fixtures"
Architecture = Literal["hourglass104", "squeeze"]
Column = Literal["official", "lite", "mmdetection"]
COLUMNS: tuple[Column, ...] = ("official", "lite", "mmdetection")
COUNTER = "num_batches_tracked"
# The published networks' channels, and those of a small network of the same structure.
TINY_CHANNELS = {80: 3, 128: 4, 192: 6, 256: 8, 384: 12, 512: 16}


def value_of(name: str, shape: tuple[int, ...], seed: int) -> Tensor:
    """Give an entry its value by its bare official name and a seed, as the parity numbers had."""
    if name.endswith(COUNTER):
        return torch.zeros((), dtype=torch.int64)
    rng = np.random.Generator(np.random.PCG64([zlib.crc32(name.encode()), seed]))
    noise = rng.standard_normal(shape, dtype=np.float32)
    if name.endswith("running_mean"):
        value = 0.1 * noise
    elif name.endswith("running_var"):
        value = 1.0 + 0.3 * np.abs(noise)
    elif len(shape) == 1 and name.endswith("weight"):
        value = 0.6 + 0.1 * noise
    elif name.endswith("bias"):
        value = 0.1 * noise
    else:
        value = noise * np.float32(np.sqrt(2.0 / np.prod(shape[1:])))
    return torch.from_numpy(np.ascontiguousarray(value.astype(np.float32)))


def weights(architecture: Architecture, *, is_tiny: bool) -> dict[str, Tensor]:
    """Give all entries under their official names (Squeeze: CornerNet-Lite's), no `module.`."""
    rows = FIXTURES.joinpath(f"{architecture}_keys.tsv").read_text().splitlines()
    entries = {}
    for row in rows:
        name, _, text = row.partition("\t")
        shape = tuple(int(side) for side in text.split(",")) if text else ()
        if is_tiny:
            shape = tuple(TINY_CHANNELS.get(side, side) for side in shape)
        entries[name] = value_of(name, shape, 1)
    return entries


def renamed(entries: dict[str, Tensor], layout: Column) -> dict[str, Tensor]:
    """Give Hourglass-104's entries the names that they have in a file of the layout."""
    rows = FIXTURES.joinpath("layout_names.tsv").read_text().splitlines()
    names = {row.split("\t")[0]: row.split("\t")[COLUMNS.index(layout)] for row in rows}
    return {names[f"module.{name}"]: tensor for name, tensor in entries.items()}


def write(
    path: Path, entries: dict[str, Tensor], *, is_zip: bool = False, meta: object = None
) -> Path:
    """Write a bare state_dict, or with `meta` mmdetection's dict of it and the meta data."""
    state = OrderedDict(entries)
    content = state if meta is None else {"meta": meta, "state_dict": state}
    torch.save(content, path, _use_new_zipfile_serialization=is_zip)
    return path


def write_layout(folder: Path, entries: dict[str, Tensor], layout: Column) -> Path:
    """Write Hourglass-104 as its publisher did: legacy pickles, and mmdetection's zip."""
    if layout == "mmdetection":
        meta = {"mmdet_version": "2.3.0", "epoch": 210, "CLASSES": None}
        path = folder / "mmdetection.pth"
        return write(path, renamed(entries, layout), is_zip=True, meta=meta)
    return write(folder / f"{layout}.pkl", renamed(entries, layout))


HISTORY_BUFFER = """
import numpy as np

class HistoryBuffer:
    methods = {}

    def __init__(self, values):
        self.max_length = 1000000
        self._log_history = np.array(values)
        self._count_history = np.ones(len(values), int)
        self.methods.setdefault("mean", HistoryBuffer.mean)

    def mean(self):
        return self._log_history.mean()

    def __getstate__(self):
        return {**self.__dict__, "statistics_methods": self.methods}
"""


@contextmanager
def history_buffer() -> Iterator[type]:
    """Give a class with the name and the kind of state of mmengine's, while files are written."""
    name = "mmengine.logging.history_buffer"
    module = ModuleType(name)
    exec(HISTORY_BUFFER, module.__dict__)  # only so do its methods have the names that are written
    parents = {"mmengine": ModuleType("mmengine"), "mmengine.logging": ModuleType(name[:16])}
    sys.modules.update({**parents, name: module})
    try:
        yield module.HistoryBuffer
    finally:
        for one in (*parents, name):
            del sys.modules[one]


def write_trained(path: Path, entries: dict[str, Tensor], *, is_zip: bool, numpy: int) -> Path:
    """Write what mmdetection 3 does during a training, as NumPy 1 or 2 names its types."""
    with history_buffer() as buffer:
        meta = {
            "epoch": np.int64(12),
            "seed": 3,
            "hook_msgs": {"best_score": np.float64(0.4), "last_ckpt": "epoch_11.pth"},
            "dataset_meta": {"classes": ("cat", "dog", "cow"), "palette": np.zeros((3, 3))},
        }
        content = {
            "meta": meta,
            "state_dict": OrderedDict(entries),
            "message_hub": {
                "log_scalars": OrderedDict({"train/loss": buffer([1.5, 0.5]), "lr": buffer([0.1])}),
                "runtime_info": OrderedDict(epoch=np.float32(1), is_best=np.bool_(True)),
            },
            "param_schedulers": [{"last_step": np.int64(5), "_global_step": 7}],
        }
        torch.save(content, path, _use_new_zipfile_serialization=is_zip)
    return path if numpy == 2 else _with_numpy_1(path)


def _with_numpy_1(path: Path) -> Path:
    new, old = b"cnumpy._core.", b"cnumpy.core."
    if not zipfile.is_zipfile(path):
        path.write_bytes(path.read_bytes().replace(new, old))
        return path
    with zipfile.ZipFile(path) as file:
        parts = {info.filename: file.read(info) for info in file.infolist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for name, data in parts.items():
            file.writestr(name, data.replace(new, old) if name.endswith("data.pkl") else data)
    return path
