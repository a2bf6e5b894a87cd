"""The page in a real Chromium: what a visitor does and sees."""

import io
import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cornernet.detector import Detector
from tests.test_app import close_loops, random_detector  # noqa: F401 (the first is a fixture)

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue uses options that pandas 3 retires.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = ".picture img"
# Pictures on the page: 3 + 2 + 6 + 2 + 1 + 2 + 2.
PLACES = 18
VARIANCE = """img => {
    const canvas = document.createElement('canvas');
    canvas.width = img.naturalWidth; canvas.height = img.naturalHeight;
    const context = canvas.getContext('2d');
    context.drawImage(img, 0, 0);
    const values = context.getImageData(0, 0, canvas.width, canvas.height).data;
    let sum = 0, squares = 0, count = 0;
    for (let i = 0; i < values.length; i += 4) {
        const grey = (values[i] + values[i + 1] + values[i + 2]) / 3;
        sum += grey; squares += grey * grey; count += 1;
    }
    return squares / count - (sum / count) ** 2;
}"""


@dataclass
class Visit:
    """An open page and what it did behind the scenes."""

    page: Page
    detector: Detector
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    @property
    def runs(self) -> int:
        return int(getattr(self.detector.network, "runs"))  # noqa: B009 (mypy: Tensor | Module)

    def wait_until_drawn(self) -> None:
        """Wait for the last stage, which empties the progress line and fills the footer."""
        expect(self.page.locator("#footer")).to_contain_text("drawing", timeout=30_000)
        expect(self.page.locator("#progress")).to_have_text("", timeout=30_000)

    def choose(self, name: str, data: bytes, kind: str = "image/png") -> None:
        """Give a file as the file dialogue does."""
        if self.page.get_by_label("Remove Image").count():
            self.page.get_by_label("Remove Image").click()
        file: Any = {"name": name, "mimeType": kind, "buffer": data}
        self.page.locator("#image input[type=file]").set_input_files(file)

    def upload(self, name: str, data: bytes) -> None:
        """Choose a good file and wait for its answer."""
        runs, before = self.runs, self.picture("boxes")
        self.choose(name, data)
        self.wait_for_another("boxes", before)
        self.wait_until_drawn()
        assert self.runs == runs + 1

    def picture(self, name: str) -> str:
        return self.page.locator(f"#{name} img").get_attribute("src") or ""

    def wait_for_another(self, name: str, before: str) -> None:
        expect(self.page.locator(f"#{name} img")).not_to_have_attribute(
            "src", before, timeout=30_000
        )


def find_browser(playwright: Any) -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    own = playwright.chromium.executable_path
    return own if own and Path(own).exists() else None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = find_browser(playwright)
        if found is None and "CI" not in os.environ:
            pytest.skip("no Chromium on this machine")
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Detector]]:
    """Serve the page of a small random network; give its address and its detector."""
    import app
    from cornernet.ui import build_demo

    detector = random_detector()
    demo = build_demo(lambda: detector)
    demo.queue()
    options = app.LAUNCH | {"quiet": True, "prevent_thread_lock": True, "inbrowser": False}
    _, address, _ = demo.launch(server_name="127.0.0.1", **options)
    yield address, detector
    demo.close()


@pytest.fixture(scope="module")
def shared_visit(browser: Browser, served: tuple[str, Detector]) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    visit = Visit(page=page, detector=served[1])
    page.on("request", lambda request: visit.hosts.add(urlparse(request.url).hostname or ""))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: visit.complaints.append(message.text) if message.type == "error" else None,
    )
    page.goto(served[0])
    visit.wait_until_drawn()
    yield visit
    page.close()


@pytest.fixture
def visit(shared_visit: Visit) -> Iterator[Visit]:
    """The page, quiet while a test uses it."""
    shared_visit.complaints.clear()
    yield shared_visit
    assert shared_visit.complaints == []
    assert shared_visit.hosts - {""} == {"127.0.0.1"}  # "": pictures inside the page


COUNT = itertools.count()


def drawing(size: tuple[int, int] = (200, 150)) -> bytes:
    """Draw a disc, each time in another place."""
    image, left = Image.new("RGB", size, "white"), 5 + next(COUNT)
    ImageDraw.Draw(image).ellipse((left, 20, left + 70, 90), fill="navy")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_nobody_meets_an_empty_page(visit: Visit) -> None:
    assert visit.runs >= 1
    expect(visit.page.locator("#boxes img")).to_be_visible()
    expect(visit.page.locator("#found")).to_contain_text("object")


