"""How much one request, one visitor and all together may take."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MEGABYTE = 1_000_000


class BusyError(ValueError):
    """No room for a request now, told in one sentence."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a server takes on; sizes in bytes, times in seconds."""

    largest_file: int = 60 * MEGABYTE
    largest_request: int = 8 * MEGABYTE  # of any other kind; a frozen camera frame is the largest
    stored_per_address: int = 600 * MEGABYTE  # a whole class may share one address
    stored_in_all: int = 1200 * MEGABYTE
    kept_seconds: float = 600.0  # how long a file stays after it was last used
    grace_seconds: float = 30.0  # for a page whose connection broke to come back
    visitors: int = 2000  # of whom is known who they are: a few KB each
    waiting_in_all: int = 600  # questions: a class of 60 with ten each
    waiting_per_visitor: int = 24
    waiting_bytes: int = 256 * MEGABYTE  # of all questions that wait
    at_once: int = 1  # images that the model answers at a time
    answer_seconds: float = 120.0  # then the next visitor is served


class PixelBudget:
    """Let images be decoded while all in hand have no more pixels than this; others wait."""

    def __init__(self, most: int, patience: float) -> None:
        self._most, self._patience = most, patience
        self._taken = 0
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, pixels: int) -> Iterator[None]:
        """Wait for room. Raise BusyError if none comes within the patience, in seconds.

        An image that is larger than the budget is let in alone.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: self._fits(pixels), self._patience):
                raise BusyError(
                    "Expected to decode this image at once, but others are in hand: try again."
                )
            self._taken += pixels
        try:
            yield
        finally:
            with self._changed:
                self._taken -= pixels
                self._changed.notify_all()

    def _fits(self, pixels: int) -> bool:
        return self._taken == 0 or self._taken + pixels <= self._most


DECODING = PixelBudget(most=80_000_000, patience=30.0)  # shared by all ways in
