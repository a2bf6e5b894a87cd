"""Whether the model answers: seen from its answers, or asked when there were none lately."""

import asyncio
import threading
import time
from collections.abc import Callable

FRESH_SECONDS = 30.0  # how long an answer shows that the model answers
PATIENCE_SECONDS = 5.0  # for an answer that is asked for


class Pulse:
    """Know when the model answered last; `probe` asks it, and returns when it answered."""

    def __init__(
        self,
        probe: Callable[[], object],
        fresh: float = FRESH_SECONDS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._probe, self._fresh, self._patience = probe, fresh, patience
        self._last = -float("inf")
        self._probing: threading.Thread | None = None
        self.is_stopping = False

    def beat(self) -> None:
        """Write down that the model answered."""
        self._last = time.monotonic()

    async def trouble(self) -> str:
        """Describe why no question should come here; "" if the model answers."""
        if self.is_stopping:
            return "The server is stopping."
        if not self._answered_lately():
            self._ask()
            await self._wait()
        if self._answered_lately():
            return ""
        return f"The model gave no answer within {self._patience:g} s."

    def _answered_lately(self) -> bool:
        return time.monotonic() - self._last < self._fresh

    def _ask(self) -> None:
        """Ask in a thread, unless the last one that was asked still waits."""
        if self._probing is None or not self._probing.is_alive():
            self._probing = threading.Thread(target=self._run, name="probe", daemon=True)
            self._probing.start()

    def _run(self) -> None:
        try:
            self._probe()
        except Exception:  # whatever it is, the model did not answer
            return
        self.beat()

    async def _wait(self) -> None:
        end = time.monotonic() + self._patience
        probing = self._probing
        while probing is not None and probing.is_alive() and time.monotonic() < end:
            await asyncio.sleep(0.02)
