"""What the page is made of works with a network of another stride, other blocks, 80 categories."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cornernet.analysis.corner_cell import CornerCell
from cornernet.analysis.evidence import corner_evidence
from cornernet.analysis.explain import explain_pair
from cornernet.analysis.shift import shift_strip
from cornernet.analysis.what_if import Switches, what_if
from cornernet.categories import COCO
from cornernet.config import OFFICIAL_PREPROCESS, DecodeConfig, ModelConfig, PreprocessConfig
from cornernet.detector import Detector
from cornernet.fast import FastNetwork
from cornernet.figures.files import save_figures
from cornernet.figures.plate import all_panels
from cornernet.image_reading import RgbArray
from cornernet.model.network import CornerNet
from cornernet.ui.explorer.answers import scan_of
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.explorer.standalone import observed_page
from cornernet.ui.shown import shown_image
from tests.tiny import TINY, TINY_PHOTOS, TINY_SQUEEZE

CONFIGS = pytest.mark.parametrize(
    "config",
    [TINY, TINY_SQUEEZE, TINY_PHOTOS, replace(TINY_PHOTOS, recognition=False)],
    ids=["residual", "fire", "nanodet", "nanodet-unrecognised"],
)


@pytest.fixture
def image() -> RgbArray:
    return np.random.default_rng(0).integers(0, 256, (70, 100, 3)).astype(np.uint8)


def detector_of(config: ModelConfig, preprocess: PreprocessConfig) -> Detector:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = CornerNet(replace(config, categories=80)).eval().requires_grad_(False)
    # Both kinds of corners alike, so that they favour the same categories and make pairs.
    last = network.stacks[-1]
    last.bottom_right.load_state_dict(last.top_left.state_dict())
    return Detector(
        name="any",
        network=network,
        fast=FastNetwork(network),
        categories=COCO,
        preprocess=preprocess,
        decode_config=DecodeConfig(min_score=0.0, top_k=150, max_embedding_distance=10.0),
        device=torch.device("cpu"),
    )


@CONFIGS
@pytest.mark.parametrize(
    "preprocess",
    [PreprocessConfig(longer_side=96, multiple=32), OFFICIAL_PREPROCESS],
    ids=["padded", "official"],
)
def test_every_stage_can_be_looked_at(
    tmp_path: Path, image: RgbArray, config: ModelConfig, preprocess: PreprocessConfig
) -> None:
    detector = detector_of(config, preprocess)
    observation = detector.observe(image)
    decoding = detector.decode(observation)
    side = observation.canvas.shape[0]
    assert decoding.frame.cells_hw[0] == -(-side // config.heatmap_stride)
    assert len(decoding.detections.scores) > 0
    panels, explorer = all_panels(observation, decoding), observed_page(detector, observation)
    assert len(save_figures(panels, explorer, tmp_path, tmp_path / "any.png")) == len(panels) + 2
    payload = build_payload(shown_image(detector, image), detector, footer="", answers=[])
    assert len(payload["categories"]) == 80
    json.dumps(payload)


@CONFIGS
def test_every_analysis_answers(image: RgbArray, config: ModelConfig) -> None:
    detector = detector_of(config, PreprocessConfig(longer_side=96, multiple=32))
    observation = detector.observe(image)
    decoding = detector.decode(observation)
    rows, columns = decoding.pairing.is_kept.nonzero(as_tuple=True)
    explain_pair(decoding, int(rows[0]), int(columns[0]))
    label = int(decoding.corners.top_left.labels[0])
    x, y = decoding.corners.top_left.cell_xy[0].tolist()
    evidence = corner_evidence(detector, observation, CornerCell("top_left", label, (x, y)))
    observed = observation.top_left.maps.logits[0, label, y, x].item()
    assert evidence.logit == pytest.approx(observed, abs=0.02)
    assert len(shift_strip(detector, observation, CornerCell("top_left", label, (x, y)))) == 4
    for name in vars(Switches()):
        alternative = what_if(detector, observation, Switches(**{name: True}))
        assert alternative.decoding.frame.cells_hw == decoding.frame.cells_hw


def test_a_channel_that_is_the_map_of_a_category_bears_its_name(image: RgbArray) -> None:
    detector = detector_of(TINY_PHOTOS, PreprocessConfig(longer_side=96, multiple=32))
    observed = detector.observe(image).side("top_left")
    learned = TINY_PHOTOS.pool_width
    names = [
        scan_of(detector, observed, channel, 0.0)["recognised"]
        for channel in (0, learned - 1, learned, learned + 79)
    ]
    assert names == ["", "", COCO[0], COCO[79]]
    with pytest.raises(ValueError, match=f"channel from 0 to {learned + 79}, but {learned + 80}"):
        scan_of(detector, observed, learned + 80, 0.0)
