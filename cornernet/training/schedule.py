"""When a run ends, and what the learning rate and the input size are on the way."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cornernet.config import TrainConfig
from cornernet.training.world import ALONE, World


class Clock:
    """Count steps and seconds of one run, over all its resumptions.

    Its hands stand still between ticks, and are the first process's for all, so that all decide
    alike.
    """

    def __init__(
        self, config: TrainConfig, steps: int, seconds: float, world: World = ALONE
    ) -> None:
        self.config = config
        self.steps = steps
        self.seconds = seconds  # of training, earlier sessions included
        self._world = world
        self._started = time.monotonic() - seconds

    def tick(self) -> None:
        """Count one more step, and look how long it all took so far."""
        self.steps += 1
        self.seconds = self._world.of_first(time.monotonic() - self._started)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let time pass that is no training."""
        started = time.monotonic()
        try:
            yield
        finally:
            self._started += time.monotonic() - started

    @property
    def share(self) -> float:
        """Return how much of the run is done, 0 to 1."""
        if self.config.steps is not None:
            return min(1.0, self.steps / self.config.steps)
        assert self.config.minutes is not None
        return min(1.0, self.seconds / (60 * self.config.minutes))

    @property
    def is_over(self) -> bool:
        """Return whether the run has had its minutes or steps."""
        return self.share >= 1.0


def learning_rate_at(config: TrainConfig, step: int, share: float) -> float:
    """Rise linearly for the warm-up steps, then follow half a cosine over the run, or steps."""
    low, high = config.final_learning_rate, config.learning_rate
    if config.rate_drops:
        rate = high * 0.1 ** len([drop for drop in config.rate_drops if share >= drop])
    else:
        rate = low + (high - low) * (1 + math.cos(math.pi * share)) / 2
    return rate * min(1.0, (step + 1) / max(1, config.warmup_steps))


def input_size_at(config: TrainConfig, share: float) -> int:
    """Return the longer side, in pixels, of the images trained on at this share of the run."""
    return [size for start, size in config.input_sizes if start <= share][-1]


def frozen_at(config: TrainConfig, share: float) -> tuple[str, ...]:
    """Return how the names of parameters begin that do not train at this share of the run."""
    return tuple(prefix for prefix, start in config.frozen_until if share < start)
