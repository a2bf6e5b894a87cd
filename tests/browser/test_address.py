"""Thresholds without a request, and addresses that reproduce a view."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from cornernet.detector import Detector
from tests.browser.conftest import Visit, check_quiet, visit_of, wide

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
STATE = """() => {
    const { hover, ...state } = cornernet.app.state;
    return state;
}"""
VIEW: dict[str, Any] = {
    "pin": {"topLeft": 1, "bottomRight": 3, "cell": None},
    "label": 3,
    "side": "bottomRight",
    "fallen": "distance",
    "large": "matrix",
    "stop": "09-why",
    "projector": True,
}
SETTINGS = {
    "minScore": 0.15,
    "maxEmbeddingDistance": 1.25,
    "topK": 42,
    "peakWindow": 5,
    "minCornerScore": 0.05,
    "nms": "linear",
    "nmsIou": 0.35,
}
BAD = (
    "example=99999999999999999999&scene=abc",
    "example=-1&pin=9999-9999&stop=nowhere&panel=nowhere&pinBest=nothing",
    "example=2&minScore=7&topK=1.5&peakWindow=2&nmsSigma=NaN&maxEmbeddingDistance=1e999&nms=none%00",
    "example=2&label=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&fallen=<b>&side=left&cell=64-0&predict=yes",
    "%",
)


def asked_by(page: Page) -> list[str]:
    """Collect the addresses of requests from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def test_every_threshold_acts_without_a_request(explorer: Visit) -> None:
    page, runs = explorer.page, explorer.app("app.decision.detections.length")
    page.evaluate("cornernet.app.pin({topLeft: cornernet.app.decision.topLeft[0]})")
    page.get_by_role("button", name="All thresholds").click()
    page.wait_for_timeout(1000)  # what was asked for the pinned corner
    asked, own = asked_by(page), explorer.app("app.state.settings")
    for name in explorer.app("app.payload.ranges.map(range => range.name)"):
        if name == "nmsIou":
            page.get_by_label("Suppression", exact=True).select_option("linear")
            explorer.settle()
        slider = page.locator(f"#cn-setting-{name}")
        number = page.locator(f"#cn-setting-{name} + input")
        slider.press("ArrowRight")
        explorer.settle()
        moved = explorer.app(f"app.state.settings.{name}")
        assert moved > own[name]
        assert float(number.input_value()) == pytest.approx(moved)
        number.fill(slider.get_attribute("min") or "")
        explorer.settle()
        assert explorer.app(f"app.state.settings.{name}") == float(slider.input_value())
        number.fill(str(own[name]))
    page.get_by_label("Suppression", exact=True).select_option("none")
    page.locator("#cn-setting-minScore").fill("1")
    explorer.settle()
    assert explorer.app("app.decision.detections.length") == 0
    assert runs > 0
    page.get_by_role("button", name="Reset thresholds").click()
    assert explorer.app("app.state.settings") == own
    assert explorer.app("app.decision.detections.length") == runs
    page.wait_for_timeout(500)
    assert asked == []


def settled_address(visit: Visit) -> str:
    """Read the address, which is written once things settle."""
    visit.page.wait_for_timeout(800)
    return str(visit.app("location.search"))


def open_at(browser: Browser, served: tuple[str, Detector], query: str) -> Visit:
    visit = visit_of(wide(browser), served)
    visit.open(query)
    visit.page.evaluate(
        "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
    )
    return visit


def test_an_address_reproduces_the_view(browser: Browser, explorer: Visit) -> None:
    settings = explorer.app("app.state.settings") | SETTINGS
    explorer.page.evaluate("state => cornernet.app.set(state)", VIEW | {"settings": settings})
    address, state = settled_address(explorer), explorer.page.evaluate(STATE)
    assert state == state | VIEW | {"settings": settings}
    copy = open_at(browser, (explorer.address, explorer.detector), address.removeprefix("?"))
    assert copy.page.evaluate(STATE) == state
    assert copy.app("app.payload.source") == "example=2"
    assert settled_address(copy) == address
    boxes = "[...app.decision.candidates.boxes]"
    assert copy.app(boxes) == explorer.app(boxes)
    assert copy.page.locator(".cn-tour h3").is_visible()
    check_quiet(copy)
    copy.page.context.close()


def test_scene_and_tab_are_in_the_address(
    browser: Browser, served_shapes: tuple[str, Detector]
) -> None:
    copy = open_at(browser, served_shapes, "scene=17&cell=3-4&tab=truth")
    truth = copy.page.get_by_role("tab", name="Truth")
    expect(truth).to_have_attribute("aria-selected", "true")
    assert copy.app("app.payload.source") == "scene=17"
    assert copy.app("app.state.pin") == {"topLeft": None, "bottomRight": None, "cell": [3, 4]}
    copy.page.evaluate("cornernet.app.set({pin: null})")
    assert settled_address(copy) == "?scene=17&model=shapes&tab=truth"
    copy.page.get_by_role("tab", name="Explore").click()
    assert settled_address(copy) == "?scene=17&model=shapes"
    check_quiet(copy)
    copy.page.context.close()


@pytest.mark.parametrize("query", BAD)
def test_what_makes_no_sense_in_an_address_is_ignored(
    browser: Browser, served_shapes: tuple[str, Detector], query: str
) -> None:
    copy = open_at(browser, served_shapes, query)
    assert copy.page.locator(".cn-explorer img, .cn-explorer b").count() == 0
    assert copy.app("app.payload.source") == ("example=2" if "example=2" in query else "example=1")
    state = copy.page.evaluate(STATE)
    assert state.pop("settings") == copy.app("app.payload.settings")
    assert state == {
        "pin": None, "label": -1, "side": "topLeft", "fallen": None, "stop": None,
        "projector": False, "predict": False, "large": None, "tab": "explore",
    }  # fmt: skip
    check_quiet(copy)
    copy.page.context.close()
