"""Ctrl-C between steps, so that what is saved is the state after a whole one."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def held_back() -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C back until the function given is called; a second one comes through at once."""
    before = signal.getsignal(signal.SIGINT)
    # Only the main thread may catch signals; and whoever ignores them goes on ignoring them.
    if before is not signal.default_int_handler or (
        threading.current_thread() is not threading.main_thread()
    ):
        yield lambda: None
        return
    is_pressed = False

    def hold(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_pressed
        if is_pressed:
            raise KeyboardInterrupt
        is_pressed = True

    def let_through() -> None:
        if is_pressed:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, hold)
    try:
        yield let_through
    finally:
        signal.signal(signal.SIGINT, before)
