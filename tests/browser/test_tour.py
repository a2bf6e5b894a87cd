"""The guided tour: every stop sets its view, and can be read without setting it."""

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import expect

from cornernet.ui.lessons import tour_stops
from tests.browser.conftest import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
STOPS = tour_stops()
ARRIVED = """([id, source]) => cornernet.app.state.stop === id
    && cornernet.app.payload.source === source"""
IN_SIGHT = """name => {
    const { top, bottom, height } = document.getElementById(`cn-${name}`).getBoundingClientRect();
    const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
    return height > 100 && seen > Math.min(150, height / 2);
}"""
BEST = """() => {
    const { decision } = cornernet.app, { candidates } = decision, best = decision.detections[0];
    const { topLeft, bottomRight } = candidates;
    return {
        topLeft: decision.topLeft[topLeft[best]],
        bottomRight: decision.bottomRight[bottomRight[best]],
        cell: null,
    };
}"""


def spoken(words: str) -> str:
    return " ".join(re.sub(r"[*`]", "", words).split())


def pin_of(visit: Visit, view: dict[str, str]) -> dict[str, Any] | None:
    """Take the pin out of a view."""
    sides = ("topLeft", "bottomRight")
    if pin := view.pop("pin", None):
        ids = (int(id) if id else None for id in pin.split("-"))
        return dict(zip(sides, ids, strict=True)) | {"cell": None}
    if not (best := view.pop("pinBest", None)):
        return None
    pair: dict[str, Any] = visit.page.evaluate(BEST)
    return pair | {side: None for side in sides if best not in (side, "pair")}


def check_stop(visit: Visit, stop: dict[str, Any]) -> None:
    """Check image, settings, pin, panel and text of a stop."""
    view = dict(parse_qsl(stop["view"]))
    source = next(f"{name}={view.pop(name)}" for name in ("example", "scene") if name in view)
    visit.page.wait_for_function(ARRIVED, arg=[stop["id"], source], timeout=30_000)
    visit.page.wait_for_function(IN_SIGHT, arg=stop["panel"])
    state, categories = visit.app("app.state"), visit.app("app.payload.categories")
    own = visit.app("app.payload.settings")
    assert state["pin"] == pin_of(visit, view)
    label = view.pop("label", None)
    assert state["label"] == (categories.index(label) if label else -1)
    assert state["predict"] == (view.pop("predict", "0") == "1")
    assert state["settings"] == own | {name: float(value) for name, value in view.items()}
    tour = visit.page.locator(".cn-tour")
    words = (stop["title"], *stop["paragraphs"], stop["question"], stop["answer"], stop["source"])
    for text in words:
        expect(tour).to_contain_text(spoken(text))
    setting = tour.get_by_role("slider")
    assert setting.count() == (1 if "setting" in stop else 0)
    tab = tour.get_by_role("button", name="Open the tab")
    assert tab.is_visible() == ("tab" in stop)


def go(visit: Visit, stop: dict[str, Any]) -> None:
    query = f"{stop['view']}&stop={stop['id']}&panel={stop['panel']}"
    visit.page.evaluate("query => cornernet.app.go(query)", query)


@pytest.mark.parametrize("number", range(1, len(STOPS) + 1), ids=[stop["id"] for stop in STOPS])
def test_the_tour_tab_sets_up_a_stop(rested: Visit, number: int) -> None:
    page = rested.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("tab", name="Tour").click()
    page.get_by_role("button", name=f"Set up stop {number} in the explorer", exact=True).click()
    expect(page.get_by_role("tab", name="Explore")).to_have_attribute("aria-selected", "true")
    check_stop(rested, STOPS[number - 1])


def test_one_walks_through_the_tour_and_back(rested: Visit) -> None:
    page = rested.page
    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate(
        "query => cornernet.app.go(query)", f"example=2&stop={STOPS[0]['id']}&panel=boxes"
    )
    check_stop(rested, STOPS[0])
    back, on = (page.get_by_role("button", name=name, exact=True) for name in ("Back", "Next stop"))
    expect(back).to_be_disabled()
    for number, stop in enumerate(STOPS[1:], 2):
        on.click()
        check_stop(rested, stop)
        expect(page.locator(".cn-tour")).to_contain_text(f"Stop {number} of {len(STOPS)}")
    expect(on).to_be_disabled()
    for stop in reversed(STOPS[-3:-1]):
        back.click()
        check_stop(rested, stop)
    page.get_by_role("button", name="Leave the tour").click()
    expect(page.locator(".cn-tour")).to_be_hidden()


def test_a_stop_lets_move_its_threshold_and_opens_its_tab(rested: Visit) -> None:
    moving = next(stop for stop in STOPS if "setting" in stop)
    go(rested, moving)
    check_stop(rested, moving)
    before, slider = (
        rested.app("app.state.settings"),
        rested.page.locator(".cn-tour input[type=range]"),
    )
    slider.press("ArrowRight")
    rested.settle()
    changed = [
        name for name, old in before.items() if rested.app(f"app.state.settings.{name}") != old
    ]
    assert changed == [moving["setting"]]
    for stop in (stop for stop in STOPS if "tab" in stop):
        go(rested, stop)
        check_stop(rested, stop)
        button = rested.page.locator(".cn-tour").get_by_role("button", name="Open the tab")
        name = button.inner_text().removeprefix("Open the tab ")
        button.click()
        tab = rested.page.get_by_role("tab", name=name)
        expect(tab).to_have_attribute("aria-selected", "true")
        rested.page.get_by_role("tab", name="Explore").click()


def test_the_view_of_a_stop_can_be_set_again(rested: Visit) -> None:
    stop = next(one for one in STOPS if one["id"] == "10-nms")
    rested.page.evaluate(
        "query => cornernet.app.go(query)",
        f"{stop['view']}&stop={stop['id']}&panel={stop['panel']}",
    )
    check_stop(rested, stop)
    rested.page.evaluate("cornernet.app.set({settings: cornernet.app.payload.settings, label: 2})")
    rested.page.get_by_role("button", name="Set the view again").click()
    rested.settle()
    check_stop(rested, stop)


def test_all_of_the_tour_is_read_in_its_tab_and_on_paper_without_a_click(rested: Visit) -> None:
    page = rested.page
    page.get_by_role("tab", name="Tour").click()
    expect(page.get_by_role("button", name="Set up stop 1 in the explorer")).to_be_visible()
    panel = page.get_by_role("tabpanel").filter(has_text="Set up stop 1")
    assert panel.locator("details").count() == len(STOPS)
    assert panel.locator("details[open]").count() == 0  # an answer comes after a thought
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    shown = re.sub(r"\s+", " ", panel.inner_text())
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert panel.locator("details[open]").count() == 0
    for stop in STOPS:
        for text in (stop["title"], *stop["paragraphs"], stop["question"], stop["answer"]):
            assert spoken(text) in shown, stop["id"]
        assert stop["source"] in shown
    page.get_by_role("tab", name="Explore").click()
