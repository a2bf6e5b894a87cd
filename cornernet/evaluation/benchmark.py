"""How fast this machine answers: the fast way beside a straightforward run, in turns.

Machines are rarely quiet. What is compared runs alternately in one process, so that both meet the
same disturbances, and speed-ups are medians of ratios of neighbours.
"""

import statistics
import time
from dataclasses import dataclass, field

import torch
from torch.utils.flop_counter import FlopCounterMode

from cornernet.decode import Decoding, decode
from cornernet.evaluation.ways import Subject, Way, ways_of
from cornernet.figures.overlay import draw_boxes
from cornernet.image_reading import RgbArray
from cornernet.peaks import find_corners

MATRIX_SIDE = 2048  # of the products that give the machine's peak
STAGES = ("preprocess", "network", "decode", "drawing")


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Milliseconds of wall time over several runs; `cpu` is the median of processor time."""

    median: float
    least: float
    most: float
    cpu: float


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """How one way did."""

    way: str
    precision: str
    runs: int
    stages: dict[str, Timing]
    gflop: float
    gflop_per_second: float  # of the network, at its median
    peak_gflop_per_second: float  # of matrix products in this precision, the best in this process
    share_of_peak: float
    speed_up: float  # of network and decoding together, over the straightforward way
    cpu_speed_up: float  # the same of processor time


@dataclass(eq=False, kw_only=True)
class _Record:
    steps: list[dict[str, tuple[float, float]]] = field(default_factory=list)  # wall, processor
    peaks: list[float] = field(default_factory=list)


@torch.inference_mode()
def benchmark(
    subject: Subject, image: RgbArray, *, runs: int, device: torch.device
) -> tuple[Measurement, ...]:
    """Measure every way by as many runs, after one for warming up."""
    ways = ways_of(subject, device)
    records = [_Record() for _ in ways]
    for turn in range(runs + 1):
        for way, record in zip(ways, records, strict=True):
            steps, peak = _run(way, subject, image, device), _matrix_rate(way.dtype, device)
            if turn > 0:
                record.steps.append(steps)
                record.peaks.append(peak)
    gflops = [_gflop(way, subject, image, device) for way in ways]
    return tuple(
        _measurement(way, record, records[0], gflop)
        for way, record, gflop in zip(ways, records, gflops, strict=True)
    )


def _run(
    way: Way, subject: Subject, image: RgbArray, device: torch.device
) -> dict[str, tuple[float, float]]:
    marks = [_now(device)]
    prepared = subject.prepare(image)
    marks.append(_now(device))
    maps = way.look(prepared.pixels[None].to(device))
    marks.append(_now(device))
    decoding: Decoding = decode(maps, prepared.frame, subject.categories, subject.decode)
    marks.append(_now(device))
    draw_boxes(image, decoding.detections)
    marks.append(_now(device))
    pairs = zip(marks[1:], marks, strict=False)
    durations = [(after[0] - before[0], after[1] - before[1]) for after, before in pairs]
    return dict(zip(STAGES, durations, strict=True))


def _now(device: torch.device) -> tuple[float, float]:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return time.perf_counter(), time.process_time()


def _matrix_rate(dtype: torch.dtype, device: torch.device) -> float:
    matrix = torch.ones(MATRIX_SIDE, MATRIX_SIDE, dtype=dtype, device=device)
    start = _now(device)
    matrix @ matrix
    return 2 * MATRIX_SIDE**3 / (_now(device)[0] - start[0]) / 1e9


def _gflop(way: Way, subject: Subject, image: RgbArray, device: torch.device) -> float:
    pixels = subject.prepare(image).pixels[None].to(device)
    with FlopCounterMode(display=False) as counter:
        find_corners(way.look(pixels), subject.decode)
    return float(counter.get_total_flops()) / 1e9


def _measurement(way: Way, record: _Record, reference: _Record, gflop: float) -> Measurement:
    stages = {stage: _timing([steps[stage] for steps in record.steps]) for stage in STAGES}
    rate = gflop / (stages["network"].median / 1000)
    return Measurement(
        way=way.name,
        precision=str(way.dtype).removeprefix("torch."),
        runs=len(record.steps),
        stages=stages,
        gflop=gflop,
        gflop_per_second=rate,
        peak_gflop_per_second=max(record.peaks),
        share_of_peak=rate / max(record.peaks),
        speed_up=_speed_up(record, reference, 0),
        cpu_speed_up=_speed_up(record, reference, 1),
    )


def _timing(times: list[tuple[float, float]]) -> Timing:
    wall = [1000 * time[0] for time in times]
    return Timing(
        median=statistics.median(wall),
        least=min(wall),
        most=max(wall),
        cpu=statistics.median(1000 * time[1] for time in times),
    )


def _speed_up(record: _Record, reference: _Record, clock: int) -> float:
    def cost(steps: dict[str, tuple[float, float]]) -> float:
        return steps["network"][clock] + steps["decode"][clock]

    both = zip(reference.steps, record.steps, strict=True)
    return statistics.median(cost(slow) / cost(quick) for slow, quick in both)
