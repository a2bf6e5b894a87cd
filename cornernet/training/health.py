"""Notice that a training has gone wrong for good."""

import math
from collections import deque

import torch
from torch import nn

WINDOW = 50  # steps over which the loss is averaged
PATIENCE = 10  # steps in a row without a usable gradient
# A run is lost when its loss is this many times the lowest so far and the one of its first steps.
TIMES_LOWEST, TIMES_FIRST = 20.0, 3.0


class DivergedError(ValueError):
    """A training that cannot become good any more, told in one sentence."""


class Health:
    """Watch losses and gradients of one session of a run."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=WINDOW)
        self._first: float | None = None
        self._lowest = math.inf
        self._skipped = 0

    def expect_loss(self, loss: float) -> None:
        """Take a step's loss. Raise DivergedError if it tells that the run is lost."""
        if not math.isfinite(loss):  # by now it is in the batch statistics, too
            raise DivergedError(f"the loss is {loss}")
        self._recent.append(loss)
        if len(self._recent) < WINDOW:
            return
        mean = math.fsum(self._recent) / WINDOW
        self._first = mean if self._first is None else self._first
        self._lowest = min(self._lowest, mean)
        if mean > max(TIMES_LOWEST * self._lowest, TIMES_FIRST * self._first):
            raise DivergedError(f"the loss rose from {self._lowest:.3g} to {mean:.3g}")

    def expect_gradient(self, norm: float) -> None:
        """Take a step's gradient. Raise DivergedError if many in a row are no numbers."""
        self._skipped = 0 if math.isfinite(norm) else self._skipped + 1
        if self._skipped >= PATIENCE:
            raise DivergedError(f"{PATIENCE} gradients in a row are no finite numbers")


def fault_of_values(network: nn.Module) -> str | None:
    """Describe which value cannot be kept in half precision, as weights are; None if all can."""
    largest = torch.finfo(torch.half).max
    for name, tensor in network.state_dict().items():
        if not tensor.is_floating_point():
            continue
        limit = math.inf if "running_" in name else largest
        low, high = (float(extreme) for extreme in torch.aminmax(tensor))
        if not -limit < low <= high < limit:
            return f"{name} reaches {high if math.isnan(high) or high > -low else low:.3g}"
    return None
