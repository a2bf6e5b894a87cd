"""A real Chromium, and the page as it is served."""

import itertools
import os
import shutil
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from cornernet.checkpoints.known import is_here
from cornernet.decode import Decoding
from cornernet.detector import Detector, load_detector
from cornernet.server.names import Access
from cornernet.ui.shown import ShownImage, shown_image
from tests.page import loops_closed, random_detector, read_example

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
DRAWN = "() => window.cornernet && window.cornernet.timings.payload.length > 0"
PAIR = (2, 2)  # ranks of the corners of a box in example 2
_COUNT = itertools.count()


@dataclass
class Visit:
    """An open page and what it did behind the scenes."""

    page: Page
    detector: Detector
    address: str
    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    @property
    def runs(self) -> int:
        return int(getattr(self.detector.fast, "runs"))  # noqa: B009 (mypy: Tensor | Module)

    def app(self, expression: str) -> Any:
        """Evaluate with `app`, what the explorer's panels work with."""
        return self.page.evaluate(
            f"(() => {{ const app = cornernet.app; return {expression}; }})()"
        )

    def key(self) -> str:
        return str(self.app("app.payload.key"))

    def wait_for_another(self, key: str) -> None:
        """Wait until another image than that of the key is drawn."""
        self.page.wait_for_function(
            "key => cornernet.app.payload.key !== key", arg=key, timeout=30_000
        )

    def open(self, query: str = "") -> None:
        """Open the page anew, with nothing held against the page that is left.

        Gradio breaks a page's open connections when it is left, and that page complains of it.
        """
        complaints = len(self.complaints)
        self.page.goto("about:blank")
        del self.complaints[complaints:]
        self.page.goto(f"{self.address}?{query}")
        self.page.wait_for_function(DRAWN, timeout=60_000)

    def choose(self, name: str, data: bytes, kind: str = "image/png") -> None:
        """Give a file as the file dialogue does."""
        if self.page.get_by_label("Remove Image").count():
            self.page.get_by_label("Remove Image").first.click()
        file: Any = {"name": name, "mimeType": kind, "buffer": data}
        self.page.locator("#image input[type=file]").set_input_files(file)

    def upload(self, name: str, data: bytes) -> None:
        """Choose a good file and wait for its answer."""
        key = self.key()
        self.choose(name, data)
        self.wait_for_another(key)

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate(
            "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
        )

    def point(
        self, canvas: Locator, place: tuple[float, float], units: tuple[float, float]
    ) -> None:
        """Move the mouse to a place of a canvas that is so many units wide and high."""
        canvas.scroll_into_view_if_needed()
        frame = canvas.bounding_box()
        assert frame is not None
        x, y = (place[k] / units[k] * frame[side] for k, side in enumerate(("width", "height")))
        self.page.mouse.move(frame["x"] + x, frame["y"] + y)
        self.settle()

    def texts(self, selector: str) -> list[str]:
        """Read elements, with single spaces between words."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def panel(self, name: str) -> Any:
        """Find a panel of the explorer, scrolled into sight."""
        panel = self.page.locator(f"#cn-{name}")
        panel.scroll_into_view_if_needed()
        return panel


def drawing(size: tuple[int, int] = (200, 150)) -> bytes:
    """Draw a disc, each time in another place."""
    image, left = Image.new("RGB", size, "white"), 5 + next(_COUNT)
    ImageDraw.Draw(image).ellipse((left, 20, left + 70, 90), fill="navy")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def find_browser(playwright: Any) -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    own = playwright.chromium.executable_path
    return own if own and Path(own).exists() else None


Launch = Callable[..., Browser]


@pytest.fixture(scope="session")
def launch() -> Iterator[Launch]:
    """Launch Chromium, with more flags if a test needs them."""
    with sync_playwright() as playwright:
        found = find_browser(playwright)
        if found is None and "CI" not in os.environ:
            pytest.skip("no Chromium on this machine")
        yield lambda *flags: playwright.chromium.launch(
            executable_path=found, args=[*FLAGS, *flags]
        )


@pytest.fixture(scope="session")
def browser(launch: Launch) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


def serve(
    detector: Detector,
    others: Mapping[str, Detector] | None = None,
    embedders: tuple[str, ...] = (),
) -> Iterator[tuple[str, Detector]]:
    """Serve the page; give its address and its detector. Other models are known by name."""
    import app
    from cornernet.ui import build_demo
    from cornernet.ui.shelf import Shelf

    demo = build_demo(Shelf("shapes", lambda name: (others or {}).get(name, detector)))
    demo.queue()
    options = app.LAUNCH | {"quiet": True, "prevent_thread_lock": True, "inbrowser": False}
    with socket.create_server(("127.0.0.1", 0)) as free:  # Gradio's own search leaves sockets open
        port = free.getsockname()[1]
    access = Access(embedders=embedders)
    _, address, _ = demo.launch(server_name="127.0.0.1", server_port=port, access=access, **options)
    yield address, detector
    demo.close()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Detector]]:
    """Serve the page with a small random network that counts its runs."""
    yield from serve(random_detector())


@pytest.fixture(scope="session")
def served_shapes() -> Iterator[tuple[str, Detector]]:
    """Serve the page with the trained model, once for all modules."""
    photos = {"photos": load_detector("photos", device="cpu")} if is_here("photos") else {}
    with loops_closed():
        yield from serve(load_detector("shapes", device="cpu"), photos)


WIDE = {"width": 1440, "height": 900}
TALL = {"width": 1440, "height": 3600}  # every panel in sight
REST = """() => cornernet.app.set({
    settings: cornernet.app.payload.settings, hover: null, pin: null, label: -1, side: "topLeft",
    fallen: null, stop: null, projector: false, predict: false,
})"""


def visit_of(context: BrowserContext, served: tuple[str, Detector]) -> Visit:
    """Open a page that writes down whom it asks and what it complains about."""
    page = context.new_page()
    visit = Visit(page=page, detector=served[1], address=served[0])
    page.on("request", lambda request: visit.hosts.add(urlparse(request.url).hostname or ""))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on(
        "console",
        lambda message: visit.complaints.append(message.text) if message.type == "error" else None,
    )
    return visit


def check_quiet(visit: Visit) -> None:
    """Check that nothing went wrong and that no request left the machine."""
    assert visit.complaints == []
    assert visit.hosts - {""} == {"127.0.0.1"}  # "": pictures inside the page


def wide(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport=WIDE, accept_downloads=True)


@pytest.fixture(scope="module")
def shared_visit(browser: Browser, served: tuple[str, Detector]) -> Iterator[Visit]:
    context = wide(browser)
    visit = visit_of(context, served)
    visit.open()
    yield visit
    context.close()


@pytest.fixture
def visit(shared_visit: Visit) -> Iterator[Visit]:
    """The page of the random network, quiet while a test uses it."""
    shared_visit.complaints.clear()
    yield shared_visit
    check_quiet(shared_visit)


@pytest.fixture(scope="session")
def shared_explorer(browser: Browser, served_shapes: tuple[str, Detector]) -> Iterator[Visit]:
    context = wide(browser)
    visit = visit_of(context, served_shapes)
    visit.open("example=2")
    yield visit
    context.close()


@pytest.fixture
def explorer(shared_explorer: Visit) -> Iterator[Visit]:
    """The page of the trained model on example 2, as it opens, quiet while a test uses it."""
    shared_explorer.complaints.clear()
    shared_explorer.page.set_viewport_size(WIDE)
    shared_explorer.open("example=2")
    yield shared_explorer
    check_quiet(shared_explorer)


@pytest.fixture
def rested(shared_explorer: Visit) -> Iterator[Visit]:
    """The page of the trained model on example 2, untouched but not loaded anew, all in sight."""
    visit = shared_explorer
    visit.complaints.clear()
    if visit.app("app.payload.source") != "example=2":
        visit.open("example=2")
    visit.page.set_viewport_size(TALL)
    if (explore := visit.page.get_by_role("tab", name="Explore")).get_attribute(
        "aria-selected"
    ) == "false":
        explore.click()
    visit.page.mouse.move(0, 0)
    visit.page.evaluate(REST)
    visit.settle()
    yield visit
    check_quiet(visit)


@pytest.fixture(scope="session")
def seen(served_shapes: tuple[str, Detector]) -> ShownImage:
    """Example 2 as Python sees it."""
    return shown_image(served_shapes[1], read_example(1))


@pytest.fixture(scope="session")
def decoding(served_shapes: tuple[str, Detector], seen: ShownImage) -> Decoding:
    """Decode example 2 with the model's own settings."""
    return served_shapes[1].decode(seen.observation)


@pytest.fixture
def pinned(rested: Visit) -> Visit:
    """The page with the corners of `PAIR` pinned, and what the server says of the top-left one."""
    pin = {
        side: rested.app(f"app.decision.{side}[{rank}]")
        for side, rank in zip(("topLeft", "bottomRight"), PAIR, strict=True)
    }
    rested.page.evaluate("pin => cornernet.app.pin(pin)", pin)
    rested.settle()  # what was there before is gone
    expect(rested.page.locator("#cn-evidence")).to_contain_text("a logit of")
    expect(rested.page.locator("#cn-pooling")).to_contain_text("at the top-left corner")
    return rested


LOADED = "image => image.complete && image.naturalWidth > 1"


def pixels(image: Locator) -> np.ndarray:
    """Read a picture on the page as it is drawn there."""
    expect(image).to_be_visible(timeout=20_000)
    image.page.wait_for_function(LOADED, arg=image.element_handle())
    with Image.open(BytesIO(image.screenshot())) as picture:
        return np.asarray(picture.convert("RGB"), dtype=float)
