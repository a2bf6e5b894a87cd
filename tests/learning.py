"""How fast the live training learns: python -m tests.learning [SECONDS]; on a quiet machine."""

import sys
import time

import torch

from cornernet.learning.choices import Choices
from cornernet.learning.live import LiveTraining


def main(seconds: float) -> None:
    torch.set_num_threads(1)
    training = LiveTraining(Choices())
    started, wall, due = time.process_time(), time.perf_counter(), 0.0
    while (spent := time.perf_counter() - wall) < seconds:
        training.step()
        if spent >= due:
            due += seconds / 8
            training.measure()
            cpu = time.process_time() - started
            print(  # noqa: T201
                f"{spent:6.1f} s, step {training.steps}, {training.steps / training.seconds:.1f} "
                f"steps a second ({cpu / training.steps:.3f} CPU s a step, drawing, measuring and "
                f"all), AP50 {training.ap50}",
                flush=True,
            )
    training.measure()
    print(f"after {seconds:g} s and {training.steps} steps: AP50 {training.ap50}")  # noqa: T201


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 120.0)
