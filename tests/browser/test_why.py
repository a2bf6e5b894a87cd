"""Why a pair is a box or not, how many are left after each step, and which partners are near."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cornernet.analysis.explain import explain_pair
from cornernet.analysis.sentences import at_least, at_most, sentence
from cornernet.analysis.verdicts import Verdict, verdict
from cornernet.config import DecodeConfig
from cornernet.decode import Decoding
from cornernet.detector import Detector
from cornernet.ui.shown import ShownImage
from cornernet.ui.thresholds import settings_of
from tests.browser.conftest import Visit
from tests.explorer_parity import assert_same_counts

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]
# With these changes all six verdicts occur in example 2.
CHANGES: dict[str, Any] = {"min_corner_score": 0.0, "peak_window": 1, "min_score": 0.1}
SIDES = ("topLeft", "bottomRight")
SLIDER_REACH = 3  # embedding distance


def set_config(visit: Visit, config: DecodeConfig) -> None:
    visit.page.evaluate("settings => cornernet.app.set({settings})", settings_of(config))
    visit.settle()


def ids_of(visit: Visit, pair: tuple[int, int]) -> dict[str, int]:
    return {
        side: visit.app(f"app.decision.{side}[{k}]") for side, k in zip(SIDES, pair, strict=True)
    }


def rest(margin: float) -> str:
    """Round what is missing up, and what is to spare down."""
    return at_least(-margin) if margin < 0 else at_most(margin)


@pytest.fixture
def changed(served_shapes: tuple[str, Detector], seen: ShownImage) -> Decoding:
    detector = served_shapes[1]
    return detector.decode(seen.observation, replace(detector.decode_config, **CHANGES))


@pytest.mark.parametrize("fate", Verdict, ids=lambda fate: fate.name.lower())
def test_the_verdict_and_what_would_turn_it_are_those_of_python(
    rested: Visit, changed: Decoding, fate: Verdict
) -> None:
    set_config(rested, changed.config)
    pairs = np.argwhere(verdict(changed) == fate)
    row, column = np.random.default_rng(1).choice(pairs).tolist()
    explanation = explain_pair(changed, row, column)
    assert explanation.verdict is fate
    rested.page.evaluate("pair => cornernet.app.hover(pair)", ids_of(rested, (row, column)))
    rested.settle()
    words = fate.words[0].upper() + fate.words[1:]
    said = f"{fate.letter} {words}. {sentence(explanation)}"
    distance = explanation.counterfactual.max_embedding_distance or 0.0
    if distance > SLIDER_REACH:  # of which Python knows nothing
        named = at_least(distance)
        said = said.replace(named, f"{named} (beyond the slider's {SLIDER_REACH})")
    assert rested.texts(".cn-why-verdict") == [said]
    tests = explanation.tests
    rows = rested.texts(".cn-tests li")
    names = ("Category", "Order", "Embeddings", "Score", "Suppression")
    for line, name, test in zip(rows, names, vars(tests).values(), strict=True):
        mark = {True: "✓", False: "✗", None: "–"}[test.passed]
        assert line.startswith(f"{mark} {name}"), line
    assert at_least(tests.embedding.distance) in rows[2]
    assert rest(tests.embedding.margin) in rows[2]
    assert at_most(tests.score.score) in rows[3]
    assert rest(tests.score.margin) in rows[3]
    if tests.suppression.suppressor:
        by = ids_of(rested, tests.suppression.suppressor)
        rested.page.get_by_role("button", name="Go to that box").click()
        assert rested.app("app.state.pin") == {**by, "cell": None}


def test_a_verdict_is_told_by_voice_once(rested: Visit) -> None:
    said = rested.page.locator(".cn-why-verdict")
    assert said.get_attribute("aria-live") == "polite"
    changes = rested.page.evaluate(
        """async () => {
            let changes = 0;
            const observer = new MutationObserver(() => changes++);
            const about = { childList: true, subtree: true, characterData: true };
            observer.observe(document.querySelector(".cn-why-verdict"), about);
            for (const cell of [[1, 1], [2, 2], [3, 3]]) {
                cornernet.app.hover({ cell });
                await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
            }
            return changes;
        }"""
    )
    assert changes == 0


def test_the_funnel_counts_as_python_does_and_shows_what_fell(
    rested: Visit, changed: Decoding
) -> None:
    set_config(rested, changed.config)
    texts = rested.page.locator(".cn-funnel-count").all_inner_texts()
    counts = [int(text.replace(",", "")) for text in texts]
    assert_same_counts(counts, changed)
    image = "() => document.querySelector('#cn-boxes canvas').toDataURL()"
    before = rested.page.evaluate(image)
    step = rested.page.get_by_role("button", name="Embeddings close")
    step.click()
    rested.settle()
    assert step.get_attribute("aria-pressed") == "true"
    note = rested.page.locator(".cn-funnel-note").inner_text()
    assert note.startswith(f"Embeddings close: {counts[6] - counts[7]} fell out here")
    assert rested.page.evaluate(image) != before
    step.click()
    rested.page.mouse.move(0, 0)
    rested.settle()
    assert rested.page.evaluate(image) == before


@pytest.mark.parametrize("distance", [0.5, 1.5])
def test_the_line_lays_the_threshold_around_a_corner(
    rested: Visit, changed: Decoding, distance: float
) -> None:
    config = replace(changed.config, max_embedding_distance=distance)
    set_config(rested, config)
    rested.page.evaluate(
        "pair => cornernet.app.hover(pair)", {"topLeft": ids_of(rested, (2, 0))["topLeft"]}
    )
    rested.settle()
    first, second = changed.corners.top_left, changed.corners.bottom_right
    near = (second.embeddings - first.embeddings[2]).abs() <= distance
    same = int((near & (second.labels == first.labels[2])).sum())
    name = changed.detections.categories[int(first.labels[2])]
    value = f"{first.embeddings[2]:.3f}".replace("-", "\u2212")
    assert rested.page.locator(".cn-line-readout").inner_text() == (
        f"This top-left corner, {name} has the embedding {value}; {int(near.sum())} bottom-right "
        f"corners within {distance}, {same} of its category."
    )
