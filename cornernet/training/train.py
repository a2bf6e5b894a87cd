"""The training loop."""

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel
from tqdm import tqdm

from cornernet.config import ModelConfig, PreprocessConfig, TrainConfig
from cornernet.data.samples import Batch, SampleSource, TrainingSet, batches
from cornernet.data.targets import CornerTargets, Targets
from cornernet.device import autocast, fast_precision
from cornernet.model.network import CornerNet
from cornernet.training.losses import Losses, LossWeights, detection_losses
from cornernet.training.schedule import Clock, input_size_at, learning_rate_at


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run is; what a checkpoint holds beside tensors."""

    steps: int = 0
    images: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainState:
    """All that changes while training."""

    network: CornerNet
    average: AveragedModel
    optimizer: torch.optim.Optimizer


def new_state(model: ModelConfig, config: TrainConfig, device: torch.device) -> TrainState:
    """Make a fresh network, its average and its optimizer, from the config's seed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        network = CornerNet(model)
    network = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = AveragedModel(
        network, multi_avg_fn=_warming_average(config.ema_decay), use_buffers=True
    )
    decayed = [p for p in network.parameters() if p.ndim > 1]
    plain = [p for p in network.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
    )
    return TrainState(network=network, average=average, optimizer=optimizer)


def _warming_average(decay: float):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Average exponentially, over few steps at first, so that the fresh weights are forgotten."""

    @torch.no_grad()
    def update(averages: list[Tensor], values: list[Tensor], count: Tensor | int) -> None:
        kept = min(decay, (1 + int(count)) / (10 + int(count)))
        for average, value in zip(averages, values, strict=True):
            if average.is_floating_point():
                average.lerp_(value.to(average.dtype), 1 - kept)
            else:
                average.copy_(value)

    return update


def save_checkpoint(path: Path, state: TrainState, progress: Progress) -> None:
    """Write all that `load_checkpoint` needs to go on exactly; replaces the file at once."""
    half_written = path.with_suffix(".partial")
    torch.save(
        {
            "network": state.network.state_dict(),
            "average": state.average.state_dict(),
            "optimizer": state.optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "progress": vars(progress),
        },
        half_written,
    )
    half_written.replace(path)


def load_checkpoint(path: Path, state: TrainState) -> Progress:
    """Restore a run's state. Raise ValueError if the file does not fit it."""
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        state.network.load_state_dict(saved["network"])
        state.average.load_state_dict(saved["average"])
        state.optimizer.load_state_dict(saved["optimizer"])
        torch.set_rng_state(saved["random"])
        return Progress(**saved["progress"])
    except FileNotFoundError as error:
        raise ValueError(
            f"Expected a checkpoint to resume from, but there is no {path}."
        ) from error
    except Exception as error:  # torch.load raises many types on damaged files
        raise ValueError(
            f"Expected a checkpoint of a run with the same settings, but {path} is none: {error}"
        ) from error


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a training run is made of; `folder` receives checkpoint.pt and log.csv."""

    config: TrainConfig
    model: ModelConfig
    preprocess: PreprocessConfig
    source: SampleSource
    folder: Path
    device: torch.device


def train(run: Run, state: TrainState, progress: Progress) -> Progress:
    """Train until the config's minutes or steps are over; Ctrl-C saves and raises again."""
    config, device = run.config, run.device
    precision = fast_precision(device)
    weights = LossWeights(
        pull=config.pull_weight, push=config.push_weight, offset=config.offset_weight
    )
    clock = Clock(config, progress.steps, progress.seconds)
    log = _Log(run.folder / "log.csv")
    saved_at = clock.seconds
    state.network.train()
    with tqdm(total=1.0, initial=clock.share, **_BAR) as bar:
        try:
            for batch in _sized_batches(run, clock, progress.images):
                rate = learning_rate_at(config, clock.steps, clock.share)
                with autocast(device, precision):
                    output = state.network(_pixels(batch, device))
                losses = detection_losses(output, _move(batch.targets, device), weights)
                norm = take_step(state, losses.total, rate, config.clip_norm)
                clock.tick()
                progress = Progress(
                    steps=clock.steps,
                    images=progress.images + len(batch.pixels),
                    seconds=clock.seconds,
                )
                if clock.steps % config.log_every == 0 or clock.is_over:
                    log.write(progress, losses, rate, norm)
                    bar.set_postfix_str(_summary(progress, losses))
                    bar.update(clock.share - bar.n)
                if clock.seconds - saved_at > 60 * config.checkpoint_minutes:
                    save_checkpoint(run.folder / "checkpoint.pt", state, progress)
                    saved_at = clock.seconds
        finally:
            save_checkpoint(run.folder / "checkpoint.pt", state, progress)
    return progress


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


def _pixels(batch: Batch, device: torch.device) -> Tensor:
    return batch.pixels.to(device, memory_format=torch.channels_last, non_blocking=True)


def _move(targets: Targets, device: torch.device) -> Targets:
    def corner(part: CornerTargets) -> CornerTargets:
        return CornerTargets(
            heatmap=part.heatmap.to(device),
            cell=part.cell.to(device),
            offset=part.offset.to(device),
        )

    return replace(
        targets,
        top_left=corner(targets.top_left),
        bottom_right=corner(targets.bottom_right),
        is_object=targets.is_object.to(device),
    )


def take_step(state: TrainState, loss: Tensor, rate: float, clip_norm: float) -> float:
    """Update weights and average; skip a step whose gradient is no number. Give its norm."""
    for group in state.optimizer.param_groups:
        group["lr"] = rate
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    norm = nn.utils.clip_grad_norm_(state.network.parameters(), clip_norm)
    if torch.isfinite(norm):
        state.optimizer.step()
        state.average.update_parameters(state.network)
    return float(norm)


def _summary(progress: Progress, losses: Losses) -> str:
    parts = " ".join(f"{name} {value.item():.3f}" for name, value in losses.items())
    return f", {progress.images} images, {parts}"


class _Log:
    """Append a line of losses to a CSV file, with a header when it is new."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.started = time.time()

    def write(self, progress: Progress, losses: Losses, rate: float, norm: float) -> None:
        values = {name: round(value.item(), 6) for name, value in losses.items()}
        row = {**vars(progress), "learning_rate": rate, "gradient_norm": round(norm, 4), **values}
        is_new = not self.path.exists()
        with self.path.open("a", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(row))
            if is_new:
                writer.writeheader()
            writer.writerow(row)
