"""The training loop."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from cornernet.config import ModelConfig, PreprocessConfig, TrainConfig
from cornernet.data.loading import batches
from cornernet.data.samples import Batch, SampleSource, TrainingSet
from cornernet.training.freezing import Thawing
from cornernet.training.health import DivergedError, Health
from cornernet.training.interrupt import held_back
from cornernet.training.log import CsvLog
from cornernet.training.losses import Losses
from cornernet.training.saving import Saver
from cornernet.training.schedule import Clock, input_size_at, learning_rate_at
from cornernet.training.state import Progress, TrainState
from cornernet.training.step import Step, train_on
from cornernet.training.validation import Validation, Validator


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a training run is made of; `folder` receives checkpoints and the logs."""

    config: TrainConfig
    model: ModelConfig
    preprocess: PreprocessConfig
    source: SampleSource
    folder: Path
    validation: Validation | None = None


def train(run: Run, state: TrainState, progress: Progress) -> Progress:
    """Train until the config's minutes or steps are over.

    What ends it earlier, as Ctrl-C or SIGTERM does, is raised again after saving; before the first
    step there is nothing to save. Raise DivergedError, with the reason, if the run is lost; its
    last good state stays saved.
    """
    clock = Clock(run.config, progress.steps, progress.seconds)
    saver = Saver(run.folder, state, run.config)
    validator = Validator(run.folder / "validation.csv", run.validation, run.config, clock)
    with tqdm(total=1.0, initial=clock.share, **_BAR) as bar, held_back() as let_through:
        try:
            for batch, step in _steps(run, state, clock, progress.images):
                progress = _after(progress, clock, batch)
                if clock.steps % run.config.log_every == 0 or clock.is_over:
                    CsvLog(run.folder / "log.csv").write(_row(progress, step))
                    bar.set_postfix_str(_summary(progress, step.losses) + validator.summary)
                    bar.update(clock.share - bar.n)
                saver.after_step(progress)
                if validator.after_step(state.averaged_network, progress):
                    saver.save(progress)  # so that no validation is of a state that is lost
                let_through()
            validator.finish(state.averaged_network, progress)
            saver.save(progress)
        except DivergedError:
            raise
        except BaseException:
            saver.save_if_begun(progress)
            let_through()  # a signal to all processes ends those that make samples, too
            raise
    return progress


def _steps(run: Run, state: TrainState, clock: Clock, images: int) -> Iterator[tuple[Batch, Step]]:
    """Train step by step until the clock is over."""
    CsvLog(run.folder / "log.csv").keep_until(clock.steps)
    health, thawing = Health(), Thawing(state.network, run.config)
    for batch in _sized_batches(run, clock, images):
        thawing.at(clock.share)
        rate = learning_rate_at(run.config, clock.steps, clock.share)
        step = train_on(batch, state, run.config, rate, health)
        clock.tick()
        yield batch, step


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
            reduction=run.config.reduction,
        )
        for batch in batches(training_set, run.config.batch_size, run.config.workers):
            if clock.is_over or input_size_at(run.config, clock.share) != size:
                break
            yield batch
            images += len(batch.pixels)


def _after(progress: Progress, clock: Clock, batch: Batch) -> Progress:
    images = progress.images + len(batch.pixels)
    return Progress(steps=clock.steps, images=images, seconds=clock.seconds)


_BAR = {
    "unit": "run",
    "bar_format": "{percentage:5.1f}% |{bar}| {elapsed} elapsed, {remaining} left{postfix}",
}


def _row(progress: Progress, step: Step) -> dict[str, object]:
    values = {name: round(value.item(), 6) for name, value in step.losses.items()}
    return {
        **vars(progress),
        "learning_rate": step.learning_rate,
        "gradient_norm": round(step.gradient_norm, 4),
        **values,
    }


def _summary(progress: Progress, losses: Losses) -> str:
    parts = " ".join(f"{name} {value.item():.3f}" for name, value in losses.items())
    return f", {progress.images} images, {parts}"
