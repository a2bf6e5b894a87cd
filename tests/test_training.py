"""A run resumes exactly, learns, survives Ctrl-C, and keeps its schedule."""

import csv
import itertools
import math
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from cornernet.categories import SHAPES
from cornernet.config import PenaltyReduction, PreprocessConfig, TrainConfig
from cornernet.data.samples import Sample, ShapesSource, TrainingSet
from cornernet.training.interrupt import Terminated, held_back
from cornernet.training.schedule import input_size_at, learning_rate_at
from cornernet.training.state import (
    Progress,
    TrainState,
    load_run,
    new_network,
    new_state,
)
from cornernet.training.step import take_step
from cornernet.training.train import Run, train
from tests.tiny import TINY

MODEL = replace(TINY, categories=len(SHAPES))
CONFIG = TrainConfig(
    steps=6,
    batch_size=2,
    input_sizes=((0.0, 80), (0.5, 96)),
    warmup_steps=2,
    workers=0,
    log_every=1,
)


def make_run(folder: Path, config: TrainConfig = CONFIG) -> Run:
    folder.mkdir(exist_ok=True)
    return Run(
        config=config,
        model=MODEL,
        preprocess=PreprocessConfig(longer_side=80, multiple=16),
        source=ShapesSource(config.seed),
        folder=folder,
    )


def read_log(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "log.csv").read_text().splitlines()))


def fresh(config: TrainConfig = CONFIG) -> TrainState:
    return new_state(new_network(MODEL, config.seed), config, torch.device("cpu"))


def equal(first: TrainState, second: TrainState) -> bool:
    pairs = [(first.network, second.network), (first.average, second.average)]
    return all(
        torch.equal(tensor, b.state_dict()[name])
        for a, b in pairs
        for name, tensor in a.state_dict().items()
    )


class _Stop:
    """Draw like the source inside, and press Ctrl-C at one image."""

    def __init__(self, source: ShapesSource, at: int) -> None:
        self.source, self.at = source, at

    def __call__(self, index: int, longer_side: int) -> Sample:
        if index == self.at:
            raise KeyboardInterrupt
        return self.source(index, longer_side)


@pytest.mark.parametrize("stop_at_image", [4, 8])
def test_a_stopped_run_resumes_exactly(tmp_path: Path, stop_at_image: int) -> None:
    whole = fresh()
    train(make_run(tmp_path / "whole"), whole, Progress())

    run = make_run(tmp_path / "parts")
    stopped = fresh()
    with pytest.raises(KeyboardInterrupt):
        train(replace(run, source=_Stop(ShapesSource(1), stop_at_image)), stopped, Progress())
    resumed = fresh(replace(CONFIG, seed=99))  # another start: all must come from the file
    progress = load_run(tmp_path / "parts", resumed)
    assert progress.images == stop_at_image
    progress = train(run, resumed, progress)
    assert (progress.steps, progress.images) == (6, 12)
    assert equal(whole, resumed)
    losses = [[row["total"] for row in read_log(tmp_path / name)] for name in ("whole", "parts")]
    assert losses[0] == losses[1]


@pytest.fixture
def listens() -> Iterator[None]:
    """Let signals mean what they mean at first: in the background Ctrl-C would be ignored."""
    first = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in first.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("listens")
@pytest.mark.parametrize(
    ("number", "raised", "workers"),
    [
        (signal.SIGINT, KeyboardInterrupt, 0),
        (signal.SIGINT, KeyboardInterrupt, 1),
        (signal.SIGTERM, Terminated, 0),
        (signal.SIGTERM, Terminated, 1),
    ],
)
def test_a_signal_in_the_middle_of_a_step_waits_for_its_end(
    tmp_path: Path, number: signal.Signals, raised: type[BaseException], workers: int
) -> None:
    config = replace(CONFIG, workers=workers)
    whole = fresh()
    train(make_run(tmp_path / "whole"), whole, Progress())

    stopped, count = fresh(), itertools.count(1)

    def press(*_: object) -> None:
        if next(count) == 3:
            os.kill(os.getpid(), number)
            next(stopped.network.parameters()).data += 0  # where Python raises what waits

    stopped.optimizer.register_step_pre_hook(press)
    before = signal.getsignal(number)
    with pytest.raises(raised):
        train(make_run(tmp_path / "parts", config), stopped, Progress())
    assert signal.getsignal(number) is before
    resumed = fresh()
    progress = load_run(tmp_path / "parts", resumed)
    assert (progress.steps, progress.images) == (3, 6)
    train(make_run(tmp_path / "parts", config), resumed, progress)
    assert equal(whole, resumed)


