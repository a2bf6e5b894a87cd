"""The training loop."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor
from tqdm import tqdm

from cornernet.config import ModelConfig, PreprocessConfig, TrainConfig
from cornernet.data.loading import batches
from cornernet.data.samples import Batch, SampleSource, TrainingSet
from cornernet.device import autocast, training_precision
from cornernet.training.freezing import Thawing
from cornernet.training.health import DivergedError, Health, fault_of_values
from cornernet.training.interrupt import held_back
from cornernet.training.log import CsvLog
from cornernet.training.losses import Losses, LossWeights, detection_losses
from cornernet.training.schedule import Clock, input_size_at, learning_rate_at
from cornernet.training.state import (
    Progress,
    TrainState,
    memory_format,
    save_checkpoint,
    take_step,
)
from cornernet.training.validation import Validation, Validator

Parts = TypeVar("Parts")


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a training run is made of; `folder` receives checkpoint.pt and the logs."""

    config: TrainConfig
    model: ModelConfig
    preprocess: PreprocessConfig
    source: SampleSource
    folder: Path
    device: torch.device
    validation: Validation | None = None


def checkpoint_path(folder: Path) -> Path:
    """Return where a run's last good state is."""
    return folder / "checkpoint.pt"


def train(run: Run, state: TrainState, progress: Progress) -> Progress:
    """Train until the config's minutes or steps are over.

    What ends it earlier, as Ctrl-C does, is raised again after saving; before the first step there
    is nothing to save. Raise DivergedError, with the reason, if the run is lost; its last good
    state stays saved.
    """
    config, health = run.config, Health()
    clock = Clock(config, progress.steps, progress.seconds)
    log = CsvLog(run.folder / "log.csv")
    thawing = Thawing(state.network, config)
    validator = Validator(run.folder / "validation.csv", run.validation, config, clock)
    saved_at: float | None = None
    with tqdm(total=1.0, initial=clock.share, **_BAR) as bar, held_back() as let_ctrl_c_through:
        try:
            for batch in _sized_batches(run, clock, progress.images):
                thawing.at(clock.share)
                rate = learning_rate_at(config, clock.steps, clock.share)
                losses, norm = _step(run, state, batch, rate, health)
                clock.tick()
                progress = Progress(
                    steps=clock.steps,
                    images=progress.images + len(batch.pixels),
                    seconds=clock.seconds,
                )
                if clock.steps % config.log_every == 0 or clock.is_over:
                    log.write(_row(progress, losses, rate, norm))
                    bar.set_postfix_str(_summary(progress, losses) + validator.summary)
                    bar.update(clock.share - bar.n)
                # The first step is saved, too: a folder that cannot be written shows at once.
                if saved_at is None or clock.seconds - saved_at > 60 * config.checkpoint_minutes:
                    _save(run, state, progress)
                    saved_at = clock.seconds
                validator.after_step(state.averaged_network, progress)
                let_ctrl_c_through()
            validator.finish(state.averaged_network, progress)
            _save(run, state, progress)
        except DivergedError:
            raise
        except BaseException:
            if saved_at is not None:
                _save(run, state, progress)
            raise
    return progress


def _step(
    run: Run, state: TrainState, batch: Batch, rate: float, health: Health
) -> tuple[Losses, float]:
    config, device = run.config, run.device
    with autocast(device, training_precision(device)):
        layout = memory_format(config.memory_layout)
        output = state.network(batch.pixels.to(device, memory_format=layout, non_blocking=True))
    weights = LossWeights(
        pull=config.pull_weight, push=config.push_weight, offset=config.offset_weight
    )
    losses = detection_losses(output, move(batch.targets, device), weights)
    health.expect_loss(losses.total.item())
    norm = take_step(state, losses.total, rate, config.clip_norm)
    health.expect_gradient(norm)
    return losses, norm


def _save(run: Run, state: TrainState, progress: Progress) -> None:
    fault = fault_of_values(state.network) or fault_of_values(state.average)
    if fault:
        raise DivergedError(fault)
    save_checkpoint(checkpoint_path(run.folder), state, progress)


_BAR = {
    "unit": "run",
    "bar_format": "{percentage:5.1f}% |{bar}| {elapsed} elapsed, {remaining} left{postfix}",
}


def _sized_batches(run: Run, clock: Clock, images: int) -> Iterator[Batch]:
    """Yield batches until the clock is over, at the input size of the moment."""
    while not clock.is_over:
        size = input_size_at(run.config, clock.share)
        training_set = TrainingSet(
            source=run.source,
            start=images,
            longer_side=size,
            model=run.model,
            preprocess=run.preprocess,
            min_overlap=run.config.min_overlap,
        )
        for batch in batches(training_set, run.config.batch_size, run.config.workers):
            if clock.is_over or input_size_at(run.config, clock.share) != size:
                break
            yield batch
            images += len(batch.pixels)


def move(parts: Parts, device: torch.device) -> Parts:
    """Copy a dataclass of tensors, or of other such dataclasses, to a device."""
    moved = {
        field.name: part.to(device) if isinstance(part, Tensor) else move(part, device)
        for field in fields(parts)  # type: ignore[arg-type]
        for part in (getattr(parts, field.name),)
    }
    return replace(parts, **moved)  # type: ignore[type-var]


def _row(progress: Progress, losses: Losses, rate: float, norm: float) -> dict[str, object]:
    values = {name: round(value.item(), 6) for name, value in losses.items()}
    return {**vars(progress), "learning_rate": rate, "gradient_norm": round(norm, 4), **values}


def _summary(progress: Progress, losses: Losses) -> str:
    parts = " ".join(f"{name} {value.item():.3f}" for name, value in losses.items())
    return f", {progress.images} images, {parts}"
