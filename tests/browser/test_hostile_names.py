"""Names that look like code are shown as text, and nothing of them runs."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from cornernet.detector import Detector
from tests.browser.conftest import TALL, Visit, check_quiet, drawing, serve, visit_of
from tests.page import random_detector

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
NAMES = (
    "${alert(1)}",
    "<img src=x onerror=alert(2)>",
    "{{alert(3)}}",
    "</script><script>alert(4)</script>",
    "<b>bold</b>",
    "`${alert(5)}`",
    "[a](javascript:alert(6))",
    "**&amp;**",
)


@pytest.fixture(scope="module")
def shared_hostile(browser: Browser) -> Iterator[Visit]:
    """A page whose model's categories have such names."""
    detector = replace(random_detector(), categories=NAMES)
    served: Iterator[tuple[str, Detector]] = serve(detector)
    visit = visit_of(browser.new_context(viewport=TALL), next(served))
    visit.page.on("dialog", lambda dialogue: visit.complaints.append(dialogue.message))
    visit.open("scene=7")
    yield visit
    visit.page.context.close()
    next(served, None)


@pytest.fixture
def hostile(shared_hostile: Visit) -> Iterator[Visit]:
    shared_hostile.page.get_by_role("tab", name="Explore").click()
    shared_hostile.complaints.clear()
    yield shared_hostile
    check_quiet(shared_hostile)


def test_the_explorer_writes_categories_as_they_are(hostile: Visit) -> None:
    page = hostile.page
    shown = page.get_by_label("Category of the heatmaps").locator("option").all_inner_texts()
    assert set(shown) <= {"all categories", *NAMES}
    assert len(shown) > 3
    pairs = hostile.app(
        "[...app.decision.topLeft].slice(0, 40).map(id => [id, app.payload.topLeft.label[id]])"
    )
    told = dict.fromkeys(label for _, label in pairs)
    for label in told:
        corner = next(id for id, own in pairs if own == label)
        page.evaluate("topLeft => cornernet.app.pin({ topLeft })", corner)
        hostile.settle()
        expect(page.locator(".cn-why-corners")).to_contain_text(NAMES[label])
        expect(page.locator(".cn-line-readout")).to_contain_text(NAMES[label])
        page.evaluate("cornernet.app.pin(null)")
    page.locator("#cn-evidence").scroll_into_view_if_needed()
    expect(page.locator("#cn-evidence")).to_contain_text("a logit of")
    assert page.locator(".cn-explorer :is(img, b, script, a)").count() == 0


@pytest.mark.parametrize("tab", ["Tour", "What if?", "Truth"])
def test_no_tab_runs_a_category(hostile: Visit, tab: str) -> None:
    page = hostile.page
    page.get_by_role("tab", name=tab).click()
    page.wait_for_timeout(1500)
    assert page.locator("img[src='x'], [onerror], a[href^=javascript]").count() == 0


def test_the_sandbox_writes_categories_as_they_are(hostile: Visit) -> None:
    page = hostile.page
    page.get_by_role("tab", name="Sandbox").click()
    page.get_by_role("button", name="Paint over the image").click()
    said = page.locator("#sandbox-said")
    expect(said).to_contain_text("Answered in", timeout=20_000)
    words, names = said.inner_text(), hostile.app("app.payload.categories")
    assert any(name in words for name in names)
    assert page.locator("img[src='x'], [onerror], a[href^=javascript]").count() == 0


@pytest.mark.parametrize("name", NAMES[:4])
def test_a_file_may_have_any_name(hostile: Visit, name: str) -> None:
    hostile.upload(f"{name}.png", drawing())
    hostile.choose(f"{name}.png", b"no image")
    toast = hostile.page.get_by_test_id("toast-text").filter(has_text="cannot be read")
    expect(toast.first).to_be_visible(timeout=15_000)
    assert hostile.page.locator("img[src='x'], [onerror]").count() == 0
    for close in hostile.page.get_by_test_id("toast-close").all():
        close.click()
    errors = [words for words in hostile.complaints if "Failed to load resource" not in words]
    assert errors == []
    hostile.complaints.clear()  # the browser's own about the broken file


def test_a_page_to_take_away_keeps_names_as_text(hostile: Visit, browser: Browser) -> None:
    with hostile.page.expect_download(timeout=60_000) as waiting:
        hostile.page.get_by_role("button", name="Save as HTML").click()
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialogue: complaints.append(dialogue.message))
    page.set_content(waiting.value.path().read_text(encoding="utf-8"))
    page.wait_for_function("() => window.cornernet?.timings.payload.length > 0")
    assert page.evaluate("cornernet.app.payload.categories") == list(NAMES)
    assert page.locator(".cn-explorer :is(img, b, script, a)").count() == 0
    assert complaints == []
    page.close()
