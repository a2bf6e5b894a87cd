"""Validation while training: when, on what, what is kept, and that its time does not count."""

import csv
import json
import math
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from cornernet.checkpoints import load_checkpoint
from cornernet.cli import main
from cornernet.model.network import CornerNet
from cornernet.presets import PRESETS
from cornernet.training.schedule import Clock
from cornernet.training.state import Progress, new_network
from cornernet.training.validation import Validation, Validator
from tests.runs import TINY_PRESET, begin

pytestmark = pytest.mark.usefixtures("tiny_preset")

NETWORK = new_network(TINY_PRESET.model, seed=1)
CONFIG = replace(TINY_PRESET.train, minutes=60.0, validate_minutes=10.0)


class Hands:
    """A clock whose hands are moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.seconds)


class Figures:
    """Give figures one after the other; each takes three minutes."""

    def __init__(self, hands: Hands, values: list[float]) -> None:
        self.hands, self.values = hands, values
        self.kept = 0

    def measure(self, network: CornerNet) -> Mapping[str, float]:
        assert not network.training
        self.hands.seconds += 180
        return {"AP": self.values.pop(0), "AP50": 0.5}

    def keep(self) -> None:
        self.kept += 1


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def test_every_ten_minutes_of_training_and_at_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hands = Hands(monkeypatch)
    figures = Figures(hands, [0.1, math.nan, 0.3, 0.2, 0.25, 0.31])
    path = tmp_path / "validation.csv"
    asked = Validation(measure=figures.measure, keep_best=figures.keep)

    def go_on(minutes: int, progress: Progress) -> Progress:
        clock = Clock(CONFIG, progress.steps, progress.seconds)
        validator = Validator(path, asked, CONFIG, clock)
        for _ in range(minutes):
            hands.seconds += 60
            clock.tick()
            progress = Progress(steps=clock.steps, images=0, seconds=clock.seconds)
            validator.after_step(NETWORK, progress)
        validator.finish(NETWORK, progress)
        return Progress(steps=clock.steps, images=0, seconds=clock.seconds)

    first = go_on(25, Progress())
    assert first.seconds == 25 * 60
    assert figures.kept == 2
    go_on(15, first)
    assert [row["steps"] for row in rows(path)] == ["10", "20", "25", "30", "40"]
    assert [row["AP"] for row in rows(path)] == ["0.1", "nan", "0.3", "0.2", "0.25"]
    assert figures.kept == 2  # the best of the first session was not reached in the second
    go_on(1, Progress(steps=40, seconds=2400.0))
    assert figures.kept == 3


def test_no_validation_is_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hands = Hands(monkeypatch)
    figures = Figures(hands, [])
    asked = Validation(measure=figures.measure, keep_best=figures.keep)
    for given, config in ((None, CONFIG), (asked, replace(CONFIG, validate_minutes=None))):
        clock = Clock(config, 0, 0.0)
        validator = Validator(tmp_path / "validation.csv", given, config, clock)
        hands.seconds += 3600
        validator.after_step(NETWORK, Progress(steps=1))
        validator.finish(NETWORK, Progress(steps=2))
    assert not (tmp_path / "validation.csv").exists()


@pytest.mark.parametrize("data", ["annotations", "shapes"])
def test_the_command_line_validates(
    tmp_path: Path,
    annotations: Path,
    data: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "run"
    root = ["--val-image-root", str(annotations.parent / "images")]
    val = [str(annotations), *root] if data == "annotations" else ["shapes", "--val-images", "2"]
    if data == "shapes":
        tiny = replace(TINY_PRESET, model=replace(TINY_PRESET.model, categories=8))
        monkeypatch.setitem(PRESETS, "tiny", tiny)
        more = ["--data", "shapes", "--val", *val]
        assert main(["train", "--preset", "tiny", "--out", str(folder), "--steps", "2", *more]) == 0
    else:
        assert begin(folder, annotations, "--val", *val) == 0
    (row,) = rows(folder / "validation.csv")
    assert row["steps"] == ("6" if data == "annotations" else "2")
    assert set(row) >= {"images", "seconds", "AP", "AP50", "AP_large"}
    said = capsys.readouterr().err
    assert f"best in a validation: {folder / 'run-best.safetensors'}" in said
    best = load_checkpoint(folder / "run-best.safetensors")
    assert best.categories == load_checkpoint(folder / "run.safetensors").categories
    settings = json.loads((folder / "settings.json").read_text())
    assert settings["train"]["validate_minutes"] == 10.0
    assert main(["train", "--resume", "--change", "--out", str(folder), "--steps", "8"]) == 0
    assert [row["steps"] for row in rows(folder / "validation.csv")][-1] == "8"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--val", "none.json"], "there is no"),
        (["--validate-minutes", "5"], "--val with --validate-minutes"),
        (["--val", "shapes"], "some of the model's categories"),
        (["--val", "shapes", "--val-images", "0"], "at least 1 image"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_measured_writes_nothing(
    tmp_path: Path,
    annotations: Path,
    given: list[str],
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert begin(tmp_path / "run", annotations, *given) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_figures_of_partly_labelled_data_tell_their_parts(
    tmp_path: Path,
    annotations: Path,
) -> None:
    content = json.loads(annotations.read_text())
    first, *_ = content["images"]
    first["labelled"] = [content["categories"][0]["name"]]
    partly = annotations.with_name("partly.json")
    partly.write_text(json.dumps(content))
    root = str(annotations.parent / "images")
    assert begin(tmp_path / "run", partly, "--val", str(partly), "--val-image-root", root) == 0
    (row,) = rows(tmp_path / "run" / "validation.csv")
    assert {"AP50", "categories_known_in_all_images.AP50"} <= set(row)
