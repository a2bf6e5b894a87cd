"""Set a training run up, run it, and write the weights that ship."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from cornernet.checkpoints import load_checkpoint as load_weights
from cornernet.data.samples import SampleSource
from cornernet.data.sources import training_source
from cornernet.device import choose_device, describe
from cornernet.presets import PRESETS
from cornernet.training.export import best_path, export, weights_path
from cornernet.training.health import DivergedError
from cornernet.training.settings import (
    RunSettings,
    absolute,
    resumed_settings,
    sha256_of_data,
    train_config,
    write_settings,
)
from cornernet.training.start import matching_preprocess, preset_of, start_from, start_with_encoder
from cornernet.training.state import (
    Progress,
    TrainState,
    load_checkpoint,
    new_network,
    new_state,
)
from cornernet.training.train import Run, checkpoint_path, train
from cornernet.training.validation import Measure, Validation

# What measures a network on a run's validation set; None where it has none.
MeasureOf = Callable[[RunSettings, torch.device], Measure | None]


def begin(
    given: Mapping[str, Any], folder: Path, device_name: str, measure_of: MeasureOf | None = None
) -> Path:
    """Train from the start and give the path of the averaged weights.

    `given` holds what differs from the preset's settings: fields of RunSettings and TrainConfig.
    `folder` receives settings.json, log.csv, checkpoint.pt (to resume from), the weights, and of
    validations validation.csv and the best weights by its first figure. Nothing is written before
    all of it is known to fit.
    """
    if checkpoint_path(folder).exists():
        raise ValueError(
            f"Expected a new folder or --resume, but {folder} already holds a run's checkpoint."
        )
    given = absolute(given)
    device = choose_device(device_name)
    start = load_weights(given["weights"]) if given.get("weights") else None
    if "validate_minutes" in given and "val" not in given:
        raise ValueError("Expected --val with --validate-minutes, but it was given alone.")
    name = given.get("preset") or preset_of(start)
    preset = PRESETS[name]
    config = train_config(preset.train, given)
    config.expect_to_fit(preset.model)
    data = given.get("data", "shapes")
    root = given.get("image_root")
    is_strict = given.get("strict", False)
    where = (data, Path(root) if root else None)
    source, categories = training_source(
        where, config.seed, rare_share=config.rare_share, is_strict=is_strict
    )
    model = replace(preset.model, categories=len(categories))
    network = new_network(model, config.seed, config.corner_prior)
    pretrained = given.get("pretrained")
    if start is None:
        start_with_encoder(network, pretrained)
    elif pretrained:
        raise ValueError("Expected --weights or --pretrained, but both were given.")
    preprocess = preset.preprocess
    if start:
        transfer = start_from(network, categories, start)
        _say(transfer.sentence())
        preprocess = matching_preprocess(preprocess, start, transfer)
    settings = RunSettings(
        preset=name,
        weights=given.get("weights"),
        pretrained=pretrained,
        data=data,
        image_root=root,
        data_sha256=sha256_of_data(data),
        strict=is_strict,
        val=given.get("val"),
        val_image_root=given.get("val_image_root"),
        val_images=given.get("val_images"),
        categories=categories,
        train=config,
        model=model,
        preprocess=preprocess,
        decode=preset.decode,
    )
    measure = measure_of(settings, device) if measure_of else None
    state = new_state(network, config, device)
    write_settings(folder, settings)
    return _train(settings, (source, measure), state, Progress(), (folder, device))


def resume(
    given: Mapping[str, Any],
    folder: Path,
    device_name: str,
    measure_of: MeasureOf | None = None,
    *,
    may_change: bool,
) -> Path:
    """Go on with a run where it stopped; all that it needs is in its folder.

    Raise ValueError if something given contradicts the run's settings, unless it may change.
    """
    device = choose_device(device_name)
    settings, changes = resumed_settings(folder, given, may_change=may_change)
    settings.train.expect_to_fit(settings.model)
    source, categories = training_source(
        settings.data_spec,
        settings.train.seed,
        rare_share=settings.train.rare_share,
        is_strict=settings.strict,
    )
    if categories != settings.categories:
        raise ValueError(
            f"Expected the run's categories in their order ({_few(settings.categories)}), "
            f"but {settings.data} has {_few(categories)}; begin another run, with --weights."
        )
    network = new_network(settings.model, settings.train.seed)
    state = new_state(network, settings.train, device)
    progress = load_checkpoint(checkpoint_path(folder), state)
    measure = measure_of(settings, device) if measure_of else None
    for name, change in changes.items():
        _say(f"changed {name}: {change}")
    write_settings(folder, settings)
    return _train(settings, (source, measure), state, progress, (folder, device))


def _train(
    settings: RunSettings,
    data: tuple[SampleSource, Measure | None],
    state: TrainState,
    progress: Progress,
    where: tuple[Path, torch.device],
) -> Path:
    (source, measure), (folder, device) = data, where
    weights, best = weights_path(folder), best_path(folder)
    _say(
        f"Training {settings.preset} "
        f"({sum(p.numel() for p in state.network.parameters()):,} parameters) "
        f"on {settings.data}, on the {describe(device)}, into {folder}"
    )
    run = Run(
        config=settings.train,
        model=settings.model,
        preprocess=settings.preprocess,
        source=source,
        folder=folder,
        device=device,
        validation=measure
        and Validation(measure=measure, keep_best=lambda: export(best, settings, state)),
    )
    try:
        trained = train(run, state, progress)
        export(weights, settings, state)
    except DivergedError as error:
        raise DivergedError(_after_divergence(error, weights, settings, state)) from error
    except BaseException as error:
        if checkpoint_path(folder).exists():
            export(weights, settings, state)
        if isinstance(error, torch.OutOfMemoryError):
            size = settings.train.batch_size
            raise ValueError(
                f"Expected memory for batches of {size} images, but the {describe(device)} has too "
                "little; take a smaller --batch-size (of a saved run, by --resume --change)."
            ) from error
        raise
    if trained == progress:
        _say("The run was over already; --resume --change with more --minutes or --steps goes on")
    _say(
        f"Trained {trained.steps} steps on {trained.images} images in "
        f"{trained.seconds / 60:.1f} minutes (torch {torch.__version__})"
    )
    if best.exists():
        _say(f"The weights that were best in a validation: {best}")
    return weights


def _after_divergence(
    error: DivergedError, weights: Path, settings: RunSettings, state: TrainState
) -> str:
    """Put the weights of the last good state in place, if there is one, and say what is left."""
    expected = f"Expected a training that converges, but {error}"
    saved = checkpoint_path(weights.parent)
    lower = f"--learning-rate {settings.train.learning_rate / 10:g}"
    if not saved.exists():
        return f"{expected}; no state was good enough to keep, so begin again with {lower}."
    kept = load_checkpoint(saved, state)
    export(weights, settings, state)
    return (
        f"{expected}; the state after {kept.steps} steps is kept, and "
        f"--resume --out {weights.parent} --change {lower} goes on from it."
    )


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")


def _say(line: str) -> None:
    tqdm.write(line, file=sys.stderr)
