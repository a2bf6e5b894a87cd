"""Starting from other weights keeps what fits, says so, and learns new categories sooner."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from cornernet.checkpoints import Checkpoint, load_checkpoint, save_checkpoint
from cornernet.cli import main
from cornernet.config import (
    OFFICIAL_PREPROCESS,
    DecodeConfig,
    ModelConfig,
    PenaltyReduction,
    PreprocessConfig,
    TrainConfig,
)
from cornernet.data.loading import Division, batches
from cornernet.data.samples import Sample, SampleSource, TrainingSet
from cornernet.model.network import CornerNet
from cornernet.presets import PRESETS, Preset
from cornernet.training import begin as beginning
from cornernet.training.losses import LossWeights, detection_losses
from cornernet.training.settings import read_settings
from cornernet.training.start import start_from
from cornernet.training.state import new_network
from tests import published
from tests.tiny import TINY, TINY_PHOTOS

ONE = replace(TINY, stacks=1)  # three categories
LAST = "stacks.0.{}.logits.2"


def one_step(model: ModelConfig) -> Preset:
    """Train a network for a step."""
    return Preset(
        model=model,
        preprocess=PreprocessConfig(longer_side=64, multiple=model.total_stride),
        decode=DecodeConfig(),
        train=TrainConfig(steps=1, input_sizes=((0.0, 64),), batch_size=2, workers=0),
    )


def checkpoint_of(model: ModelConfig, categories: tuple[str, ...]) -> Checkpoint:
    return Checkpoint(
        name="start",
        network=new_network(replace(model, categories=len(categories)), seed=5),
        categories=categories,
        preprocess=OFFICIAL_PREPROCESS,
        decode=DecodeConfig(),
    )


def rows_alike(network: CornerNet, start: Checkpoint) -> list[list[int]]:
    """Give, by row of the last layer, the rows of the start that it equals."""
    ours, theirs = network.state_dict(), start.network.state_dict()
    name = LAST.format("bottom_right") + ".weight"
    return [[j for j, t in enumerate(theirs[name]) if t.equal(o)] for o in ours[name]]


@pytest.mark.parametrize(
    ("theirs", "ours", "rows", "told"),
    [
        (("a", "b", "c"), ("a", "b", "c"), [[0], [1], [2]], "100.0 % of the parameters)."),
        (("a", "b", "c"), ("c", "new", "a"), [[2], [], [0]], "but for the categories c, a."),
        (("a", "b", "c"), ("x", "y", "z"), [[], [], []], "new: stacks.0.top_left.logits.2, stacks"),
        (("a", "b"), ("b", "c", "d"), [[1], [], []], "but for the categories b."),
        (("a", "b", "c"), ("B ",), [[1]], "but for the categories B ."),
    ],
)
def test_rows_of_categories_go_by_name(
    theirs: tuple[str, ...], ours: tuple[str, ...], rows: list[list[int]], told: str
) -> None:
    start = checkpoint_of(ONE, theirs)
    network = new_network(replace(ONE, categories=len(ours)), seed=6)
    transfer = start_from(network, ours, start)
    assert rows_alike(network, start) == rows
    assert told in transfer.sentence()
    ours_state, theirs_state = network.state_dict(), start.network.state_dict()
    heads = tuple(LAST.format(corner) for corner in ("top_left", "bottom_right"))
    for name, tensor in ours_state.items():
        if not name.startswith(heads):
            assert tensor.equal(theirs_state[name]), name


def test_only_whole_layers_are_kept() -> None:
    start = checkpoint_of(replace(ONE, pool_width=8), ("a", "b", "c"))
    network = new_network(ONE, seed=6)
    transfer = start_from(network, ("a", "b", "c"), start)
    assert set(transfer.fresh) == {
        f"stacks.0.{corner}.pool.{part}"
        for corner in ("top_left", "bottom_right")
        for part in ("vertical.conv", "vertical.bn", "horizontal.conv", "horizontal.bn", "merge.0")
    }
    assert transfer.sentence().startswith(
        f"Kept {len(transfer.kept)} of {len(transfer.kept) + 10} layers of start ("
    )


@pytest.mark.parametrize("layout", published.COLUMNS)
def test_published_layouts_start_a_run(tmp_path: Path, layout: published.Column) -> None:
    path = published.write_layout(tmp_path, published.weights("hourglass104", is_tiny=True), layout)
    start = load_checkpoint(path)
    network = new_network(replace(start.network.config, categories=2), seed=6)
    transfer = start_from(network, ("kite", "boat"), start)
    assert set(transfer.fresh) == {
        f"stacks.{stack}.{corner}.logits.2"
        for stack in (0, 1)
        for corner in ("top_left", "bottom_right")
    }


@pytest.mark.parametrize("recognition", [True, False])
def test_a_network_recognises_if_the_weights_do_that_it_starts_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, recognition: bool
) -> None:
    path, folder = tmp_path / "start.safetensors", tmp_path / "run"
    model = replace(TINY_PHOTOS, recognition=recognition)
    save_checkpoint(path, checkpoint_of(model, ("star", "moon", "heart")))
    monkeypatch.setitem(PRESETS, "tiny", one_step(TINY_PHOTOS))
    assert main(["train", "--weights", str(path), "--out", str(folder)]) == 0
    assert read_settings(folder).model.recognition is recognition
    assert read_settings(folder).preset == "tiny"


def test_rows_of_what_is_recognised_go_by_name() -> None:
    start = checkpoint_of(TINY_PHOTOS, ("star", "moon", "heart"))
    network = new_network(replace(TINY_PHOTOS, categories=2), seed=6)
    start_from(network, ("heart", "kite"), start)
    for name, theirs in start.network.state_dict().items():
        if "recognisers" in name:
            ours = network.state_dict()[name]
            assert torch.equal(ours[0], theirs[2])
            assert not torch.equal(ours[1], theirs[0])


def test_weights_of_which_nothing_fits_are_refused() -> None:
    wide = replace(ONE, stem_widths=(16, 24), hourglass_widths=(24, 24, 28))
    start = checkpoint_of(replace(wide, pool_width=12, head_width=20), ("a", "b", "c"))
    with pytest.raises(ValueError, match=r"^Expected weights with some layer of this network"):
        start_from(new_network(ONE, seed=6), ("x", "y", "z"), start)


def test_a_run_sees_pixels_as_its_weights_did(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "start.safetensors"
    save_checkpoint(path, checkpoint_of(ONE, ("star", "moon", "heart")))
    monkeypatch.setitem(PRESETS, "tiny", one_step(ONE))
    folder = tmp_path / "run"
    assert main(["train", "--weights", str(path), "--out", str(folder)]) == 0
    said = capsys.readouterr().err
    assert "Kept 74 of 76 layers of start" in said
    assert "but for the categories star, heart." in said
    settings = read_settings(folder)
    assert (settings.preset, settings.weights) == ("tiny", str(path))
    seen = settings.preprocess
    assert (seen.mean, seen.channel_order) == (OFFICIAL_PREPROCESS.mean, "BGR")
    assert (seen.longer_side, seen.multiple, seen.size_offset) == (64, 16, 0)
    assert load_checkpoint(folder / "run.safetensors").preprocess == seen


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--weights", "nothing.pth"], "a model's name"),
        (["--weights", "squeeze"], "models download squeeze"),
        (["--weights", "{odd}"], f"--preset ({', '.join(PRESETS)}) with it"),
        (["--weights", "{odd}", "--preset", "squeeze"], "some layer of this network"),
    ],
)
def test_weights_that_cannot_start_a_run_write_nothing(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    given: list[str],
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    odd = tmp_path / "odd.safetensors"
    save_checkpoint(odd, checkpoint_of(ONE, ("a", "b", "c")))
    given = [part.format(odd=odd) for part in given]
    assert main(["train", "--out", str(tmp_path / "run"), "--steps", "1", *given]) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


KINDS = ("ring", "ladder", "comb")


def drawn(index: int, _: int) -> Sample:
    """Draw one of 20 images, each with two or three objects that no model has seen."""
    rng = np.random.default_rng([7, index % 20])
    image = Image.new("RGB", (128, 128), tuple(int(v) for v in rng.integers(200, 256, 3)))
    pen = ImageDraw.Draw(image)
    boxes, labels = [], []
    for slot in rng.permutation(4)[: rng.integers(2, 4)]:
        side = int(rng.integers(28, 52))
        x, y = (int(slot % 2) * 64 + 6, int(slot // 2) * 64 + 6)
        label = int(rng.integers(len(KINDS)))
        colour = tuple(int(v) for v in rng.integers(0, 140, 3))
        _draw(pen, label, (x, y, x + side, y + side), colour)
        boxes.append([x, y, x + side, y + side])
        labels.append(label)
    return Sample(
        image=np.array(image),
        boxes_xyxy_px=torch.tensor(boxes, dtype=torch.float32),
        labels=torch.tensor(labels),
    )


def _draw(
    pen: ImageDraw.ImageDraw, label: int, box: tuple[int, int, int, int], colour: tuple[int, ...]
) -> None:
    x1, y1, x2, y2 = box
    lines = {
        1: [(x1, y1, x1, y2), (x2, y1, x2, y2)]
        + [(x1, y, x2, y) for y in np.linspace(y1, y2, 5).astype(int).tolist()],
        2: [(x1, y1, x2, y1)]
        + [(x, y1, x, y2) for x in np.linspace(x1, x2, 5).astype(int).tolist()],
    }
    if label == 0:
        pen.ellipse(box, outline=colour, width=4)
    for line in lines.get(label, []):
        pen.line(line, fill=colour, width=3)


def loss_of(path: Path) -> float:
    """Give the loss of a trained network over the 20 images."""
    checkpoint = load_checkpoint(path)
    images = TrainingSet(
        source=drawn,
        start=0,
        longer_side=128,
        model=checkpoint.network.config,
        preprocess=checkpoint.preprocess,
        reduction=PenaltyReduction(),
    )
    (batch,) = next(batches(images, Division(batch_size=20), 0))
    with torch.inference_mode():
        output = checkpoint.network(batch.pixels)
    weights = LossWeights(pull=1.0, push=1.0, offset=1.0)
    return float(detection_losses(output, batch.targets, weights).total)


@pytest.mark.slow
def test_new_categories_are_learnt_in_half_the_steps(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def source(*_: object, **__: object) -> tuple[SampleSource, tuple[str, ...]]:
        return drawn, KINDS

    shapes = PRESETS["shapes"]
    short = replace(
        shapes,
        preprocess=replace(shapes.preprocess, longer_side=128),
        train=TrainConfig(
            steps=20, input_sizes=((0.0, 128),), batch_size=4, warmup_steps=5, workers=0
        ),
    )
    monkeypatch.setitem(PRESETS, "short", short)
    monkeypatch.setattr(beginning, "training_source", source)
    fresh = beginning.begin({"preset": "short"}, tmp_path / "fresh", "cpu")
    given = {"preset": "short", "weights": "shapes", "steps": 10}
    started = beginning.begin(given, tmp_path / "started", "cpu")
    assert loss_of(started) < loss_of(fresh)
