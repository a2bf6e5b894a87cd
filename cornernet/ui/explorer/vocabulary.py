"""The words and colours that Python and the explorer share, said by Python alone."""

from typing import Any

from cornernet.analysis.verdicts import Verdict
from cornernet.figures.palette import CORNER_NAMES, VERDICT_COLOURS, Colour
from cornernet.model.corner_pool import Corner
from cornernet.ui.explorer.counts import PER_UNIT
from cornernet.ui.tabs.names import TABS
from cornernet.ui.thresholds import LARGEST_TOP_K, NMS

SIDES: dict[str, Corner] = {"topLeft": "top_left", "bottomRight": "bottom_right"}


def vocabulary() -> dict[str, Any]:
    """Return the explorer's `Vocabulary` (assets/explorer/types.js)."""
    return {
        "verdicts": [
            {
                "name": one.name.lower(),
                "letter": one.letter,
                "words": one.words,
                "colour": hex_of(VERDICT_COLOURS[one]),
            }
            for one in Verdict
        ],
        "sides": {side: CORNER_NAMES[corner] for side, corner in SIDES.items()},
        "nms": [{"name": name, "words": words} for name, words in NMS.options.items()],
        "tabs": [{"name": name, "title": title} for name, title in TABS.items()],
        "limits": {"topK": LARGEST_TOP_K, "scoresPerUnit": PER_UNIT},
    }


def hex_of(colour: Colour) -> str:
    """Write a colour as "#rrggbb"."""
    return "#" + bytes(colour).hex()
