"""The first screen leads: what to do, thresholds with their effect in sight, maps large enough."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from cornernet.checkpoints.known import is_here
from cornernet.detector import Detector
from cornernet.ui.tabs.names import TABS
from tests.browser.conftest import WIDE, Visit, check_quiet, visit_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
SHOWN = """name => {
    const { top, bottom } = document.querySelector(name).getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}"""
INK = """() => {
    const canvas = document.querySelector("#cn-funnel .cn-small-picture");
    return canvas.toDataURL();
}"""


@pytest.fixture
def phone(browser: Browser, served_shapes: tuple[str, Detector]) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    visit = visit_of(context, served_shapes)
    visit.open("example=2")
    yield visit
    check_quiet(visit)
    context.close()


def test_the_first_line_says_what_to_do_and_leads_to_the_tour(explorer: Visit) -> None:
    line = explorer.page.locator(".cn-start")
    expect(line).to_contain_text("were found as pairs of corners. Point at one")
    line.get_by_role("button", name="Take the tour").click()
    expect(explorer.page.locator(".cn-tour")).to_be_visible()
    expect(line).to_be_hidden()


def test_thresholds_stand_with_boxes_heatmaps_and_pairs(explorer: Visit) -> None:
    page = explorer.page
    boards = [f"#cn-{name} canvas" for name in ("boxes", "topLeft", "bottomRight", "matrix")]
    for part in (*boards, "#cn-setting-minScore"):
        assert page.evaluate(SHOWN, part), part
    dock = page.locator(".cn-dock").bounding_box()
    matrix = page.locator("#cn-matrix canvas").bounding_box()
    assert dock is not None
    assert matrix is not None
    assert matrix["y"] + matrix["height"] <= dock["y"]
    page.evaluate("document.querySelector('#cn-lens').scrollIntoView()")
    assert page.evaluate(SHOWN, ".cn-dock")


def test_thresholds_of_ones_own_are_told_below_the_boxes_and_taken_back(explorer: Visit) -> None:
    page = explorer.page
    line = page.locator("#cn-boxes .cn-own")
    expect(line).to_be_hidden()
    page.locator("#cn-setting-minScore").fill("0.41")
    page.locator("#cn-setting-topK").fill("7")
    expect(line).to_contain_text("2 thresholds are yours:")
    line.get_by_role("button", name="Reset").click()
    expect(line).to_be_hidden()
    assert explorer.app("app.state.settings.minScore === app.payload.settings.minScore")


def test_a_phone_shows_heatmaps_pairs_boxes_and_thresholds_at_once(phone: Visit) -> None:
    phone.page.evaluate("document.querySelector('#cn-topLeft').scrollIntoView()")
    for part in (
        "#cn-topLeft canvas",
        "#cn-bottomRight canvas",
        "#cn-matrix canvas",
        ".cn-to-boxes",
        "#cn-setting-minScore",
    ):
        assert phone.page.evaluate(SHOWN, part), part
    dock = phone.page.locator(".cn-dock").bounding_box()
    matrix = phone.page.locator("#cn-matrix canvas").bounding_box()
    assert dock is not None
    assert matrix is not None
    assert matrix["y"] + matrix["height"] <= dock["y"]


def test_a_phone_has_all_tabs_on_the_first_screen(phone: Visit) -> None:
    phone.page.evaluate("scrollTo(0, 0)")
    names = [tab.inner_text() for tab in phone.page.get_by_role("tab").all()]
    assert names == list(TABS.values())
    for tab in phone.page.get_by_role("tab").all():
        frame = tab.bounding_box()
        assert frame is not None
        assert frame["y"] + frame["height"] < 844
        assert 0 <= frame["x"] < frame["x"] + frame["width"] <= 390
        tab.click(trial=True)  # nothing lies on it


@pytest.mark.parametrize("example", ["2", "grace-hopper"])
def test_a_page_on_a_phone_is_short(phone: Visit, example: str) -> None:
    if example != "2":
        if not is_here("photos"):
            pytest.skip("no photographs without their model")
        phone.open(f"example={example}")
    assert phone.page.evaluate("document.documentElement.scrollHeight") < 4950


def test_panels_below_the_funnel_are_folded_on_a_phone(phone: Visit) -> None:
    page = phone.page
    line, table = page.locator("#cn-line canvas"), page.locator("#cn-table table")
    expect(page.locator("#cn-funnel .cn-small-picture")).to_be_visible()
    expect(line).to_be_hidden()
    button = page.get_by_role("button", name="Show Embeddings on a line")
    expect(button).to_have_attribute("aria-expanded", "false")
    page.locator("#cn-title-line").scroll_into_view_if_needed()
    page.locator("#cn-line").click(position={"x": 20, "y": 15})  # its title, where a thumb presses
    expect(line).to_be_visible()
    assert line.evaluate("canvas => canvas.width") > 200  # drawn as wide as its place
    page.get_by_role("button", name="Hide Embeddings on a line").click()
    expect(line).to_be_hidden()
    expect(table).to_be_hidden()
    page.evaluate("cornernet.app.show('table')")  # as the ribbon and the tour do
    expect(table).to_be_visible()
    page.set_viewport_size(WIDE)
    expect(line).to_be_visible()
    expect(page.locator("#cn-line .cn-fold")).to_be_hidden()


def test_a_step_of_the_funnel_shows_what_fell_out_beside_it(rested: Visit) -> None:
    before = rested.page.evaluate(INK)
    step = rested.page.locator(".cn-funnel-step").filter(has_text="Embeddings close")
    step.click()
    rested.settle()
    assert rested.page.evaluate(INK) != before
    expect(rested.page.locator(".cn-funnel-note")).to_contain_text("Embeddings close")
    step.click()
    rested.page.mouse.move(0, 0)
    rested.settle()
    assert rested.page.evaluate(INK) == before


@pytest.mark.parametrize("way", ["button", "Enter", "double click"])
def test_a_map_is_enlarged_and_made_small_again(rested: Visit, way: str) -> None:
    page = rested.page
    page.set_viewport_size(WIDE)
    panel = page.locator("#cn-topLeft")
    canvas = panel.locator("canvas")
    small = canvas.evaluate("canvas => canvas.clientWidth")
    if way == "button":
        panel.get_by_role("button", name="Enlarge Top-left corners").click()
    elif way == "Enter":
        canvas.press("Enter")
    else:
        canvas.dblclick(position={"x": 5, "y": 5})
    rested.settle()
    assert canvas.evaluate("canvas => canvas.clientWidth") > 2 * small
    assert page.evaluate(SHOWN, "#cn-topLeft canvas")
    assert page.evaluate(SHOWN, "#cn-boxes canvas")
    if way == "button":
        panel.get_by_role("button", name="Smaller Top-left corners").click()
    else:
        page.keyboard.press("Escape")
    rested.settle()
    assert canvas.evaluate("canvas => canvas.clientWidth") == small
