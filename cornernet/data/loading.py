"""Batches for training, made ahead of time by worker processes that never stop without a word."""

import pickle
import shutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from cornernet.data.samples import Batch, TrainingSet
from cornernet.data.targets import Targets, stack_targets
from cornernet.writing import tell

SHARED_MEMORY = Path("/dev/shm")
PREFETCH = 4  # batches that each worker makes ahead
TIMEOUT_SECONDS = 600.0  # for one batch


@dataclass(frozen=True)
class _Failure:
    """Why a batch could not be made; an exception's own way here would be a traceback."""

    sentence: str


_Made = tuple[Tensor, Targets] | _Failure


@dataclass(frozen=True)
class _Guarded(Dataset[_Made]):
    samples: TrainingSet

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> _Made:
        try:
            return self.samples[index]
        except Exception as error:  # whatever is wrong with an image, the run says it in a sentence
            return _Failure(_sentence(self.samples.start + index, error))


def _sentence(index: int, error: Exception) -> str:
    if isinstance(error, ValueError) and str(error).startswith("Expected "):
        return str(error)
    reason = f"{type(error).__name__} {error}".strip()
    return f"Expected a training sample, but number {index} of the run cannot be made: {reason}."


def _collate(made: list[_Made]) -> Batch | _Failure:
    for sample in made:
        if isinstance(sample, _Failure):
            return sample
    pixels, targets = zip(*(s for s in made if not isinstance(s, _Failure)), strict=True)
    return Batch(pixels=torch.stack(pixels), targets=stack_targets(list(targets)))


def _collate_to_bytes(made: list[_Made]) -> bytes:
    return pickle.dumps(_collate(made))


def _one_thread(_: int) -> None:
    torch.set_num_threads(1)


@dataclass(frozen=True, kw_only=True)
class Division:
    """How the images of a step are divided among processes, and by each of them into parts."""

    batch_size: int
    process: int = 0
    processes: int = 1
    parts: int = 1  # that a process computes one after the other

    @property
    def places(self) -> tuple[range, ...]:
        """Return where in a batch each part of this process lies; sizes differ by 1 at most."""
        pieces = self.processes * self.parts
        limits = [self.batch_size * n // pieces for n in range(pieces + 1)]
        first = self.process * self.parts
        return tuple(range(limits[n], limits[n + 1]) for n in range(first, first + self.parts))


def batches(
    training_set: TrainingSet, division: Division, workers: int
) -> Iterator[tuple[Batch, ...]]:
    """Yield batches without end, in order, each in parts; `workers` processes make them ahead.

    They come through shared memory where it has room, else through pipes, which is slower. Raise
    ValueError in one sentence if a sample cannot be made or a worker dies.
    """
    guarded = _Guarded(training_set)
    largest = max(len(places) for places in division.places)
    is_piped = workers > 0 and not _has_room(guarded, largest * (PREFETCH * workers + 2))
    try:
        made = map(_unwrapped, _started(guarded, division, workers, is_piped=is_piped))
        while True:
            yield tuple(islice(made, division.parts))
    except (RuntimeError, OSError) as error:  # of the loader: a sample's own errors are failures
        raise ValueError(
            "Expected the processes that make samples to go on, but: "
            f"{str(error).splitlines()[0]}; try fewer (--workers 0 makes samples in this process)."
        ) from error


def _unwrapped(made: Batch | _Failure | bytes) -> Batch:
    batch = pickle.loads(made) if isinstance(made, bytes) else made
    if isinstance(batch, _Failure):
        raise ValueError(batch.sentence)
    return batch


def _has_room(guarded: _Guarded, samples: int) -> bool:
    """Return whether shared memory holds that many samples, with as much to spare; say it if not.

    A worker that finds it full can lose a batch without an error, and the run would wait for ever.
    """
    if sys.platform != "linux":
        return True
    needed = samples * len(_collate_to_bytes([guarded[0]]))
    free = shutil.disk_usage(SHARED_MEMORY).free if SHARED_MEMORY.is_dir() else 0
    if free < 2 * needed:
        _tell_once(
            f"{SHARED_MEMORY} is too small for batches on their way ({free // 2**20} MiB free), so "
            "workers send them through pipes; a container gets more by --shm-size or --ipc=host"
        )
        return False
    return True


@cache
def _tell_once(line: str) -> None:
    tell(line)


def _started(
    guarded: _Guarded, division: Division, workers: int, *, is_piped: bool
) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # more workers than cores are no fault
        return iter(
            DataLoader(
                guarded,
                batch_sampler=_CountUp(division),
                num_workers=workers,
                collate_fn=_collate_to_bytes if is_piped else _collate,
                worker_init_fn=_one_thread,
                prefetch_factor=PREFETCH if workers else None,
                timeout=TIMEOUT_SECONDS if workers else 0,
            )
        )


@dataclass(frozen=True)
class _CountUp:
    """Sample 0, 1, 2, ...; a random sampler would not let a run resume where it stopped."""

    division: Division

    def __iter__(self) -> Iterator[list[int]]:
        for start in count(step=self.division.batch_size):
            for places in self.division.places:
                yield [start + place for place in places]
