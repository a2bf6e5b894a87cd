"""Every preset trains through each of its input sizes, and answers with what it learnt."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cornernet.config import ModelConfig, PreprocessConfig, TrainConfig
from cornernet.data.samples import Sample, SampleSource, ShapesSource
from cornernet.detector import load_detector
from cornernet.presets import PRESETS, Preset
from cornernet.training import begin as beginning


def narrow(model: ModelConfig) -> ModelConfig:
    """Keep every depth and stride; 16 channels, of which a fire module's parts have 8."""
    return replace(
        model,
        encoder_widths=(16,) * len(model.encoder_widths),
        stem_widths=(16,) * len(model.stem_widths),
        hourglass_widths=(16,) * len(model.hourglass_widths),
        pool_width=8,
        head_width=8,
    )


class Sizes:
    """Draw scenes, and remember the sizes that were asked for."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def __call__(self, index: int, longer_side: int) -> Sample:
        self.seen.append(longer_side)
        return ShapesSource(1)(index, longer_side)


def train_and_detect(
    monkeypatch: pytest.MonkeyPatch, folder: Path, preset: Preset, given: dict[str, int]
) -> list[int]:
    """Train, let the result answer, and give the sizes trained at, in order."""
    sizes = Sizes()

    def source(*_: object, **__: object) -> tuple[SampleSource, tuple[str, ...]]:
        return sizes, tuple("abcdefgh")

    monkeypatch.setattr(beginning, "training_source", source)
    monkeypatch.setitem(PRESETS, "tried", preset)
    fresh = {"pretrained": "none"} if preset.model.encoder == "nanodet" else {}
    weights = beginning.begin(
        {"preset": "tried", "batch_size": 2, "workers": 0, **fresh, **given}, folder, "cpu"
    )
    detector = load_detector(weights, device="cpu")
    observation = detector.observe(np.full((300, 400, 3), 200, np.uint8))
    assert max(observation.canvas.shape[:2]) == sizes.seen[-1]
    rows = list(csv.DictReader((folder / "log.csv").read_text().splitlines()))
    assert rows[-1]["steps"] == str(given["steps"])
    return list(dict.fromkeys(sizes.seen))


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("batch_size", [1, 2])
def test_each_preset_trains_through_its_sizes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, batch_size: int
) -> None:
    preset = replace(PRESETS[name], model=narrow(PRESETS[name].model))
    given = {"steps": 6, "batch_size": batch_size}
    trained = train_and_detect(monkeypatch, tmp_path / "run", preset, given)
    assert trained == [size for _, size in preset.train.input_sizes]
    assert trained[-1] == preset.preprocess.longer_side


# Hourglass-104 takes 14 GiB and four minutes for this; narrow, it is tried above.
@pytest.mark.slow
@pytest.mark.parametrize("name", ["shapes", "photos", "squeeze"])
def test_a_real_network_takes_a_step_at_each_size(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    preset = PRESETS[name]
    trained = train_and_detect(monkeypatch, tmp_path / "run", preset, {"steps": 4})
    assert trained == [size for _, size in preset.train.input_sizes]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"input_sizes": ((0.0, 96), (0.5, 256))}, "multiples of 64 pixels, but 96"),
        ({"input_sizes": ((0.0, 0), (0.5, 256))}, "multiples of 64 pixels, but 0"),
        ({"input_sizes": ((0.0, 128),)}, "end at 256 pixels, but 128"),
        ({"input_sizes": ((0.0, 64), (0.5, 256)), "batch_size": 1}, "2 images of 64 pixels, but 1"),
    ],
)
def test_sizes_that_do_not_fit_the_network_are_refused(
    change: dict[str, object], message: str
) -> None:
    shapes = PRESETS["shapes"]
    with pytest.raises(ValueError, match=rf"^Expected .*{message}"):
        replace(shapes, train=replace(shapes.train, **change))


def test_the_schedule_of_the_shapes_model_is_the_one_that_made_it() -> None:
    train = PRESETS["shapes"].train
    assert train == TrainConfig(minutes=90.0)
    assert train.input_sizes == ((0.0, 128), (0.25, 192), (0.65, 256))
    assert PRESETS["shapes"].preprocess == PreprocessConfig(longer_side=256, multiple=64)
