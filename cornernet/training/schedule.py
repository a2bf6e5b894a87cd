"""When a run ends, and what the learning rate and the input size are on the way."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cornernet.config import TrainConfig


class Clock:
    """Count steps and seconds of one run, over all its resumptions."""

    def __init__(self, config: TrainConfig, steps: int, seconds: float) -> None:
        self.config = config
        self.steps = steps
        self._before = seconds
        self._started = time.monotonic()

    def tick(self) -> None:
        """Count one more step."""
        self.steps += 1

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let time pass that is no training."""
        started = time.monotonic()
        try:
            yield
        finally:
            self._started += time.monotonic() - started

    @property
    def seconds(self) -> float:
        """Return the training time so far, earlier sessions included."""
        return self._before + time.monotonic() - self._started

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
    """Rise linearly for the warm-up steps, then follow half a cosine over the whole run."""
    low, high = config.final_learning_rate, config.learning_rate
    cosine = low + (high - low) * (1 + math.cos(math.pi * share)) / 2
    return cosine * min(1.0, (step + 1) / max(1, config.warmup_steps))


def input_size_at(config: TrainConfig, share: float) -> int:
    """Return the longer side, in pixels, of the images trained on at this share of the run."""
    return [size for start, size in config.input_sizes if start <= share][-1]


def frozen_at(config: TrainConfig, share: float) -> tuple[str, ...]:
    """Return how the names of parameters begin that do not train at this share of the run."""
    return tuple(prefix for prefix, start in config.frozen_until if share < start)
