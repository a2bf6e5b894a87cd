"""The weights of a run as they ship."""

from pathlib import Path

from cornernet.checkpoints import Checkpoint, CheckpointError, save_checkpoint
from cornernet.checkpoints.check import check
from cornernet.training.health import DivergedError
from cornernet.training.settings import RunSettings
from cornernet.training.state import TrainState
from cornernet.writing import whole_file


def weights_path(folder: Path) -> Path:
    """Return where the last averaged weights are."""
    return folder / f"{folder.resolve().name}.safetensors"


def best_path(folder: Path) -> Path:
    """Return where the averaged weights are that were best in a validation."""
    return folder / f"{folder.resolve().name}-best.safetensors"


def export(path: Path, settings: RunSettings, state: TrainState) -> None:
    """Write the averaged weights. Raise DivergedError if what was written cannot be used."""
    checkpoint = Checkpoint(
        name=path.stem,
        network=state.averaged_network,
        categories=settings.categories,
        preprocess=settings.preprocess,
        decode=settings.decode,
    )
    with whole_file(path) as new:
        save_checkpoint(new, checkpoint)
        try:
            check(str(new))
        except CheckpointError as error:
            raise DivergedError(str(error).rstrip(".")) from error
