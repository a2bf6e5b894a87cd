"""How far a server's memory grows while visitors come and go (Linux).

python -m tests.soak [--minutes 30] [--visitors 3] [--a-minute 60] [--warm-up 5] [-- OPTIONS]

Visits begin at a steady rate: who has left is remembered for half a minute, so a rate that rises
would look like growth. At the end nobody comes any more, and the memory at rest is compared with
that before the first visit.
"""

import argparse
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from tests.attacks.program import Program, started
from tests.attacks.visitor import THRESHOLDS, Visitor
from tests.page import png

SAMPLE_SECONDS = 10.0
REST_SECONDS = 80.0  # until the last visitors are forgotten, and what they had is given back


def visit(program: Program, functions: dict[str, int], number: int) -> None:
    """Open the page, give an image of one's own, ask as a program does, and leave."""
    visitor = Visitor(program.address, timeout=600)
    visitor.get("")
    with visitor.page_open():
        for name, data in (("open_page", ()), ("show_image", None), ("detect", None)):
            if data is None:
                image = visitor.upload(png(200 + number % 97, 150 + number % 31), f"{number}.png")
                data = (image, "shapes") if name == "show_image" else (image, *THRESHOLDS)
            answer = visitor.ask(functions[name], *data)
            assert answer["success"], answer


class Rota:
    """Whose turn it is to visit, at a steady rate until the end."""

    def __init__(self, minutes: float, a_minute: float) -> None:
        self.count = 0
        self.began = time.monotonic()
        self._until, self._seconds = self.began + minutes * 60, 60 / a_minute
        self._lock = threading.Lock()

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._until

    @property
    def minutes(self) -> float:
        return (time.monotonic() - self.began) / 60

    def next(self) -> int:
        """Wait for the next visit's time, and give its number."""
        with self._lock:
            self.count += 1
            time.sleep(max(0.0, self.began + self.count * self._seconds - time.monotonic()))
            return self.count


def come_and_go(program: Program, functions: dict[str, int], rota: Rota) -> None:
    """Visit again and again."""
    while not rota.is_over:
        visit(program, functions, rota.next())


def growth(samples: list[tuple[float, float]], warm_up: float) -> tuple[float, float]:
    """Give megabytes an hour after the warm-up (a line through the samples), and percent."""
    late = np.array([sample for sample in samples if sample[0] >= warm_up])
    slope, start = np.polyfit(late[:, 0], late[:, 1], 1)
    per_hour = float(slope * 3600)
    return per_hour, per_hour / float(start + slope * warm_up) * 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--visitors", type=int, default=3, help="at a time")
    parser.add_argument("--a-minute", type=float, default=60.0, help="visits, of all visitors")
    parser.add_argument("--warm-up", type=float, default=5.0, help="minutes that do not count")
    parser.add_argument("options", nargs="*", help="of app.py, after --")
    given = parser.parse_args()
    samples = list[tuple[float, float]]()
    with (
        tempfile.TemporaryDirectory() as folder,
        started(Path(folder), *given.options) as program,
    ):
        functions = {name: program.fn(name) for name in ("open_page", "show_image", "detect")}
        before, rota = program.memory_mb(), Rota(given.minutes, given.a_minute)
        threads = [
            threading.Thread(target=come_and_go, args=(program, functions, rota))
            for _ in range(given.visitors)
        ]
        for thread in threads:
            thread.start()
        while not rota.is_over:
            time.sleep(SAMPLE_SECONDS)
            samples.append((rota.minutes * 60, program.memory_mb()))
            print(f"{rota.minutes:6.1f} min {rota.count:6} visits {samples[-1][1]:8.1f} MB")  # noqa: T201
        for thread in threads:
            thread.join()
        time.sleep(REST_SECONDS)
        print(f"at rest: {before:.1f} MB before, {program.memory_mb():.1f} MB after")  # noqa: T201
    per_hour, percent = growth(samples, given.warm_up * 60)
    print(f"{per_hour:+.1f} MB an hour after {given.warm_up:g} min ({percent:+.1f} %)")  # noqa: T201


if __name__ == "__main__":
    main()
