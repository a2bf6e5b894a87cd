"""When a run is saved."""

from pathlib import Path

from cornernet.config import TrainConfig
from cornernet.training.health import DivergedError, fault_of_values
from cornernet.training.state import Progress, TrainState, save_run

FIRST_MINUTES = 1.0  # the longest that a young run goes without being saved


class Saver:
    """Save a run after its first step, soon again, and then every so often."""

    def __init__(self, folder: Path, state: TrainState, config: TrainConfig) -> None:
        self._folder, self._state = folder, state
        self._often = 60 * config.checkpoint_minutes
        self._due = 0.0  # seconds of training
        self._saved: Progress | None = None

    def after_step(self, progress: Progress) -> None:
        """Save if the time has come. The first step shows whether the folder can be written."""
        if progress.seconds >= self._due:
            is_first = self._saved is None
            self.save(progress)
            wait = min(self._often, 60 * FIRST_MINUTES) if is_first else self._often
            self._due = progress.seconds + wait

    def save(self, progress: Progress) -> None:
        """Save unless that has been done since the last step.

        Raise DivergedError if no value of the state is worth it, ValueError if there is no room.
        """
        if progress == self._saved:
            return
        fault = fault_of_values(self._state.network) or fault_of_values(self._state.average)
        if fault:
            raise DivergedError(fault)
        save_run(self._folder, self._state, progress)
        self._saved = progress

    def save_if_begun(self, progress: Progress) -> None:
        """Save where something ends a run, unless it has not made a step."""
        if self._saved is not None:
            self.save(progress)
