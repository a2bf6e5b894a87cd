"""The explorer in Chromium decides as Python does, on drawn scenes, for all pairs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from cornernet.data.samples import held_out_scene
from cornernet.detector import Detector
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.explorer.standalone import standalone_page
from cornernet.ui.shown import shown_image
from cornernet.ui.thresholds import settings_of
from tests.explorer_parity import CHANGES, SEED, assert_same_counts, assert_same_decision

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLAIN = (Path(__file__).parents[1] / "explorer" / "plain_decision.js").read_text(encoding="utf-8")
DECIDE = f"""async (settings) => {{
    {PLAIN.replace("export ", "")}
    const {{ app }} = cornernet;
    app.set({{ settings }});
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return plainDecision(app.decision);
}}"""


@pytest.mark.parametrize("scenes", [1, 20])
def test_chromium_decides_as_python_does(
    browser: Browser, served_shapes: tuple[str, Detector], tmp_path: Path, scenes: int
) -> None:
    detector, page = served_shapes[1], browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    pairs, fates = 0, set[int]()
    for index in range(scenes):
        shown = shown_image(detector, held_out_scene(SEED, index).image)
        payload = build_payload(shown, detector, footer="", answers=[])
        if index == 0:
            file = tmp_path / "page.html"
            file.write_text(standalone_page(payload, ""), encoding="utf-8")
            page.goto(file.as_uri())
        else:
            page.evaluate("payload => cornernet.show(payload)", payload)
        page.wait_for_function("key => cornernet.app.payload?.key === key", arg=shown.key)
        sent = json.loads(json.dumps(payload))
        for change in CHANGES:
            config = replace(detector.decode_config, **change)
            decoding = detector.decode(shown.observation, config)
            answer = page.evaluate(DECIDE, settings_of(config))
            assert_same_decision(answer, decoding, sent)
            assert_same_counts(answer["funnel"], decoding)
            kept = [answer["candidates"]["finalScores"][k] for k in answer["detections"]]
            assert kept == pytest.approx(decoding.detections.scores.tolist(), abs=1e-6)
            fates |= set(answer["verdicts"])
            pairs += len(answer["verdicts"])
    assert complaints == []
    assert pairs > 5_000 * scenes
    assert scenes == 1 or fates == set(range(6))
    page.close()
