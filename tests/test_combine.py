"""Several views of an image give one answer, in the image's own coordinates."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from cornernet import load_detector
from cornernet.boxes import iou_matrix
from cornernet.combine import MERGE_EXPONENT, combine, merge, upright
from cornernet.config import OFFICIAL_PREPROCESS, DecodeConfig, PreprocessConfig, ViewsConfig
from cornernet.data.samples import held_out_scene
from cornernet.detector import Detector
from cornernet.preprocess import preprocess


@pytest.fixture(scope="module")
def shapes() -> Detector:
    return load_detector("shapes", device="cpu", precision="fp32")


@pytest.mark.parametrize(
    "config", [PreprocessConfig(longer_side=128, multiple=64), OFFICIAL_PREPROCESS]
)
@pytest.mark.parametrize("hw", [(64, 64), (100, 37), (127, 126)])
def test_a_mirrored_frame_finds_the_mirrored_box(
    hw: tuple[int, int], config: PreprocessConfig
) -> None:
    prepared = preprocess(np.zeros((*hw, 3), np.uint8), config, 4)
    box = torch.tensor([[3.0, 5.0, 30.0, 50.0]], dtype=torch.float64)
    x1, y1, x2, y2 = prepared.frame.to_network(box)[0].tolist()
    width = prepared.canvas.shape[1]
    mirrored = torch.tensor([[width - x2, y1, width - x1, y2]], dtype=torch.float64)
    assert torch.allclose(upright(prepared.frame.mirrored().to_original(mirrored)), box, atol=1e-4)
    assert torch.allclose(upright(prepared.frame.mirrored().to_network(box)), mirrored)


def test_one_view_is_the_plain_answer(shapes: Detector) -> None:
    image = held_out_scene(5, 3).image
    plain, single = shapes.detect(image), shapes.detect(image, views=ViewsConfig())
    assert torch.equal(plain.boxes_xyxy_px, single.boxes_xyxy_px)
    assert ViewsConfig().is_single
    assert not ViewsConfig(flip=True).is_single
    assert not ViewsConfig(scales=(0.5,)).is_single


@pytest.mark.parametrize(
    "views",
    [
        ViewsConfig(flip=True),
        ViewsConfig(scales=(1.0, 1.25)),
        ViewsConfig(flip=True, scales=(0.75, 1.0)),
    ],
)
def test_views_agree_on_where_the_objects_are(shapes: Detector, views: ViewsConfig) -> None:
    scene = held_out_scene(5, 3)
    plain, several = shapes.detect(scene.image), shapes.detect(scene.image, views=views)
    sure = plain.scores > 0.6
    overlap = iou_matrix(plain.boxes_xyxy_px[sure], several.boxes_xyxy_px)
    is_same = plain.labels[sure][:, None] == several.labels[None, :]
    assert sure.sum() >= 2
    assert (torch.where(is_same, overlap, 0.0).max(1).values > 0.8).all()
    assert several.scores.diff().le(0).all()


def test_the_mirror_image_gets_the_mirrored_answer(shapes: Detector) -> None:
    width, height = 192, 256  # fills the canvas: padding by an odd number is not symmetric
    image = np.asarray(Image.fromarray(held_out_scene(5, 3).image).resize((width, height)))
    views = ViewsConfig(flip=True)
    one = shapes.detect(image, views=views)
    other = shapes.detect(np.ascontiguousarray(image[:, ::-1]), views=views)
    boxes = other.boxes_xyxy_px
    back = torch.stack([width - boxes[:, 2], boxes[:, 1], width - boxes[:, 0], boxes[:, 3]], 1)
    assert len(one.scores) == len(other.scores) > 0
    assert iou_matrix(one.boxes_xyxy_px, back).max(1).values.min() > 0.95


@pytest.mark.parametrize("wrong", [(), (0.0,), (5.0,), (1.0,) * 11])
def test_impossible_scales_are_refused(wrong: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="Expected 1 to 10 scales"):
        ViewsConfig(scales=wrong)


def merged_slowly(
    boxes: np.ndarray, scores: np.ndarray, rank: np.ndarray, sigma: float
) -> np.ndarray:
    """Merge box by box, as section 4.2 and the official code describe it."""
    result = boxes.copy()
    iou = iou_matrix(torch.from_numpy(boxes), torch.from_numpy(boxes)).numpy()
    for i in range(len(boxes)):
        sums, weights = np.zeros(4), np.zeros(4)
        for j in range(len(boxes)):
            if j == i or rank[j] > rank[i]:
                decay = math.exp(-(iou[i, j] ** 2) / sigma)
                share = 1.0 if j == i else (1 - decay) ** MERGE_EXPONENT
                weight = share * np.repeat(scores[j], 2)
                sums, weights = sums + weight * boxes[j], weights + weight
        result[i] = sums / weights
    return result


@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_merging_against_its_definition(count: int) -> None:
    rng = np.random.default_rng(count)
    start = rng.uniform(0, 10, (count, 2))
    boxes = np.concatenate([start, start + rng.uniform(15, 30, (count, 2))], 1)
    scores, rank = rng.uniform(0.1, 1, (count, 2)), rng.permutation(count)
    found = merge(
        torch.from_numpy(boxes), torch.from_numpy(scores), torch.from_numpy(rank), DecodeConfig()
    )
    assert np.allclose(found.numpy(), merged_slowly(boxes, scores, rank, 0.5))


def test_a_second_look_that_saw_the_same_changes_nothing(shapes: Detector) -> None:
    config = replace(shapes.decode_config, nms="hard", min_score=0.2)
    look = shapes.decode(shapes.observe(held_out_scene(5, 3).image), config)
    both = combine([look, look], config, is_merged=False)
    assert torch.equal(both.boxes_xyxy_px, look.detections.boxes_xyxy_px)
    assert torch.equal(both.scores, look.detections.scores)
    assert both.names == look.detections.names
