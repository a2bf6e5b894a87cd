"""Predict first, and the tabs beside the explorer, as a visitor meets them."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import WIDE, Visit, pixels

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]


def drag(visit: Visit, canvas: Locator, box: list[float], units: tuple[float, float]) -> None:
    visit.point(canvas, (box[0], box[1]), units)
    visit.page.mouse.down()
    visit.point(canvas, ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), units)
    visit.point(canvas, (box[2], box[3]), units)
    visit.page.mouse.up()
    visit.settle()


def detection(visit: Visit, rank: int) -> tuple[list[float], dict[str, int]]:
    """Give box and corners of a detection."""
    k = visit.app(f"app.decision.detections[{rank}]")
    ids = {
        side: visit.app(f"app.decision.{side}[app.decision.candidates.{side}[{k}]]")
        for side in ("topLeft", "bottomRight")
    }
    return visit.app(f"[...app.decision.candidates.boxes.slice({4 * k}, {4 * k + 4})]"), ids


@pytest.fixture
def tabs(rested: Visit) -> Visit:
    """The page on a laptop's screen."""
    rested.page.set_viewport_size(WIDE)
    return rested


@pytest.fixture
def predicting(rested: Visit) -> Visit:
    rested.page.set_viewport_size({"width": 1440, "height": 1200})
    rested.page.get_by_role("button", name="Predict first").click()
    rested.page.mouse.move(0, 0)
    rested.settle()
    panel = rested.page.locator("#cn-predict")
    if (hide := panel.get_by_role("button", name="Hide the answer")).count():
        hide.click()
    panel.get_by_role("radio", name="drawing boxes").check()
    rested.settle()
    if (clear := panel.get_by_role("button", name="Clear")).is_enabled():
        clear.click()
    expect(rested.page.locator("#cn-boxes")).to_be_hidden()
    for what_is_there in (".cn-summary", "#explorer .cn-note", ".cn-toolbar > .cn-field"):
        expect(rested.page.locator(what_is_there)).to_be_hidden()
    return rested


def test_the_image_that_is_predicted_on_fits_a_laptop(predicting: Visit) -> None:
    predicting.page.set_viewport_size(WIDE)
    predicting.page.evaluate("scrollTo(0, 0)")
    frame = predicting.page.locator("#cn-predict canvas").bounding_box()
    assert frame is not None
    assert frame["y"] + frame["height"] <= WIDE["height"]


def test_drawn_boxes_are_compared_with_the_answer_and_the_truth(predicting: Visit) -> None:
    panel = predicting.page.locator("#cn-predict")
    canvas, wanted = panel.locator("canvas"), [detection(predicting, k)[0] for k in (0, 2)]
    for box in wanted:
        drag(predicting, canvas, box, (640, 480))
    drag(predicting, canvas, [250.0, 400.0, 320.0, 460.0], (640, 480))  # where nothing is
    expect(panel).to_contain_text("Boxes so far: 3")
    panel.get_by_role("button", name="Undo").click()
    expect(panel).to_contain_text("Boxes so far: 2")
    drag(predicting, canvas, [250.0, 400.0, 320.0, 460.0], (640, 480))
    before = canvas.evaluate("canvas => canvas.toDataURL()")
    panel.get_by_role("button", name="Reveal").click()
    predicting.settle()
    expect(panel).to_contain_text("You hit 2 of 5 boxes of the network")
    expect(panel).to_contain_text("You hit 2 of 5 boxes of the truth")
    lines = panel.locator(".cn-guesses li").all_inner_texts()
    assert len(lines) == 3
    assert "no box of the network here; no object here" in lines[2]
    assert all(float(line.split()[1]) > 0.9 for line in lines[:2])  # a mouse hits whole pixels
    assert canvas.evaluate("canvas => canvas.toDataURL()") != before


def test_corners_are_matched_by_hand(predicting: Visit) -> None:
    panel = predicting.page.locator("#cn-predict")
    panel.get_by_role("radio", name="matching corners").check()
    canvas = panel.locator("canvas")
    (right, _), (crossed, _), (other, _) = (detection(predicting, k) for k in (0, 2, 3))
    for x, y in (right[:2], right[2:], crossed[:2], other[2:]):
        predicting.point(canvas, (x, y), (640, 480))
        predicting.page.mouse.down()
        predicting.page.mouse.up()
        predicting.settle()
    expect(panel).to_contain_text("Pairs so far: 2")
    panel.get_by_role("button", name="Reveal").click()
    predicting.settle()
    expect(panel).to_contain_text("You found 1 of 5 pairs")
    lines = panel.locator(".cn-guesses li").all_inner_texts()
    assert [line[0] for line in lines] == ["K", "C"]


