"""The end of the server: the last answers, and then the end within ten seconds."""

import atexit
import os
import signal
import threading
import time
from collections.abc import Callable

LAST_ANSWERS_SECONDS = 4.0  # closing takes up to 5 more
ALL_SECONDS = 9.5  # then the process ends, whatever still runs


def wait_for_signal() -> None:
    """Sleep until SIGTERM or SIGINT; in another than the main thread, for ever."""
    asked = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: asked.set())
    asked.wait()


def end_soon(seconds: float = ALL_SECONDS, end: Callable[[int], object] = os._exit) -> None:
    """End the process after that time, but delete visitors' files even then."""

    def now() -> None:
        time.sleep(seconds)
        atexit._run_exitfuncs()
        end(1)

    threading.Thread(target=now, name="end", daemon=True).start()


def wait_until(is_done: Callable[[], bool], seconds: float = LAST_ANSWERS_SECONDS) -> bool:
    """Wait for the last answers; tell whether all were given."""
    end = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
