"""The tab Learn: a network trains while one watches; a third visitor waits, and sees a replay."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from cornernet.detector import Detector
from cornernet.ui.learning import replayed
from tests.browser.conftest import Visit, check_quiet, visit_of, wide
from tests.browser.test_accessibility import VIOLATIONS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
PATIENCE = 120_000  # milliseconds: the process is of low priority


def start(page: Page) -> None:
    page.get_by_role("button", name="Start training").click()
    expect(page.locator(".cn-learn-figures")).to_contain_text("Step", timeout=PATIENCE)


def steps(page: Page) -> int:
    return int(page.locator(".cn-learn-figures").inner_text().split()[1])


def test_a_place_found_while_one_stops_waiting_is_given_back(
    browser: Browser, served: tuple[str, Detector]
) -> None:
    context = wide(browser)
    visit = visit_of(context, served)
    held: list[Route] = []
    asked = 0

    def answer(route: Route) -> None:
        """Say that no place is free, then hold the next request for one back."""
        nonlocal asked
        if '"begin"' not in (route.request.post_data or ""):
            return route.fallback()
        asked += 1
        if asked > 1:
            return held.append(route)
        return route.fulfill(json={"error": "No place.", "isFull": True})

    page = visit.page
    page.route("**/component_server**", answer)
    visit.open("tab=learn")
    page.get_by_role("button", name="Start training").click()
    expect(page.locator(".cn-learn-status")).to_contain_text("Yours begins by itself then")
    while not held:
        page.wait_for_timeout(100)
    page.get_by_role("button", name="Stop waiting").click()
    with page.expect_request(lambda request: '"leave"' in (request.post_data or "")):
        for route in held:
            route.continue_()
    nobody_trains = re.compile("Nothing is trained yet|visitors train a network here just now")
    expect(page.locator(".cn-learn-status")).to_contain_text(nobody_trains)
    expect(page.get_by_role("button", name="Start training")).to_be_enabled()
    check_quiet(visit)
    context.close()


def test_it_starts_pauses_steps_and_resets_and_a_third_visitor_waits(
    browser: Browser, served: tuple[str, Detector], packages: Path
) -> None:
    contexts = [wide(browser) for _ in range(3)]
    visits: list[Visit] = [visit_of(context, served) for context in contexts]
    for visit in visits:
        visit.open("tab=learn")
    first, second, third = (visit.page for visit in visits)
    start(first)
    first.wait_for_function(
        "() => Number(document.querySelector('.cn-learn-figures').textContent.match(/\\d+/)) > 2",
        timeout=PATIENCE,
    )
    first.get_by_role("button", name="Pause").click()
    expect(first.locator(".cn-learn-status")).to_contain_text("Paused", timeout=PATIENCE)
    paused = steps(first)
    first.evaluate((packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert first.evaluate(VIOLATIONS) == []
    first.get_by_role("button", name="Step", exact=True).click()
    expect(first.locator(".cn-learn-figures")).to_contain_text(
        f"Step {paused + 1}", timeout=PATIENCE
    )
    second.get_by_role("button", name="Start training").click()
    expect(second.locator(".cn-learn-status")).to_contain_text("few seconds")
    third.get_by_role("button", name="Start training").click()
    expect(third.locator(".cn-learn-status")).to_contain_text("a place is free in at most")
    expect(third.locator(".cn-learn-status")).to_contain_text("Yours begins by itself then")
    expect(third.locator("#cn-replayCurves")).to_be_visible()
    first.get_by_role("button", name="Reset").click()
    expect(first.locator(".cn-learn-figures")).not_to_contain_text(f"Step {paused + 1}")
    contexts[0].close()  # its place is free
    expect(third.locator(".cn-learn-status")).not_to_contain_text("a place", timeout=PATIENCE)
    expect(third.locator(".cn-learn-figures")).to_contain_text("Step", timeout=PATIENCE)
    expect(third.locator("#cn-replayCurves")).to_be_hidden()
    expect(third.locator("#cn-learnCurves")).to_be_visible()
    for visit in visits:
        check_quiet(visit)
    for context in contexts[1:]:
        context.close()


def replayed_step(page: Page) -> int:
    """Read which step the replay shows, by the words for those who cannot see the slider."""
    words = page.get_by_label("Moment of the training").get_attribute("aria-valuetext")
    assert words is not None
    return int(words.split()[1])


def test_a_recorded_training_is_played_back_before_anything_is_started(
    browser: Browser, served: tuple[str, Detector], packages: Path
) -> None:
    context = wide(browser)
    visit = visit_of(context, served)
    visit.open("tab=learn")
    page, moments = visit.page, replayed()["moments"]
    last = moments[-1]["steps"]
    slider = page.get_by_label("Moment of the training")
    expect(slider).to_be_visible(timeout=PATIENCE)
    assert replayed_step(page) == last
    expect(page.locator("#learning")).to_contain_text(f"{last} steps of")
    for key, step in (("ArrowLeft", moments[-2]), ("Home", moments[0]), ("ArrowRight", moments[1])):
        slider.press(key)
        assert replayed_step(page) == step["steps"]
        expect(page.locator(".cn-replay-figures")).to_contain_text(f"Step {step['steps']} of")
        remark = [one for one in replayed()["remarks"] if one["from"] <= step["steps"]][-1]
        expect(page.locator(".cn-learn-remark")).to_contain_text(remark["title"])
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "step => Number(document.querySelector('.cn-replay-figures').textContent.split(' ')[1])"
        " > step",
        arg=moments[2]["steps"],
        timeout=PATIENCE,
    )
    page.locator(".cn-player").get_by_role("button", name="Pause").click()
    held = replayed_step(page)
    page.wait_for_timeout(1500)
    assert replayed_step(page) == held
    page.evaluate((packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == []
    check_quiet(visit)
    context.close()
