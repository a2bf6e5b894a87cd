"""The explorer's JavaScript decides and explains exactly as Python does, on drawn scenes."""

import json
import re
import shutil
import subprocess
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cornernet.analysis.explain import PairExplanation, explain_pair
from cornernet.analysis.report import sentence
from cornernet.analysis.same_place import same_place
from cornernet.analysis.verdicts import verdict
from cornernet.config import DecodeConfig
from cornernet.data.samples import held_out_scene
from cornernet.decode import Decoding
from cornernet.detector import Detector
from cornernet.observation import Observation
from cornernet.peaks import local_maxima
from cornernet.report import as_records
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.shown import shown_image
from cornernet.ui.thresholds import settings_of
from tests.conftest import BOTH_PRECISIONS

SCRIPT = Path(__file__).parent / "explorer" / "decide_all.js"
SEED = 20
# Changes of the model's own settings, so that every branch is taken; the largest peak window and
# top-k are those on offer.
CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"min_corner_score": 0.0, "max_embedding_distance": 3.0, "min_score": 0.0, "max_pairs": 400},
    {"nms": "linear", "nms_iou": 0.2, "peak_window": 1, "min_score": 0.5, "top_k": 200},
    {"nms": "hard", "nms_iou": 0.05, "peak_window": 11, "top_k": 30, "min_corner_score": 0.01},
    {"nms": "none", "max_pairs": 20, "max_detections": 3, "min_corner_score": 0.03,
     "peak_window": 5, "max_embedding_distance": 0.8, "min_score": 0.1},
)  # fmt: skip
EXPLAINED = 3  # pairs of each verdict

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")


def some_pairs(decoding: Decoding) -> list[tuple[int, int]]:
    """Draw a few pairs of each verdict."""
    fates, rng = verdict(decoding), np.random.default_rng(0)
    found = [np.argwhere(fates == fate) for fate in np.unique(fates)]
    chosen = [rng.permutation(pairs)[:EXPLAINED] for pairs in found]
    return [(int(row), int(column)) for pairs in chosen for row, column in pairs]


def ask_node(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    run = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    answers: list[dict[str, Any]] = json.loads(run.stdout)
    return answers


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


def assert_same_decision(answer: dict[str, Any], decoding: Decoding, sent: Any) -> None:
    for side, peaks in zip(("topLeft", "bottomRight"), decoding.corners.both, strict=True):
        ids, columns = answer[side], sent[side]
        assert [columns["label"][k] for k in ids] == peaks.labels.tolist()
        assert [[columns["x"][k], columns["y"][k]] for k in ids] == peaks.cell_xy.tolist()
        assert [columns["score"][k] for k in ids] == peaks.scores.tolist()
    assert answer["verdicts"] == verdict(decoding).flatten().tolist()
    candidates, mine = decoding.candidates, answer["candidates"]
    assert mine["rows"] == candidates.top_left_index.tolist()
    assert mine["columns"] == candidates.bottom_right_index.tolist()
    assert mine["boxes"] == candidates.boxes_xyxy_px.flatten().tolist()
    assert mine["scores"] == candidates.scores.tolist()
    assert mine["labels"] == candidates.labels.tolist()
    assert mine["isDetection"] == candidates.is_detection.tolist()
    after = candidates.suppression
    assert mine["strongest"] == after.strongest.tolist()
    assert np.allclose(mine["finalScores"], after.scores.numpy(), rtol=0, atol=1e-12)
    assert np.allclose(mine["factors"], after.strongest_factor.numpy(), rtol=0, atol=1e-12)


def maxima_counts(seen: Observation, config: DecodeConfig) -> list[int]:
    """Count local maxima, and those that reach the least corner score."""
    counts = [0, 0]
    for corner in (seen.top_left, seen.bottom_right):
        heatmap = corner.maps.logits[0].float().sigmoid()
        scores = heatmap[local_maxima(heatmap, config.peak_window)]
        counts[0] += scores.numel()
        counts[1] += int((scores >= config.min_corner_score).sum())
    return counts


def assert_same_counts(counts: list[int], decoding: Decoding) -> None:
    """Count what the funnel counts, from the pairing's own facts."""
    pairing, config = decoding.pairing, decoding.config
    matches = pairing.label_matches
    in_order = matches & pairing.is_ordered
    close = in_order & pairing.embedding_is_close
    steps = (matches, in_order, close, close & (pairing.scores >= config.min_score))
    after = decoding.candidates.suppression.scores
    assert counts[3] == sum(len(peaks.scores) for peaks in decoding.corners.both)
    assert counts[4] == pairing.scores.numel()
    assert counts[5:9] == [int(step.sum()) for step in steps]
    assert counts[9] == int((after >= config.min_score).sum())
    assert counts[10] == len(decoding.detections.scores)


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


def without_pictures(payload: dict[str, Any]) -> dict[str, Any]:
    """Leave out what decides nothing."""
    needed = ("categories", "image", "originalPerShown", "frame", "cellsInAll", "samePlaceIou")
    sides = {
        side: {key: value for key, value in payload[side].items() if key != "heatmaps"}
        for side in ("topLeft", "bottomRight")
    }
    return {**{key: payload[key] for key in needed}, **sides}


def test_settings_of_the_default_config() -> None:
    """Names in JavaScript are those of `DecodeConfig`."""
    assert set(settings_of(DecodeConfig())) == {camel(name) for name in asdict(DecodeConfig())}
