"""What is written down of each question: one line of JSON, and its numbers."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

import gradio as gr

from cornernet.server.metrics import Metrics
from cornernet.stages import Spent, listening

LOG = logging.getLogger("cornernet.questions")
waited: ContextVar[float] = ContextVar("waited", default=0.0)  # seconds in the line
_LONGEST_NAME = 40


class Journal:
    """Write down every question, once it ended, without anything that its visitor gave."""

    def __init__(self, metrics: Metrics, on_answer: Callable[[], None]) -> None:
        self._metrics, self._on_answer = metrics, on_answer
        self.open = 0  # questions being answered

    @contextmanager
    def question(self, name: str) -> Iterator[None]:
        """Follow a question to its end, however it ends."""
        started, outcome = time.perf_counter(), "given up"
        wait = waited.get()
        waited.set(0.0)  # an answer that comes in parts waited once
        self.open += 1
        try:
            with listening() as spent:
                try:
                    yield
                    outcome = "answered"
                except gr.Error:
                    outcome = "refused"
                    raise
                except Exception:
                    outcome = "failed"
                    raise
        finally:
            self.open -= 1
            spent["wait"], spent["all"] = wait, wait + time.perf_counter() - started
            self._write(name[:_LONGEST_NAME], outcome, spent)

    def _write(self, name: str, outcome: str, spent: Spent) -> None:
        if "network" in spent:
            self._on_answer()
        self._metrics.count(name, outcome, spent)
        milliseconds = {f"{stage}_ms": round(1000 * took, 1) for stage, took in spent.items()}
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        LOG.info(json.dumps({"time": now, "question": name, "outcome": outcome, **milliseconds}))


def write_lines() -> None:
    """Let the lines go to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    LOG.handlers, LOG.propagate = [handler], False
    LOG.setLevel(logging.INFO)
