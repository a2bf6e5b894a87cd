"""Facts about answers with a part of CornerNet missing."""

import itertools
from dataclasses import fields, replace

import numpy as np
import pytest
import torch

from cornernet.analysis.matching import match_boxes
from cornernet.analysis.what_if import Switches, changes, what_if
from cornernet.boxes import LabelledBoxes, iou_matrix
from cornernet.config import DecodeConfig
from cornernet.detector import Detector
from cornernet.fast import FastNetwork
from cornernet.model.corner_pool import CornerPool
from cornernet.model.network import CornerNet
from cornernet.observation import Observation
from cornernet.preprocess import normalise
from tests.conftest import BOTH_PRECISIONS
from tests.tiny import TINY

NAMES = [f.name for f in fields(Switches)]
CONFIG = DecodeConfig(min_score=0.0, top_k=30, max_embedding_distance=10.0)


@pytest.fixture
def observation(tiny_detector: Detector) -> Observation:
    image = np.random.default_rng(2).integers(0, 256, (48, 60, 3), dtype=np.uint8)
    return tiny_detector.observe(image)


def test_without_switches_the_answer_is_the_detectors(
    tiny_detector: Detector, observation: Observation
) -> None:
    answer = what_if(tiny_detector, observation, Switches(), CONFIG)
    expected = tiny_detector.decode(observation, CONFIG)
    assert answer.top_left is observation.top_left.maps
    assert len(expected.detections.scores) > 0
    assert answer.decoding.detections.boxes_xyxy_px.equal(expected.detections.boxes_xyxy_px)
    difference = changes(expected, answer.decoding)
    assert (*difference.moved, *difference.gained, *difference.lost) == ()
    assert len(difference.same) == len(expected.detections.scores)


@pytest.mark.parametrize("name", NAMES)
def test_every_switch_changes_an_untrained_networks_answer(
    name: str, tiny_detector: Detector, observation: Observation
) -> None:
    config = replace(CONFIG, max_embedding_distance=1e-4 if "embed" in name else 10.0)
    before = what_if(tiny_detector, observation, Switches(), config).decoding.detections
    after = what_if(tiny_detector, observation, Switches(**{name: True}), config).decoding
    assert before.boxes_xyxy_px.tolist() != after.detections.boxes_xyxy_px.tolist() or (
        before.scores.tolist() != after.detections.scores.tolist()
    )


class CountingStem(torch.nn.Module):
    """A stem that counts its runs."""

    def __init__(self, stem: torch.nn.Module) -> None:
        super().__init__()
        self.stem, self.runs = stem, 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.runs += 1
        answer: torch.Tensor = self.stem(x)
        return answer


@pytest.mark.parametrize("chosen", list(itertools.product([False, True], repeat=len(NAMES))))
def test_only_the_first_stack_runs_the_network_again(
    chosen: tuple[bool, ...], tiny_detector: Detector, observation: Observation
) -> None:
    network = tiny_detector.fast.bare
    stem = CountingStem(network.stem)
    network.stem = stem  # type: ignore[assignment]
    switches = Switches(**dict(zip(NAMES, chosen, strict=True)))
    answer = what_if(tiny_detector, observation, switches, CONFIG)
    assert stem.runs == int(switches.first_stack)
    assert answer.decoding.config.peak_window == (1 if switches.no_peak_suppression else 3)
    assert answer.decoding.config.nms == ("none" if switches.no_nms else "gaussian")
    if switches.ignore_embeddings:
        assert bool(answer.decoding.pairing.embedding_is_close.all())
    if switches.ignore_offsets:
        assert not answer.top_left.at(torch.tensor([[1, 2]])).offset_xy.any()
        assert not answer.decoding.corners.bottom_right.offset_xy.any()


def test_the_first_stack_says_what_the_network_says(
    tiny_detector: Detector, observation: Observation
) -> None:
    answer = what_if(tiny_detector, observation, Switches(first_stack=True))
    pixels = normalise(observation.canvas, tiny_detector.preprocess)
    first = tiny_detector.network(pixels[None]).stacks[0]
    torch.testing.assert_close(answer.top_left.logits, first.top_left.maps.logits)
    cells = torch.tensor([[0, 0], [7, 3]])
    embeddings = answer.bottom_right.at(cells).embeddings
    torch.testing.assert_close(embeddings, first.bottom_right.maps.at(cells).embeddings)


