"""For everyone: names, contrast, keys, small screens, still pictures, a projector."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cornernet.detector import Detector
from cornernet.ui.examples import examples
from tests.browser.conftest import WIDE, Visit, check_quiet, visit_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
TABS = ("Explore", "Tour", "What if?", "Compare", "Camera", "Sandbox", "Truth", "Studies", "Learn")
FILLED = {
    "Explore": "#cn-pooling .cn-channel",
    "Tour": ".tour-stop",
    "What if?": "#what-if-boxes-after img",
    "Compare": "#compare-said p",
    "Camera": ".cn-camera button",
    "Sandbox": "#sandbox-editor canvas",
    "Truth": "#truth-radius-said strong",
    "Studies": ".study",
    "Learn": ".cn-learn-form",
}
LEAST_FIELDS = {"Explore": 8, "Truth": 4}
NUMBER_FIELDS = """() => [...document.querySelectorAll("input[type=number]")]
    .filter((field) => field.checkVisibility({ visibilityProperty: true }))
    .map((field) => [
        field.getAttribute("aria-label") ?? field.parentElement.textContent,
        parseFloat(getComputedStyle(field).fontSize),
        field.scrollWidth > field.clientWidth,
    ])"""
VIOLATIONS = """async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 200))]);
}"""
REPEATED_IDS = """() => {
    const ids = [...document.querySelectorAll("[id]:not([id=''])")].map(({ id }) => id);
    return ids.filter((id, k) => ids.indexOf(id) < k).sort();
}"""
WORDS_END = """(selector) => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector(selector));
    return range.getBoundingClientRect().right;
}"""
CONTROLS = """() => {
    const found = document.querySelectorAll(
        ".cn-explorer :is(button, select, input, a, canvas, tr, [tabindex='0'])");
    const names = [];
    for (const element of found) {
        const seen = element.checkVisibility({ visibilityProperty: true }) && !element.disabled;
        const open = element.tabIndex >= 0 && !element.matches(":disabled");
        const other = element.type === "radio" && !element.checked; // reached by arrow keys
        const isControl = !element.matches("tr, canvas") || element.hasAttribute("tabindex");
        if (seen && open && !other && isControl) {
            element.dataset.control = names.length;
            names.push(element.outerHTML.slice(0, 120));
        }
    }
    return names;
}"""
REACHED = """() => {
    const element = document.activeElement;
    const outlined = (one) => getComputedStyle(one).outlineStyle !== "none";
    const shows = outlined(element) || [...element.parentElement.children].some(outlined)
        || outlined(element.parentElement);
    return [element.dataset.control ?? null, shows];
}"""


@pytest.fixture(scope="module")
def open_page(
    browser: Browser, served_shapes: tuple[str, Detector]
) -> Iterator[Callable[[int, str], Visit]]:
    """Open pages of a width and a theme, each once."""
    visits: dict[tuple[int, str], Visit] = {}

    def opened(width: int, theme: str) -> Visit:
        if (width, theme) not in visits:
            context = browser.new_context(viewport={"width": width, "height": 844})
            visits[width, theme] = visit_of(context, served_shapes)
            visits[width, theme].open(f"example=2&__theme={theme}")
        return visits[width, theme]

    yield opened
    for visit in visits.values():
        check_quiet(visit)
        visit.page.context.close()


def open_tab(page: Page, name: str) -> None:
    """Open a tab."""
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("tab", name=name).click()
    if name == "Explore":  # what is out of sight is not drawn
        page.evaluate("cornernet.app.show('pooling')")
    expect(page.locator(FILLED[name]).first).to_be_visible(timeout=20_000)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", TABS)
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(
    open_page: Callable[[int, str], Visit],
    packages: Path,
    width: int,
    theme: str,
    name: str,
) -> None:
    visit = open_page(width, theme)
    page = visit.page
    open_tab(page, name)
    page.wait_for_timeout(500)  # names are given a little after things appear
    if not page.evaluate("'axe' in window"):
        page.evaluate((packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == []
    assert page.evaluate(REPEATED_IDS) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("name", TABS)
def test_a_phone_does_not_zoom_into_number_fields(
    open_page: Callable[[int, str], Visit], name: str
) -> None:
    page = open_page(390, "light").page
    open_tab(page, name)
    if name == "Explore":
        page.get_by_role("button", name="All thresholds").click()
    fields = page.evaluate(NUMBER_FIELDS)
    assert len(fields) >= LEAST_FIELDS.get(name, 1)  # the scene's number is on every tab
    assert [label for label, size, _ in fields if size < 16] == []
    assert [label for label, _, is_cut_off in fields if is_cut_off] == []
    if name == "Explore":
        page.get_by_role("button", name="Fewer thresholds").click()


def test_keys_reach_every_control_and_show_where_one_is(rested: Visit) -> None:
    page = rested.page
    expect(page.locator(".cn-channel").first).to_be_visible()
    controls = page.evaluate(CONTROLS)
    assert len(controls) > 50
    page.locator("[data-control='0']").focus()
    page.keyboard.press("Shift+Tab")
    reached: dict[int, bool] = {}
    for _ in range(2 * len(controls)):
        page.keyboard.press("Tab")
        control, shows = page.evaluate(REACHED)
        if control is None and reached:
            break
        if control is not None:
            reached[int(control)] = shows
    assert [controls[k] for k in range(len(controls)) if k not in reached] == []
    assert [controls[k] for k, shows in reached.items() if not shows] == []


def test_a_dropdown_that_the_keys_leave_shuts_its_list(rested: Visit) -> None:
    page, entries = rested.page, rested.page.locator("[role=option]")
    page.get_by_label("Model", exact=True).focus()
    expect(entries.first).to_be_visible()
    count = entries.count()
    for key in ("Shift", "x"):  # no letter chooses: the list is as long as before
        page.keyboard.press(key)
        page.wait_for_timeout(200)
        assert entries.count() == count > 1
    page.keyboard.press("Tab")
    page.wait_for_timeout(500)
    expect(entries).to_have_count(0)


def test_who_wants_no_motion_gets_none(
    browser: Browser, served_shapes: tuple[str, Detector]
) -> None:
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    visit = visit_of(context, served_shapes)
    visit.open("example=2")
    place = "() => document.querySelector('#cn-suppression').getBoundingClientRect().top"
    before = visit.page.evaluate(place)
    visit.page.evaluate("cornernet.app.show('suppression')")
    after = visit.page.evaluate(place)  # at once
    assert before > WIDE["height"]
    assert after < WIDE["height"]
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate(place) == pytest.approx(after, abs=2)
    style = "name => getComputedStyle(document.querySelector('#cn-suppression'))[name]"
    assert visit.page.evaluate(style, "animationName") == "none"
    expect(visit.page.get_by_role("button", name="Play")).to_be_hidden()
    expect(visit.page.get_by_role("button", name="Step")).to_be_visible()
    check_quiet(visit)
    context.close()


def test_a_projector_gets_larger_type_and_fewer_panels(rested: Visit) -> None:
    page = rested.page
    page.set_viewport_size(WIDE)
    measure = """() => {
        const panels = [...document.querySelectorAll(".cn-panel")].filter((p) => p.offsetParent);
        const size = (name) => parseFloat(getComputedStyle(document.querySelector(name)).fontSize);
        const { width } = document.querySelector("#cn-boxes canvas").getBoundingClientRect();
        return [panels.length, size(".cn-title"), size(".cn-why-verdict"), width];
    }"""
    panels, title, words, width = page.evaluate(measure)
    page.get_by_role("button", name="Projector").click()
    page.wait_for_timeout(300)
    projected = page.evaluate(measure)
    assert projected[0] < panels - 3
    assert projected[1] > title
    assert projected[2] > words
    assert projected[3] > 1.2 * width
    assert page.evaluate("document.documentElement.scrollWidth") == WIDE["width"]
    assert page.get_by_role("button", name="Projector").get_attribute("aria-pressed") == "true"


def test_the_first_tab_stop_leads_to_the_pictures(
    browser: Browser, served_shapes: tuple[str, Detector]
) -> None:
    context = browser.new_context(viewport=WIDE)
    visit = visit_of(context, served_shapes)
    visit.open("example=2")
    page, link = visit.page, visit.page.get_by_role("link", name="Skip to the pictures")
    expect(link).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#cn-boxes")).to_be_focused()
    assert "#" not in page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#cn-boxes canvas").first).to_be_focused()
    open_tab(page, "Truth")
    link.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.role") == "tabpanel"
    check_quiet(visit)
    context.close()


def test_examples_are_named_by_their_titles(rested: Visit) -> None:
    buttons = rested.page.locator("#examples button.gallery-item")
    expect(buttons.first).to_have_accessible_name(examples()[0].title)
    names = [one.get_attribute("aria-label") for one in buttons.all()]
    assert names == [one.title for one in examples()]
    assert all(names)


def test_who_taps_reads_of_taps_and_sees_what_enlarges(
    browser: Browser, served_shapes: tuple[str, Detector]
) -> None:
    phone = {"width": 390, "height": 844}
    context = browser.new_context(viewport=phone, has_touch=True, is_mobile=True)
    visit = visit_of(context, served_shapes)
    visit.open("example=2")
    assert re.search(r"point at|click", visit.page.locator(".cn-stage").inner_text(), re.I) is None
    for side in ("topLeft", "bottomRight"):
        words = visit.page.evaluate(WORDS_END, f"#cn-{side} .cn-title")
        sign = visit.page.locator(f"#cn-{side} .cn-enlarge span").first.bounding_box()
        assert sign
        assert words < sign["x"]
    check_quiet(visit)
    context.close()
