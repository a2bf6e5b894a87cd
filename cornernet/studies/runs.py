"""Train and measure one variant with one seed, from the start or from where it stopped."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import torch

from cornernet.categories import SHAPES
from cornernet.config import TrainConfig
from cornernet.data.samples import ShapesSource
from cornernet.evaluation.validation import FIGURES, measure_of
from cornernet.presets import PRESETS
from cornernet.studies.questions import Variant
from cornernet.studies.record import Record, provenance, read_record, write_record
from cornernet.training.log import CsvLog
from cornernet.training.resume import resume
from cornernet.training.session import Observers, Session, run
from cornernet.training.settings import RunSettings, read_settings, write_settings
from cornernet.training.state import Progress, holds_run, new_network, new_state

SIDE = 128  # pixels, of images while training and measuring
POINTS = 8  # of a run's curve
# One rate from the warm-up to the end, and averaged weights: so each point of a curve is what a
# run of that length gives, and one run can be compared at equal minutes and at equal images.
RATE = 1e-3


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What every run of a study gets."""

    minutes: float = 15.0  # of training, measuring not counted
    seeds: tuple[int, ...] = (1, 2)
    images: int = 200  # held-out scenes that it is measured on
    batch_size: int = 16
    workers: int = 1

    def __post_init__(self) -> None:
        """Check ranges."""
        if not 0 < self.minutes < math.inf:
            raise ValueError(f"Expected minutes above 0, but {self.minutes} was given.")
        if len(set(self.seeds)) < max(1, len(self.seeds)):
            raise ValueError(f"Expected seeds that differ, but {self.seeds} was given.")
        if self.images < 1:
            raise ValueError(f"Expected at least 1 image, but {self.images} was given.")


def settings_of(variant: Variant, seed: int, budget: Budget) -> RunSettings:
    """Return all that a run is made of."""
    preset = PRESETS["shapes"]
    train = TrainConfig(
        minutes=budget.minutes,
        batch_size=budget.batch_size,
        input_sizes=((0.0, SIDE),),
        learning_rate=RATE,
        final_learning_rate=RATE,
        seed=seed,
        workers=budget.workers,
        validate_minutes=budget.minutes / POINTS,
        checkpoint_minutes=min(2.0, budget.minutes),
    )
    return RunSettings(
        preset="shapes",
        weights=None,
        data="shapes",
        image_root=None,
        data_sha256=None,
        strict=False,
        val="shapes",
        val_images=budget.images,
        categories=SHAPES,
        train=replace(train, **variant.train),
        model=replace(preset.model, **variant.model),
        preprocess=replace(preset.preprocess, longer_side=SIDE),
        decode=preset.decode,
    )


def folder_of(out: Path, variant: Variant, seed: int) -> Path:
    """Return where a run is; studies that share a variant share its runs."""
    return out / f"{variant.name}-seed{seed}"


def finished(folder: Path) -> Record | None:
    """Return what a run found; None if it is not over."""
    return read_record(folder / "found.json")


def run_one(settings: RunSettings, folder: Path, device: torch.device) -> Record:
    """Train to the end, and measure. Raise ValueError if another run is in the folder."""
    if holds_run(folder):
        _expect_same(settings, folder)
        resume({}, folder, str(device), Observers(measure_of=measure_of), may_change=False)
    else:
        _begin(settings, folder, device)
    found = _found(settings, folder, device)
    write_record(folder / "found.json", found)
    return found


def expect_run_of(settings: RunSettings, found: Record, folder: Path) -> None:
    """Raise ValueError if a run that is over had another budget."""
    for name, own in (("minutes", settings.train.minutes), ("val_images", settings.val_images)):
        if found[name] != own:
            raise ValueError(
                f"Expected runs of {name} {own}, but the one in {folder} had {found[name]}; "
                "give that, or another --out."
            )


def _expect_same(settings: RunSettings, folder: Path) -> None:
    saved = read_settings(folder)
    for part in fields(RunSettings):
        own, there = getattr(settings, part.name), getattr(saved, part.name)
        if own != there:
            raise ValueError(
                f"Expected the run of this study in {folder}, but its {part.name} differs; "
                "give the options that it began with, or another --out."
            )


def _begin(settings: RunSettings, folder: Path, device: torch.device) -> None:
    config = settings.train
    config.expect_to_fit(settings.model)
    network = new_network(settings.model, config.seed, config.corner_prior)
    state, measure = new_state(network, config, device), measure_of(settings, device)
    write_settings(folder, settings)
    run(
        Session(
            settings=settings,
            source=ShapesSource(config.seed),
            measure=measure,
            state=state,
            progress=Progress(),
            folder=folder,
            device=device,
        )
    )


def _found(settings: RunSettings, folder: Path, device: torch.device) -> Record:
    network = new_network(settings.model, settings.train.seed)
    return {
        "seed": settings.train.seed,
        "minutes": settings.train.minutes,
        "val_images": settings.val_images,
        "parameters": sum(p.numel() for p in network.parameters()),
        "curve": [_point(row) for row in CsvLog(folder / "validation.csv").rows()],
        **provenance(device),
    }


def _point(row: Mapping[str, str]) -> dict[str, Any]:
    figures = {name: float(row[name]) for name in FIGURES}
    return {
        "images": int(row["images"]),
        "minutes": round(float(row["seconds"]) / 60, 3),
        **{k: None if math.isnan(v) else round(v, 4) for k, v in figures.items()},
    }
