"""The tab Learn: a network trains while one watches; a third visitor is told to wait."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cornernet.detector import Detector
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
    first.get_by_role("button", name="Reset").click()
    expect(first.locator(".cn-learn-figures")).not_to_contain_text(f"Step {paused + 1}")
    for visit, context in zip(visits, contexts, strict=True):
        check_quiet(visit)
        context.close()
