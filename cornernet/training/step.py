"""One step: losses of a batch, and what they change in the weights."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn

from cornernet.config import TrainConfig
from cornernet.data.samples import Batch
from cornernet.device import autocast, training_precision
from cornernet.training.freezing import Thawing
from cornernet.training.health import Health
from cornernet.training.losses import Losses, LossWeights, counts_of, detection_losses
from cornernet.training.state import TrainState, memory_format
from cornernet.training.world import ALONE, World, unshared


@dataclass(frozen=True, eq=False, kw_only=True)
class Step:
    """What a step did."""

    losses: Losses
    learning_rate: float
    gradient_norm: float  # before it was clipped


class Trainer:
    """Train one network, step by step."""

    def __init__(self, state: TrainState, config: TrainConfig, world: World = ALONE) -> None:
        self._state, self._config, self._world = state, config, world
        self._health = Health()
        self._thawing = Thawing(state.network, config, world)

    def step(self, parts: Sequence[Batch], rate: float, share: float) -> Step:
        """Train on this process's parts of a batch, at this share of the run.

        The losses, and what they are means over, are the whole batch's, however it is divided.
        Raise DivergedError if the run is lost.
        """
        network = self._thawing.at(share)
        shares = self._shares_of(parts)
        *before, last = zip(parts, shares, strict=True)
        with unshared(network):
            added = [self._add_gradients(network, *part) for part in before]
        losses = self._whole_of([*added, self._add_gradients(network, *last)])
        self._health.expect_loss(losses.total.item())
        norm = take_step(self._state, rate, self._config.clip_norm)
        self._health.expect_gradient(norm)
        return Step(losses=losses, learning_rate=rate, gradient_norm=norm)

    def _shares_of(self, parts: Sequence[Batch]) -> list[Tensor | None]:
        """Return how much of the whole batch's corners, objects and images each part holds."""
        if len(parts) == self._world.size == 1:
            return [None]
        counts = [counts_of(part.targets) for part in parts]
        whole = self._world.sum(torch.stack(counts).sum(0))
        # A part without corners has a loss that was divided by 1.
        return [each.clamp(min=1) / whole.clamp(min=1) for each in counts]

    def _add_gradients(self, network: nn.Module, batch: Batch, share: Tensor | None) -> Losses:
        config, device = self._config, next(self._state.network.parameters()).device
        with autocast(device, training_precision(device)):
            layout = memory_format(config.memory_layout)
            output = network(batch.pixels.to(device, memory_format=layout, non_blocking=True))
        weights = LossWeights(
            pull=config.pull_weight, push=config.push_weight, offset=config.offset_weight
        )
        losses = detection_losses(output, batch.targets.to(device), weights, share)
        # Processes take the mean of their gradients, but each holds a part of the sum.
        (losses.total * self._world.size).backward()  # type: ignore[no-untyped-call]
        return losses

    def _whole_of(self, added: Sequence[Losses]) -> Losses:
        names = [f.name for f in fields(Losses)]
        values = torch.stack(
            [torch.stack([getattr(losses, name).detach() for name in names]) for losses in added]
        ).sum(0)
        return Losses(**dict(zip(names, self._world.sum(values), strict=True)))


def take_step(state: TrainState, rate: float, clip_norm: float) -> float:
    """Update weights and average by the gradients that are there, and clear them; give their norm.

    A step whose gradient is no number is skipped.
    """
    for group, factor in zip(state.optimizer.param_groups, state.rate_factors, strict=True):
        group["lr"] = rate * factor
    norm = nn.utils.clip_grad_norm_(state.network.parameters(), clip_norm)
    if torch.isfinite(norm):
        state.optimizer.step()
        state.average.update_parameters(state.network)
    state.optimizer.zero_grad(set_to_none=True)
    return float(norm)