@pytest.mark.usefixtures("listens")
def test_a_second_ctrl_c_comes_through_at_once() -> None:
    with held_back() as let_through:
        let_through()
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            let_through()


def test_all_targets_move_to_the_device() -> None:
    scenes = TrainingSet(
        source=ShapesSource(1),
        start=0,
        longer_side=80,
        model=MODEL,
        preprocess=PreprocessConfig(longer_side=80, multiple=16),
        reduction=PenaltyReduction(),
    )
    _, targets = scenes[0]
    moved = targets.to(torch.device("meta"))
    tensors = [moved.is_object, moved.is_known]
    for corner in (moved.top_left, moved.bottom_right):
        tensors += [corner.heatmap, corner.cell, corner.offset]
    assert {tensor.device.type for tensor in tensors} == {"meta"}


def same_four(index: int, longer_side: int) -> Sample:
    return ShapesSource(1)(index % 4, longer_side)


def test_training_lowers_the_loss_and_averages_the_weights(tmp_path: Path) -> None:
    config = replace(CONFIG, steps=30, batch_size=4, input_sizes=((0.0, 80),), learning_rate=1e-2)
    state = fresh(config)
    train(replace(make_run(tmp_path / "run", config), source=same_four), state, Progress())
    rows = read_log(tmp_path / "run")
    first, last = (sum(float(r["total"]) for r in part) for part in (rows[:5], rows[-5:]))
    assert last < 0.6 * first
    assert not torch.equal(
        state.network.stem[0].conv.weight, state.average.module.stem[0].conv.weight
    )
    assert {"heatmap", "pull", "push", "offset", "learning_rate", "seconds"} <= set(rows[0])


def test_a_run_of_minutes_ends_by_the_clock(tmp_path: Path) -> None:
    config = replace(CONFIG, steps=None, minutes=0.02)
    progress = train(make_run(tmp_path / "run", config), fresh(config), Progress())
    assert progress.steps >= 1
    assert 0 < progress.seconds < 60


def test_checkpoints_of_other_settings_are_refused(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", replace(CONFIG, steps=1))
    train(run, fresh(), Progress())
    wider = new_network(replace(MODEL, pool_width=8), CONFIG.seed)
    other = new_state(wider, CONFIG, torch.device("cpu"))
    with pytest.raises(ValueError, match="same settings"):
        load_run(tmp_path / "run", other)
    with pytest.raises(ValueError, match="there is no"):
        load_run(tmp_path / "none", other)
    (tmp_path / "run" / "checkpoint.pt").write_bytes(b"noise")
    with pytest.raises(ValueError, match=r"checkpoint\.pt is damaged"):
        load_run(tmp_path / "run", other)


def test_a_broken_gradient_changes_nothing() -> None:
    state, before = fresh(), fresh()
    loss = sum(p.sum() for p in state.network.parameters()) * torch.nan
    loss.backward()
    assert math.isnan(take_step(state, 1.0, 1.0))
    assert equal(state, before)
    sum((p**2).sum() for p in state.network.parameters()).backward()
    take_step(state, 1.0, 1.0)
    assert not equal(state, before)


def test_learning_rate_rises_then_falls() -> None:
    config = TrainConfig(steps=100, warmup_steps=10, learning_rate=1.0, final_learning_rate=0.1)
    rates = [learning_rate_at(config, step, step / 100) for step in range(101)]
    assert rates[0] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1.0, abs=0.03)
    assert rates.index(max(rates)) in (9, 10)
    assert all(a >= b for a, b in itertools.pairwise(rates[10:]))
    assert rates[-1] == pytest.approx(0.1)


def test_input_sizes_follow_the_share_of_the_run() -> None:
    config = TrainConfig(steps=1, input_sizes=((0.0, 128), (0.5, 256)))
    assert [input_size_at(config, share) for share in (0.0, 0.49, 0.5, 1.0)] == [128, 128, 256, 256]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"minutes": 1.0, "steps": 1},
        {"minutes": -1.0},
        {"minutes": math.inf},
        {"minutes": math.nan},
        {"steps": 1, "batch_size": 0},
        {"steps": 1, "accumulate": 0},
        {"steps": 1, "learning_rate": math.nan},
        {"steps": 1, "learning_rate": 0.0},
        {"steps": 1, "seed": -1},
        {"steps": 1, "ema_decay": 1.0},
        {"steps": 1, "input_sizes": ((0.5, 64),)},
    ],
)
def test_impossible_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"^Expected"):
        TrainConfig(**wrong)
