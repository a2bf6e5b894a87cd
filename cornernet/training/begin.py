"""Begin a run: from settings that are given to a network, its data and a folder."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cornernet.checkpoints import Checkpoint, load_checkpoint
from cornernet.config import PreprocessConfig, TrainConfig
from cornernet.data.samples import SampleSource
from cornernet.data.sources import training_source
from cornernet.model.network import CornerNet
from cornernet.presets import PRESETS, Preset
from cornernet.training.session import UNOBSERVED, Observers, Session, run
from cornernet.training.settings import (
    RunSettings,
    absolute,
    sha256_of_data,
    train_config,
    write_settings,
)
from cornernet.training.start import matching_preprocess, preset_of, start_from, start_with_encoder
from cornernet.training.state import Progress, holds_run, new_network, new_state
from cornernet.training.world import World, current_world, local_device
from cornernet.writing import expect_folder, tell


def begin(
    given: Mapping[str, Any], folder: Path, device_name: str, observers: Observers = UNOBSERVED
) -> Path:
    """Train from the start and give the path of the averaged weights.

    `given` holds what differs from the preset's settings: fields of RunSettings and TrainConfig.
    `folder` receives settings.json, log.csv, checkpoint.pt (to resume from) and the one before it,
    the weights, and of validations validation.csv and the best weights by its first figure.
    Nothing is written before all of it is known to fit.
    """
    _expect_new(folder)
    world, device = current_world(), local_device(device_name)
    settings, source, network = prepare(given, world)
    measure, watcher = observers.of(settings, device, folder)
    state = new_state(network, settings.train, device)
    if world.is_first:
        write_settings(folder, settings)
    return run(
        Session(
            settings=settings,
            source=source,
            measure=measure,
            watcher=watcher,
            state=state,
            progress=Progress(),
            folder=folder,
            device=device,
            world=world,
        )
    )


def prepare(given: Mapping[str, Any], world: World) -> tuple[RunSettings, SampleSource, CornerNet]:
    """Return what a run would be made of, from settings as `begin` takes them; write nothing."""
    given = absolute(given)
    start = load_checkpoint(given["weights"]) if given.get("weights") else None
    name = given.get("preset") or preset_of(start)
    config = _config(PRESETS[name], given, world)
    source, categories = _source(given, config)
    network = _network(PRESETS[name], config, categories, start)
    preprocess = _taken_over(network, categories, PRESETS[name], start, given.get("pretrained"))
    return _settings(name, given, config, network, (categories, preprocess)), source, network


def _expect_new(folder: Path) -> None:
    if holds_run(folder):
        raise ValueError(
            f"Expected a new folder or --resume, but {folder} already holds a run's checkpoint."
        )
    expect_folder(folder)


def _config(preset: Preset, given: Mapping[str, Any], world: World) -> TrainConfig:
    if "validate_minutes" in given and "val" not in given:
        raise ValueError("Expected --val with --validate-minutes, but it was given alone.")
    config = train_config(preset.train, given)
    config.expect_to_fit(preset.model, world.size)
    return config


def _source(given: Mapping[str, Any], config: TrainConfig) -> tuple[SampleSource, tuple[str, ...]]:
    root = given.get("image_root")
    return training_source(
        (given.get("data", "shapes"), Path(root) if root else None),
        config.seed,
        rare_share=config.rare_share,
        crop_of=config.crop_of,
        is_strict=given.get("strict", False),
    )


def _network(
    preset: Preset, config: TrainConfig, categories: tuple[str, ...], start: Checkpoint | None
) -> CornerNet:
    """Make a preset's network; one that starts from weights recognises only if they do."""
    recognition = preset.model.recognition and (start is None or start.network.config.recognition)
    model = replace(preset.model, categories=len(categories), recognition=recognition)
    return new_network(model, config.seed, config.corner_prior)


def _taken_over(
    network: CornerNet,
    categories: tuple[str, ...],
    preset: Preset,
    start: Checkpoint | None,
    pretrained: str | None,
) -> PreprocessConfig:
    """Put trained weights into a new network, and give how it then has to see images."""
    if start is None:
        start_with_encoder(network, categories, pretrained)
        return preset.preprocess
    if pretrained:
        raise ValueError("Expected --weights or --pretrained, but both were given.")
    transfer = start_from(network, categories, start)
    tell(transfer.sentence())
    return matching_preprocess(preset.preprocess, start, transfer)


def _settings(
    name: str,
    given: Mapping[str, Any],
    config: TrainConfig,
    network: CornerNet,
    learnt: tuple[tuple[str, ...], PreprocessConfig],
) -> RunSettings:
    data = given.get("data", "shapes")
    categories, preprocess = learnt
    return RunSettings(
        preset=name,
        weights=given.get("weights"),
        pretrained=given.get("pretrained"),
        data=data,
        image_root=given.get("image_root"),
        data_sha256=sha256_of_data(data),
        strict=given.get("strict", False),
        val=given.get("val"),
        val_image_root=given.get("val_image_root"),
        val_images=given.get("val_images"),
        replay=given.get("replay"),
        categories=categories,
        train=config,
        model=network.config,
        preprocess=preprocess,
        decode=PRESETS[name].decode,
    )
