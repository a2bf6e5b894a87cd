"""All that changes while training, and its files."""

import os
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from cornernet.config import MemoryLayout, ModelConfig, TrainConfig
from cornernet.model.heads import PRIOR_PROBABILITY, CornerBranch
from cornernet.model.network import CornerNet
from cornernet.training.freezing import expect_names
from cornernet.writing import tell, whole_file


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run is; what a checkpoint holds beside tensors."""

    steps: int = 0
    images: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, eq=False, kw_only=True)
class TrainState:
    """All that changes while training."""

    network: CornerNet
    average: AveragedModel
    optimizer: torch.optim.Optimizer
    rate_factors: tuple[float, ...]  # of the optimizer's groups

    @property
    def averaged_network(self) -> CornerNet:
        """Return the network of averaged weights, which is the one that ships."""
        network = self.average.module
        assert isinstance(network, CornerNet)
        return network


def new_network(
    model: ModelConfig, seed: int, corner_prior: float = PRIOR_PROBABILITY
) -> CornerNet:
    """Make a network whose weights depend on the seed alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = CornerNet(model)
    for module in network.modules():
        if isinstance(module, CornerBranch):
            module.expect_corners(corner_prior)
    return network


def new_state(network: CornerNet, config: TrainConfig, device: torch.device) -> TrainState:
    """Make a network's average and optimizer; take the network over.

    Raise ValueError if a beginning of names in the config is that of no parameter, or of all.
    """
    expect_names(network, config)
    layout = memory_format(config.memory_layout)
    network = network.to(device, memory_format=layout)  # type: ignore[call-overload]
    average = AveragedModel(
        network, multi_avg_fn=_warming_average(config.ema_decay), use_buffers=True
    ).requires_grad_(False)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for is_decayed in (True, False):
        decay = config.weight_decay if is_decayed else 0.0
        for name, parameter in network.named_parameters():
            if (parameter.ndim > 1) == is_decayed:
                groups.setdefault((decay, _factor_of(name, config)), []).append(parameter)
    optimizer = torch.optim.AdamW(
        [{"params": tensors, "weight_decay": decay} for (decay, _), tensors in groups.items()],
        lr=config.learning_rate,
    )
    return TrainState(
        network=network,
        average=average,
        optimizer=optimizer,
        rate_factors=tuple(factor for _, factor in groups),
    )


def memory_format(layout: MemoryLayout) -> torch.memory_format:
    """Return PyTorch's word for a layout."""
    return torch.channels_last if layout == "channels_last" else torch.contiguous_format


def _factor_of(name: str, config: TrainConfig) -> float:
    return next((f for prefix, f in config.rate_factors if name.startswith(prefix)), 1.0)


def _warming_average(decay: float):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Average exponentially, over few steps at first, so that the fresh weights are forgotten."""

    @torch.no_grad()
    def update(averages: list[Tensor], values: list[Tensor], count: Tensor | int) -> None:
        kept = min(decay, (1 + int(count)) / (10 + int(count)))
        for average, value in zip(averages, values, strict=True):
            if average.is_floating_point():
                average.lerp_(value.to(average.dtype), 1 - kept)
            else:
                average.copy_(value)

    return update


def checkpoint_path(folder: Path) -> Path:
    """Return where a run's last good state is."""
    return folder / "checkpoint.pt"


def previous_path(folder: Path) -> Path:
    """Return where the state is that was saved before the last one."""
    return folder / "checkpoint-previous.pt"


def holds_run(folder: Path) -> bool:
    """Return whether a run in a folder can go on."""
    return checkpoint_path(folder).exists() or previous_path(folder).exists()


def save_run(folder: Path, state: TrainState, progress: Progress) -> None:
    """Write all that `load_run` needs to go on exactly; the state saved before is kept, too.

    Raise ValueError if it cannot be written; what was there then stays.
    """
    path = checkpoint_path(folder)
    saved = {
        "network": state.network.state_dict(),
        "average": state.average.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "random": torch.get_rng_state(),
        "progress": vars(progress),
    }
    with whole_file(path) as new:
        with new.open("wb") as file:
            torch.save(saved, file)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            path.replace(previous_path(folder))


def load_run(folder: Path, state: TrainState) -> Progress:
    """Restore a run's last whole state; tell where that is not the last one that was saved.

    Raise ValueError if there is none, or none of the same settings.
    """
    path, saved = _last_whole(folder)
    try:
        state.network.load_state_dict(saved["network"])
        state.average.load_state_dict(saved["average"])
        state.optimizer.load_state_dict(saved["optimizer"])
        torch.set_rng_state(saved["random"])
        return Progress(**saved["progress"])
    except Exception as error:  # a dozen types, by what does not fit
        raise ValueError(
            f"Expected a checkpoint of a run with the same settings, but {path} is none: {error}"
        ) from error


def _last_whole(folder: Path) -> tuple[Path, dict[str, Any]]:
    faults = []
    for path in (checkpoint_path(folder), previous_path(folder)):
        try:
            saved = _read_whole(path)
        except FileNotFoundError:
            faults.append(f"there is no {path}")
        except Exception as error:  # zip files and PyTorch raise many types on damage
            first_line = (str(error).splitlines() or [type(error).__name__])[0]
            faults.append(f"{path} is damaged: {first_line}")
        else:
            if faults:
                tell(f"Going on from the checkpoint before the last one, since {faults[0]}")
            return path, saved
    raise ValueError(f"Expected a checkpoint to resume from, but {faults[0]}.")


def _read_whole(path: Path) -> dict[str, Any]:
    """Read a checkpoint, but none of whose parts a checksum is wrong, which PyTorch ignores."""
    with zipfile.ZipFile(path) as parts:
        wrong = parts.testzip()
    if wrong is not None:
        raise ValueError(f"the checksum of {wrong} is wrong")
    saved: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return saved
