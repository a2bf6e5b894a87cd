"""How far a server's memory grows while visitors come and go (Linux).

python -m tests.soak [--minutes 30] [--visitors 3] [--warm-up 5] [-- OPTIONS OF app.py]
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


def come_and_go(
    program: Program, functions: dict[str, int], until: float, count: list[int]
) -> None:
    """Visit again and again."""
    while time.monotonic() < until:
        count[0] += 1
        visit(program, functions, count[0])


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
    parser.add_argument("--warm-up", type=float, default=5.0, help="minutes that do not count")
    parser.add_argument("options", nargs="*", help="of app.py, after --")
    given = parser.parse_args()
    samples, count = list[tuple[float, float]](), [0]
    with (
        tempfile.TemporaryDirectory() as folder,
        started(Path(folder), *given.options) as program,
    ):
        functions = {name: program.fn(name) for name in ("open_page", "show_image", "detect")}
        began = time.monotonic()
        end = began + given.minutes * 60
        threads = [
            threading.Thread(target=come_and_go, args=(program, functions, end, count))
            for _ in range(given.visitors)
        ]
        for thread in threads:
            thread.start()
        while time.monotonic() < end:
            time.sleep(min(SAMPLE_SECONDS, max(0.0, end - time.monotonic())))
            samples.append((time.monotonic() - began, program.memory_mb()))
            print(f"{samples[-1][0] / 60:6.1f} min {count[0]:6} visits {samples[-1][1]:8.1f} MB")  # noqa: T201
        for thread in threads:
            thread.join()
    per_hour, percent = growth(samples, given.warm_up * 60)
    print(f"{per_hour:+.1f} MB an hour after {given.warm_up:g} min ({percent:+.1f} %)")  # noqa: T201


if __name__ == "__main__":
    main()
