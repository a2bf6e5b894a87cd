"""What one can take away: a plate, a page of its own, and the answer as JSON."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from cornernet.cli import main
from cornernet.ui.examples import example_files
from tests.browser.conftest import WIDE, Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


def download(visit: Visit, button: str) -> tuple[str, bytes]:
    """Press a button and give the file's name and content."""
    with visit.page.expect_download(timeout=60_000) as waiting:
        visit.page.get_by_role("button", name=button).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_plate_shows_what_is_on_the_screen(rested: Visit, theme: str) -> None:
    rested.page.evaluate("dark => document.body.classList.toggle('dark', dark)", theme == "dark")
    rested.page.set_viewport_size(WIDE)
    rested.page.evaluate("scrollTo(0, 0)")
    rested.page.wait_for_timeout(300)
    name, small = download(rested, "Save as PNG")
    assert name == "cornernet-plate.png"
    rested.page.set_viewport_size({"width": 1440, "height": 3600})
    rested.page.wait_for_timeout(300)
    _, large = download(rested, "Save as PNG")
    expect(rested.page.locator(".cn-said")).to_have_text("Saved the plate.")
    rested.page.evaluate("document.body.classList.remove('dark')")
    heights = []
    for data in (small, large):
        with Image.open(BytesIO(data)) as picture:
            assert picture.format == "PNG"
            assert picture.width == 1600
            values = np.asarray(picture.convert("RGB"), dtype=float)
        heights.append(len(values))
        assert (np.median(values) > 128) == (theme == "light")
        # Nowhere half empty: each quarter of the height holds something.
        assert all(part.std() > 10 for part in np.array_split(values, 4))
        assert len(np.unique(values.reshape(-1, 3)[::7], axis=0)) > 500
    assert 600 < heights[0] < heights[1] < 8000


@pytest.fixture(scope="module")
def own_page(shared_explorer: Visit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page that the button gives, with a pair pinned and a threshold changed."""
    shared_explorer.open("example=2&minScore=0.2&pin=1-3&label=cross")
    name, data = download(shared_explorer, "Save as HTML")
    assert name == "cornernet-explorer.html"
    file = tmp_path_factory.mktemp("taken") / name
    file.write_bytes(data)
    return file


def test_a_page_of_its_own_needs_no_server(browser: Browser, own_page: Path) -> None:
    assert 100_000 < own_page.stat().st_size < 2_000_000
    context = browser.new_context(viewport=WIDE, offline=True)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto(own_page.as_uri())
    page.wait_for_function("() => window.cornernet?.timings.payload.length > 0")
    state = page.evaluate("cornernet.app.state")
    assert state["pin"] == {"topLeft": 1, "bottomRight": 3, "cell": None}
    assert state["settings"]["minScore"] == 0.2
    assert state["label"] == 6
    expect(page.locator(".cn-summary")).to_contain_text("5 objects")
    page.keyboard.press("Escape")
    image = page.locator("#cn-boxes canvas")
    before = image.evaluate("canvas => canvas.toDataURL()")
    page.locator("#cn-matrix canvas").hover()
    page.wait_for_function("() => cornernet.app.state.hover !== null")
    page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
    assert image.evaluate("canvas => canvas.toDataURL()") != before
    page.mouse.move(0, 0)
    page.get_by_role("slider", name="Least score").fill("1")
    expect(page.locator(".cn-summary")).to_contain_text("No objects")
    page.get_by_role("button", name="Reset thresholds").click()
    # Of its own boxes it knows the evidence; of other corners it says that it does not.
    expect(page.locator("#cn-evidence")).to_contain_text("through corner pooling")
    expect(page.locator("#cn-pooling")).to_contain_text("Channel")
    page.evaluate("cornernet.app.pin({topLeft: cornernet.app.decision.topLeft.at(-1)})")
    page.locator("#cn-evidence").scroll_into_view_if_needed()
    expect(page.locator("#cn-evidence")).to_contain_text("run the app")
    for absent in ("Save as HTML", "Copy link"):
        assert page.get_by_role("button", name=absent).count() == 0
    assert {url.split(":")[0] for url in asked} <= {"file", "data", "blob"}
    assert [url for url in asked if url.startswith("file")] == [own_page.as_uri()]
    assert complaints == []
    context.close()


def test_a_page_of_its_own_fits_a_phone(browser: Browser, own_page: Path) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, offline=True, color_scheme=scheme
        )
        page = context.new_page()
        page.goto(own_page.as_uri())
        page.wait_for_function("() => window.cornernet?.timings.payload.length > 0")
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
        context.close()


def test_the_answer_as_json_is_that_of_the_command_line(rested: Visit, tmp_path: Path) -> None:
    name, data = download(rested, "Detections as JSON")
    assert name == "detections.json"
    file = tmp_path / "answer.json"
    assert main(["detect", str(example_files()[1]), "--json", str(file), "--device", "cpu"]) == 0
    expected = json.loads(file.read_text())[0]["detections"]
    assert len(expected) == 5
    assert json.loads(data) == expected
