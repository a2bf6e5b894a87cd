"""Where the time of one question goes: stages tell how long they took to who listens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Spent = dict[str, float]  # seconds by stage
_listener: ContextVar[Spent | None] = ContextVar("listener", default=None)


@contextmanager
def listening() -> Iterator[Spent]:
    """Collect what is spent from here on, also by threads and tasks that are started here."""
    spent: Spent = {}
    token = _listener.set(spent)
    try:
        yield spent
    finally:
        _listener.reset(token)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Return how long something took that went well; a stage may run more than once."""
    started = time.perf_counter()
    yield
    spent = _listener.get()
    if spent is not None:
        spent[name] = spent.get(name, 0.0) + time.perf_counter() - started
