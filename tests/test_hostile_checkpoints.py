"""Checkpoint files made to harm: each is refused in one sentence, and soon."""

import io
import json
import pickle
import struct
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save

from cornernet.checkpoints import CheckpointError, load_checkpoint
from cornernet.config import DecodeConfig, PreprocessConfig
from cornernet.model.network import CornerNet

SECONDS = 5.0  # of processor time, for any file

Settings = dict[str, Any]


@pytest.fixture
def tensors(tiny_network: CornerNet) -> dict[str, torch.Tensor]:
    return dict(tiny_network.state_dict())


@pytest.fixture
def settings(tiny_network: CornerNet) -> Settings:
    return {
        "name": "tiny",
        "categories": ["red", "green", "blue"],
        "model": asdict(tiny_network.config),
        "preprocess": asdict(PreprocessConfig(longer_side=64, multiple=16)),
        "decode": asdict(DecodeConfig()),
    }


def refuse(path: Path) -> str:
    """Load a file, and give the sentence with which it is refused."""
    start = time.process_time()
    with pytest.raises(CheckpointError) as refused:
        load_checkpoint(path)
    assert time.process_time() - start < SECONDS
    told = str(refused.value)
    assert told.startswith("Expected ")
    assert len(told) < 2000
    return told


def test_the_file_that_all_others_spoil_is_read(
    tensors: dict[str, torch.Tensor], settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(ours(tensors, json.dumps(settings)))
    assert load_checkpoint(path).categories == ("red", "green", "blue")


def ours(tensors: dict[str, torch.Tensor], settings: str) -> bytes:
    return save(tensors, metadata={"format": "cornernet-1", "settings": settings})


LARGE, DEEP = 10**9, 100_000
VALUES: tuple[Any, ...] = (None, True, -1, 0, 1.5, LARGE, 1e300, "x", "", [], [1], {}, {"a": 1})
PLACES = (
    *(("model", name) for name in ("categories", "stacks", "pool_width", "head_kernel")),
    *(("model", name) for name in ("stem_widths", "hourglass_widths", "hourglass_blocks")),
    *(("model", name) for name in ("block", "encoder", "encoder_units")),
    *(("preprocess", name) for name in ("multiple", "mean", "std", "padding", "size_offset")),
    *(("decode", name) for name in ("top_k", "peak_window", "nms", "nms_sigma", "min_score")),
)
# Values that are as good as what they replace.
ALLOWED = {
    ("model", "encoder_units", "[]"),
    ("model", "encoder_units", "[1]"),
    ("preprocess", "size_offset", "-1"),
    ("preprocess", "size_offset", "0"),
    ("decode", "nms_sigma", "1.5"),
    ("decode", "nms_sigma", "1000000000"),
    ("decode", "nms_sigma", "1e+300"),
    ("decode", "min_score", "0"),
}


@pytest.mark.parametrize("place", PLACES, ids=".".join)
def test_settings_of_another_type_or_size(
    place: tuple[str, str],
    tensors: dict[str, torch.Tensor],
    settings: Settings,
    tmp_path: Path,
) -> None:
    path, (section, name) = tmp_path / "a.safetensors", place
    own = settings[section][name]
    for value in VALUES:
        if (section, name, json.dumps(value)) in ALLOWED or value == own:
            continue
        changed = {**settings, section: {**settings[section], name: value}}
        path.write_bytes(ours(tensors, json.dumps(changed)))
        refuse(path)


@pytest.mark.parametrize("section", ["model", "preprocess", "decode", "categories", "name"])
def test_sections_of_another_type(
    section: str, tensors: dict[str, torch.Tensor], settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "a.safetensors"
    for value in (*VALUES, ["a"], ["a", "b", 3], [["a"]] * 3, {"unknown": 1}, ["x"] * 1000):
        if section == "name" and isinstance(value, str):
            continue
        if section in ("preprocess", "decode") and value == {}:
            continue  # all as by default
        path.write_bytes(ours(tensors, json.dumps({**settings, section: value})))
        refuse(path)
    path.write_bytes(ours(tensors, json.dumps({k: v for k, v in settings.items() if k != section})))
    refuse(path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "7",
        '"x"',
        "{",
        "[" * DEEP,
        "[" * DEEP + "]" * DEEP,
        '{"a":' * DEEP + "1" + "}" * DEEP,
        '{"model": ' + "[" * DEEP + "]" * DEEP + "}",
        "9" * 10_000,
        '{"model": {"stacks": ' + "9" * 10_000 + "}}",
        '{"model": {"stacks": Infinity}}',
        "\0",
    ],
    ids=lambda text: f"{text[:12]}... {len(text)}",
)
def test_settings_that_are_none(
    text: str, tensors: dict[str, torch.Tensor], tmp_path: Path
) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(ours(tensors, text))
    refuse(path)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"stacks": 100_000}, "1 to 256 blocks"),
        ({"stacks": 3}, "the settings say stacks 3, but the tensors say 2"),
        ({"categories": 4}, "the settings say categories 4, but the tensors say 3"),
        ({"hourglass_widths": [8] * 1000, "hourglass_blocks": [1] * 1000}, "blocks in all stacks"),
        ({"hourglass_widths": [8] * 20, "hourglass_blocks": [1] * 20}, "widths in a row"),
        ({"hourglass_blocks": [1, 1, 100_000]}, "blocks in all stacks"),
        ({"hourglass_blocks": [1, -1, 1]}, "at least 1 block"),
        ({"hourglass_widths": [8, 10**12, 12]}, "widths from 1 to"),
        ({"pool_width": 5}, "the settings say pool_width 5, but the tensors say 4"),
    ],
)
def test_settings_are_compared_with_the_tensors_before_anything_is_built(
    changes: dict[str, Any],
    told: str,
    tensors: dict[str, torch.Tensor],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def build(_: object) -> CornerNet:
        raise AssertionError("a network is built")

    monkeypatch.setattr("cornernet.checkpoints.files._empty", build)
    path = tmp_path / "a.safetensors"
    changed = {**settings, "model": {**settings["model"], **changes}}
    path.write_bytes(ours(tensors, json.dumps(changed)))
    assert told in refuse(path)


def header(text: bytes, length: int | None = None, data: bytes = b"") -> bytes:
    """Give a safetensors file whose head says what it likes."""
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def entry(shape: list[int], offsets: list[int], dtype: str = "F32") -> bytes:
    return json.dumps({"a": {"dtype": dtype, "shape": shape, "data_offsets": offsets}}).encode()


def zipped(parts: dict[str, bytes], kind: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def saved(value: object, *, is_zip: bool = True) -> bytes:
    file = io.BytesIO()
    torch.save(value, file, _use_new_zipfile_serialization=is_zip)
    return file.getvalue()


def nested(depth: int) -> object:
    value: object = torch.zeros(1)
    for _ in range(depth):
        value = [value]
    return value


def compressed() -> bytes:
    """Give a saved file whose parts are compressed, one of them from 300 million zeros."""
    with zipfile.ZipFile(io.BytesIO(saved({"a": torch.zeros(8)}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, "archive/data/1": bytes(300_000_000)}, zipfile.ZIP_DEFLATED)


SPARSE = torch.sparse_coo_tensor([[0]], [1.0], (10**12,), check_invariants=True)
FILES: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "one byte": lambda: b"\x80",
    "head of 2^63": lambda: header(b"{}", 2**63),
    "head of 2^64 - 1": lambda: header(b"{}", 2**64 - 1),
    "head longer than the file": lambda: header(b"{}", 10**6),
    "head of nothing": lambda: header(b"", 0),
    "deep head": lambda: header(b'{"a":' * DEEP + b"1" + b"}" * DEEP),
    "shape beyond the data": lambda: header(entry([LARGE], [0, 4 * LARGE])),
    "shape that overflows": lambda: header(entry([2**62, 2**62], [0, 4]), data=bytes(4)),
    "negative shape": lambda: header(entry([-1], [0, 4]), data=bytes(4)),
    "offsets turned about": lambda: header(entry([1], [4, 0]), data=bytes(4)),
    "unknown type": lambda: header(entry([1], [0, 4], "F33"), data=bytes(4)),
    "eight bits": lambda: save({"a": torch.zeros(4).to(torch.float8_e5m2)}),
    "complex": lambda: save({"a": torch.zeros(4, dtype=torch.complex64)}),
    "no metadata": lambda: save({"a": torch.zeros(4)}),
    "no settings": lambda: save({"a": torch.zeros(4)}, metadata={"format": "cornernet-1"}),
    "many tensors": lambda: save({f"stacks.{n}.conv.": torch.zeros(1) for n in range(20_000)}),
    "empty zip": lambda: zipped({}),
    "zip of texts": lambda: zipped({"a.txt": b"x"}),
    "compressed zip": compressed,
    "half a zip": lambda: saved({"a": torch.zeros(1000)})[:-500],
    "list": lambda: saved([torch.zeros(1)]),
    "number": lambda: saved(7),
    "deep list": lambda: saved(nested(200)),
    "no tensors": lambda: saved({"a": 1}),
    "numbers for names": lambda: saved({1: torch.zeros(1)}),
    "state of texts": lambda: saved({"state_dict": {"a": "x"}}),
    "expanded": lambda: saved({"kps.0": torch.zeros(1).expand(10**6, 10**6)}),
    "sparse": lambda: saved({"kps.0": SPARSE}),
    "without values": lambda: saved({"kps.0": torch.zeros(10**12, device="meta")}),
    "shared": lambda: saved({f"kps.{n}": torch.zeros(10**6)[:] for n in range(1)}),
    "one storage often": lambda: (lambda one: saved({f"kps.{n}": one for n in range(4000)}))(
        torch.zeros(10**5)
    ),
    "old list": lambda: saved([torch.zeros(1)], is_zip=False),
    "old expanded": lambda: saved({"kps.0": torch.zeros(1).expand(10**6, 10**6)}, is_zip=False),
    "old pickle of a call": lambda: pickle.dumps(time.sleep),
    "deep pickle": lambda: b"\x80\x02" + b"]" * 200_000 + b"a" * 199_999 + b".",
    "pickle without end": lambda: b"\x80\x02" + b"]" * 200_000,
    "pickle that says 2^60 bytes": lambda: b"\x80\x04\x8e" + struct.pack("<Q", 2**60) + b"x.",
    "web page": lambda: b"<!doctype html><html></html>",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("ending", ["safetensors", "pth"])
def test_files_that_are_no_checkpoints(name: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(FILES[name]())
    refuse(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    for path in (Path("/dev/zero"), tmp_path):
        refuse(path)
