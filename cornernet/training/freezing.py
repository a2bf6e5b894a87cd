"""Let parts of a network stand still until their share of the run has come."""

from torch import nn

from cornernet.config import TrainConfig
from cornernet.training.schedule import frozen_at
from cornernet.training.world import ALONE, World


class Thawing:
    """Keep a network's training state at what the config wants of the moment."""

    def __init__(self, network: nn.Module, config: TrainConfig, world: World = ALONE) -> None:
        self._network, self._config, self._world = network, config, world
        self._frozen: tuple[str, ...] | None = None
        self._shared = network

    def at(self, share: float) -> nn.Module:
        """Set which layers train at this share of the run; return the network as it is called."""
        frozen = frozen_at(self._config, share)
        if frozen != self._frozen:
            train_all_but(self._network, frozen)
            self._frozen = frozen
            self._shared = self._world.shared(self._network)
        return self._shared


def train_all_but(network: nn.Module, prefixes: tuple[str, ...]) -> None:
    """Set a network to train, but for the layers whose names begin so.

    These need no gradients, and keep their batch statistics.
    """
    network.train()
    for name, module in network.named_modules():
        if f"{name}.".startswith(prefixes):
            module.eval()
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(not name.startswith(prefixes))


def expect_names(network: nn.Module, config: TrainConfig) -> None:
    """Raise ValueError unless the names in a config begin some of the network's, and not all."""
    names = [name for name, _ in network.named_parameters()]
    for prefix, _ in (*config.frozen_until, *config.rate_factors):
        if not any(name.startswith(prefix) for name in names):
            raise ValueError(f"Expected parameters whose names begin with {prefix!r}; none do.")
    frozen = frozen_at(config, 0.0)
    if all(name.startswith(frozen) for name in names):
        raise ValueError(f"Expected layers to train beside the frozen {', '.join(frozen)}.")
