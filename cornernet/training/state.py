"""All that changes while training, and its file."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from cornernet.config import MemoryLayout, ModelConfig, TrainConfig
from cornernet.model.heads import PRIOR_PROBABILITY, CornerBranch
from cornernet.model.network import CornerNet
from cornernet.training.freezing import expect_names


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


def take_step(state: TrainState, loss: Tensor, rate: float, clip_norm: float) -> float:
    """Update weights and average; skip a step whose gradient is no number. Give its norm."""
    for group, factor in zip(state.optimizer.param_groups, state.rate_factors, strict=True):
        group["lr"] = rate * factor
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    norm = nn.utils.clip_grad_norm_(state.network.parameters(), clip_norm)
    if torch.isfinite(norm):
        state.optimizer.step()
        state.average.update_parameters(state.network)
    return float(norm)


def save_checkpoint(path: Path, state: TrainState, progress: Progress) -> None:
    """Write all that `load_checkpoint` needs to go on exactly; replaces the file at once.

    Raise ValueError if it cannot be written.
    """
    half_written = path.with_suffix(".partial")
    try:
        torch.save(
            {
                "network": state.network.state_dict(),
                "average": state.average.state_dict(),
                "optimizer": state.optimizer.state_dict(),
                "random": torch.get_rng_state(),
                "progress": vars(progress),
            },
            half_written,
        )
        half_written.replace(path)
    except (OSError, RuntimeError) as error:  # PyTorch's own for a full disk
        half_written.unlink(missing_ok=True)
        first_line = str(error).splitlines()[0]
        raise ValueError(f"Expected room to save in {path.parent}, but: {first_line}.") from error


def load_checkpoint(path: Path, state: TrainState) -> Progress:
    """Restore a run's state. Raise ValueError if the file does not fit it."""
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        state.network.load_state_dict(saved["network"])
        state.average.load_state_dict(saved["average"])
        state.optimizer.load_state_dict(saved["optimizer"])
        torch.set_rng_state(saved["random"])
        return Progress(**saved["progress"])
    except FileNotFoundError as error:
        raise ValueError(
            f"Expected a checkpoint to resume from, but there is no {path}."
        ) from error
    except Exception as error:  # torch.load raises many types on damaged files
        raise ValueError(
            f"Expected a checkpoint of a run with the same settings, but {path} is none: {error}"
        ) from error
