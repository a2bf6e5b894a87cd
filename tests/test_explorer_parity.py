"""The explorer's JavaScript decides and explains exactly as Python does, on drawn scenes."""

import json
import re
import shutil
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from cornernet.analysis.explain import PairExplanation, explain_pair
from cornernet.analysis.same_place import same_place
from cornernet.analysis.sentences import sentence
from cornernet.analysis.verdicts import verdict
from cornernet.config import DecodeConfig
from cornernet.data.samples import held_out_scene
from cornernet.decode import Decoding
from cornernet.detector import Detector
from cornernet.observation import Observation
from cornernet.peaks import local_maxima
from cornernet.records import as_records
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.shown import shown_image
from cornernet.ui.thresholds import settings_of
from tests.conftest import BOTH_PRECISIONS
from tests.explorer_parity import (
    CHANGES,
    SEED,
    ask_node,
    assert_same_counts,
    assert_same_decision,
    without_pictures,
)

EXPLAINED = 3  # pairs of each verdict

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")


def some_pairs(decoding: Decoding) -> list[tuple[int, int]]:
    """Draw a few pairs of each verdict."""
    fates, rng = verdict(decoding), np.random.default_rng(0)
    found = [np.argwhere(fates == fate) for fate in np.unique(fates)]
    chosen = [rng.permutation(pairs)[:EXPLAINED] for pairs in found]
    return [(int(row), int(column)) for pairs in chosen for row, column in pairs]


def camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda m: m[1].upper(), name)


def as_javascript(explanation: PairExplanation) -> dict[str, Any]:
    """Give the facts under the names that JavaScript has for them; tuples become lists."""
    named = asdict(explanation, dict_factory=lambda items: {camel(k): v for k, v in items})
    cut_by = ("maxPairs", "maxDetections", None)
    for test in (named["tests"]["suppression"], named["counterfactual"]["suppressionThen"] or {}):
        if test.get("cutBy"):
            test["cutBy"] = camel(test["cutBy"])
        assert test.get("cutBy") in cut_by
    plain: dict[str, Any] = json.loads(json.dumps(named))
    return plain


def assert_same(given: object, expected: object, what: str) -> None:
    """Compare values; numbers to 1e-12."""
    if isinstance(expected, dict):
        assert isinstance(given, dict), what
        for key, value in expected.items():
            assert_same(given[key], value, f"{what}.{key}")
    elif isinstance(expected, list):
        assert isinstance(given, list), what
        assert len(given) == len(expected), what
        for k, value in enumerate(expected):
            assert_same(given[k], value, f"{what}[{k}]")
    elif isinstance(expected, float) and not isinstance(given, bool):
        assert given == pytest.approx(expected, abs=1e-12, rel=0), what
    else:
        assert given == expected, what


def maxima_counts(seen: Observation, config: DecodeConfig) -> list[int]:
    """Count local maxima, and those that reach the least corner score."""
    counts = [0, 0]
    for corner in (seen.top_left, seen.bottom_right):
        heatmap = corner.maps.logits[0].float().sigmoid()
        scores = heatmap[local_maxima(heatmap, config.peak_window)]
        counts[0] += scores.numel()
        counts[1] += int((scores >= config.min_corner_score).sum())
    return counts


@BOTH_PRECISIONS
@pytest.mark.parametrize("scenes", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_javascript_decides_and_explains_as_python_does(
    scenes: int, shapes_detector: Detector
) -> None:
    detector, cases, expected = shapes_detector, [], []
    for index in range(scenes):
        scene = held_out_scene(SEED, index)
        shown = shown_image(detector, scene.image)
        payload = build_payload(shown, detector, footer="", answers=[])
        sent = json.loads(json.dumps(without_pictures(payload)))
        for change in CHANGES:
            config = replace(detector.decode_config, **change)
            decoding = detector.decode(shown.observation, config)
            pairs = some_pairs(decoding)
            cases.append({"payload": sent, "settings": settings_of(config), "pairs": pairs})
            expected.append((decoding, sent, pairs, shown.observation))
    fates: set[int] = set()
    shared = 0
    for answer, (decoding, sent, pairs, seen) in zip(ask_node(cases), expected, strict=True):
        assert_same_decision(answer, decoding, sent)
        assert answer["records"] == json.dumps(as_records(decoding.detections), indent=2)
        assert_same_counts(answer["funnel"], decoding)
        found_boxes = decoding.detections
        places = same_place(found_boxes.boxes_xyxy_px, found_boxes.labels)
        assert answer["places"] == [list(group) for group in places]
        shared += len(places) < len(found_boxes.labels)
        assert answer["funnel"][1:3] == maxima_counts(seen, decoding.config)
        fates |= set(answer["verdicts"])
        for found, pair in zip(answer["explanations"], pairs, strict=True):
            explanation = explain_pair(decoding, *pair)
            assert_same(found, as_javascript(explanation), f"explanation of {pair}")
            assert found["sentence"] == sentence(explanation)
    assert fates == set(range(6))  # every verdict was compared
    assert shared > 0  # and boxes that claim one place


def test_settings_of_the_default_config() -> None:
    """Names in JavaScript are those of `DecodeConfig`."""
    assert set(settings_of(DecodeConfig())) == {camel(name) for name in asdict(DecodeConfig())}
