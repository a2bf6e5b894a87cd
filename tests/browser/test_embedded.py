"""The page in a course page's frame: its link can be taken where no page may copy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from cornernet.detector import Detector, load_detector
from tests.browser.conftest import DRAWN, WIDE, Visit, drawing, serve

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
FRAME = '<!doctype html><iframe width="1400" height="850" src="{address}?example=2"></iframe>'
SELECTED = "field => field.value.slice(field.selectionStart, field.selectionEnd)"


@dataclass
class Embedded:
    """A course page, and the frame in it."""

    page: Page
    frame: FrameLocator
    address: str

    def app(self, expression: str) -> object:
        inner = self.page.frames[-1]
        return inner.evaluate(f"(() => {{ const app = cornernet.app; return {expression}; }})()")


@contextmanager
def course_page(text: str) -> Iterator[str]:
    """Serve one page from another origin than the explorer's; give its address."""

    class Course(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Course) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def embeddable() -> Iterator[tuple[str, Detector]]:
    """Serve the page to be framed by pages of this machine by its other name."""
    yield from serve(load_detector("shapes", device="cpu"), embedders=("http://localhost:*",))


@pytest.fixture
def embedded(browser: Browser, embeddable: tuple[str, Detector]) -> Iterator[Embedded]:
    address = embeddable[0]
    page = browser.new_page(viewport=WIDE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with course_page(FRAME.format(address=address)) as course:
        page.goto(course)
        frame = page.frame_locator("iframe")
        frame.locator("#explorer .cn-summary").filter(has_text="object").wait_for(timeout=30_000)
        yield Embedded(page, frame, address)
    assert complaints == []
    page.close()


def test_the_link_of_a_frame_can_be_taken_from_a_field(
    embedded: Embedded, browser: Browser
) -> None:
    page, frame = embedded.page, embedded.frame
    inner = page.frames[-1]
    inner.evaluate("cornernet.app.pin({topLeft: 1, bottomRight: 3})")
    field, button = frame.get_by_label("Link to this view"), frame.get_by_text("Copy link")
    expect(field).to_be_hidden()
    button.focus()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    link = field.input_value()
    assert link.startswith(f"{embedded.address}?")
    assert field.evaluate(SELECTED) == link
    assert not field.is_editable()
    expect(frame.locator(".cn-said")).to_contain_text("take the link from the field")
    inner.evaluate("cornernet.app.set({label: 3})")  # what is in sight stays the view's
    expect(field).not_to_have_value(link)
    page.keyboard.press("Tab")
    expect(frame.get_by_role("button", name="Close", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(button).to_be_focused()
    assert embedded.app("app.state.pin") == {"topLeft": 1, "bottomRight": 3, "cell": None}
    copy = browser.new_page()
    copy.goto(link)
    copy.wait_for_function(DRAWN, timeout=30_000)
    assert copy.evaluate("cornernet.app.state.pin") == embedded.app("app.state.pin")
    assert copy.evaluate("cornernet.app.payload.source") == embedded.app("app.payload.source")
    copy.close()


def test_another_site_frames_the_page_only_where_that_is_allowed(
    browser: Browser, served_shapes: tuple[str, Detector]
) -> None:
    page = browser.new_page(viewport=WIDE)
    with (
        course_page(FRAME.format(address=served_shapes[0])) as course,
        page.expect_event("requestfailed") as failed,
    ):
        page.goto(course)
    assert failed.value.url.startswith(served_shapes[0])
    assert failed.value.failure == "net::ERR_BLOCKED_BY_RESPONSE"
    page.close()


def test_a_page_of_its_own_copies_the_view_as_it_is_now(rested: Visit) -> None:
    page = rested.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("cornernet.app.set({label: 3})")
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".cn-said").first).to_have_text("Copied the link.")
    assert "label=star" in page.evaluate("navigator.clipboard.readText()")
    expect(page.get_by_label("Link to this view")).to_be_hidden()
    rested.upload("own.png", drawing())
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator(".cn-said").first).to_contain_text("cannot hold your own image")
