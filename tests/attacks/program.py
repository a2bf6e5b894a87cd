"""`app.py` as a program of its own, with what it costs."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.attacks.visitor import Visitor

ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass
class Program:
    """A server that was started from the command line."""

    process: subprocess.Popen[bytes]
    address: str

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.address, timeout=120)

    def cpu_seconds(self) -> float:
        """Read how long it has computed (Linux)."""
        facts = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(facts[11]) + int(facts[12])) / _TICKS

    def memory_mb(self) -> float:
        """Read how much memory it has (Linux)."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000

    def fn(self, name: str) -> int:
        """Find an event by its handler's name."""
        config = self.visitor.get("config").json()
        return next(d["id"] for d in config["dependencies"] if d["api_name"] == name)


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[Program]:
    """Start `app.py`, which keeps visitors' files below the folder; kill it at the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    environment = os.environ | {"GRADIO_TEMP_DIR": str(folder), "OMP_NUM_THREADS": "1"}
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{port}.log").open("w") as log:  # a pipe that nobody reads would stop it
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", port, *arguments],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    program = Program(process, f"http://127.0.0.1:{port}/")
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=12)) as client:
            client.get(f"{program.address}theme.css", timeout=120).raise_for_status()
        yield program
    finally:
        process.kill()
        process.wait()
