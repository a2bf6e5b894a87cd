"""One session of a run: train, whatever ends it, and write the weights that ship."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch

from cornernet.data.samples import SampleSource
from cornernet.device import describe
from cornernet.training.export import best_path, export, weights_path
from cornernet.training.health import DivergedError
from cornernet.training.settings import RunSettings
from cornernet.training.state import Progress, TrainState, holds_run, load_run
from cornernet.training.train import Run, train
from cornernet.training.validation import Measure, Validation
from cornernet.training.watcher import Unwatched, Watcher
from cornernet.training.world import ALONE, World, current_world
from cornernet.writing import tell

# What measures a network on a run's validation set; None where it has none.
MeasureOf = Callable[[RunSettings, torch.device], Measure | None]
# What watches a run that is saved in a folder; None where nothing does.
WatcherOf = Callable[[RunSettings, torch.device, Path], Watcher | None]


@dataclass(frozen=True, kw_only=True)
class Observers:
    """What measures and what watches the runs of this process, if it is their first one."""

    measure_of: MeasureOf | None = None
    watcher_of: WatcherOf | None = None

    def of(
        self, settings: RunSettings, device: torch.device, folder: Path
    ) -> tuple[Measure | None, Watcher]:
        """Return those of one run. Raise ValueError if they cannot be had."""
        is_first = current_world().is_first
        measure = self.measure_of(settings, device) if self.measure_of and is_first else None
        watcher = (
            self.watcher_of(settings, device, folder) if self.watcher_of and is_first else None
        )
        return measure, watcher or Unwatched()


UNOBSERVED = Observers()


@dataclass(frozen=True, eq=False, kw_only=True)
class Session:
    """A run that can go on from where it is."""

    settings: RunSettings
    source: SampleSource
    measure: Measure | None
    state: TrainState
    progress: Progress
    folder: Path
    device: torch.device
    watcher: Watcher = field(default_factory=Unwatched)
    world: World = ALONE

    @property
    def weights(self) -> Path:
        """Return where the last averaged weights are."""
        return weights_path(self.folder)

    def export(self, path: Path) -> None:
        """Write the averaged weights. Raise DivergedError if they cannot be used."""
        export(path, self.settings, self.state)


def run(session: Session) -> Path:
    """Train until the run is over, and give the path of the averaged weights.

    What ends it earlier is raised again once the weights of the last good state are written.
    """
    parameters = sum(p.numel() for p in session.state.network.parameters())
    tell(
        f"Training {session.settings.preset} ({parameters:,} parameters) "
        f"on {session.settings.data}, on {_where(session)}, into {session.folder}"
    )
    if not session.world.is_first:
        train(_run(session), session.state, session.progress)
        return session.weights
    try:
        trained = train(_run(session), session.state, session.progress)
        session.export(session.weights)
    except DivergedError as error:
        raise DivergedError(_after_divergence(error, session)) from error
    except BaseException as error:
        if holds_run(session.folder):
            session.export(session.weights)
        if isinstance(error, torch.OutOfMemoryError):
            raise _out_of_memory(session) from error
        raise
    _tell_end(session, trained)
    return session.weights


def _run(session: Session) -> Run:
    settings, best = session.settings, best_path(session.folder)
    return Run(
        config=settings.train,
        model=settings.model,
        preprocess=settings.preprocess,
        source=session.source,
        folder=session.folder,
        world=session.world,
        watcher=session.watcher,
        validation=session.measure
        and Validation(measure=session.measure, keep_best=lambda: session.export(best)),
    )


def _where(session: Session) -> str:
    device, size = describe(session.device), session.world.size
    return f"the {device}" if size == 1 else f"{size} processes, each on the {device}"


def _tell_end(session: Session, trained: Progress) -> None:
    if trained == session.progress:
        tell("The run was over already; --resume --change with more --minutes or --steps goes on")
    tell(
        f"Trained {trained.steps} steps on {trained.images} images in "
        f"{trained.seconds / 60:.1f} minutes (torch {torch.__version__})"
    )
    best = best_path(session.folder)
    if best.exists():
        tell(f"The weights that were best in a validation: {best}")


def _out_of_memory(session: Session) -> ValueError:
    return ValueError(
        f"Expected memory for batches of {session.settings.train.batch_size} images, but the "
        f"{describe(session.device)} has too little; take a smaller --batch-size (of a saved run, "
        "by --resume --change)."
    )


def _after_divergence(error: DivergedError, session: Session) -> str:
    """Put the weights of the last good state in place, if there is one, and say what is left."""
    problem = f"Expected a training that converges, but {error}"
    lower = f"--learning-rate {session.settings.train.learning_rate / 10:g}"
    if not holds_run(session.folder):
        return f"{problem}; no state was good enough to keep, so begin again with {lower}."
    kept = load_run(session.folder, session.state)
    session.export(session.weights)
    return (
        f"{problem}; the state after {kept.steps} steps is kept, and "
        f"--resume --out {session.folder} --change {lower} goes on from it."
    )
