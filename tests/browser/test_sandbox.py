"""The sandbox's brushes, its tools beside the sheet, and the way from a drawing to the explorer."""

import re
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from cornernet.detector import Detector
from cornernet.ui.tabs.sandbox import SHEET_COLOUR, SHEET_WH
from tests.browser.conftest import Visit, check_quiet, visit_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
Frame = tuple[float, float, float, float]  # left, top, right, bottom


def open_sandbox(visit: Visit) -> None:
    visit.page.get_by_role("tab", name="Sandbox").click()
    expect(visit.page.locator("#sandbox-editor canvas").first).to_be_visible(timeout=20_000)
    visit.page.wait_for_timeout(1000)  # the editor needs a moment before it takes strokes
    visit.page.evaluate("document.querySelector('#sandbox-blank').scrollIntoView()")


def paper_of(visit: Visit) -> np.ndarray:
    """Tell which pixels of the screen have the sheet's colour."""
    with Image.open(BytesIO(visit.page.screenshot())) as picture:
        pixels = np.asarray(picture.convert("RGB"), dtype=int)
    is_paper: np.ndarray = np.abs(pixels - SHEET_COLOUR).max(axis=2) <= 1
    return is_paper


def sheet_of(visit: Visit) -> Frame:
    """Find the sheet on the screen, once the editor has drawn it."""
    for _ in range(40):
        if (is_paper := paper_of(visit)).sum() > 40_000:
            break
        visit.page.wait_for_timeout(500)
    columns = np.flatnonzero(is_paper.sum(axis=0) > 100)
    rows = np.flatnonzero(is_paper[:, columns.min() : columns.max()].sum(axis=1) > 100)
    return float(columns.min()), float(rows.min()), float(columns.max()), float(rows.max())


def draw(visit: Visit, sheet: Frame, *places: tuple[float, float]) -> None:
    """Draw a line through places, as shares of the sheet's width and height."""
    left, top, right, bottom = sheet
    mouse = visit.page.mouse
    for k, (x, y) in enumerate(places):
        mouse.move(left + x * (right - left), top + y * (bottom - top))
        if k == 0:
            mouse.down()
    mouse.up()


def settled(visit: Visit) -> str:
    """Wait until the last stroke is answered: on a busy machine earlier answers come late."""
    said = visit.page.locator("#sandbox-said")
    text = said.inner_text()
    for _ in range(30):
        visit.page.wait_for_timeout(2500)
        if (now := said.inner_text()) == text:
            break
        text = now
    return text


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def sandbox(
    browser: Browser, served_shapes: tuple[str, Detector], request: pytest.FixtureRequest
) -> Iterator[Visit]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    visit = visit_of(context, served_shapes)
    visit.open("example=1")
    open_sandbox(visit)
    yield visit
    check_quiet(visit)
    context.close()


def test_the_tools_stand_beside_the_sheet(sandbox: Visit) -> None:
    left, top, right, bottom = sheet_of(sandbox)
    assert right - left > 200
    for part in (".toolbar-wrap", ".top-panel"):
        tools = sandbox.page.locator(f"#sandbox-editor {part}").bounding_box()
        assert tools is not None
        assert (
            tools["x"] + tools["width"] <= left
            or tools["y"] + tools["height"] <= top
            or tools["x"] >= right
            or tools["y"] >= bottom
        ), part


def test_a_shape_is_covered_in_grey_and_explored(sandbox: Visit) -> None:
    page, said = sandbox.page, sandbox.page.locator("#sandbox-said")
    sheet = sheet_of(sandbox)
    draw(sandbox, sheet, (0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7), (0.3, 0.3))
    expect(said).to_contain_text(re.compile(r"1 object: square \d\.\d"), timeout=20_000)
    before = settled(sandbox)
    page.get_by_role("button", name="Grey cover brush").click()
    page.wait_for_timeout(500)
    draw(sandbox, sheet, (0.3, 0.28), (0.3, 0.72))
    expect(said).not_to_have_text(before, timeout=20_000)
    settled(sandbox)
    key = sandbox.key()
    page.get_by_role("button", name="Explore this drawing").click()
    sandbox.wait_for_another(key)
    expect(page.get_by_role("tab", name="Explore")).to_have_attribute("aria-selected", "true")
    assert sandbox.app("[app.payload.image.width, app.payload.image.height]") == list(SHEET_WH)
    assert sandbox.app("app.payload.model") == "shapes"
    url = sandbox.app("app.payload.image.url")
    with Image.open(BytesIO(b64decode(url.partition(",")[2]))) as picture:
        pixels = np.asarray(picture.convert("RGB"), dtype=int)
    width, height = SHEET_WH
    covered, ink = pixels[height // 2, round(0.3 * width)], pixels[height // 2, round(0.7 * width)]
    assert np.ptp(covered) < 12  # grey, and not the ink that was there
    assert 110 < covered.mean() < 170
    assert ink.mean() < 90


def test_an_empty_sheet_is_not_explored(sandbox: Visit) -> None:
    key = sandbox.key()
    sandbox.page.get_by_role("button", name="Explore this drawing").click()
    toast = sandbox.page.get_by_test_id("toast-text")
    expect(toast.first).to_contain_text("The sheet is empty", timeout=15_000)
    assert sandbox.key() == key
