"""What looks at a network while it trains, at the steps that it chooses."""

from typing import Protocol, runtime_checkable

from cornernet.model.network import CornerNet
from cornernet.training.losses import Losses
from cornernet.training.state import Progress


@runtime_checkable
class Watcher(Protocol):
    """Is shown the averaged network, in whatever mode it is, and leaves it as it is.

    Its time is not counted as training.
    """

    def after_step(self, network: CornerNet, progress: Progress, losses: Losses | None) -> None:
        """Look at the network after a step; without losses, as a session finds it."""

    def finish(self, network: CornerNet, progress: Progress) -> None:
        """Look at the network that a run ends with."""


class Unwatched:
    """Nobody looks."""

    def after_step(self, network: CornerNet, progress: Progress, losses: Losses | None) -> None:
        """Do nothing."""

    def finish(self, network: CornerNet, progress: Progress) -> None:
        """Do nothing."""
