"""The end of the server: the last answers, and then the end within ten seconds."""

import atexit
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

LAST_ANSWERS_SECONDS = 5.0
CONNECTIONS_SECONDS = 1.0  # for what was sent to arrive; an open page would keep one for ever
ALL_SECONDS = 8.5  # then the process ends, whatever still runs


def wait_for_signal() -> None:
    """Sleep until SIGTERM or SIGINT; in another than the main thread, for ever."""
    stopping = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
    stopping.wait()


def end_soon(seconds: float = ALL_SECONDS) -> None:
    """End the process after that time, but delete visitors' files even then.

    A second later the system ends it, should Python itself be busy with its end.
    """

    def now() -> None:
        time.sleep(seconds)
        end_now(1)

    threading.Thread(target=now, name="end", daemon=True).start()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)


def end_now(status: int) -> NoReturn:
    """End without a wait for threads, nor for Python to take itself apart: seconds, under load."""
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def wait_until(is_done: Callable[[], bool], seconds: float = LAST_ANSWERS_SECONDS) -> bool:
    """Wait for the last answers; tell whether all were given."""
    end = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def later(seconds: float, act: Callable[[], object]) -> None:
    """Do something after a time, if the process still runs."""
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
