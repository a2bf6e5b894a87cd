"""The processes that train one network together, as `torchrun` starts them."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from cornernet.device import choose_device

# The others wait while the first process measures on a whole validation set.
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, kw_only=True)
class World:
    """How many processes train together, and which one this is; the first one speaks and writes."""

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        """Return whether this process is the one that speaks and writes."""
        return self.rank == 0

    def sum(self, values: Tensor) -> Tensor:
        """Add up what every process gives."""
        total = values.detach().cpu()
        if self.size > 1:
            distributed.all_reduce(total)
        return total

    def of_first(self, value: float) -> float:
        """Return the first process's value."""
        given = torch.tensor(value, dtype=torch.float64)
        if self.size > 1:
            distributed.broadcast(given, 0)
        return float(given)

    def largest(self, value: int) -> int:
        """Return the largest of all processes' values."""
        given = torch.tensor(value)
        if self.size > 1:
            distributed.all_reduce(given, distributed.ReduceOp.MAX)
        return int(given)

    def shared(self, network: nn.Module) -> nn.Module:
        """Return a network whose gradients are means over the processes.

        Each normalises a batch by its own images' statistics, as in the paper's code; the running
        ones are those of the first process.
        """
        return DistributedDataParallel(network) if self.size > 1 else network


ALONE = World()


def unshared(network: nn.Module) -> AbstractContextManager[None]:
    """Keep gradients to this process while several parts of a batch add to them."""
    if isinstance(network, DistributedDataParallel):
        return network.no_sync()
    return nullcontext()


def current_world() -> World:
    """Return the processes that this one has joined."""
    if not (distributed.is_available() and distributed.is_initialized()):
        return ALONE
    return World(rank=distributed.get_rank(), size=distributed.get_world_size())


@contextmanager
def joined(device_name: str) -> Iterator[World]:
    """Join the processes that `torchrun` started; without it, be alone.

    What any but the first one writes to the console is not seen. Raise ValueError, in one
    sentence, if a device is not there or another process ends.
    """
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield ALONE
        return
    device = local_device(device_name)
    if device.type == "cuda":
        torch.cuda.set_device(device)
    backend = "cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo"
    distributed.init_process_group(backend, timeout=LONGEST_WAIT)
    world = current_world()
    try:
        with nullcontext() if world.is_first else _in_silence():
            yield world
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise ValueError(
            f"Expected all {size} processes of this training to go on, but: {reason}."
        ) from error
    finally:
        distributed.destroy_process_group()


def local_device(name: str) -> torch.device:
    """Return this process's device; of graphics cards, `torchrun` gives each process its own."""
    device = choose_device(name)
    if int(os.environ.get("WORLD_SIZE", "1")) == 1 or device.type == "cpu":
        return device
    if device.type != "cuda" or device.index is not None:
        raise ValueError(
            f"Expected --device cpu or cuda with several processes, but {name!r} was given."
        )
    return choose_device(f"cuda:{os.environ['LOCAL_RANK']}")


@contextmanager
def _in_silence() -> Iterator[None]:
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stderr(nowhere),
        contextlib.redirect_stdout(nowhere),
    ):
        yield
