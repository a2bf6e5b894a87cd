"""Two models: side by side on one image, and one offered in the place of the other."""

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from cornernet.analysis import misfit
from cornernet.categories import COCO
from cornernet.detector import Detector, load_detector
from cornernet.fast import FastNetwork
from cornernet.model.network import CornerNet
from cornernet.ui import images, models, picker
from cornernet.ui.examples import examples
from cornernet.ui.tabs import compare as compare_tab
from tests.browser.conftest import Visit, check_quiet, pixels, serve, visit_of, wide
from tests.browser.timing import photograph
from tests.page import EIGHT_SHAPES, random_detector

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


def of_eighty() -> Detector:
    """Make a small random network that knows COCO's categories."""
    torch.manual_seed(7)
    network = CornerNet(replace(EIGHT_SHAPES, categories=len(COCO))).eval().requires_grad_(False)
    fast = FastNetwork(network)
    return replace(random_detector(), name="squeeze", network=network, fast=fast, categories=COCO)


@pytest.fixture(scope="module")
def visit(browser: Browser) -> Iterator[Visit]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (compare_tab, images, misfit, models, picker):
            patch.setattr(module, "is_here", lambda name: name not in ("cornernet", "photos"))
        others = {"squeeze": of_eighty(), "cornernet-lite": random_detector()}
        served = serve(load_detector("shapes", device="cpu"), others)
        visit = visit_of(wide(browser), next(served))
        visit.open("example=2")
        yield visit
        check_quiet(visit)
        visit.page.context.close()
        next(served, None)


def choose(page: Page, field: str, option: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("option", name=option).first.click()


def test_two_models_answer_side_by_side(visit: Visit) -> None:
    page, said = visit.page, visit.page.locator("#compare-said")
    page.get_by_role("tab", name="Compare").click()
    choose(page, "Compare with", "cornernet (")
    expect(said).to_contain_text("not on this machine", timeout=20_000)
    choose(page, "Compare with", "squeeze (")
    expect(said).to_contain_text("No category is known to both", timeout=20_000)
    expect(page.locator("#compare-first-said")).to_contain_text("5 objects")
    for side in ("first", "second"):
        expect(page.locator(f"#compare-{side}-said")).to_contain_text("Network")
        for name in ("boxes", "tl", "br"):
            assert pixels(page.locator(f"#compare-{side}-{name} img").first).std() > 5
    choose(page, "Compare with", "cornernet-lite (")
    expect(said).to_contain_text("8 categories are known to both", timeout=20_000)
    picture = page.locator("#compare-first-tl img").first
    before, address = pixels(picture), picture.get_attribute("src")
    choose(page, "Heatmaps of", "circle")
    expect(page.get_by_role("combobox", name="Heatmaps of")).to_have_value("circle")
    page.wait_for_function(
        "old => document.querySelector('#compare-first-tl img').src !== old", arg=address
    )
    assert np.abs(pixels(picture) - before).mean() > 0.05


def test_a_photograph_is_offered_to_the_model_that_knows_photographs(visit: Visit) -> None:
    page, word = visit.page, visit.page.locator("#explorer .cn-hint").first
    expect(word).to_be_hidden()
    page.get_by_role("tab", name="Explore").click()
    visit.upload("officer.jpg", photograph())
    expect(word).to_contain_text("This looks like a photograph, but this model knows only eight")
    key = visit.key()
    word.get_by_role("button", name="Try squeeze").click()
    visit.wait_for_another(key)
    assert visit.app("app.payload.model") == "squeeze"
    expect(word).to_be_hidden()
    knows = page.locator("#explorer .cn-knows")
    expect(knows).to_contain_text("squeeze knows 80 kinds of things: person, dog, cup")
    expect(knows.get_by_text("toothbrush")).to_be_hidden()
    knows.locator("summary").press("Enter")
    expect(knows.get_by_text("toothbrush")).to_be_visible()
    expect(page.get_by_role("combobox", name="Model", exact=True)).to_have_value(
        re.compile("^squeeze")
    )
    key = visit.key()
    titles = {one.name: one.title for one in examples()}
    page.get_by_role("button", name=titles["2"], exact=True).click()  # is meant for `shapes`
    visit.wait_for_another(key)
    assert visit.app("app.payload.model") == "shapes"
    expect(page.get_by_role("combobox", name="Model", exact=True)).to_have_value(
        re.compile("^shapes")
    )
