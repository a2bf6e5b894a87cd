"""`train --preset photos`: data in one folder, and an encoder to start from."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cornernet.cli import main
from cornernet.detector import load_detector
from cornernet.presets import PRESETS
from tests.tiny import TINY_PHOTOS


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    """Write one image, annotated twice: to train on, packed, and to measure with."""
    root = tmp_path / "data"
    root.mkdir()
    pixels = np.zeros((60, 80, 3), np.uint8)
    pixels[10:40, 20:50] = 255
    Image.fromarray(pixels).save(root / "1.png")
    content = {
        "images": [{"id": 1, "file_name": "1.png", "width": 80, "height": 60}],
        "categories": [{"id": 1, "name": "square"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [20, 10, 30, 30]}],
    }
    (root / "train.json.gz").write_bytes(gzip.compress(json.dumps(content).encode()))
    (root / "val.json").write_text(json.dumps(content))
    return root


@pytest.fixture
def tiny_photos(monkeypatch: pytest.MonkeyPatch) -> None:
    preset = PRESETS["photos"]
    train = replace(preset.train, input_sizes=((0.0, 64), (0.5, 384)))
    monkeypatch.setitem(PRESETS, "photos", replace(preset, model=TINY_PHOTOS, train=train))


def train(*arguments: str | Path) -> int:
    return main(["train", "--preset", "photos", "--workers", "0", *map(str, arguments)])


@pytest.mark.usefixtures("tiny_photos")
def test_a_folder_is_all_that_training_needs_and_resumes_from(
    data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    short = ("--batch-size", "2", "--out", out)
    assert train("--data-root", data_root, "--pretrained", "none", "--steps", "2", *short) == 0
    settings = json.loads((out / "settings.json").read_text())
    assert settings["data"] == str(data_root / "train.json.gz")
    assert settings["val"] == str(data_root / "val.json")
    assert settings["pretrained"] == "none"
    assert "AP" in (out / "validation.csv").read_text().splitlines()[0]
    assert load_detector(out / "run.safetensors", device="cpu").categories == ("square",)
    longer = ("--resume", "--out", str(out), "--change", "--steps", "3")
    assert main(["train", *longer]) == 0
    assert "Trained 3 steps" in capsys.readouterr().err
    assert main(["train", *longer, "--pretrained", "other.bin"]) == 2
    assert "Expected the pretrained that the run" in capsys.readouterr().err


@pytest.mark.usefixtures("tiny_photos")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), r"--pretrained with NanoDet-Plus-m's weights (nanodet-plus-m_416.bin from https://"),
        (("--pretrained", "nowhere.bin"), "but there is no file"),
        (("--pretrained", "none", "--image-root", "."), "--data-root or --image-root, but both"),
    ],
)
def test_what_is_missing_or_said_twice_is_told_before_anything_is_written(
    data_root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    told: str,
) -> None:
    out = tmp_path / "run"
    assert train("--data-root", data_root, "--out", out, "--steps", "1", *arguments) == 2
    assert told in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_without_annotations_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train("--data-root", tmp_path, "--out", tmp_path / "run", "--steps", "1") == 2
    assert "Expected train.json or train.json.gz in" in capsys.readouterr().err


def test_only_networks_with_the_encoder_start_from_its_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "run")
    assert main(["train", "--pretrained", "x.bin", "--out", out, "--steps", "1"]) == 2
    assert "a network that has such an encoder (--preset photos)" in capsys.readouterr().err
