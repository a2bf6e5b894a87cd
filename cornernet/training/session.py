"""Set a training run up, run it, and write the weights that ship."""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from tqdm import tqdm

from cornernet.checkpoints import Checkpoint
from cornernet.checkpoints import save_checkpoint as save_weights
from cornernet.config import TrainConfig, config_from
from cornernet.data.sources import DataSpec, training_source
from cornernet.device import choose_device, describe
from cornernet.model.network import CornerNet
from cornernet.presets import PRESETS
from cornernet.training.train import Progress, Run, load_checkpoint, new_state, train


def train_model(
    *,
    preset: str,
    settings: dict[str, Any],
    data: DataSpec,
    folder: Path,
    is_resumed: bool,
    device_name: str,
) -> Path:
    """Train a preset on a data set and give the path of its averaged weights.

    `folder` receives settings.json, log.csv, checkpoint.pt (to resume from) and the weights.
    """
    config = config_from(TrainConfig, settings)
    device = choose_device(device_name)
    source, categories = training_source(data, config.seed)
    chosen = PRESETS[preset]
    model = replace(chosen.model, categories=len(categories))
    checkpoint_path = folder / "checkpoint.pt"
    if checkpoint_path.exists() and not is_resumed:
        raise ValueError(
            f"Expected a new folder or --resume, but {folder} already holds a run's checkpoint."
        )
    state = new_state(model, config, device)
    progress = load_checkpoint(checkpoint_path, state) if is_resumed else Progress()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.json").write_text(
        json.dumps({"train": asdict(config), "model": asdict(model)}, indent=2)
    )
    tqdm.write(
        f"Training {preset} ({sum(p.numel() for p in state.network.parameters()):,} parameters) "
        f"on {data[0]}, on the {describe(device)}, into {folder}",
        file=sys.stderr,
    )
    run = Run(
        config=config,
        model=model,
        preprocess=chosen.preprocess,
        source=source,
        folder=folder,
        device=device,
    )
    weights = folder / f"{folder.name}.safetensors"

    def export() -> None:
        network = state.average.module
        assert isinstance(network, CornerNet)
        save_weights(
            weights,
            Checkpoint(
                name=folder.name,
                network=network,
                categories=categories,
                preprocess=chosen.preprocess,
                decode=chosen.decode,
            ),
        )

    try:
        progress = train(run, state, progress)
    finally:
        export()
    tqdm.write(
        f"Trained {progress.steps} steps on {progress.images} images in "
        f"{progress.seconds / 60:.1f} minutes (torch {torch.__version__})",
        file=sys.stderr,
    )
    return weights