def test_boxes_are_drawn_with_keys(predicting: Visit) -> None:
    canvas = predicting.page.locator("#cn-predict canvas")
    canvas.focus()
    for key in ("ArrowLeft", "Enter", *["ArrowRight"] * 5, *["ArrowDown"] * 5, "Enter"):
        canvas.press(key)
    expect(predicting.page.locator("#cn-predict")).to_contain_text("Boxes so far: 1")


def test_what_if_shows_before_and_after(tabs: Visit) -> None:
    page = tabs.page
    page.get_by_role("tab", name="What if?").click()
    said = page.locator("#what-if-changes")
    expect(said).to_contain_text("Nothing is switched off", timeout=20_000)
    pairs = [
        [page.locator(f"#what-if-{name}-{when} img").first for when in ("before", "after")]
        for name in ("boxes", "top-left", "br")
    ]
    for before, after in pairs:
        assert pixels(before).std() > 5
        assert np.abs(pixels(before) - pixels(after)).mean() < 1
    page.locator("#what-if-without_pooling input").check()
    expect(said).to_contain_text("The last heads ran again", timeout=20_000)
    changed = [np.abs(pixels(before) - pixels(after)).mean() > 0.5 for before, after in pairs]
    assert changed == [True, True, True]
    page.locator("#what-if-without_pooling input").uncheck()
    expect(said).to_contain_text("Nothing is switched off", timeout=20_000)


def test_the_sandbox_answers_strokes(tabs: Visit) -> None:
    page = tabs.page
    page.get_by_role("tab", name="Sandbox").click()
    said, sheet = page.locator("#sandbox-said"), page.locator("#sandbox-editor canvas").first
    expect(sheet).to_be_visible(timeout=20_000)
    expect(said).to_contain_text("The sheet is empty")
    page.wait_for_timeout(1000)  # the editor needs a moment before it takes strokes
    box = sheet.bounding_box()
    assert box is not None
    left, top = box["x"] + box["width"] / 2 - 80, box["y"] + box["height"] / 2 - 80
    # Few strokes: without a graphics card, the editor takes a second for each move of the mouse.
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((160, 0), (160, 160), (0, 160), (0, 0)):
        page.mouse.move(left + x, top + y)
    page.mouse.up()
    expect(said).to_contain_text("Answered in", timeout=20_000)
    expect(said).to_contain_text(re.compile(r"square \d\.\d"))
    for name in ("boxes", "tl", "br"):
        assert pixels(page.locator(f"#sandbox-{name} img").first).std() > 5
    page.get_by_role("button", name="Paint over the image").click()
    expect(said).to_contain_text("5 objects", timeout=20_000)
    page.get_by_role("button", name="Blank sheet").click()
    expect(said).to_contain_text("The sheet is empty")


def test_the_truth_is_laid_over_the_answer(tabs: Visit) -> None:
    page: Any = tabs.page
    page.get_by_role("tab", name="Truth").click()
    expect(page.locator("#truth-said")).to_contain_text("5 objects", timeout=20_000)
    panel = page.get_by_role("tabpanel").filter(has_text="Which part erred?")
    for label in ("As predicted", "True heatmaps", "True heatmaps and offsets"):
        name = f"Hits, misses and false alarms: {label}"
        assert pixels(panel.get_by_alt_text(name, exact=True)).std() > 5
    target = panel.get_by_alt_text("target heatmap, top-left", exact=True)
    before = pixels(target)
    assert before.std() > 5
    said = page.locator("#truth-radius-said")
    expect(said).to_contain_text("minimum IoU of 0.30")
    radius = said.locator("strong").first.inner_text()
    page.locator("#truth-overlap input[type=range]").fill("0.7")
    expect(said).to_contain_text("minimum IoU of 0.70")
    assert said.locator("strong").first.inner_text() != radius
    page.wait_for_timeout(1000)
    assert np.abs(pixels(target) - before).mean() > 0.05
    page.locator("#truth-width input[type=range]").fill("40")
    expect(said).to_contain_text("40 x 12 cells")
    assert pixels(page.locator("#truth-radius img").last).std() > 5
    page.locator("#truth-overlap input[type=range]").fill("0.3")
    page.get_by_role("tab", name="Explore").click()
