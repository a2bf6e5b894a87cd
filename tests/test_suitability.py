"""Photographs and drawings are told apart; what is neither is left open."""

from pathlib import Path

import gradio
import matplotlib.cbook
import numpy as np
import pytest
from PIL import Image, ImageDraw

from cornernet.analysis.suitability import World, looks_like, world_of
from cornernet.categories import COCO, SHAPES
from cornernet.ui.examples import example_files
from tests.suitability import TESTED, TESTED_INDEX, scenes

ROOT = Path(__file__).parents[1]
PACKAGED = Path(gradio.__file__).parent / "media_assets" / "images"
PHOTOGRAPHS = (
    Path(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)),  # type: ignore[arg-type]
    *(PACKAGED / f"{name}.jpg" for name in ("lion", "cheetah1", "tower")),
)


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def grey(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).convert("L").convert("RGB"))


def sheet(*, outlines: int, ink: str = "black", paper: str = "white") -> np.ndarray:
    image = Image.new("RGB", (448, 448), paper)
    draw = ImageDraw.Draw(image)
    for k in range(outlines):
        draw.ellipse((40 + 60 * k, 60, 140 + 60 * k, 200 + 30 * k), outline=ink, width=5)
    return np.asarray(image)


def flat(value: int) -> np.ndarray:
    return np.full((90, 120, 3), value, np.uint8)


@pytest.mark.parametrize("path", PHOTOGRAPHS, ids=lambda p: p.stem)
def test_packaged_photographs_are_photographs(path: Path) -> None:
    image = read(path)
    assert looks_like(image) == "photograph"
    assert looks_like(grey(image)) != "drawing"  # fewer colours make it less sure


@pytest.mark.parametrize("path", example_files(), ids=lambda p: p.stem)
def test_the_examples_are_drawings(path: Path) -> None:
    assert looks_like(read(path)) == "drawing"


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (sheet(outlines=0), "drawing"),
        (sheet(outlines=1), "drawing"),
        (sheet(outlines=4), "drawing"),
        (sheet(outlines=4, ink="white", paper="black"), "drawing"),
        (flat(0), "drawing"),
        (flat(128), "drawing"),
        (flat(255), "drawing"),
        (np.zeros((1, 1, 3), np.uint8), "drawing"),
        (np.zeros((3, 2000, 3), np.uint8), "drawing"),
        (read(ROOT / "assets/lessons/figures/15-predict.png"), None),  # a screenshot is neither
    ],
    ids=["sheet", "one", "four", "chalk", "black", "grey", "white", "dot", "strip", "screenshot"],
)
def test_edge_cases(image: np.ndarray, expected: World | None) -> None:
    assert looks_like(image) == expected


@pytest.mark.slow
def test_drawn_scenes_are_seldom_taken_for_photographs() -> None:
    told = [looks_like(image) for image in scenes(TESTED_INDEX, TESTED)]
    assert told.count("photograph") <= 5
    assert told.count("drawing") >= 80


@pytest.mark.parametrize(
    ("categories", "world"),
    [
        (SHAPES, "drawing"),
        (SHAPES[:2], "drawing"),
        (COCO, "photograph"),
        (COCO[:20], "photograph"),
        (("nut", "bolt"), None),
        (("person", "bolt"), None),
    ],
)
def test_a_models_world_follows_from_what_it_knows(
    categories: tuple[str, ...], world: World | None
) -> None:
    assert world_of(categories) == world
