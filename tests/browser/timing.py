"""Where the time from an image to its boxes goes: python -m tests.browser.timing [ROUNDS].

Prints milliseconds, medians over rounds after two to warm up, for a photograph that is uploaded, an
example, a drawn scene, and opening the page. Needs Chromium; measure on a quiet machine.
"""

import sys
import time
from collections.abc import Callable
from io import BytesIO
from statistics import median

import matplotlib.cbook
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import DRAWN
from tests.browser.pictures import opened

WARM_UP = 2
STEPS = ("upload", "server", "Gradio", "drawing", "in all")
# Marks of the last image: its choice, the question, the last bytes of the answer before the
# explorer got it, the explorer's getting it.
RECORD = """() => {
    const marks = {}, fetched = window.fetch, shown = cornernet.show;
    window.marks = marks;
    window.fetch = async (address, options) => {
        const url = String(address?.url ?? address);
        const isQuestion = url.includes("queue/join") && marks.got === undefined;
        if (isQuestion) marks.asked ??= performance.now();
        const response = await fetched(address, options);
        if (!url.includes("queue/data")) return response;
        const [mine, theirs] = response.body.tee();
        (async () => {
            const reader = mine.getReader();
            while (!(await reader.read()).done)
                if (marks.got === undefined) marks.answered = performance.now();
        })();
        return new Response(theirs, response);
    };
    cornernet.show = (payload, ...rest) => {
        marks.got ??= performance.now();
        return shown(payload, ...rest);
    };
}"""
WAIT = """(act) => new Promise((resolve) => {
    for (const name of Object.keys(marks)) delete marks[name];
    const { payload } = cornernet.timings, before = payload.length;
    const start = performance.now();
    eval(act);
    const look = () => {
        if (payload.length === before) return requestAnimationFrame(look);
        const end = performance.now(), { asked, answered, got } = marks;
        resolve([asked - start, answered - asked, got - answered, end - got, end - start]);
    };
    look();
})"""
# Gives the file as the file dialogue does, without the driver's own time.
CHOOSE = """
    document.querySelector("#image [aria-label='Remove Image']")?.click();
    setTimeout(() => {
        const input = document.querySelector("#image input[type=file]"), list = new DataTransfer();
        list.items.add(new File([window.photo], "photo.jpg", { type: "image/jpeg" }));
        input.files = list.files;
        input.dispatchEvent(new Event("change", { bubbles: true }));
    }, 0);
"""


def photograph() -> bytes:
    """Encode Matplotlib's sample photograph."""
    buffer = BytesIO()
    path = matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)
    with Image.open(path) as image:  # type: ignore[arg-type]
        image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def print_row(name: str, rounds: list[list[float]]) -> None:
    """Print the median of each step."""
    times = [median(step) for step in zip(*rounds[WARM_UP:], strict=True)]
    print(f"{name:12}" + "".join(f"{value:10.0f}" for value in times), flush=True)  # noqa: T201


def opening(page: Page, address: str) -> Callable[[int], list[float]]:
    """Measure opening the page, with all files in the browser's cache."""

    def measure(_: int) -> list[float]:
        started = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_function(DRAWN, polling=5)
        return [*[float("nan")] * 4, (time.perf_counter() - started) * 1000]

    return measure


def main(rounds: int) -> None:
    """Measure each way in."""
    with opened() as (page, address):
        measure = opening(page, address)
        print(" " * 12 + "".join(f"{step:>10}" for step in STEPS))  # noqa: T201
        print_row("opening", [measure(k) for k in range(rounds + WARM_UP)])
        page.evaluate(RECORD)
        page.evaluate("bytes => { window.photo = new Uint8Array(bytes); }", list(photograph()))
        ways = {
            "upload": lambda _: CHOOSE,
            "example": lambda k: f"document.querySelectorAll('#examples button')[{k % 4}].click()",
            "scene": lambda _: "document.querySelector('#new-scene').click()",
        }
        for name, act in ways.items():
            found = []
            for k in range(rounds + WARM_UP):
                found.append(page.evaluate(WAIT, act(k)))
                page.wait_for_timeout(700)  # what is asked for afterwards
            print_row(name, found)


if __name__ == "__main__":
    main(int((*sys.argv, "7")[1]))
