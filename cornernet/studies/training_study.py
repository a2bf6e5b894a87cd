"""A question that takes training: its runs one by one, and the record once all are over."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import torch
from torch.utils.flop_counter import FlopCounterMode

from cornernet.config import ModelConfig
from cornernet.device import choose_precision
from cornernet.fast import FastNetwork
from cornernet.model.network import CornerNet
from cornernet.studies.questions import Study, Variant
from cornernet.studies.record import Record
from cornernet.studies.runs import (
    SIDE,
    Budget,
    expect_run_of,
    finished,
    folder_of,
    run_one,
    settings_of,
)
from cornernet.studies.summary import equal_images, follows, summarised
from cornernet.training.state import holds_run, new_network
from cornernet.writing import tell

TIMINGS = 9  # of each network, in turns


def expect_resumable(study: Study, out: Path, budget: Budget) -> None:
    """Raise ValueError if there are runs of a study already."""
    for variant, seed in _planned(study, budget):
        folder = folder_of(out, variant, seed)
        if finished(folder) or holds_run(folder):
            raise ValueError(f"Expected --resume or another --out, since {folder} holds a run.")


def run_study(
    study: Study, out: Path, budget: Budget, device: torch.device, most_runs: int | None = None
) -> Record | None:
    """Run what is not over yet, at most so many runs; the record, or None if some are missing."""
    done, missing = 0, 0
    for variant, seed in _planned(study, budget):
        folder, settings = folder_of(out, variant, seed), settings_of(variant, seed, budget)
        found = finished(folder)
        if found is not None:
            expect_run_of(settings, found, folder)
        elif most_runs is not None and done >= most_runs:
            missing += 1
        else:
            tell(f"{study.name}: {variant.words}, seed {seed}")
            run_one(settings, folder, device)
            done += 1
    if missing:
        tell(f"{missing} runs of {study.name} are still to be made; --resume goes on with them")
        return None
    return recorded(study, out, budget, device)


def _planned(study: Study, budget: Budget) -> Iterator[tuple[Variant, int]]:
    """Yield seed by seed, so that what is there early compares all variants."""
    return ((variant, seed) for seed in budget.seeds for variant in study.variants)


def recorded(study: Study, out: Path, budget: Budget, device: torch.device) -> Record:
    """Put all runs of a study side by side."""
    runs = {
        variant.name: [_run(folder_of(out, variant, seed)) for seed in budget.seeds]
        for variant in study.variants
    }
    images = equal_images([run for each in runs.values() for run in each])
    networks = {v.name: settings_of(v, 1, budget).model for v in study.variants}
    milliseconds = milliseconds_in_turns(networks, device)
    record: Record = {
        "study": study.name,
        "seeds": list(budget.seeds),
        "minutes": budget.minutes,
        "val_images": budget.images,
        "side_px": SIDE,
        "equal_images": images,
        "variants": [
            {
                "name": variant.name,
                "words": variant.words,
                "parameters": runs[variant.name][0]["parameters"],
                "gflop": gflop_of(networks[variant.name]),
                "milliseconds": milliseconds[variant.name],
                **summarised(runs[variant.name], images),
                "runs": runs[variant.name],
            }
            for variant in study.variants
        ],
    }
    return {**record, "follows": follows(record)}


def _run(folder: Path) -> Record:
    found = finished(folder)
    assert found is not None
    return found


def gflop_of(model: ModelConfig) -> float:
    """Count what an answer takes, in billions of operations: no heads but the last stack's."""
    with torch.device("meta"), torch.inference_mode():
        network, pixels = CornerNet(model).eval(), torch.zeros(1, 3, SIDE, SIDE)
        with FlopCounterMode(display=False) as counter:
            *_, features = network.stack_features(pixels)
            network.stack(-1).predict(features)
    return float(round(counter.get_total_flops() / 1e9, 3))


@torch.inference_mode()
def milliseconds_in_turns(models: dict[str, ModelConfig], device: torch.device) -> dict[str, float]:
    """Time each network as `detect` runs it, in turns: the ratios hold on a busy machine, too."""
    dtype = choose_precision("auto", device)
    ready = {
        name: FastNetwork(new_network(model, 1).eval().to(device), dtype)
        for name, model in models.items()
    }
    pixels = torch.zeros(1, 3, SIDE, SIDE)
    times: dict[str, list[float]] = {name: [] for name in ready}
    for _ in range(TIMINGS + 1):
        for name, network in ready.items():
            started = perf_counter()
            network(pixels).top_left.maps.logits.cpu()  # waits for the device
            times[name].append(1000 * (perf_counter() - started))
    return {name: round(median(each[1:]), 2) for name, each in times.items()}
