"""What a run would cost, measured here with a few of its steps, without training anything."""

import resource
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch

from cornernet.config import TrainConfig
from cornernet.data.loading import Division, batches
from cornernet.data.samples import Batch, SampleSource, TrainingSet
from cornernet.device import describe
from cornernet.training.begin import prepare
from cornernet.training.settings import RunSettings
from cornernet.training.state import new_state
from cornernet.training.step import Trainer
from cornernet.training.world import ALONE, local_device

WARMING, MEASURED = 1, 3  # steps
PAPER_STEPS = 500_000  # of 49 images each: the full schedule of section 4.1
PAPER_IMAGES = PAPER_STEPS * 49
DAY = 86_400.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Costs of a run, at the last of its input sizes, on one device."""

    preset: str
    parameters: int
    device: torch.device
    devices: int  # of this kind that are here
    input_size: int
    batch_size: int
    step_seconds: float  # of training, the batch at hand
    loader_images: float  # a second that the sample processes deliver by themselves
    gibibytes: float  # the most that was taken, of the graphics card or of this process
    config: TrainConfig

    def lines(self) -> list[str]:
        """Describe it, a figure a line; what rests on an assumption says so."""
        network_images = self.batch_size / self.step_seconds
        images = min(network_images, self.loader_images) * self.devices
        slower = "the loader" if self.loader_images < network_images else "the network"
        place = "on the graphics card" if self.device.type == "cuda" else "of this process"
        return [
            f"{self.preset}: {self.parameters:,} parameters, on the {describe(self.device)}",
            f"a step of {self.batch_size} images of {self.input_size} pixels: "
            f"{self.step_seconds:.2f} s, {self.gibibytes:.2f} GiB at most {place}",
            f"images a second: {network_images:.1f} by the network, {self.loader_images:.1f} by "
            f"the loader ({self.config.workers} workers); {slower} sets the pace",
            f"this run: {self._length(images)}",
            f"the paper's full schedule ({PAPER_STEPS:,} steps of 49 images): "
            f"{PAPER_IMAGES / images / DAY:,.1f} days on {self.devices} such device"
            f"{'' if self.devices == 1 else 's, if each adds its whole speed'}",
        ]

    def _length(self, images: float) -> str:
        if self.config.steps is not None:
            hours = self.config.steps * self.batch_size / images / 3600
            return f"{self.config.steps:,} steps, {hours:.1f} hours"
        assert self.config.minutes is not None
        total = images * 60 * self.config.minutes
        return f"{self.config.minutes:g} minutes, about {total:,.0f} images"


def plan(given: Mapping[str, Any], device_name: str) -> Plan:
    """Measure a run's last and most costly stage; `given` is as `begin` takes it.

    Nothing is written, and what the measured steps learn is thrown away.
    """
    device = local_device(device_name)
    settings, source, network = prepare(given, ALONE)
    config = settings.train
    state = new_state(network, config, device)
    loaded = _batches(settings, source)
    parts = list(islice(loaded, 1))
    started = time.monotonic()
    count = max(WARMING + MEASURED, 2 * config.workers)  # all workers deliver at once
    for made in islice(loaded, count):
        parts = [*parts, made][: WARMING + MEASURED]
    loading = (time.monotonic() - started) / count
    trainer = Trainer(state, config)
    for batch in parts[:WARMING]:
        trainer.step(batch, config.learning_rate, 1.0)
    _finish(device)
    started = time.monotonic()
    for batch in parts[-MEASURED:]:
        trainer.step(batch, config.learning_rate, 1.0)
    _finish(device)
    return Plan(
        preset=settings.preset,
        parameters=sum(p.numel() for p in network.parameters()),
        device=device,
        devices=torch.cuda.device_count() if device.type == "cuda" else 1,
        input_size=config.input_sizes[-1][1],
        batch_size=config.batch_size,
        step_seconds=(time.monotonic() - started) / MEASURED,
        loader_images=config.batch_size / max(loading, 1e-9),
        gibibytes=_most_memory(device),
        config=config,
    )


def _batches(settings: RunSettings, source: SampleSource) -> Iterator[tuple[Batch, ...]]:
    config = settings.train
    training_set = TrainingSet(
        source=source,
        start=0,
        longer_side=config.input_sizes[-1][1],
        model=settings.model,
        preprocess=settings.preprocess,
        reduction=config.reduction,
    )
    division = Division(batch_size=config.batch_size, parts=config.accumulate)
    return batches(training_set, division, config.workers)


def _finish(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _most_memory(device: torch.device) -> float:
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**30
    unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, else KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**30
