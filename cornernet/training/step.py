"""One step: losses of a batch, and what they change in the weights."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cornernet.config import TrainConfig
from cornernet.data.samples import Batch
from cornernet.device import autocast, training_precision
from cornernet.training.health import Health
from cornernet.training.losses import Losses, LossWeights, detection_losses
from cornernet.training.state import TrainState, memory_format


@dataclass(frozen=True, eq=False, kw_only=True)
class Step:
    """What a step did."""

    losses: Losses
    learning_rate: float
    gradient_norm: float  # before it was clipped


def train_on(
    batch: Batch, state: TrainState, config: TrainConfig, rate: float, health: Health
) -> Step:
    """Train on one batch, on the network's device. Raise DivergedError if the run is lost."""
    device = next(state.network.parameters()).device
    with autocast(device, training_precision(device)):
        layout = memory_format(config.memory_layout)
        output = state.network(batch.pixels.to(device, memory_format=layout, non_blocking=True))
    weights = LossWeights(
        pull=config.pull_weight, push=config.push_weight, offset=config.offset_weight
    )
    losses = detection_losses(output, batch.targets.to(device), weights)
    health.expect_loss(losses.total.item())
    norm = take_step(state, losses.total, rate, config.clip_norm)
    health.expect_gradient(norm)
    return Step(losses=losses, learning_rate=rate, gradient_norm=norm)


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
