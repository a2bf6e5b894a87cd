"""The training loop."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tqdm import tqdm

from cornernet.config import ModelConfig, PreprocessConfig, TrainConfig
from cornernet.data.loading import Division, batches
from cornernet.data.samples import Batch, SampleSource, TrainingSet
from cornernet.training.health import DivergedError
from cornernet.training.interrupt import held_back
from cornernet.training.log import CsvLog
from cornernet.training.losses import Losses
from cornernet.training.saving import Saver
from cornernet.training.schedule import Clock, input_size_at, learning_rate_at
from cornernet.training.state import Progress, TrainState
from cornernet.training.step import Step, Trainer
from cornernet.training.validation import Validation, Validator
from cornernet.training.watcher import Unwatched, Watcher
from cornernet.training.world import ALONE, World


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a training run is made of; `folder` receives checkpoints and the logs."""

    config: TrainConfig
    model: ModelConfig
    preprocess: PreprocessConfig
    source: SampleSource
    folder: Path
    validation: Validation | None = None
    watcher: Watcher = field(default_factory=Unwatched)
    world: World = ALONE


def train(run: Run, state: TrainState, progress: Progress) -> Progress:
    """Train until the config's minutes or steps are over.

    What ends it earlier, as Ctrl-C or SIGTERM does, is raised again after saving; before the first
    step there is nothing to save. Raise DivergedError, with the reason, if the run is lost; its
    last good state stays saved.
    """
    clock = Clock(run.config, progress.steps, progress.seconds, run.world)
    if not run.world.is_first:
        return _train_beside(run, state, clock, progress)
    CsvLog(run.folder / "log.csv").keep_until(clock.steps)
    saver = Saver(run.folder, state, run.config)
    validator = Validator(run.folder / "validation.csv", run.validation, run.config, clock)
    bar = tqdm(total=1.0, initial=clock.share, **_BAR)
    with bar, held_back(run.world) as let_through:
        try:
            with clock.paused():
                run.watcher.after_step(state.averaged_network, progress, None)
            for step in _steps(run, state, clock, progress.images):
                progress = _after(progress, clock)
                if clock.steps % run.config.log_every == 0 or clock.is_over:
                    CsvLog(run.folder / "log.csv").write(_row(progress, step))
                    bar.set_postfix_str(_summary(progress, step.losses) + validator.summary)
                    bar.update(clock.share - bar.n)
                saver.after_step(progress)
                if validator.after_step(state.averaged_network, progress):
                    saver.save(progress)  # so that no validation is of a state that is lost
                with clock.paused():
                    run.watcher.after_step(state.averaged_network, progress, step.losses)
                let_through()
            validator.finish(state.averaged_network, progress)
            run.watcher.finish(state.averaged_network, progress)
            saver.save(progress)
        except DivergedError:
            raise
        except BaseException:
            saver.save_if_begun(progress)
            let_through.alone()  # a signal to all processes ends those that make samples, too
            raise
    return progress


def _train_beside(run: Run, state: TrainState, clock: Clock, progress: Progress) -> Progress:
    """Train with the first process, which logs, measures and saves."""
    with held_back(run.world) as let_through:
        for _ in _steps(run, state, clock, progress.images):
            progress = _after(progress, clock)
            let_through()
    return progress


def _steps(run: Run, state: TrainState, clock: Clock, images: int) -> Iterator[Step]:
    """Train step by step until the clock is over."""
    trainer = Trainer(state, run.config, run.world)
    for parts in _sized_batches(run, clock, images):
        rate = learning_rate_at(run.config, clock.steps, clock.share)
        step = trainer.step(parts, rate, clock.share)
        clock.tick()
        yield step


def _sized_batches(run: Run, clock: Clock, images: int) -> Iterator[tuple[Batch, ...]]:
    """Yield batches until the clock is over, at the input size of the moment."""
    config, world = run.config, run.world
    division = Division(
        batch_size=config.batch_size,
        process=world.rank,
        processes=world.size,
        parts=config.accumulate,
    )
    while not clock.is_over:
        size = input_size_at(config, clock.share)
        training_set = TrainingSet(
            source=run.source,
            start=images,
            longer_side=size,
            model=run.model,
            preprocess=run.preprocess,
            reduction=config.reduction,
        )
        for parts in batches(training_set, division, config.workers):
            if clock.is_over or input_size_at(config, clock.share) != size:
                break
            yield parts
            images += config.batch_size


def _after(progress: Progress, clock: Clock) -> Progress:
    images = progress.images + clock.config.batch_size
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
