"""The explorer's JavaScript, asked what it decides, and held to Python's decision."""

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from cornernet.analysis.verdicts import verdict
from cornernet.decode import Decoding

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


def ask_node(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    run = subprocess.run(
        ["node", str(SCRIPT)], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    answers: list[dict[str, Any]] = json.loads(run.stdout)
    return answers


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


def without_pictures(payload: dict[str, Any]) -> dict[str, Any]:
    """Leave out what decides nothing."""
    sizes = ("image", "originalPerShown", "frame", "cellsInAll")
    needed = ("categories", *sizes, "samePlaceIou", "vocabulary")
    sides = {
        side: {key: value for key, value in payload[side].items() if key != "heatmaps"}
        for side in ("topLeft", "bottomRight")
    }
    return {**{key: payload[key] for key in needed}, **sides}
