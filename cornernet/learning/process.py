"""A worker's process, as the server holds it."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from cornernet.learning.choices import Choices


@runtime_checkable
class Training(Protocol):
    """A training that runs elsewhere."""

    def order(self, command: str) -> None:
        """Let it go on, pause, or make one step; nothing where it has ended."""

    def news(self) -> Iterator[dict[str, Any]]:
        """Yield what it tells, at least once a second, until it ends."""

    def end(self) -> None:
        """End it at once."""


StartTraining = Callable[[Choices], Training]


class WorkerProcess:
    """A training in a process of low priority."""

    def __init__(self, choices: Choices) -> None:
        root = str(Path(__file__).parents[2])
        paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cornernet.learning.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1"},
        )
        self._tell(json.dumps(asdict(choices)))

    def order(self, command: str) -> None:
        """Write a command."""
        self._tell(command)

    def news(self) -> Iterator[dict[str, Any]]:
        """Read what it writes."""
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                yield json.loads(line)
        self._process.wait()

    def end(self) -> None:
        """Kill the process: nothing of it is kept. Its news end by that."""
        self._process.kill()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def has_ended(self) -> bool:
        """Return whether the process is gone."""
        return self._process.poll() is not None

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it has ended, which its news tell
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()
