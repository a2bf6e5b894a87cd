"""The `shapes` data set: drawn scenes whose truth is exact, the same for the same seed."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float32, Int64, UInt8
from PIL import Image

from cornernet.data.shapes.clutter import add_clutter
from cornernet.data.shapes.ink import Style
from cornernet.data.shapes.paper import draw_paper
from cornernet.data.shapes.photograph import degrade
from cornernet.data.shapes.placement import (
    LARGEST_IOU,
    SIZE_SHARE,
    SMALLEST_VISIBLE,
    Canvas,
    visible_counts,
    with_object,
)
from cornernet.data.shapes.plans import plan_objects

__all__ = [
    "LARGEST_IOU",
    "SIZE_SHARE",
    "SMALLEST_VISIBLE",
    "Canvas",
    "Scene",
    "Split",
    "draw_canvas",
    "draw_scene",
    "entropy_of",
    "scene_of",
]

Split = Literal["train", "evaluation"]
_FIRST_WORD = {"train": 0x7472_6169, "evaluation": 0x6576_616C}


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """Hold a drawing and its truth.

    Boxes are pixel edges: x1 is the first inked column, x2 the last one plus 1, of the object's
    own ink before later objects cover it, cut at the border. Labels index `categories.SHAPES`;
    visible_fraction is the share of an object's ink neither covered nor cut off.
    """

    image: UInt8[np.ndarray, "height width 3"]
    boxes_xyxy_px: Float32[np.ndarray, "objects 4"]
    labels: Int64[np.ndarray, "objects"]
    visible_fraction: Float32[np.ndarray, "objects"]
    styles: tuple[Style, ...]
    has_clutter: bool


def entropy_of(split: Split, seed: int, index: int) -> tuple[int, int, int, int, int]:
    """Return the words that seed one scene; the first differs between the splits.

    Five words of 32 bits, however small the numbers: a sequence of variable length would give
    some pairs of seed and index the same stream.
    """
    if split not in get_args(Split):
        raise ValueError(f"split: expected one of {get_args(Split)}, got {split!r}")
    if not (0 <= seed < 2**64 and 0 <= index < 2**64):
        raise ValueError(f"seed and index: expected 0 to 2**64 - 1, got {seed} and {index}")
    low = 2**32 - 1
    return _FIRST_WORD[split], seed & low, seed >> 32, index & low, index >> 32


def draw_scene(split: Split, seed: int, index: int, size_hw: tuple[int, int] = (256, 256)) -> Scene:
    """Draw one scene; the arguments determine it to the last bit. Sides: 32 to 4096 px."""
    if not all(32 <= side <= 4096 for side in size_hw):
        raise ValueError(f"size_hw: expected two sides of 32 to 4096 pixels, got {size_hw}")
    sequence = np.random.SeedSequence(entropy_of(split, seed, index))
    rng = np.random.Generator(np.random.PCG64(sequence))
    canvas, has_clutter = draw_canvas(rng, size_hw)
    return scene_of(canvas, degrade(rng, Image.fromarray(canvas.pixels)), has_clutter)


def draw_canvas(rng: np.random.Generator, size_hw: tuple[int, int]) -> tuple[Canvas, bool]:
    """Draw a scene as it lies on the paper, not yet photographed; say whether it has clutter."""
    paper = draw_paper(rng, size_hw)
    has_clutter = bool(rng.random() < 0.45)
    sheet = add_clutter(rng, paper) if has_clutter else paper.picture
    owner = np.full(size_hw, -1, dtype=np.int16)
    canvas = Canvas(pixels=np.asarray(sheet), owner=owner, placed=())
    for plan in plan_objects(rng, paper, size_hw):
        canvas = with_object(rng, canvas, plan)
    return canvas, has_clutter


def scene_of(canvas: Canvas, photograph: Image.Image, has_clutter: bool) -> Scene:
    """Put a drawing and its truth together."""
    visible = visible_counts(canvas.owner, len(canvas.placed))
    total = np.array([placed.ink_total for placed in canvas.placed], dtype=np.float32)
    boxes = [placed.box for placed in canvas.placed]
    return Scene(
        image=np.array(photograph, dtype=np.uint8),
        boxes_xyxy_px=np.array(boxes, dtype=np.float32).reshape(-1, 4),
        labels=np.array([placed.label for placed in canvas.placed], dtype=np.int64),
        visible_fraction=(visible / total).astype(np.float32),
        styles=tuple(placed.style for placed in canvas.placed),
        has_clutter=has_clutter,
    )
