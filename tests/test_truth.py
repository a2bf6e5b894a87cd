"""Facts about answers beside the truth."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cornernet.analysis.radius import moved_boxes, worst_box
from cornernet.analysis.truth import (
    annotated_truth,
    compare,
    error_analysis,
    find_entries,
    targets_of,
)
from cornernet.boxes import LabelledBoxes, iou_matrix
from cornernet.config import DecodeConfig
from cornernet.data.coco import CocoFolder, read_coco_alone
from cornernet.data.radius import gaussian_radius
from cornernet.detector import Detector
from cornernet.observation import Observation

CATEGORIES = ("red", "green", "blue")


@pytest.mark.parametrize("min_overlap", [0.05, 0.1, 0.3, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("height", [1, 3, 12.5, 40, 64])
@pytest.mark.parametrize("width", [1, 2, 7, 33, 64])
def test_no_box_within_the_radius_is_worse_than_promised(
    width: float, height: float, min_overlap: float
) -> None:
    radius = gaussian_radius(height, width, min_overlap)
    worst = worst_box(width, height, radius)
    assert worst.iou >= min_overlap - 1e-9
    assert worst.iou == pytest.approx(min_overlap)  # no larger radius would do
    assert worst.iou <= min(box.iou for box in moved_boxes(width, height, (radius,) * 3)) + 1e-12
    assert worst_box(width, height, math.floor(radius)).iou >= min_overlap - 1e-9


def test_the_three_ways_of_moving_are_those_of_the_formula() -> None:
    inwards, along, outwards = moved_boxes(10, 20, (2, 2, 2))
    assert inwards.box_xyxy_cell == (2, 2, 8, 18)
    assert along.box_xyxy_cell == (2, 2, 12, 22)
    assert outwards.box_xyxy_cell == (-2, -2, 12, 22)
    assert inwards.iou == pytest.approx(6 * 16 / 200)
    assert along.iou == pytest.approx(8 * 18 / (400 - 8 * 18))
    assert outwards.iou == pytest.approx(200 / (14 * 24))


def test_a_radius_of_nothing_moves_nothing() -> None:
    assert worst_box(8, 5, 0.0).iou == 1
    assert all(box.iou == 1 for box in moved_boxes(8, 5, (0.0, 0.0, 0.0)))


@pytest.fixture
def observation(tiny_detector: Detector) -> Observation:
    image = np.random.default_rng(4).integers(0, 256, (48, 60, 3), dtype=np.uint8)
    return tiny_detector.observe(image)


def truth(rows: list[tuple[list[float], int]]) -> LabelledBoxes:
    return LabelledBoxes(
        boxes_xyxy_px=torch.tensor([box for box, _ in rows]).reshape(-1, 4),
        labels=torch.tensor([label for _, label in rows], dtype=torch.int64),
    )


TRUTHS = [
    [],
    [([3.3, 4.1, 30.2, 40.7], 0)],
    [([3.3, 4.1, 30.2, 40.7], 1), ([22.0, 11.0, 55.5, 33.3], 2), ([40.0, 30.1, 60.0, 48.0], 1)],
]


@pytest.mark.parametrize("rows", TRUTHS)
def test_targets_lie_where_the_corners_are(
    rows: list[tuple[list[float], int]], observation: Observation
) -> None:
    targets = targets_of(observation, truth(rows), 0.3)
    shape = observation.top_left.maps.logits.shape[1:]
    assert targets.top_left.heatmap.shape == shape
    assert int((targets.top_left.heatmap == 1).sum()) == len(rows)
    for n, (box, label) in enumerate(rows):
        for side, corner in ((targets.top_left, box[:2]), (targets.bottom_right, box[2:])):
            frame = observation.frame
            placing = zip(corner, frame.scale_xy, frame.shift_xy, strict=True)
            x, y = ((value * scale + shift) / 4 for value, scale, shift in placing)
            row, column = divmod(int(side.cell[n]), shape[2])
            assert column + float(side.offset[n, 0]) == pytest.approx(x, abs=1e-4)
            assert row + float(side.offset[n, 1]) == pytest.approx(y, abs=1e-4)
            assert side.heatmap[label, row, column] == 1


@pytest.mark.parametrize("rows", TRUTHS)
@pytest.mark.parametrize("min_corner_score", [0.0, 0.1])
def test_with_true_heatmaps_and_offsets_only_pairing_can_fail(
    rows: list[tuple[list[float], int]], min_corner_score: float, observation: Observation
) -> None:
    config = DecodeConfig(max_embedding_distance=1e9, nms="none", min_corner_score=min_corner_score)
    before, heat, both = error_analysis(observation, truth(rows), config)
    assert before.decoding.config.min_corner_score == min_corner_score
    # Embeddings accept every pair, so every object is found; what else is found are wrong pairs.
    assert len(both.matching.pairs) == len(rows)
    assert not both.matching.left_over.numel()
    for k, n in both.matching.pairs:
        assert both.matching.iou[k] == pytest.approx(1, abs=1e-5)
        expected = truth(rows).boxes_xyxy_px[n]
        torch.testing.assert_close(
            both.decoding.detections.boxes_xyxy_px[k], expected, atol=1e-3, rtol=0
        )
    scores = both.decoding.corners.top_left.scores
    assert scores.tolist() == pytest.approx([1.0] * len(rows), abs=1e-5)
    assert len(heat.decoding.corners.top_left.scores) == len(rows)


def test_embeddings_stay_predicted(observation: Observation) -> None:
    _, heat, both = error_analysis(observation, truth(TRUTHS[2]), DecodeConfig())
    for step in (heat, both):
        x, y = step.decoding.corners.top_left.cell_xy.T
        predicted = observation.top_left.maps.at(torch.stack([x, y], 1)).embeddings
        assert step.decoding.corners.top_left.embeddings.equal(predicted)
    x, y = heat.decoding.corners.top_left.cell_xy.T
    predicted = observation.top_left.maps.at(torch.stack([x, y], 1)).offset_xy
    assert heat.decoding.corners.top_left.offset_xy.equal(predicted)


def test_no_embedding_distance_allowed_leaves_everything_missed(observation: Observation) -> None:
    config = DecodeConfig(max_embedding_distance=0.0)
    *_, both = error_analysis(observation, truth(TRUTHS[2]), config)
    assert len(both.matching.left_over) == 3
    assert math.isnan(both.matching.mean_iou)


def test_each_true_box_is_taken_once(tiny_detector: Detector, observation: Observation) -> None:
    decoding = tiny_detector.decode(observation)
    found = decoding.detections
    assert len(found.scores) > 3
    boxes = LabelledBoxes(boxes_xyxy_px=found.boxes_xyxy_px[:2], labels=found.labels[:2])
    matching = compare(decoding, boxes)
    assert sorted(n for _, n in matching.pairs) == [0, 1]
    for k, n in matching.pairs:
        one, other = found.boxes_xyxy_px[k : k + 1], boxes.boxes_xyxy_px[n : n + 1]
        assert float(iou_matrix(one.double(), other.double())) == pytest.approx(matching.iou[k])


def coco(tmp_path: Path, images: list[dict[str, Any]], rows: list[dict[str, Any]]) -> CocoFolder:
    names = [{"id": 7, "name": "red"}, {"id": 2, "name": "blue"}, {"id": 9, "name": "dog"}]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"images": images, "annotations": rows, "categories": names}))
    return read_coco_alone(path)


def row(image: int, box: list[float], category: int = 7, **more: Any) -> dict[str, Any]:
    return {"image_id": image, "bbox": box, "category_id": category, **more}


ONE = {"id": 1, "file_name": "folder/one.png", "width": 60, "height": 48}
TWO = {"id": 2, "file_name": "two.png", "width": 30, "height": 20}
SAME = {"id": 3, "file_name": "three.png", "width": 60, "height": 48}
NO_SIZE = {"id": 4, "file_name": "four.png"}


def test_annotations_are_clipped_and_named_as_the_model_does(tmp_path: Path) -> None:
    rows = [
        row(1, [50, 40, 20, 20]),
        row(1, [70, 40, 20, 20]),  # outside
        row(1, [1, 2, 3, 4], 2),
        row(1, [1, 2, 3, 4], 9),  # a category that the model lacks
        row(1, [1, 2, 9, 9], 7, iscrowd=1),
        row(2, [1, 2, 3, 4]),  # another image
    ]
    folder = coco(tmp_path, [TWO, ONE], rows)
    found = annotated_truth(folder, CATEGORIES, folder.images[1], (60, 48))
    assert found.boxes.boxes_xyxy_px.tolist() == [[50, 40, 60, 48], [1, 2, 4, 6]]
    assert found.boxes.labels.tolist() == [0, 2]
    assert found.unknown == ("dog",)
    assert found.crowds == 1


@pytest.mark.parametrize(
    ("images", "name", "sure", "possible"),
    [
        ([ONE, SAME, TWO], "three.png", "three.png", []),
        ([ONE, SAME], "/somewhere/one.png", "one.png", []),
        ([TWO, NO_SIZE], "four.png", "four.png", []),
        ([ONE, TWO], "", None, ["one.png"]),
        ([ONE, TWO], "unheard-of.png", None, ["one.png"]),
        ([ONE, SAME, TWO], "unheard-of.png", None, ["one.png", "three.png"]),
        ([ONE, {**SAME, "file_name": "other/one.png"}], "one.png", None, ["one.png", "one.png"]),
        ([ONE, {**TWO, "file_name": "other/one.png"}], "one.png", "one.png", []),
    ],
)
def test_an_image_is_found_by_name_and_size_or_else_asked_for(
    images: list[dict[str, Any]], name: str, sure: str | None, possible: list[str], tmp_path: Path
) -> None:
    found = find_entries(coco(tmp_path, images, []), (60, 48), name)
    assert (found.sure.name if found.sure else None) == sure
    assert [entry.name for entry in found.possible] == possible


@pytest.mark.parametrize(
    ("images", "name", "words"),
    [
        ([TWO], "", "annotations of an image of 60 x 48 pixels, but there is none"),
        ([NO_SIZE], "one.png", "an image called one.png, or an image of 60 x 48"),
        ([TWO, ONE], "two.png", "two.png to have 30 x 20 pixels, but this image has 60 x 48"),
    ],
)
def test_an_image_that_is_not_there_gets_a_sentence(
    images: list[dict[str, Any]], name: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=words):
        find_entries(coco(tmp_path, images, []), (60, 48), name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1, 2]",
        "null",
        '{"images": 3, "annotations": [], "categories": []}',
        '{"images": [], "annotations": [7], "categories": [{"id": 1, "name": "x"}]}',
        '{"images": [], "annotations": [], "categories": [{"id": Infinity, "name": "x"}]}',
        '{"images": [5], "annotations": [], "categories": [{"id": 1, "name": "x"}]}',
        "[" * 100_000,
    ],
)
def test_annotations_that_are_none_get_a_sentence(text: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(ValueError, match="Expected COCO-format annotations"):
        read_coco_alone(path)


def test_a_shrunk_image_has_the_same_targets(observation: Observation) -> None:
    """The page may keep the image smaller; its frame then changes with it."""
    rows = truth(TRUTHS[1])
    frame = observation.frame
    half = replace(
        frame, original_hw=(24, 30), scale_xy=(frame.scale_xy[0] * 2, frame.scale_xy[1] * 2)
    )
    small = replace(observation, frame=half)
    expected = targets_of(observation, rows, 0.3).bottom_right
    halved = replace(rows, boxes_xyxy_px=rows.boxes_xyxy_px / 2)
    got = targets_of(small, halved, 0.3).bottom_right
    torch.testing.assert_close(got.offset, expected.offset)
    assert got.cell.equal(expected.cell)
