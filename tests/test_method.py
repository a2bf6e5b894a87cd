"""Figures that texts cite are those of the settings; how an image became the input is told."""

import re
from pathlib import Path

import numpy as np
import pytest

from cornernet.config import OFFICIAL_PREPROCESS, ModelConfig
from cornernet.detector import Detector
from cornernet.paths import LESSONS
from cornernet.presets import PRESETS
from cornernet.ui.lessons import all_stops, texts_for
from cornernet.ui.method import (
    detector_figures,
    figures_of,
    filled,
    input_words,
    preset_figures,
)
from cornernet.ui.shown import shown_image

TEXTS = sorted(LESSONS.rglob("*.md"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: str(p.relative_to(LESSONS)))
def test_every_mark_has_its_figure(path: Path) -> None:
    assert "{" not in filled(path.read_text(encoding="utf-8"), preset_figures("shapes"))


def test_an_unknown_mark_is_no_text() -> None:
    with pytest.raises(KeyError, match="strid"):
        filled("of {strid} pixels", preset_figures("shapes"))


def test_panels_cite_the_detector_that_answered(tiny_detector: Detector) -> None:
    figures = detector_figures(tiny_detector)
    text = texts_for(figures)["features"]["text"]
    assert f"{tiny_detector.preprocess.longer_side} network pixels" in text
    assert f"multiple of {tiny_detector.preprocess.multiple} network pixels" in text
    assert f"{tiny_detector.network.config.heatmap_stride} is the **stride**" in text


def test_an_image_that_keeps_its_size_is_said_to() -> None:
    figures = figures_of(ModelConfig(), OFFICIAL_PREPROCESS, PRESETS["hourglass104"].train)
    assert figures["resizing"] == "The image keeps its size."
    assert figures["padding"] == "black"


@pytest.mark.parametrize(
    ("name", "words"), [("photos", "One hourglass turns"), ("shapes", "Stacked")]
)
def test_one_hourglass_is_not_called_stacked(name: str, words: str) -> None:
    assert f"values are normalised. {words}" in texts_for(preset_figures(name))["features"]["text"]


def test_stops_cite_their_own_model() -> None:
    stops = {stop["id"]: stop for stop in all_stops()}
    stride = PRESETS["shapes"].model.heatmap_stride
    assert f"its **stride** is {stride}" in " ".join(stops["02-heatmap"]["paragraphs"])


@pytest.mark.parametrize("size", [(120, 300), (64, 64), (1700, 600)])
def test_the_way_to_the_input_is_told_with_its_numbers(
    tiny_detector: Detector, size: tuple[int, int]
) -> None:
    shown = shown_image(tiny_detector, np.full((*size, 3), 200, np.uint8))
    words, frame = input_words(shown), shown.observation.frame
    assert words.startswith(f"This image: {size[1]} × {size[0]} image pixels × scale ")
    assert words.endswith(f" = {frame.cells_hw[1]} × {frame.cells_hw[0]} cells.")
    assert ("but for rounding to whole pixels" in words) == (" and " in words.split(" = ")[0])
    scale = float(re.findall(r"scale ([\d.]+)", words)[0])
    assert scale == pytest.approx(frame.scale_xy[0] / shown.original_per_shown_xy[0], rel=1e-3)
    added = sum(int(n) for n in re.findall(r"(\d+) (?:left|right|above|below)", words))
    height, width = (round(s * scale) for s in size)
    missing = frame.network_hw[1] - width + frame.network_hw[0] - height
    assert added == pytest.approx(missing, abs=1)