def test_without_pooling_the_heads_get_unscanned_maps(
    tiny_detector: Detector, observation: Observation
) -> None:
    """Against the definition: the module's parts, put together without scans."""
    branch = tiny_detector.network.stacks[-1].bottom_right
    features = observation.features[None].float()
    pool: CornerPool = branch.pool
    merged = pool.vertical(features) + pool.horizontal(features)
    pooled = pool.out(torch.relu(pool.merge(merged) + pool.shortcut(features)))
    answer = what_if(tiny_detector, observation, Switches(without_pooling=True))
    torch.testing.assert_close(answer.bottom_right.logits, branch.logits(pooled))
    assert not torch.allclose(answer.bottom_right.logits, observation.bottom_right.maps.logits)


def test_kept_features_are_exact_enough_to_go_on_from(
    tiny_detector: Detector, observation: Observation
) -> None:
    """Features are kept in half precision; what the heads make of them hardly differs."""
    branch = tiny_detector.network.stacks[-1].top_left
    again = branch(observation.features[None].float()).maps.logits.sigmoid()
    kept = observation.top_left.maps.logits.sigmoid()
    torch.testing.assert_close(again, kept, atol=2e-3, rtol=0)


@BOTH_PRECISIONS
def test_the_only_hourglass_is_the_first_and_the_last(tiny_detector: Detector) -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = CornerNet(replace(TINY, stacks=1)).eval().requires_grad_(False)
    fast = FastNetwork(network, tiny_detector.precision)
    detector = replace(tiny_detector, network=network, fast=fast)
    observation = detector.observe(np.full((48, 60, 3), 99, np.uint8))
    answer = what_if(detector, observation, Switches(first_stack=True)).decoding.detections
    expected = detector.decode(observation).detections
    assert torch.equal(answer.scores, expected.scores)
    assert torch.equal(answer.boxes_xyxy_px, expected.boxes_xyxy_px)


BOX = [0.0, 0.0, 10.0, 10.0]
NEAR = [1.0, 0.0, 11.0, 10.0]  # IoU 0.82 with BOX
FAR = [30.0, 30.0, 40.0, 40.0]


@pytest.mark.parametrize(
    ("first", "second", "partners"),
    [
        ([], [], []),
        ([], [(BOX, 0)], []),
        ([(BOX, 0)], [], [-1]),
        ([(BOX, 0)], [(BOX, 1)], [-1]),
        ([(BOX, 0)], [(FAR, 0), (NEAR, 0), (BOX, 0)], [2]),
        ([(NEAR, 0), (BOX, 0)], [(BOX, 0)], [0, -1]),
        ([(BOX, 0), (NEAR, 0)], [(NEAR, 0), (BOX, 0)], [1, 0]),
        ([(BOX, 0), (FAR, 1)], [(FAR, 1), (FAR, 0)], [-1, 0]),
    ],
)
def test_matching(
    first: list[tuple[list[float], int]],
    second: list[tuple[list[float], int]],
    partners: list[int],
) -> None:
    def labelled(rows: list[tuple[list[float], int]]) -> LabelledBoxes:
        return LabelledBoxes(
            boxes_xyxy_px=torch.tensor([box for box, _ in rows]).reshape(-1, 4),
            labels=torch.tensor([label for _, label in rows], dtype=torch.int64),
        )

    matching = match_boxes(labelled(first), labelled(second))
    assert matching.partner.tolist() == partners
    assert sorted([*matching.left_over.tolist(), *(p for p in partners if p >= 0)]) == list(
        range(len(second))
    )
    for k, partner in matching.pairs:
        one, other = (torch.tensor([rows[n][0]]) for rows, n in ((first, k), (second, partner)))
        assert matching.iou[k] == pytest.approx(float(iou_matrix(one, other)))
    assert np.isnan(matching.mean_iou) == (not matching.pairs)