def test_the_first_screen_holds_boxes_and_both_heatmaps(visit: Visit) -> None:
    visit.page.evaluate("scrollTo(0, 0)")
    for name in ("boxes", "tl", "br", "found", "thresholds"):
        place = visit.page.locator(f"#{name}").bounding_box()
        assert place is not None
        assert place["y"] + place["height"] <= 900, name


def test_an_upload_fills_every_stage(visit: Visit) -> None:
    visit.upload("circle.png", drawing())
    pictures = visit.page.locator(PICTURES)
    assert pictures.count() == PLACES
    for index in range(PLACES):
        pictures.nth(index).scroll_into_view_if_needed()
        visit.page.wait_for_function(
            "img => img.complete && img.naturalWidth > 0", arg=pictures.nth(index).element_handle()
        )
        assert pictures.nth(index).evaluate(VARIANCE) > 1, pictures.nth(index).get_attribute("alt")


def test_nothing_jumps_when_an_answer_arrives(visit: Visit) -> None:
    height = visit.page.evaluate("document.documentElement.scrollHeight")
    visit.upload("wide.png", drawing((400, 120)))
    assert abs(visit.page.evaluate("document.documentElement.scrollHeight") - height) < 350


def test_a_threshold_changes_the_boxes_without_another_run(visit: Visit) -> None:
    visit.upload("circle.png", drawing())
    runs, before = visit.runs, visit.picture("boxes")
    slider = visit.page.locator("#threshold-min_score input[type=range]")
    slider.fill("1")
    expect(visit.page.locator("#found")).to_contain_text("No objects")
    visit.wait_for_another("boxes", before)
    visit.page.locator("#reset").click()
    expect(visit.page.locator("#found")).not_to_contain_text("No objects")
    assert visit.runs == runs


def test_a_drawn_scene_can_be_repeated(visit: Visit) -> None:
    before = visit.picture("boxes")
    visit.page.locator("#new-scene").click()
    visit.wait_for_another("boxes", before)
    visit.wait_until_drawn()
    first, number = visit.picture("boxes"), visit.page.locator("#scene-number input").input_value()
    visit.upload("circle.png", drawing())
    other = visit.picture("boxes")
    visit.page.locator("#scene-number input").fill(number)
    visit.page.locator("#scene-number input").press("Enter")
    visit.wait_for_another("boxes", other)
    visit.wait_until_drawn()
    assert visit.picture("boxes") == first


@pytest.mark.parametrize("data", [b"", b"no image", drawing()[:200]], ids=["empty", "text", "half"])
def test_a_broken_file_gets_a_sentence_and_the_app_goes_on(visit: Visit, data: bytes) -> None:
    visit.upload("circle.png", drawing())
    runs, before = visit.runs, visit.picture("boxes")
    visit.choose("broken.png", data)
    toast = visit.page.get_by_test_id("toast-text").filter(has_text="broken.png")
    expect(toast.first).to_contain_text("cannot be read", timeout=15_000)
    assert visit.picture("boxes") == before
    assert visit.runs == runs
    for close in visit.page.get_by_test_id("toast-close").all():
        close.click()
    visit.upload("wide.png", drawing((300, 100)))
    # The browser itself reports the failed request or preview of a broken file.
    visit.complaints.clear()


def test_a_choice_redraws_corner_pooling_without_another_run(visit: Visit) -> None:
    runs, before = visit.runs, visit.picture("vertical_in")
    visit.page.get_by_label("Bottom-right", exact=True).check()
    visit.wait_for_another("vertical_in", before)
    assert visit.runs == runs


def test_detections_and_panels_can_be_taken_away(visit: Visit) -> None:
    for name, ending in (("download-json", ".json"), ("download-panels", ".png")):
        with visit.page.expect_download(timeout=30_000) as waiting:
            visit.page.locator(f"#{name}").click()
        assert waiting.value.suggested_filename.endswith(ending)
        assert Path(waiting.value.path()).stat().st_size > 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_the_whole_width(
    browser: Browser, served: tuple[str, Detector], theme: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{served[0]}?__theme={theme}")
    visit = Visit(page=page, detector=served[1])
    visit.wait_until_drawn()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    colour = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    mean = np.mean([int(v) for v in colour[colour.index("(") + 1 : -1].split(",")[:3]])
    assert (mean > 150) == (theme == "dark")
    page.close()
