"""The pooling microscope and the evidence map say what Python computes."""

import re

import pytest
from playwright.sync_api import expect

from cornernet.analysis.corner_cell import CornerCell
from cornernet.analysis.evidence import Evidence, corner_evidence
from cornernet.analysis.origins import winning_cells
from cornernet.decode import Decoding
from cornernet.detector import Detector
from cornernet.observation import Observation
from cornernet.ui.shown import ShownImage
from tests.browser.conftest import PAIR, Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
CELLS = (64, 48)


@pytest.fixture
def evidence(served_shapes: tuple[str, Detector], seen: ShownImage, decoding: Decoding) -> Evidence:
    peaks = decoding.corners.top_left
    x, y = peaks.cell_xy[PAIR[0]].tolist()
    label = int(peaks.labels[PAIR[0]])
    return corner_evidence(
        served_shapes[1], seen.observation, CornerCell("top_left", label, (x, y))
    )


def signed(value: float, digits: int = 2) -> str:
    return f"{value:+.{digits}f}".replace("-", "\u2212")


def pooled_words(seen: Observation, channel: int, direction: str, x: int, y: int) -> str:
    """Say of a cell what the microscope should say."""
    scan = getattr(seen.top_left.pool, f"{direction}_in")[channel].float()
    came = int(winning_cells(scan[None], "top_left", direction)[0, y, x])  # type: ignore[arg-type]
    away = came - (y if direction == "vertical" else x)
    value = scan[came, x] if direction == "vertical" else scan[y, came]
    if away == 0:
        return f"Cell ({x}, {y}): the maximum is {value:.2f}, its own value."
    line, where = (
        (f"row {came}", "below") if direction == "vertical" else (f"column {came}", "to the right")
    )
    count = "1 cell" if away == 1 else f"{away} cells"
    return (
        f"Cell ({x}, {y}): the maximum is {value:.2f}, from {line}, {count} {where}; "
        f"its own value is {scan[y, x]:.2f}."
    )


@pytest.mark.parametrize("channel", [None, 5, 31])
@pytest.mark.parametrize("direction", ["vertical", "horizontal"])
def test_the_microscope_shows_where_a_maximum_came_from(
    pinned: Visit, seen: ShownImage, evidence: Evidence, channel: int | None, direction: str
) -> None:
    pooling = pinned.page.locator("#cn-pooling")
    if channel is None:
        pressed = pooling.locator(".cn-channel[aria-pressed=true]").inner_text()
        channel = int(pressed.split()[0].removeprefix("#"))
        assert channel in evidence.total.best_channels[:4].tolist()
        shown = pinned.texts("#cn-pooling .cn-two-lines")[0]
        assert "its own value." not in shown  # an edge elsewhere
    else:
        pooling.get_by_role("spinbutton", name="Channel").fill(str(channel))
        pooling.get_by_role("spinbutton", name="Channel").press("Enter")
    expect(pooling).to_contain_text(f"Channel {channel} at the top-left corner")
    pooling.get_by_role("radio", name=direction).check()
    before, after = pooling.locator("canvas.cn-board").all()
    rays = set()
    for x, y in ((3, 3), (20, 30), (44, 7), (63, 47)):
        pinned.point(after, (x + 0.5, y + 0.5), CELLS)
        said = pinned.texts("#cn-pooling .cn-two-lines")
        assert said == [pooled_words(seen.observation, channel, direction, x, y)]
        rays.add(after.evaluate("canvas => canvas.toDataURL()"))
    assert len(rays) == 4
    assert before.evaluate("canvas => canvas.toDataURL()") not in rays


def test_the_channels_that_contribute_most_come_first(pinned: Visit, evidence: Evidence) -> None:
    best = evidence.total.best_channels[:4].tolist()
    share = evidence.total.by_channel
    assert pinned.texts(".cn-channel") == [f"#{k} {signed(float(share[k]))}" for k in best]


def test_the_scan_plays_steps_and_waits_while_it_is_looked_at(pinned: Visit) -> None:
    pooling = pinned.page.locator("#cn-pooling")
    passed = pooling.get_by_role("slider", name="Lines that the scan has passed")
    pooling.get_by_role("button", name="Step").click()
    assert passed.input_value() == "1"
    pooling.get_by_role("button", name="Step").click()
    assert passed.input_value() == "2"
    pooling.get_by_role("button", name="Play").click()
    pinned.page.wait_for_function("field => Number(field.value) > 4", arg=passed.element_handle())
    pinned.point(pooling.locator("canvas.cn-board").last, (30, 40), CELLS)
    held = passed.input_value()
    pinned.page.wait_for_timeout(300)
    assert passed.input_value() == held
    pinned.page.mouse.move(0, 0)
    pinned.page.wait_for_function(
        "([field, held]) => Number(field.value) > Number(held)", arg=[passed.element_handle(), held]
    )
    pooling.get_by_role("button", name="Pause").click()


def test_the_evidence_is_that_of_the_gradient(pinned: Visit, evidence: Evidence) -> None:
    said = pinned.texts("#cn-evidence .cn-readout")
    assert (
        f"a logit of {signed(evidence.logit)}: {signed(evidence.pooled)} through corner pooling"
        in said[0]
    )
    rest = round(evidence.logit, 2) - round(evidence.pooled, 2)  # of the numbers that are shown
    assert f"{signed(rest)} from the shortcut" in said[0]
    shares = evidence.total.shares
    for index in (int(shares.argmax()), int(shares.argmin())):
        y, x = divmod(index, shares.shape[1])
        pinned.point(pinned.page.locator("#cn-evidence canvas"), (x + 0.5, y + 0.5), CELLS)
        words = pinned.texts("#cn-evidence .cn-readout")[1]
        found = re.fullmatch(
            rf"Cell \({x}, {y}\): (\S+), (\d+) % of what cells say (for the corner|against it)\.",
            words,
        )
        assert found, words
        share = float(found[1].replace("\u2212", "-"))
        assert share == pytest.approx(float(shares[y, x]), abs=0.0015)  # sent in half precision
        whole = shares[shares * share > 0].sum()
        assert int(found[2]) == pytest.approx(float(100 * shares[y, x] / whole), abs=1)
        assert found[3] == ("for the corner" if share > 0 else "against it")
