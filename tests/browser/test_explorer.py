"""One focus for all panels: by mouse, by keys, by touch."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from cornernet.detector import Detector
from tests.browser.conftest import TALL, Visit, check_quiet, visit_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
SUMS = """() => Object.fromEntries([...document.querySelectorAll(".cn-panel")].map(panel => {
    let sum = 0;
    for (const canvas of panel.querySelectorAll("canvas.cn-board")) {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        for (const word of new Uint32Array(data.buffer)) sum = (Math.imul(sum, 31) + word) | 0;
    }
    return [panel.id.slice(3), sum];
}))"""
PIXEL = """([x, y]) => {
    const canvas = document.querySelector("#cn-boxes canvas");
    const ratio = canvas.width / cornernet.app.payload.image.width;
    const [u, v] = [Math.round(x * ratio), Math.round(y * ratio)];
    return [...canvas.getContext("2d").getImageData(u, v, 1, 1).data.slice(0, 3)];
}"""
NOTHING = {"topLeft": None, "bottomRight": None, "cell": None}
IMAGE = (640, 480)
CELLS = (64, 48)
LINE_MARGIN, LINE_HEIGHT, LINE_FIRST, LINE_PADDING = 22, 236, 26, 0.04  # pixels; a share
CORNER_PANELS = {"boxes", "matrix", "line", "features", "suppression"}
PAIR_PANELS = CORNER_PANELS | {"topLeft", "bottomRight", "lens"}


def focus(**parts: Any) -> dict[str, Any]:
    return NOTHING | parts


def corner_place(visit: Visit, side: str, rank: int) -> tuple[int, tuple[float, float]]:
    """Give the id of a peak and the middle of its cell."""
    corner = int(visit.app(f"app.decision.{side}[{rank}]"))
    x, y = (visit.app(f"app.payload.{side}.{axis}[{corner}]") for axis in "xy")
    return corner, (x + 0.5, y + 0.5)


def at_corner(visit: Visit) -> tuple[dict[str, Any], set[str]]:
    corner, place = corner_place(visit, "topLeft", 1)
    visit.point(visit.page.locator("#cn-topLeft canvas"), place, CELLS)
    return focus(topLeft=corner), CORNER_PANELS | {"topLeft"}


def at_cell(visit: Visit) -> tuple[dict[str, Any], set[str]]:
    visit.point(visit.page.locator("#cn-bottomRight canvas"), (50.5, 40.5), CELLS)
    both = {"topLeft", "bottomRight"}
    return focus(cell=[50, 40]), both | {"boxes", "features", "evidence", "pooling"}


def at_pair(visit: Visit) -> tuple[dict[str, Any], set[str]]:
    """Point at the last row and column of the matrix, where all peaks are shown by category."""
    ids = {
        side: visit.app(
            f"[...app.decision.{side}].map((id, k) => [app.payload.{side}.label[id], k, id])"
        )
        for side in ("topLeft", "bottomRight")
    }
    visit.point(visit.page.locator("#cn-matrix canvas"), (98.0, 98.0), (100, 100))
    return focus(**{side: max(rows)[2] for side, rows in ids.items()}), PAIR_PANELS


def at_dot(visit: Visit) -> tuple[dict[str, Any], set[str]]:
    """Point at the best top-left corner on the line: none is piled below it."""
    values = [
        value
        for side in ("topLeft", "bottomRight")
        for value in visit.app(
            f"[...app.decision.{side}].map(k => app.payload.{side}.embedding[k])"
        )
    ]
    best = int(visit.app("app.decision.topLeft[0]"))
    width = visit.page.locator("#cn-line canvas").evaluate("canvas => canvas.clientWidth")
    span = (max(values) - min(values)) * (1 + 2 * LINE_PADDING)
    share = (values[0] - (max(values) + min(values) - span) / 2) / span
    place = LINE_MARGIN + share * (width - 2 * LINE_MARGIN), LINE_HEIGHT / 2 - LINE_FIRST
    visit.point(visit.page.locator("#cn-line canvas"), place, (width, LINE_HEIGHT))
    return focus(topLeft=best), CORNER_PANELS | {"topLeft"}


def at_box(visit: Visit) -> tuple[dict[str, Any], set[str]]:
    pair, (x1, y1, x2, y2) = box(visit, 1)
    middle = ((x1 + x2) / 2, (y1 + y2) / 2)
    visit.point(visit.page.locator("#cn-boxes canvas"), middle, IMAGE)
    return focus(**pair), PAIR_PANELS


def box(visit: Visit, rank: int) -> tuple[dict[str, int], list[float]]:
    """Give the corners' ids and the box of a detection."""
    k = visit.app(f"app.decision.detections[{rank}]")
    ids = {
        side: visit.app(f"app.decision.{side}[app.decision.candidates.{side}[{k}]]")
        for side in ("topLeft", "bottomRight")
    }
    return ids, visit.app(f"[...app.decision.candidates.boxes.slice({4 * k}, {4 * k + 4})]")


