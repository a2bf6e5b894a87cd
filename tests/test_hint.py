"""The word about another model: said where it helps, and only there."""

from dataclasses import replace
from pathlib import Path

import matplotlib.cbook
import numpy as np
import pytest
from PIL import Image

from cornernet.analysis import misfit
from cornernet.analysis.misfit import suitable_model
from cornernet.categories import COCO, SHAPES
from cornernet.checkpoints import KNOWN_MODELS, known
from cornernet.config import DecodeConfig
from cornernet.detector import Detector
from cornernet.ui.explorer import hint
from cornernet.ui.explorer.hint import hint_of
from cornernet.ui.shown import shown_image
from tests.page import read_example

PHOTOGRAPH = Path(matplotlib.cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))  # type: ignore[arg-type]
NOTHING, ALL = DecodeConfig(min_score=1.0), DecodeConfig(min_score=0.0, max_embedding_distance=9.0)


def image_of(kind: str) -> np.ndarray:
    if kind == "drawing":
        return read_example(1)
    with Image.open(PHOTOGRAPH) as image:
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize(
    ("kind", "knows", "config", "words"),
    [
        ("photograph", "shapes", ALL, "looks like a photograph, but this model knows only eight"),
        ("photograph", "shapes", NOTHING, "looks like a photograph"),
        ("drawing", "shapes", ALL, None),
        ("drawing", "shapes", NOTHING, None),
        ("drawing", "coco", ALL, "looks like a drawing, but this model knows only 80"),
        ("photograph", "coco", NOTHING, None),
        ("either", "shapes", ALL, None),
        ("either", "shapes", NOTHING, "Nothing was found. This model knows only eight"),
        ("either", "own", NOTHING, None),
        ("photograph", "own", ALL, None),
    ],
)
def test_a_hint_is_given_where_another_model_would_suit(
    tiny_detector: Detector,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    knows: str,
    config: DecodeConfig,
    words: str | None,
) -> None:
    if kind == "either":
        monkeypatch.setattr(hint, "looks_like", lambda _: None)
    count = len(tiny_detector.categories)
    known = {"shapes": SHAPES[:count], "coco": COCO[:count], "own": ("nut",) * count}
    detector = replace(tiny_detector, categories=known[knows], decode_config=config)
    found = hint_of(shown_image(detector, image_of(kind)), detector)
    if words is None:
        assert found is None
    else:
        assert found is not None
        assert words in found["why"]
        assert found["model"] in found["offer"]


def test_a_drawn_scene_is_a_drawing(
    tiny_detector: Detector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hint, "looks_like", lambda _: "photograph")
    detector = replace(tiny_detector, categories=SHAPES[: len(tiny_detector.categories)])
    shown = shown_image(detector, image_of("drawing"))
    assert hint_of(shown, detector) is not None
    assert hint_of(replace(shown, source="scene=7"), detector) is None


@pytest.mark.parametrize(
    ("here", "model"),
    [(("shapes",), "squeeze"), (("shapes", "cornernet"), "cornernet"), (("squeeze",), "squeeze")],
)
def test_models_that_are_here_are_offered_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, here: tuple[str, ...], model: str
) -> None:
    monkeypatch.setattr(known, "WEIGHTS", tmp_path)
    monkeypatch.setattr(misfit, "is_here", lambda name: name in here)
    assert suitable_model("photograph") == model
    assert suitable_model("drawing") == "shapes"
    KNOWN_MODELS["photos"].file.write_bytes(b"")
    monkeypatch.setattr(misfit, "is_here", lambda name: name in (*here, "photos"))
    assert suitable_model("photograph") == "photos"
