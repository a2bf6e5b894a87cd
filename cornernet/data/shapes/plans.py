"""Plans: which objects a scene is to have, in which style, size, colour and place."""

from dataclasses import dataclass

import numpy as np

from cornernet.categories import SHAPES
from cornernet.data.shapes.colours import Colour, any_colour
from cornernet.data.shapes.ink import Style
from cornernet.data.shapes.paper import Paper

_DARK_PENS: tuple[Colour, ...] = (
    (20, 20, 24), (20, 20, 24), (28, 56, 160), (190, 30, 40), (20, 120, 60), (90, 90, 96),
    (110, 40, 140), (200, 90, 10), (60, 40, 30),
)  # fmt: skip
_LIGHT_PENS: tuple[Colour, ...] = (
    (245, 245, 240), (245, 245, 240), (250, 230, 120), (250, 170, 180), (150, 220, 250),
    (170, 240, 170),
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """One object that is to be drawn; colour or place None: any."""

    label: int
    style: Style
    size_px: float
    stroke_px: float | None
    colour: Colour | None
    centre_xy: tuple[float, float] | None
    is_aliased: bool
    is_grainy: bool
    may_overlap: bool


def plan_objects(
    rng: np.random.Generator, paper: Paper, size_hw: tuple[int, int]
) -> tuple[Plan, ...]:
    """Plan the objects of a scene: a mix, a repeated category, or an aligned row of one."""
    if rng.random() < 0.04:
        return ()
    side = min(size_hw)
    count = min(10, 1 + int(rng.poisson(2.9)))
    is_row = count >= 3 and rng.random() < 0.15
    some = int(rng.integers(min(2, count), count + 1)) if rng.random() < 0.3 else 1
    repeats = count if is_row else some
    is_aliased, is_grainy, may_overlap = (rng.random(3) < (0.12, 0.15, 0.2)).tolist()
    pens = _LIGHT_PENS if paper.is_dark else _DARK_PENS
    pen = pens[int(rng.integers(len(pens)))] if rng.random() < 0.5 else None
    shared_style = _style(rng) if rng.random() < 0.5 else None
    shared_stroke = side * np.exp(rng.uniform(np.log(0.006), np.log(0.03)))
    stroke = float(shared_stroke) if rng.random() < 0.5 else None
    repeated_label, repeated_style = int(rng.integers(len(SHAPES))), shared_style or _style(rng)
    repeated_share = _size_share(rng) if not is_row else rng.uniform(0.55, 0.85) / (count + 0.5)
    repeated_colour = pen or any_colour(rng)
    places = _row(rng, count, size_hw) if is_row else [None] * count
    plans = [
        Plan(
            label=repeated_label if k < repeats else int(rng.integers(len(SHAPES))),
            style=repeated_style if k < repeats else shared_style or _style(rng),
            size_px=side * _like(rng, repeated_share if repeats > 1 and k < repeats else None),
            stroke_px=stroke,
            colour=repeated_colour if repeats > 1 and k < repeats else pen,
            centre_xy=places[k],
            is_aliased=is_aliased,
            is_grainy=is_grainy,
            may_overlap=may_overlap,
        )
        for k in range(count)
    ]
    # A repeated category is drawn in random turn with the others.
    return tuple(plans[k] for k in rng.permutation(count).tolist())


def _style(rng: np.random.Generator) -> Style:
    kind = rng.random()
    return "filled" if kind < 0.40 else "outlined" if kind < 0.65 else "hand-drawn"


def _like(rng: np.random.Generator, share: float | None) -> float:
    """Vary a share that is repeated, or draw a new one."""
    return _size_share(rng) if share is None else max(0.068, share * rng.uniform(0.88, 1.12))


def _size_share(rng: np.random.Generator) -> float:
    """Draw an object's longer side as a share of the shorter image side."""
    kind = rng.random()
    low, high = (0.12, 0.45) if kind < 0.82 else (0.45, 0.76) if kind < 0.91 else (0.068, 0.12)
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _row(
    rng: np.random.Generator, count: int, size_hw: tuple[int, int]
) -> list[tuple[float, float] | None]:
    """Space centres evenly along a horizontal or vertical line."""
    height, width = size_hw
    along = (np.arange(count) + 0.75) / (count + 0.5)
    across = rng.uniform(0.2, 0.8) + rng.normal(0.0, 0.015, count)
    if rng.random() < 0.7:
        return [(x * width, y * height) for x, y in zip(along, across, strict=True)]
    return [(x * width, y * height) for x, y in zip(across, along, strict=True)]
