"""Where an image does not look like what its model knows: which model would suit, and why."""

from typing import Any

from cornernet.analysis.suitability import World, looks_like, world_of
from cornernet.checkpoints.known import KNOWN_MODELS
from cornernet.detector import Detector
from cornernet.ui.picker import is_here
from cornernet.ui.view import View

# For each world the models that know it, the one to be offered first; those not here come last.
SUITABLE: dict[World, tuple[str, ...]] = {
    "drawing": ("shapes",),
    "photograph": ("photos", "squeeze", "mmdet-8x6", "cornernet-lite", "cornernet"),
}
_KNOWS: dict[World, str] = {
    "drawing": "eight drawn shapes",
    "photograph": "80 kinds of everyday things in photographs",
}


def hint_of(shown: View, detector: Detector) -> dict[str, Any] | None:
    """Give the explorer's `Hint`, or None where the model suits, or it cannot be told."""
    seen = shown.observation
    known, seems = world_of(seen.categories), _world_of_image(shown)
    if known is None or seems == known:
        return None
    other: World = "photograph" if known == "drawing" else "drawing"
    if seems is not None:
        why = f"This looks like a {seems}, but this model knows only {_KNOWS[known]}."
    elif len(detector.decode(seen).detections.scores) == 0:
        why = f"Nothing was found. This model knows only {_KNOWS[known]}."
    else:
        return None
    model = suitable_model(other)
    here = "" if is_here(model) else "; not on this machine yet"
    return {"why": why, "model": model, "offer": f"Try {model} ({_KNOWS[other]}{here})"}


def _world_of_image(shown: View) -> World | None:
    """Tell what an image looks like; a drawn scene is a drawing, whatever it looks like."""
    is_drawn = shown.source.startswith("scene=")
    return "drawing" if is_drawn else looks_like(shown.observation.image)


def suitable_model(world: World) -> str:
    """Choose the model to offer: the first that is here, else the first that can be downloaded."""
    offered = [name for name in SUITABLE[world] if name in KNOWN_MODELS]
    return next((name for name in offered if is_here(name)), offered[0])
