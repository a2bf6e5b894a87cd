"""Make the pictures of the README and of the tour anew: python -m tests.browser.pictures.

Needs Chromium; writes assets/page.png and assets/lessons/figures/.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from cornernet.detector import load_detector
from cornernet.ui.lessons import tour_stops
from cornernet.ui.tour_tab import FIGURES
from tests.browser.conftest import DRAWN, FLAGS, find_browser, serve

ASSETS = Path(__file__).parents[2] / "assets"
SETTLED = 1500  # milliseconds, for the server's answers and the fonts


@contextmanager
def opened() -> Iterator[tuple[Page, str]]:
    """Open the page with the trained model on a laptop's screen."""
    address, _ = next(server := serve(load_detector("shapes", device="cpu")))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(playwright), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        yield page, address
        browser.close()
    next(server, None)


def save(png: bytes, path: Path) -> None:
    """Write without loss, as small as PNG allows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(png)).convert("RGB").save(path, optimize=True)


def main() -> None:
    """Visit the first screen, with a heart pinned, and every stop."""
    with opened() as (page, address):
        page.goto(f"{address}?example=3&pin=3-4")
        page.wait_for_function(DRAWN)
        page.wait_for_timeout(SETTLED)
        save(page.screenshot(), ASSETS / "page.png")
        for stop in tour_stops():
            page.goto(f"{address}?{stop['view']}")
            page.wait_for_function(DRAWN)
            panel = page.locator(f"#cn-{stop['panel']}")
            panel.scroll_into_view_if_needed()
            page.wait_for_timeout(SETTLED)
            if stop["panel"] == "shift":
                panel.get_by_role("button").first.click()
                page.wait_for_timeout(2 * SETTLED)
            save(panel.screenshot(), FIGURES / f"{stop['id']}.png")


if __name__ == "__main__":
    main()
