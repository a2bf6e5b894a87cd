"""A training that goes step by step, and what is shown of it."""

import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import torch

from cornernet.data.loading import Division, batches
from cornernet.data.samples import Batch, Sample, TrainingSet, sample_of
from cornernet.data.shapes.plain import draw_plain_scene
from cornernet.data.shapes.scenes import Split
from cornernet.learning.choices import DECODE, PREPROCESS, SIDE, Choices, adjusted
from cornernet.learning.watched import DIGITS, Watched, watch
from cornernet.training.losses import Losses
from cornernet.training.schedule import learning_rate_at
from cornernet.training.state import new_network, new_state
from cornernet.training.step import Trainer

SCENES = 4  # shown
HELD_OUT = 64  # measured; the ones shown are others, and none is trained on
RECENT = 20  # steps that a shown loss is a mean of


class LiveTraining:
    """Train a small network on plain drawn scenes, from scratch."""

    def __init__(self, choices: Choices) -> None:
        self.choices, self.config = choices, choices.train
        network = new_network(choices.model, self.config.seed)
        self.state = new_state(network, self.config, torch.device("cpu"))
        self.shown = self._watched(0, SCENES)
        self._held_out = self._watched(SCENES, HELD_OUT)
        self._batches = self._drawn()
        self._trainer = Trainer(self.state, self.config)
        self._recent: deque[Losses] = deque(maxlen=RECENT)
        self.steps, self.seconds = 0, 0.0
        self.ap50: float | None = None

    def step(self) -> None:
        """Train on the next batch. Raise DivergedError if the training is lost."""
        started = time.perf_counter()
        rate = learning_rate_at(self.config, self.steps, 0.0)
        done = self._trainer.step(next(self._batches), rate, 0.0)
        self._recent.append(done.losses)
        self.steps += 1
        self.seconds += time.perf_counter() - started

    def adjust(self, choices: Choices) -> None:
        """Go on with other weights of the losses, and another learning rate."""
        self.choices = adjusted(self.choices, choices)
        self.config = self.choices.train
        self._trainer = Trainer(self.state, self.config)

    def measure(self) -> None:
        """Take the average precision at an IoU of 0.5 on scenes that are not trained on."""
        self.ap50 = self._held_out.ap50(self.state.averaged_network)

    def moment(self) -> dict[str, Any]:
        """Return what the averaged network makes of the scenes that are shown, and how far it is.

        Losses are means over the last steps; {} before the first.
        """
        rows = [{name: value.item() for name, value in one.items()} for one in self._recent]
        names = rows[0] if rows else {}
        return {
            "steps": self.steps,
            "seconds": round(self.seconds, 1),
            "losses": {n: round(sum(r[n] for r in rows) / len(rows), DIGITS) for n in names},
            "ap50": self.ap50,
            "scenes": self.shown.moment(self.state.averaged_network),
        }

    def _drawn(self) -> Iterator[tuple[Batch, ...]]:
        training_set = TrainingSet(
            source=lambda index, side: self._sample("train", index, side),
            start=0,
            longer_side=SIDE,
            model=self.choices.model,
            preprocess=PREPROCESS,
            reduction=self.config.reduction,
        )
        return batches(
            training_set, Division(batch_size=self.config.batch_size), self.config.workers
        )

    def _watched(self, first: int, count: int) -> Watched:
        samples = [self._sample("evaluation", first + k, SIDE) for k in range(count)]
        stride = self.choices.model.heatmap_stride
        return watch(samples, self.choices.kinds, (PREPROCESS, DECODE), stride)

    def _sample(self, split: Split, index: int, side: int) -> Sample:
        return sample_of(
            draw_plain_scene(split, self.config.seed, index, side, self.choices.scenes)
        )
