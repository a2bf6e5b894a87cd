"""Measure the averaged weights now and then while they train, and keep the best."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cornernet.config import TrainConfig
from cornernet.model.network import CornerNet
from cornernet.training.log import CsvLog
from cornernet.training.schedule import Clock
from cornernet.training.state import Progress

# Figures by name of a network in evaluation mode, which it leaves as it is. Of the first one, more
# is better: it tells which weights are the best.
Measure = Callable[[CornerNet], Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class Validation:
    """How to measure a network, and what to do with the best one so far."""

    measure: Measure
    keep_best: Callable[[], None]


class Validator:
    """Validate every so many minutes of training, over all sessions of a run, and at its end."""

    def __init__(
        self, path: Path, validation: Validation | None, config: TrainConfig, clock: Clock
    ) -> None:
        self._log, self._clock = CsvLog(path), clock
        self._log.keep_until(clock.steps)
        self._validation = None if config.validate_minutes is None else validation
        self._interval = 60 * (config.validate_minutes or math.inf)
        self._intervals = clock.seconds // self._interval
        self._steps = clock.steps
        self._best = _best_of(self._log)
        self.summary = ""  # the last validation in words, for the bar

    def after_step(self, network: CornerNet, progress: Progress) -> bool:
        """Validate if the time has come, and tell whether it had."""
        is_due = (
            self._validation is not None and self._clock.seconds // self._interval > self._intervals
        )
        if is_due:
            self._validate(network, progress)
        return is_due

    def finish(self, network: CornerNet, progress: Progress) -> None:
        """Validate unless that has been done since the last step."""
        if progress.steps > self._steps:
            self._validate(network, progress)

    def _validate(self, network: CornerNet, progress: Progress) -> None:
        if self._validation is None:
            return
        with self._clock.paused():
            figures = dict(self._validation.measure(network.eval()))
            name, value = next(iter(figures.items()))
            # Before the log: after a crash between the two, the best is kept once more.
            if value > self._best:
                self._validation.keep_best()
                self._best = value
            self._log.write({**vars(progress), **figures})
        self._intervals, self._steps = self._clock.seconds // self._interval, progress.steps
        self.summary = f", {name} {value:.3f} (best {self._best:.3f})"


def _best_of(log: CsvLog) -> float:
    """Return the highest first figure of earlier sessions."""
    first = len(vars(Progress()))
    values = [float(list(row.values())[first]) for row in log.rows()]
    return max((value for value in values if not math.isnan(value)), default=-math.inf)
