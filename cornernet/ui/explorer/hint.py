"""The explorer's word where an image does not look like what its model knows."""

from typing import Any

from cornernet.analysis.misfit import misfit_of
from cornernet.analysis.suitability import World, looks_like
from cornernet.detector import Detector
from cornernet.ui.shown import ShownImage


def hint_of(shown: ShownImage, detector: Detector) -> dict[str, Any] | None:
    """Return the explorer's `Hint`, or None where the model suits, or it cannot be told."""
    observation = shown.observation
    misfit = misfit_of(
        observation.categories,
        _world_of_image(shown),
        lambda: len(detector.decode(observation).detections.scores) == 0,
    )
    if misfit is None:
        return None
    offer = f"Try {misfit.model} ({misfit.knows})"
    return {"why": misfit.why, "model": misfit.model, "offer": offer}


def _world_of_image(shown: ShownImage) -> World | None:
    """Return what an image looks like; a drawn scene is a drawing, whatever it looks like."""
    is_drawn = shown.source.startswith("scene=")
    return "drawing" if is_drawn else looks_like(shown.observation.image)
