"""Who has the page open: told by the connection that each open page keeps."""

import asyncio
from collections import Counter
from collections.abc import Callable


class Presence:
    """Count each visitor's open pages, and tell when one is gone for good."""

    def __init__(self, on_leave: Callable[[str], None], grace_seconds: float) -> None:
        self._on_leave, self._grace = on_leave, grace_seconds
        self._open: Counter[str] = Counter()
        self._going: dict[str, asyncio.TimerHandle] = {}

    def __contains__(self, session: object) -> bool:
        return session in self._open or session in self._going

    def count(self) -> int:
        """Count the visitors who have a page open."""
        return len(self._open)

    def come(self, session: str) -> None:
        """Count a page that opened its connection."""
        self._open[session] += 1
        if waiting := self._going.pop(session, None):
            waiting.cancel()

    def go(self, session: str) -> None:
        """Count a connection that ended; a page whose network failed for a moment comes back."""
        self._open[session] -= 1
        if self._open[session] <= 0:
            del self._open[session]
            loop = asyncio.get_running_loop()
            self._going[session] = loop.call_later(self._grace, self._left, session)

    def _left(self, session: str) -> None:
        self._going.pop(session, None)
        self._on_leave(session)
