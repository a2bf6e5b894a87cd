"""Ctrl-C and SIGTERM between steps, so that what is saved is the state after a whole one."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Terminated(KeyboardInterrupt):
    """SIGTERM: what a system sends to a process that it is about to end."""


# What each signal does where nobody changed it; and what it raises once it is let through.
_DEFAULTS: dict[signal.Signals, Callable[[int, FrameType | None], Any] | int] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
}
_RAISED = {signal.SIGINT: KeyboardInterrupt, signal.SIGTERM: Terminated}


@contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Hold both back until the function given is called; a second one comes through at once."""
    # Only the main thread may catch signals; and whoever ignores them goes on ignoring them.
    is_main = threading.current_thread() is threading.main_thread()
    held = [s for s, default in _DEFAULTS.items() if is_main and signal.getsignal(s) == default]
    came: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        if came:
            raise _RAISED[signal.Signals(number)]
        came.append(number)

    def let_through() -> None:
        if came:
            raise _RAISED[signal.Signals(came[0])]

    for number in held:
        signal.signal(number, hold)
    try:
        yield let_through
    finally:
        for number in held:
            signal.signal(number, _DEFAULTS[number])
