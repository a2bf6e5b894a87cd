"""Plain scenes: few large shapes on an even sheet, for a network that is to learn in minutes."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from cornernet.categories import SHAPES
from cornernet.data.shapes.colours import any_colour, colour_of
from cornernet.data.shapes.placement import Canvas, with_object
from cornernet.data.shapes.plans import Plan
from cornernet.data.shapes.scenes import Scene, Split, entropy_of, scene_of

SIZE_SHARES = (0.22, 0.5)  # of an object's longer side, of the scene's


@dataclass(frozen=True, kw_only=True)
class PlainKind:
    """Which shapes may be drawn, and at most how many of them; labels index `kinds`."""

    kinds: tuple[str, ...]  # of `categories.SHAPES`
    most: int


def draw_plain_scene(split: Split, seed: int, index: int, side: int, kind: PlainKind) -> Scene:
    """Draw a square scene with at least one shape; the arguments determine it."""
    sequence = np.random.SeedSequence(entropy_of(split, seed, index))
    rng = np.random.Generator(np.random.PCG64(sequence))
    sheet = colour_of(rng.uniform(225, 256, 3))
    canvas = Canvas(
        pixels=np.full((side, side, 3), sheet, dtype=np.uint8),
        owner=np.full((side, side), -1, dtype=np.int16),
        placed=(),
    )
    for _ in range(int(rng.integers(1, kind.most + 1))):
        canvas = with_object(rng, canvas, _plan(rng, side, kind.kinds))
    scene = scene_of(canvas, Image.fromarray(canvas.pixels), has_clutter=False)
    places = np.array([kind.kinds.index(SHAPES[label]) for label in scene.labels], dtype=np.int64)
    return replace_labels(scene, places)


def replace_labels(scene: Scene, labels: np.ndarray) -> Scene:
    """Give a scene's objects labels of another list of names."""
    return Scene(**{**vars(scene), "labels": labels})


def _plan(rng: np.random.Generator, side: int, kinds: tuple[str, ...]) -> Plan:
    return Plan(
        label=SHAPES.index(kinds[int(rng.integers(len(kinds)))]),
        style="filled" if rng.random() < 0.7 else "outlined",
        size_px=side * float(rng.uniform(*SIZE_SHARES)),
        stroke_px=side * 0.03,
        colour=any_colour(rng),
        centre_xy=None,
        is_aliased=False,
        is_grainy=False,
        may_overlap=False,
    )
