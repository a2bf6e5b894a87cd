"""The examples are scenes of the data set, and the shipped model finds what is in them."""

import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cornernet import load_detector
from cornernet.boxes import iou_matrix
from cornernet.data.coco import read_coco
from cornernet.data.shapes.scenes import draw_scene
from cornernet.detector import Detector
from cornernet.paths import EXAMPLES

ENTRIES: list[dict[str, Any]] = json.loads((EXAMPLES / "annotations.json").read_text())["images"]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return load_detector("shapes", device="cpu")


def test_every_picture_has_its_truth() -> None:
    assert sorted(e["file_name"] for e in ENTRIES) == sorted(p.name for p in EXAMPLES.glob("*.png"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["file_name"])
def test_an_example_is_the_scene_that_it_says(entry: dict[str, Any]) -> None:
    scene = draw_scene("evaluation", entry["scene"]["seed"], entry["scene"]["index"], (480, 640))
    with Image.open(EXAMPLES / entry["file_name"]) as image:
        difference = np.asarray(image).astype(int) - scene.image
    # Other builds of the JPEG library round a few pixels differently.
    assert np.abs(difference).mean() < 1


@pytest.mark.parametrize("index", range(len(ENTRIES)), ids=lambda i: ENTRIES[i]["file_name"])
def test_the_right_objects_are_found_in_the_right_boxes(index: int, detector: Detector) -> None:
    folder = read_coco(EXAMPLES / "annotations.json", None)
    sample = folder.sample(index)
    found = detector.detect(sample.image)
    truth = sorted(folder.categories[label] for label in sample.labels.tolist())
    assert sorted(found.names) == truth
    overlap = iou_matrix(sample.boxes_xyxy_px, found.boxes_xyxy_px)
    same = sample.labels[:, None] == found.labels[None, :]
    assert (overlap * same).amax(1).min() > 0.75
