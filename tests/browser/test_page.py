"""The page in a real Chromium: images in, an answer on the first screen, errors in words."""

import re

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from cornernet.detector import Detector
from tests.browser.conftest import Visit, drawing, visit_of

pytestmark = [
    pytest.mark.browser,
    # Gradio's queue uses options that pandas 3 retires.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
VARIANCE = """canvas => {
    const context = canvas.getContext('2d');
    const values = context.getImageData(0, 0, canvas.width, canvas.height).data;
    let sum = 0, squares = 0, count = 0;
    for (let i = 0; i < values.length; i += 4) {
        const grey = (values[i] + values[i + 1] + values[i + 2]) / 3;
        sum += grey; squares += grey * grey; count += 1;
    }
    return squares / count - (sum / count) ** 2;
}"""
SUMMARY = ".cn-summary"
BOARDS = ("boxes", "topLeft", "bottomRight", "matrix", "features", "evidence", "pooling", "line",
          "lens", "suppression")  # fmt: skip


def test_nobody_meets_an_empty_page(visit: Visit) -> None:
    assert visit.runs >= 1
    expect(visit.page.locator(SUMMARY)).to_contain_text(re.compile("object", re.IGNORECASE))
    expect(visit.page.locator("#footer")).to_contain_text("ms")


def test_the_first_screen_holds_boxes_both_heatmaps_and_pairs(visit: Visit) -> None:
    visit.page.evaluate("scrollTo(0, 0)")
    for name in ("boxes", "topLeft", "bottomRight", "matrix"):
        place = visit.page.locator(f"#cn-{name} canvas").first.bounding_box()
        assert place is not None
        assert place["y"] + place["height"] <= 900, name


@pytest.mark.parametrize("name", BOARDS)
def test_an_upload_fills_every_stage(visit: Visit, name: str) -> None:
    runs = visit.runs
    visit.upload("circle.png", drawing())
    assert visit.runs == runs + 1
    board = visit.panel(name).locator("canvas").first
    visit.page.wait_for_function(f"c => ({VARIANCE})(c) > 1", arg=board.element_handle())


def test_nothing_jumps_when_an_answer_arrives(visit: Visit) -> None:
    places = "[...document.querySelectorAll('.cn-first, #cn-sliders')].map(e => e.offsetTop)"
    visit.upload("first.png", drawing())
    before = visit.page.evaluate(places)
    visit.upload("second.png", drawing())
    assert visit.page.evaluate(places) == before


def test_a_threshold_changes_the_boxes_without_a_request(visit: Visit) -> None:
    visit.upload("circle.png", drawing())
    expect(visit.panel("evidence")).to_contain_text("a logit of")  # nothing more is asked
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    runs, slider = visit.runs, visit.page.get_by_role("slider", name="Least score")
    slider.fill("1")
    expect(visit.page.locator(SUMMARY)).to_contain_text("No objects")
    visit.page.get_by_role("button", name="Reset thresholds").click()
    expect(visit.page.locator(SUMMARY)).not_to_contain_text("No objects")
    assert visit.runs == runs
    assert [url for url in asked if "queue/join" in url] == []


def test_a_drawn_scene_can_be_repeated(visit: Visit) -> None:
    key = visit.key()
    visit.page.locator("#new-scene").click()
    visit.wait_for_another(key)
    expect(visit.page.locator("#scene-number input")).not_to_have_value("")
    first, number = (
        visit.app("app.payload.image.url"),
        visit.page.locator("#scene-number input").input_value(),
    )
    visit.upload("circle.png", drawing())
    assert visit.app("app.payload.image.url") != first
    key = visit.key()
    visit.page.locator("#scene-number input").fill(number)
    visit.page.locator("#scene-number input").press("Enter")
    visit.wait_for_another(key)
    assert visit.app("app.payload.image.url") == first
    assert visit.app("app.payload.source") == f"scene={number}"


@pytest.mark.parametrize("data", [b"", b"no image", drawing()[:200]], ids=["empty", "text", "half"])
def test_a_broken_file_gets_a_sentence_and_the_app_goes_on(visit: Visit, data: bytes) -> None:
    visit.upload("circle.png", drawing())
    runs, key = visit.runs, visit.key()
    before = visit.page.locator("#image img").get_attribute("src")
    visit.choose("broken.png", data)
    toast = visit.page.get_by_test_id("toast-text").filter(has_text="broken.png")
    expect(toast.first).to_contain_text("cannot be read", timeout=15_000)
    assert visit.key() == key
    assert visit.runs == runs
    kept = visit.page.locator("#image img")
    visit.page.wait_for_function(
        "([image, url]) => image.src === url && image.naturalWidth === 200",
        arg=[kept.element_handle(), before],
    )
    for close in visit.page.get_by_test_id("toast-close").all():
        close.click()
    visit.upload("wide.png", drawing((300, 100)))
    # The browser itself reports the failed request or preview of a broken file.
    visit.complaints.clear()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_phone_shows_the_whole_width(
    browser: Browser, served: tuple[str, Detector], theme: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    visit = visit_of(context, served)
    visit.open(f"__theme={theme}")
    assert visit.page.evaluate("document.documentElement.scrollWidth") == 390
    colour = visit.page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    mean = np.mean([int(v) for v in colour[colour.index("(") + 1 : -1].split(",")[:3]])
    assert (mean > 150) == (theme == "dark")
    context.close()
