"""One explored image as a single page: no server, no network."""

import json
from typing import Any

from cornernet.detector import Detector
from cornernet.observation import Observation
from cornernet.paths import EXPLORER
from cornernet.ui.explorer.answers import detected_answers
from cornernet.ui.explorer.bundle import explorer_script, explorer_style
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.shown import ShownImage, shrunk


def observed_page(detector: Detector, observation: Observation) -> str:
    """Write the explorer of an observation, with evidence for the corners of its detections."""
    small, ratio = shrunk(observation)
    shown = ShownImage(
        observation=small, original_per_shown_xy=ratio, truth=None, model=detector.name
    )
    answers = detected_answers(detector, shown)
    return standalone_page(build_payload(shown, detector, footer="", answers=answers), "")


def standalone_page(payload: dict[str, Any], query: str) -> str:
    """Write the explorer, a payload and all texts into one HTML file; `query` sets its view.

    Data sit in a JSON element that is never taken for markup: "<" is written as an escape.
    """
    data = json.dumps({"payload": payload, "query": query}, allow_nan=False).replace("<", "\\u003c")
    script = explorer_script().replace("</", "<\\/")
    template = (EXPLORER / "standalone.html").read_text(encoding="utf-8")
    for mark, text in (("STYLE", explorer_style()), ("SCRIPT", script), ("DATA", data)):
        template = template.replace(f"/*{mark}*/", text, 1)
    return template
