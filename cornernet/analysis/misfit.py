"""Where an image does not look like what a model knows: why, and which model would suit."""

from collections.abc import Callable
from dataclasses import dataclass

from cornernet.analysis.suitability import World, world_of
from cornernet.checkpoints.known import KNOWN_MODELS, is_here

# For each world the models that know it, the one to be offered first; those not here come last.
SUITABLE: dict[World, tuple[str, ...]] = {
    "drawing": ("shapes",),
    "photograph": ("photos", "squeeze", "mmdet-8x6", "cornernet-lite", "cornernet"),
}
_KNOWS: dict[World, str] = {
    "drawing": "eight drawn shapes",
    "photograph": "80 kinds of everyday things in photographs",
}


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """That a model's answer is not to be trusted, in words."""

    why: str
    model: str  # which would suit
    knows: str  # what that one knows, and whether it is still to be downloaded


def misfit_of(
    categories: tuple[str, ...], seems: World | None, is_empty: Callable[[], bool]
) -> Misfit | None:
    """Compare what an image seems to be with what a model knows; None where there is no doubt.

    `is_empty` tells whether nothing was found; it is asked only where the image does not tell.
    """
    known = world_of(categories)
    if known is None or seems == known:
        return None
    if seems is not None:
        why = f"This looks like a {seems}, but this model knows only {_KNOWS[known]}."
    elif is_empty():
        why = f"Nothing was found. This model knows only {_KNOWS[known]}."
    else:
        return None
    other: World = "photograph" if known == "drawing" else "drawing"
    model = suitable_model(other)
    here = "" if is_here(model) else "; not on this machine yet"
    return Misfit(why=why, model=model, knows=f"{_KNOWS[other]}{here}")


def suitable_model(world: World) -> str:
    """Choose the model to offer: the first that is here, else the first that can be downloaded."""
    offered = [name for name in SUITABLE[world] if _can_be_had(name)] or SUITABLE[world]
    return next((name for name in offered if is_here(name)), offered[0])


def _can_be_had(name: str) -> bool:
    return name in KNOWN_MODELS and KNOWN_MODELS[name].is_offered
