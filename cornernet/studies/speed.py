"""Where the milliseconds of an answer go, part by part."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from statistics import median
from time import perf_counter

import torch
from torch import Tensor

from cornernet.config import OFFICIAL_PREPROCESS
from cornernet.decode import decode
from cornernet.device import choose_precision, limit_threads
from cornernet.evaluation.subjects import noise_image, subject_of
from cornernet.evaluation.ways import Subject
from cornernet.fast import CellMaps, FastNetwork
from cornernet.model.folding import fold
from cornernet.studies.questions import Study
from cornernet.studies.record import Record, provenance

PARTS = ("preprocess", "stem", "hourglasses", "corner pooling", "heatmaps", "decode")
SIZE_HW = (480, 640)  # of the image


@dataclass(frozen=True, kw_only=True)
class Timed:
    """What is measured."""

    name: str
    is_random: bool  # weights: those of the paper's networks do not ship


SUBJECTS = (
    Timed(name="hourglass104", is_random=True),
    Timed(name="squeeze", is_random=True),
    Timed(name="photos", is_random=False),
    Timed(name="shapes", is_random=False),
)
TITLES = {"hourglass104": "Hourglass-104", "squeeze": "CornerNet-Squeeze"}


class _Stopwatch:
    """Add up the time of parts; waits for the device at each end."""

    def __init__(self, device: torch.device) -> None:
        self.milliseconds = dict.fromkeys(PARTS, 0.0)
        self._wait: Callable[[], None] = (
            torch.cuda.synchronize if device.type == "cuda" else lambda: None
        )

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        self._wait()
        started = perf_counter()
        yield
        self._wait()
        self.milliseconds[part] += 1000 * (perf_counter() - started)


def run_speed_study(study: Study, runs: int, device: torch.device) -> Record:
    """Measure each subject as many times, after once for warming up."""
    limit_threads()
    made = provenance(device)
    rows = [_measured(timed, runs, device) for timed in SUBJECTS]
    threads = torch.get_num_threads()
    record: Record = {"study": study.name, "subjects": rows, "threads": threads}
    return {**record, **made, "follows": [_sentence(row) for row in rows]}


@torch.inference_mode()
def _measured(timed: Timed, runs: int, device: torch.device) -> Record:
    subject = _subject(timed)
    dtype = choose_precision("auto", device)
    network = FastNetwork(fold(subject.network).to(device), dtype)
    watches = [_run(subject, network, device) for _ in range(runs + 1)][1:]
    prepared = subject.prepare(noise_image(SIZE_HW))
    height, width = prepared.pixels.shape[1:]
    totals = [sum(watch.milliseconds.values()) for watch in watches]
    return {
        "model": TITLES.get(timed.name, timed.name),
        "weights": "random" if timed.is_random else "trained",
        "precision": str(dtype).removeprefix("torch."),
        "input": f"{width} x {height}",
        "runs": runs,
        "milliseconds": {
            part: round(median(watch.milliseconds[part] for watch in watches), 2) for part in PARTS
        },
        "total": round(median(totals), 1),
        "least": round(min(totals), 1),
        "most": round(max(totals), 1),
    }


def _subject(timed: Timed) -> Subject:
    """Return what is measured; images are put into the paper's networks as the paper does."""
    subject = subject_of(timed.name, is_random=timed.is_random)
    return replace(subject, preprocess=OFFICIAL_PREPROCESS) if timed.is_random else subject


def _run(subject: Subject, network: FastNetwork, device: torch.device) -> _Stopwatch:
    watch = _Stopwatch(device)
    with watch.of("preprocess"):
        prepared = subject.prepare(noise_image(SIZE_HW))
    maps = timed_maps(network, prepared.pixels[None], watch)
    with watch.of("decode"):
        decode(maps, prepared.frame, subject.categories, subject.decode)
    return watch


def timed_maps(
    network: FastNetwork, pixels: Tensor, watch: _Stopwatch
) -> tuple[CellMaps, CellMaps]:
    """Do what `FastNetwork` does, part by part."""
    bare = network.bare
    with watch.of("stem"):
        x = features = bare.stem(network.placed(pixels))
    for index in range(bare.config.stacks):
        with watch.of("hourglasses"):
            x = x if index == 0 else bare.links[index - 1](x, features)
            features = bare.stack(index)(x)
    heads = network.heads[-1]
    found = []
    for branch, cells in zip(bare.stack(-1).branches.both, heads.both, strict=True):
        with watch.of("corner pooling"):
            pooled = branch.pool(features).features
        with watch.of("heatmaps"):
            logits = branch.logits(pooled)
        found.append(CellMaps(logits=logits, features=pooled, heads=cells))
    return found[0], found[1]


def _sentence(row: Record) -> str:
    parts = row["milliseconds"]
    largest = max(parts, key=lambda part: parts[part])
    share = 100 * parts[largest] / sum(parts.values())
    return (
        f"{row['model']} takes {row['total']:.0f} ms ({row['least']:.0f} to {row['most']:.0f}) at "
        f"{row['input']} pixels in {row['precision']}; the most, {share:.0f} %, is for: {largest}."
    )
