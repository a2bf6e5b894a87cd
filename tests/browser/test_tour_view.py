"""Beside the tour all that it explains is seen; who leaves it gets back what was seen before."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from cornernet.detector import Detector
from cornernet.ui.lessons import tour_stops
from tests.browser.conftest import Visit, check_quiet, drawing, visit_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
STOPS = tour_stops()
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
# Of a grid of points over the panel's part that is not scrolled away: how many show something else,
# how high that part is, and whether the tour is whole on the screen.
SEEN = """name => {
    const panel = document.getElementById(`cn-${name}`), tour = document.querySelector(".cn-tour");
    const stage = document.querySelector("#explorer .cn-stage");
    const scrolls = getComputedStyle(stage).overflowY === "auto";
    const clip = scrolls ? stage.getBoundingClientRect() : { top: 0, bottom: innerHeight };
    const { left, right, top, bottom } = panel.getBoundingClientRect();
    const [from, to] = [Math.max(top, clip.top, 0), Math.min(bottom, clip.bottom, innerHeight)];
    const steps = [...Array(21).keys()].map((k) => (k + 0.5) / 21);
    const points = steps.flatMap((x) => steps.map((y) =>
        document.elementFromPoint(left + x * (right - left), from + y * (to - from))));
    const frame = tour.getBoundingClientRect();
    const isWhole = frame.top >= 0 && frame.bottom <= innerHeight && frame.right <= innerWidth;
    return [points.filter((one) => !panel.contains(one)).length, to - from, isWhole];
}"""
ARRIVED = """([id, source]) => cornernet.app.state.stop === id
    && cornernet.app.payload.source === source"""
VIEW = """() => {
    const { settings, pin, label, side, stop, predict, large } = cornernet.app.state;
    return [settings, pin, label, side, stop, predict, large, cornernet.app.payload.source,
        cornernet.app.payload.model, scrollY];
}"""


@pytest.fixture(scope="module")
def at_size(
    browser: Browser, served_shapes: tuple[str, Detector]
) -> Iterator[Callable[[str], Visit]]:
    """Open a page of a size, each once."""
    visits: dict[str, Visit] = {}

    def opened(name: str) -> Visit:
        if name not in visits:
            width, height = SIZES[name]
            context = browser.new_context(
                viewport={"width": width, "height": height}, reduced_motion="reduce"
            )
            visits[name] = visit_of(context, served_shapes)
        visits[name].open("example=1&minScore=0.2&pin=0-0&label=star")
        return visits[name]

    yield opened
    for visit in visits.values():
        check_quiet(visit)
        visit.page.context.close()


def go(visit: Visit, stop: dict[str, Any]) -> None:
    """Set up a stop and wait for its image."""
    query = f"{stop['view']}&stop={stop['id']}&panel={stop['panel']}"
    source = next(part for part in stop["view"].split("&") if part[:6] in ("exampl", "scene="))
    visit.page.evaluate("query => cornernet.app.go(query)", query)
    visit.page.wait_for_function(ARRIVED, arg=[stop["id"], source], timeout=30_000)
    visit.settle()


@pytest.mark.parametrize("size", SIZES)
def test_the_tour_never_covers_what_it_explains(at_size: Callable[[str], Visit], size: str) -> None:
    visit = at_size(size)
    for stop in STOPS:
        go(visit, stop)
        visit.page.wait_for_function(f"name => ({SEEN})(name)[1] > 140", arg=stop["panel"])
        covered, _, is_whole = visit.page.evaluate(SEEN, stop["panel"])
        assert covered <= 4, stop["id"]  # the rounded corners
        assert is_whole, stop["id"]


@pytest.mark.parametrize("size", SIZES)
def test_who_leaves_the_tour_gets_the_view_back(at_size: Callable[[str], Visit], size: str) -> None:
    visit = at_size(size)
    visit.page.evaluate("scrollTo(0, 900)")
    before = visit.page.evaluate(VIEW)
    assert before[-1] == 900
    for stop in (STOPS[2], STOPS[9], STOPS[14]):  # with another image, a threshold, a mode
        go(visit, stop)
    visit.page.get_by_role("button", name="Leave the tour").click()
    visit.page.wait_for_function("() => cornernet.app.payload.source === 'example=1'")
    visit.page.wait_for_function("() => scrollY === 900")
    visit.settle()
    assert visit.page.evaluate(VIEW) == before
    expect(visit.page.locator(".cn-tour")).to_be_hidden()
    expect(visit.page.locator("#image")).to_be_visible()


def test_an_own_image_comes_back_after_the_tour(at_size: Callable[[str], Visit]) -> None:
    visit = at_size("desk")
    visit.upload("circle.png", drawing())
    key = visit.key()
    for stop in STOPS[:3]:
        go(visit, stop)
    assert visit.key() != key
    visit.page.get_by_role("button", name="Leave the tour").click()
    visit.page.wait_for_function(
        "key => cornernet.app.payload.key === key", arg=key, timeout=30_000
    )
    expect(visit.panel("evidence")).to_contain_text("a logit of")  # the server has it, too


def test_an_answer_opens_after_a_thought_and_on_paper_at_once(
    at_size: Callable[[str], Visit],
) -> None:
    visit = at_size("desk")
    answer = visit.page.locator(".cn-tour-answer")
    go(visit, STOPS[0])
    expect(answer).to_be_hidden()
    visit.page.get_by_role("button", name="Show the answer").click()
    expect(answer).to_be_visible()
    expect(answer).to_contain_text("Look:")
    visit.page.get_by_role("button", name="Next stop").click()
    expect(answer).to_be_hidden()  # that of the next question
    visit.page.emulate_media(media="print")
    expect(answer).to_be_visible()
    expect(visit.page.get_by_role("button", name="Next stop")).to_be_hidden()
    visit.page.emulate_media(media="screen")
