"""How a running server bears visitors: python -m tests.load [ADDRESS] [--visitors 1,10,40].

Each visitor uploads an image of their own and asks for its boxes, through the line as the page
does, again and again; all at once. Prints errors and seconds from the file to its boxes. With
--kill-replica, one process of Ray Serve's replicas on this machine is killed in the middle of each
round. The figures mean nothing on a machine that does other work meanwhile.
"""

import argparse
import io
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from tests.attacks.visitor import THRESHOLDS, Visitor, at_once

LEAST_ANSWERS = 40  # of a round: fewer have no stable median
REPLICA = b"ray::ServeReplica:cornernet:"


@dataclass(frozen=True, kw_only=True)
class Round:
    """What so many visitors met, in seconds."""

    visitors: int
    seconds: tuple[float, ...]
    errors: tuple[str, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds) if self.seconds else float("nan")

    @property
    def p95(self) -> float:
        """The value that 95 of 100 answers do not exceed."""
        if not self.seconds:
            return float("nan")
        return sorted(self.seconds)[max(0, -(-95 * len(self.seconds) // 100) - 1)]


def measured(address: str, visitors: int, asks: int, meanwhile: Callable[[], object]) -> Round:
    """Let visitors ask at once; `meanwhile` is called when a third of the answers are there."""
    config = Visitor(address).get("config").json()
    fn = next(f["id"] for f in config["dependencies"] if f["api_name"] == "detect")
    seconds: list[float] = []
    errors: list[str] = []
    once = threading.Lock()
    # Before, not meanwhile: visitors' own machines do not take the server's cores.
    brought = [
        [photograph(1000 * number + ask) for ask in range(asks)] for number in range(visitors)
    ]

    def visit(number: int) -> None:
        visitor = Visitor(address, timeout=300)
        for data in brought[number]:
            started = time.perf_counter()
            try:
                image = visitor.upload(data)
                answer = visitor.ask(fn, image, *THRESHOLDS)
            except (httpx.HTTPError, OSError, IndexError) as error:
                errors.append(repr(error)[:200])
                continue
            if answer["success"]:
                seconds.append(time.perf_counter() - started)
            else:
                errors.append(str(answer["output"])[:200])
            if 3 * len(seconds) >= visitors * asks and once.acquire(blocking=False):
                meanwhile()

    at_once(visitors, visit)
    return Round(visitors=visitors, seconds=tuple(seconds), errors=tuple(errors))


def photograph(seed: int) -> bytes:
    """Draw an image that no other visitor has."""
    coarse = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), np.uint8)
    data = io.BytesIO()
    Image.fromarray(coarse).resize((640, 480)).save(data, "PNG")
    return data.getvalue()


def replicas() -> list[int]:
    """List the processes of the replicas on this machine."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().startswith(REPLICA):
                found.append(int(path.parent.name))
        except OSError:
            continue  # it ended meanwhile
    return found


def kill_replica() -> None:
    """Kill one replica, as a machine's failure would."""
    found = replicas()
    if not found:
        raise ValueError("Expected a replica of Ray Serve on this machine, but there is none.")
    os.kill(found[0], signal.SIGKILL)


def table(rounds: Sequence[Round]) -> str:
    """Write what was measured as Markdown; the last column compares with N visitors in turn."""
    lines = [
        "| visitors | answers | errors | p50, s | p95, s | p95 / (N x one visitor's p50) |",
        "|---|---|---|---|---|---|",
    ]
    alone = next((one.median for one in rounds if one.visitors == 1), float("nan"))
    for one in rounds:
        share = one.p95 / (one.visitors * alone)
        counts = f"{one.visitors} | {len(one.seconds)} | {len(one.errors)}"
        lines.append(f"| {counts} | {one.median:.2f} | {one.p95:.2f} | {share:.2f} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if any question got no answer."""
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("address", nargs="?", default="http://127.0.0.1:7860/")
    parser.add_argument("--visitors", default="1,10,40")
    parser.add_argument("--asks", type=int, default=5, help="questions of each visitor, or more")
    parser.add_argument("--kill-replica", action="store_true")
    options = parser.parse_args(arguments)
    address = options.address.rstrip("/") + "/"
    rounds = []
    for count in map(int, options.visitors.split(",")):
        kills = options.kill_replica and count > 1
        meanwhile = kill_replica if kills else lambda: None
        asks = max(options.asks, -(-LEAST_ANSWERS // count))
        rounds.append(measured(address, count, asks, meanwhile))
    errors = [error for one in rounds for error in one.errors]
    print("\n".join([table(rounds), *errors[:10]]))  # noqa: T201
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
