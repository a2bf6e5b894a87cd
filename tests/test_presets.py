"""Every preset trains through each of its input sizes, and answers with what it learnt."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cornernet.config import OFFICIAL_PREPROCESS, ModelConfig, PreprocessConfig, TrainConfig
from cornernet.data.augment import augment
from cornernet.data.samples import Sample, SampleSource, ShapesSource, TrainingSet
from cornernet.detector import load_detector
from cornernet.presets import PRESETS, Preset
from cornernet.training import begin as beginning
from cornernet.training.schedule import learning_rate_at


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
    assert trained[-1] == (preset.preprocess.longer_side or 511)


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


@pytest.mark.parametrize(
    ("name", "batch_size", "cards"), [("coco-hourglass104", 49, 10), ("coco-squeeze", 55, 4)]
)
def test_the_papers_recipe_is_carried_to_the_number(name: str, batch_size: int, cards: int) -> None:
    preset = PRESETS[name]
    train = preset.train
    assert (train.steps, train.batch_size, train.input_sizes) == (
        500_000,
        batch_size,
        ((0.0, 511),),
    )
    rates = {step: learning_rate_at(train, step, step / 500_000) for step in (0, 449_999, 450_000)}
    assert rates == {0: 2.5e-4, 449_999: 2.5e-4, 450_000: pytest.approx(2.5e-5)}
    assert train.pull_weight == train.push_weight == pytest.approx(0.1 * batch_size / cards)
    assert (train.offset_weight, train.min_overlap, train.corner_prior) == (1.0, 0.3, 0.1)
    assert (train.weight_decay, train.warmup_steps, train.ema_decay) == (0.0, 0, 0.0)
    assert train.crop_of == "input"
    assert preset.preprocess == OFFICIAL_PREPROCESS


def test_an_input_of_511_pixels_has_128_cells() -> None:
    preset = PRESETS["coco-hourglass104"]
    pixels, targets = TrainingSet(
        source=ShapesSource(1),
        start=0,
        longer_side=511,
        model=replace(preset.model, categories=8),
        preprocess=preset.preprocess,
        reduction=preset.train.reduction,
    )[0]
    assert tuple(pixels.shape) == (3, 511, 511)
    assert targets.top_left.heatmap.shape[1:] == (128, 128)


@pytest.mark.parametrize(("size", "sides"), [(511, {306, 357, 408, 459, 511, 562, 613, 664})])
def test_the_papers_crops_are_of_the_input(size: int, sides: set[int]) -> None:
    """A box has, in the input, its side times what the crop was resized by.

    The paper's code has 510 for 511, by a rounding of its steps of a tenth.
    """
    image = np.full((60, 60, 3), 200, np.uint8)
    whole = Sample(
        image=image,
        boxes_xyxy_px=torch.tensor([[20.0, 20.0, 40.0, 40.0]]),
        labels=torch.tensor([0]),
    )
    found = set()
    for seed in range(60):
        cropped = augment(whole, size, np.random.default_rng(seed), "input")
        (box,) = cropped.boxes_xyxy_px.tolist()
        found.add(round(size * 20 / (box[2] - box[0])))
        assert cropped.image[0, 0].max() < 100  # black but for the colours' changes
    assert found == sides
