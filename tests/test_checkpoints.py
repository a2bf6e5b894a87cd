"""Weights are read back exactly, strictly, and without running anything in the file."""

import json
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from cornernet.categories import COCO
from cornernet.checkpoints import (
    KNOWN_MODELS,
    CheckpointError,
    load_checkpoint,
    ncnn,
    save_checkpoint,
)
from cornernet.checkpoints.known import measured
from cornernet.config import PHOTOS_MODEL, DecodeConfig, PreprocessConfig
from cornernet.detector import Detector
from cornernet.model.network import CornerNet
from tests.conftest import needs_photos
from tests.tiny import TINY, tiny_checkpoint


@pytest.fixture
def saved(tmp_path: Path, tiny_network: CornerNet) -> Path:
    path = tmp_path / "tiny.safetensors"
    decode = DecodeConfig(top_k=33)
    save_checkpoint(path, tiny_checkpoint(tiny_network, ("red", "green", "blue"), decode))
    return path


def rewritten(path: Path, change: dict[str, torch.Tensor | None], **metadata: str) -> Path:
    """Change entries (None removes one) and metadata of a checkpoint."""
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        old = file.metadata()
    kept = {k: v for k, v in {**tensors, **change}.items() if v is not None}
    save_file(kept, path, metadata={**old, **metadata})
    return path


def test_settings_and_weights_come_back(saved: Path, tiny_network: CornerNet) -> None:
    loaded = load_checkpoint(saved)
    assert loaded.categories == ("red", "green", "blue")
    assert loaded.decode == DecodeConfig(top_k=33)
    assert loaded.preprocess == PreprocessConfig(longer_side=64, multiple=16)
    assert loaded.network.config == tiny_network.config
    assert not loaded.network.training
    for name, tensor in tiny_network.state_dict().items():
        is_exact = "running_" in name or not tensor.is_floating_point()
        expected = tensor if is_exact else tensor.half().float()
        assert torch.equal(loaded.network.state_dict()[name], expected), name


def test_saving_what_was_loaded_changes_nothing(saved: Path, tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "again.safetensors", load_checkpoint(saved))
    first, second = (
        load_checkpoint(p).network.state_dict() for p in (saved, tmp_path / "again.safetensors")
    )
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_pooling_comes_back_and_files_from_before_it_have_the_papers(
    saved: Path, otherwise_pooling_detector: Detector
) -> None:
    with safe_open(saved, framework="pt") as file:
        settings = json.loads(file.metadata()["settings"])
    model = {k: v for k, v in settings["model"].items() if k not in ("pooling", "pool_window")}
    assert len(model) == len(settings["model"]) - 2
    older = rewritten(saved, {}, settings=json.dumps({**settings, "model": model}))
    assert load_checkpoint(older).network.config == TINY
    network = otherwise_pooling_detector.network
    decode = DecodeConfig()
    save_checkpoint(saved, tiny_checkpoint(network, ("red", "green", "blue"), decode))
    loaded = load_checkpoint(saved).network
    assert loaded.config == network.config
    pixels = torch.randn(1, 3, 32, 32)
    outputs = [n(pixels).stacks[-1].top_left.pool.vertical_out for n in (network, loaded)]
    torch.testing.assert_close(*outputs, atol=1e-2, rtol=1e-2)  # the file is in half precision


KEY = "stem.0.conv.weight"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({KEY: None}, f"misses {KEY}"),
        ({"extra": torch.zeros(1)}, "unexpected extra"),
        ({KEY: torch.zeros(4, 3, 5, 5)}, f"other shapes for {KEY}"),
        ({KEY: torch.full((8, 3, 7, 7), torch.nan)}, f"no finite numbers in {KEY}"),
    ],
)
def test_wrong_entries_are_named(
    saved: Path, change: dict[str, torch.Tensor | None], message: str
) -> None:
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(rewritten(saved, change))