@pytest.mark.parametrize("point", [at_corner, at_cell, at_pair, at_dot, at_box])
def test_what_is_pointed_at_shows_everywhere(
    rested: Visit, point: Callable[[Visit], tuple[dict[str, Any], set[str]]]
) -> None:
    rested.page.wait_for_function("() => document.querySelectorAll('.cn-channel').length > 0")
    rested.settle()
    before = rested.page.evaluate(SUMS)
    expected, panels = point(rested)
    assert rested.app("app.focus") == expected
    after = rested.page.evaluate(SUMS)
    assert panels <= {name for name in after if after[name] != before[name]}
    rested.page.mouse.move(0, 0)
    rested.settle()
    assert rested.app("app.focus") == NOTHING
    assert rested.page.evaluate(SUMS) == before


def test_what_is_not_pointed_at_is_dimmed_but_stays(rested: Visit) -> None:
    _, (x1, _, x2, y2) = box(rested, 2)
    place = [(x1 + x2) / 2, y2]  # on another box's lower edge
    at_rest = rested.page.evaluate(PIXEL, place)
    at_box(rested)
    pointed = rested.page.evaluate(PIXEL, place)
    rows = rested.page.locator("#cn-table tbody tr")
    dimmed = [row.evaluate("row => row.classList.contains('cn-dim')") for row in rows.all()]
    assert dimmed == [True, False, True, True, True]
    assert all(row.is_visible() for row in rows.all())
    rested.page.mouse.move(0, 0)
    rested.page.evaluate(
        "cornernet.app.set({settings: {...cornernet.app.state.settings, minScore: 1}})"
    )
    rested.settle()
    without = rested.page.evaluate(PIXEL, place)
    gone, dim = (
        sum(abs(a - b) for a, b in zip(p, without, strict=True)) for p in (at_rest, pointed)
    )
    assert 0 < dim < gone / 2


def test_a_click_pins_and_escape_releases(rested: Visit) -> None:
    pair, _ = at_box(rested)
    rested.page.mouse.down()
    rested.page.mouse.up()
    rested.page.mouse.move(0, 0)
    rested.settle()
    assert rested.app("app.state.pin") == rested.app("app.focus") == pair
    other, _ = at_corner(rested)
    assert rested.app("app.focus") == other  # what is pointed at comes first
    rested.page.mouse.move(0, 0)
    rested.settle()
    assert rested.app("app.focus") == pair
    rested.page.keyboard.press("Escape")
    assert rested.app("app.focus") == NOTHING


@pytest.mark.parametrize(
    "panel", ["boxes", "topLeft", "bottomRight", "matrix", "line", "suppression"]
)
def test_arrow_keys_move_from_one_thing_to_the_next(rested: Visit, panel: str) -> None:
    canvas = rested.page.locator(f"#cn-{panel} canvas").first
    canvas.focus()
    visited = []
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowLeft", "ArrowUp", "ArrowLeft"):
        canvas.press(key)
        visited.append(rested.app("JSON.stringify(app.state.pin)"))
    assert "null" not in visited
    assert len(set(visited)) >= 3
    canvas.press("Escape")
    assert rested.app("app.focus") == NOTHING


def test_a_tap_pins(browser: Browser, served_shapes: tuple[str, Detector]) -> None:
    context = browser.new_context(viewport=TALL, has_touch=True)
    visit = visit_of(context, served_shapes)
    visit.open("example=2")
    pair, (x1, y1, x2, y2) = box(visit, 0)
    place = {"x": (x1 + x2) / 2, "y": (y1 + y2) / 2}
    canvas = visit.page.locator("#cn-boxes canvas")
    scale = canvas.evaluate("canvas => canvas.clientWidth") / IMAGE[0]
    canvas.tap(position={axis: value * scale for axis, value in place.items()})
    visit.settle()
    assert visit.app("app.state.pin") == visit.app("app.focus") == focus(**pair)
    check_quiet(visit)
    context.close()
