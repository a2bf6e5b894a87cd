"""Make the pictures of the README and of the tour anew: python -m tests.browser.pictures.

Needs Chromium and the weights of `photos`; writes assets/page.png, assets/hint.png and
assets/lessons/figures/. With words after it, as in `page hint`, only these parts.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from cornernet.detector import load_detector
from cornernet.paths import ASSETS
from cornernet.ui.lessons import tour_stops
from cornernet.ui.tabs.tour import FIGURES
from tests.browser.conftest import DRAWN, FLAGS, find_browser, serve

CAN_BE_LARGE = ("topLeft", "bottomRight")  # half a row each, otherwise
PLAIN = """.cn-dock, .cn-enlarge, .cn-fold { display: none !important; }
.cn-large .cn-board { width: 100% !important; }"""
SETTLED = 1500  # milliseconds, for the server's answers and the fonts


@contextmanager
def opened() -> Iterator[tuple[Page, str]]:
    """Open the page with both trained models on a laptop's screen."""
    models = {name: load_detector(name, device="cpu") for name in ("shapes", "photos")}
    address, _ = next(server := serve(models["shapes"], models))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(playwright), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        yield page, address
        browser.close()
    next(server, None)


def visit(page: Page, address: str) -> None:
    """Open an address and wait until all of it is drawn."""
    page.goto(address)
    page.wait_for_function(DRAWN)
    page.wait_for_timeout(SETTLED)


def save(png: bytes, path: Path) -> None:
    """Write without loss, as small as PNG allows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(BytesIO(png)).convert("RGB").save(path, optimize=True)


def first_screen(page: Page, address: str) -> None:
    """Take the page on its first photograph, with the best box pinned."""
    visit(page, f"{address}?example=grace-hopper&pinBest=pair")
    save(page.screenshot(), ASSETS / "page.png")


def hint(page: Page, address: str) -> None:
    """Take what the page says of a photograph that is given to the model for drawings."""
    visit(page, f"{address}?example=astronaut&model=shapes")
    expect(page.locator(".cn-hint").first).to_contain_text("looks like a photograph")
    save(page.screenshot(), ASSETS / "hint.png")


def stops(page: Page, address: str) -> None:
    """Take each stop's panel, as wide as the tour shows it; the model is that of its example."""
    page.set_viewport_size({"width": 560, "height": 2000})
    for stop in tour_stops():
        large = f"&large={stop['panel']}" if stop["panel"] in CAN_BE_LARGE else ""
        visit(page, f"{address}?{stop['view']}&panel={stop['panel']}{large}")
        page.add_style_tag(content=PLAIN)
        panel = page.locator(f"#cn-{stop['panel']}")
        panel.scroll_into_view_if_needed()
        page.wait_for_timeout(SETTLED)
        if stop["panel"] == "shift":
            panel.get_by_role("button").first.click()
            page.wait_for_timeout(2 * SETTLED)
        save(panel.screenshot(), FIGURES / f"{stop['id']}.png")


PARTS = {"page": first_screen, "hint": hint, "tour": stops}


def main() -> None:
    """Take the parts asked for, else all."""
    wanted = sys.argv[1:] or list(PARTS)
    with opened() as (page, address):
        for name in wanted:
            PARTS[name](page, address)


if __name__ == "__main__":
    main()
