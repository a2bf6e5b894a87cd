"""Ctrl-C and SIGTERM between steps, so that what is saved is the state after a whole one."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from cornernet.training.world import ALONE, World


class Terminated(KeyboardInterrupt):
    """SIGTERM: what a system sends to a process that it is about to end."""


# What each signal does where nobody changed it; and what it raises once it is let through.
_DEFAULTS: dict[signal.Signals, Callable[[int, FrameType | None], Any] | int] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}
_RAISED = {signal.SIGINT: KeyboardInterrupt, signal.SIGTERM: Terminated}


class Held:
    """What came while signals are held back; calling it lets that through, in every process."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._came: list[int] = []

    def hold(self, number: int, _frame: FrameType | None) -> None:
        """Keep a signal for later; a second one comes through at once."""
        if self._came:
            raise _RAISED[signal.Signals(number)]
        self._came.append(number)

    def __call__(self) -> None:
        """Let through, in all processes at once, what came to any; each of them has to call."""
        _raise(self._world.largest(max(self._came, default=0)))

    def alone(self) -> None:
        """Let through what came to this process."""
        _raise(max(self._came, default=0))


def _raise(number: int) -> None:
    if number:
        raise _RAISED[signal.Signals(number)]


@contextmanager
def held_back(world: World = ALONE) -> Iterator[Held]:
    """Hold both back until what is given is called; a second one comes through at once."""
    # Only the main thread may catch signals; and whoever ignores them goes on ignoring them.
    is_main = threading.current_thread() is threading.main_thread()
    signals = [s for s, default in _DEFAULTS.items() if is_main and signal.getsignal(s) == default]
    held = Held(world)
    for number in signals:
        signal.signal(number, held.hold)
    try:
        yield held
    finally:
        for number in signals:
            signal.signal(number, _DEFAULTS[number])