def test_wrong_settings_are_named(saved: Path) -> None:
    with pytest.raises(CheckpointError, match="cornernet-1"):
        load_checkpoint(rewritten(saved, {}, format="other"))
    with pytest.raises(CheckpointError, match="complete settings"):
        load_checkpoint(rewritten(saved, {}, format="cornernet-1", settings=json.dumps({})))


@pytest.mark.parametrize(
    "content", [b"", b"not a checkpoint", b"\xff" * 64], ids=["empty", "text", "noise"]
)
def test_damaged_files_are_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.safetensors"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"broken\.safetensors cannot be read"):
        load_checkpoint(path)


def test_a_truncated_file_is_refused(saved: Path) -> None:
    saved.write_bytes(saved.read_bytes()[:-100])
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_checkpoint(saved)


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('executed')",)


def test_a_pickle_is_never_executed(tmp_path: Path) -> None:
    path = tmp_path / "bomb.safetensors"
    path.write_bytes(pickle.dumps(_Bomb()))
    with pytest.raises(CheckpointError):
        load_checkpoint(path)


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(CheckpointError, match=r"shapes.*'no-such-model'"):
        load_checkpoint("no-such-model")


def test_the_shipped_model_fits_its_promises() -> None:
    known = KNOWN_MODELS["shapes"]
    size = known.file.stat().st_size
    assert size <= 10_000_000
    assert size / 2**20 == pytest.approx(known.megabytes, abs=0.05)
    checkpoint = load_checkpoint("shapes")
    assert checkpoint.name == "shapes"
    assert ", ".join(checkpoint.categories) == known.detects
    assert sum(p.numel() for p in checkpoint.network.parameters()) == known.parameters
    assert replace(checkpoint.decode, min_score=0.3) == checkpoint.decode
    card = known.file.with_suffix(".md").read_text()
    assert f"| AP | {float(known.ap.split()[0]) / 100:.3f} |" in card


def test_what_the_photos_model_promises_is_what_its_preset_builds() -> None:
    known, network = KNOWN_MODELS["photos"], CornerNet(PHOTOS_MODEL)
    assert sum(p.numel() for p in network.parameters()) == known.parameters
    entries = sum(t.numel() for t in network.state_dict().values())
    # Half precision; single for the statistics.
    assert 2 * known.parameters < known.megabytes * 2**20 < 4 * entries
    assert known.megabytes < 12


def test_the_encoders_origin_is_told_beside_the_weights() -> None:
    folder = KNOWN_MODELS["photos"].file.parent
    notice = (folder / "NOTICE").read_text()
    for fact in ("RangiLyu/nanodet", "Copyright 2020-2021 RangiLyu", ncnn.SHA256, ncnn.SOURCE):
        assert fact in notice
    assert "LICENSE-APACHE-2.0" in notice
    assert "Apache License" in (folder / "LICENSE-APACHE-2.0").read_text()


@needs_photos
def test_the_shipped_photos_model_fits_its_promises() -> None:
    known = KNOWN_MODELS["photos"]
    assert known.file.stat().st_size / 2**20 == pytest.approx(known.megabytes, abs=0.05)
    checkpoint = load_checkpoint("photos")
    assert checkpoint.categories == COCO
    assert sum(p.numel() for p in checkpoint.network.parameters()) == known.parameters
    assert set(measured("photos").get("known_by_name_only", [])) <= set(COCO)


def test_every_published_model_says_where_it_is_and_what_it_can_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    published = [model for model in KNOWN_MODELS.values() if model.url]
    assert len({model.file for model in published}) == len(published) == 6
    for model in published:
        assert model.url is not None
        assert model.url.startswith("https://")
        assert model.file.parent == tmp_path / "checkpoints"
        assert model.url.startswith("https://drive.google.com/") != (model.sha256 is not None)
        # A file of single precision; the statistics are a few hundred kilobytes.
        assert model.megabytes == pytest.approx(4 * model.parameters / 2**20, abs=1.5)
        with pytest.raises(CheckpointError, match=f"models download {model.name}`"):
            load_checkpoint(model.name)
