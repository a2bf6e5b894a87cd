"""The façade: one run of the network, cheap decoding, and graceful fall-backs."""

import threading
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from cornernet import DecodeConfig, load_detector
from cornernet.detector import Detector
from cornernet.device import choose_device, choose_precision
from cornernet.fast import CellMaps, FastNetwork
from cornernet.image_reading import ImageError
from cornernet.model.corner_pool import SCANS
from cornernet.model.folding import fold
from cornernet.model.network import StackOutput
from cornernet.preprocess import preprocess
from tests.conftest import BOTH_PRECISIONS


@pytest.fixture
def image() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)


def test_observation_holds_what_the_network_computes(
    tiny_detector: Detector, image: np.ndarray
) -> None:
    observation = tiny_detector.observe(image)
    pixels = preprocess(image, tiny_detector.preprocess, 4).pixels[None]
    stack = tiny_detector.network(pixels).stacks[-1]
    cells = torch.tensor([[3, 2], [0, 0], [15, 11]])
    for seen, computed in (
        (observation.top_left, stack.top_left),
        (observation.bottom_right, stack.bottom_right),
    ):
        values, expected = seen.maps.at(cells), computed.maps.at(cells)
        for one, two in (
            (seen.maps.logits, computed.maps.logits),
            (values.embeddings, expected.embeddings),
            (values.offset_xy, expected.offset_xy),
            (seen.pool.features, computed.pool.features[0]),
        ):
            torch.testing.assert_close(one, two, atol=1e-5, rtol=1e-4)
        for kept, scanned in (
            (seen.pool.vertical_in, computed.pool.vertical_in[0]),
            (seen.pool.vertical_out, computed.pool.vertical_out[0]),
            (seen.pool.horizontal_out, computed.pool.horizontal_out[0]),
        ):
            torch.testing.assert_close(kept.float(), scanned, atol=1e-5, rtol=1e-3)
    assert observation.milliseconds.network > 0
    assert observation.notice is None


@BOTH_PRECISIONS
def test_the_scans_are_kept_as_they_were_computed(
    tiny_detector: Detector, image: np.ndarray
) -> None:
    """Scanning commutes with rounding, and of bf16 nothing is rounded."""
    observation = tiny_detector.observe(image)
    seen, _ = tiny_detector.run(preprocess(image, tiny_detector.preprocess, 4).pixels[None])
    for kept, computed in (
        (observation.top_left, seen.top_left),
        (observation.bottom_right, seen.bottom_right),
    ):
        down, across = SCANS[kept.pool.corner]
        vertical_in, horizontal_in = computed.pool.vertical_in, computed.pool.horizontal_in
        assert torch.equal(kept.pool.vertical_in, vertical_in[0].half())
        assert torch.equal(kept.pool.vertical_out, down(vertical_in)[0].half())
        assert torch.equal(kept.pool.horizontal_out, across(horizontal_in)[0].half())
        if tiny_detector.precision == torch.bfloat16:
            assert torch.equal(kept.pool.vertical_in.float(), vertical_in[0].float())


@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
@pytest.mark.parametrize("is_folded", [True, False])
def test_a_detector_never_changes_by_being_used(
    tiny_detector: Detector, image: np.ndarray, is_folded: bool
) -> None:
    network = fold(tiny_detector.network) if is_folded else tiny_detector.network
    pixels = preprocess(image, tiny_detector.preprocess, 4).pixels[None]
    places = {name: (t.data_ptr(), t.dtype) for name, t in network.state_dict().items()}
    held = dict(vars(tiny_detector))
    values = {name: t.clone() for name, t in network.state_dict().items()}
    first = network(pixels).stacks[-1].top_left.maps
    seen = tiny_detector.observe(image)
    found = tiny_detector.detect(image)
    again = tiny_detector.observe(image)
    last = network(pixels).stacks[-1].top_left.maps
    assert torch.equal(first.logits, last.logits)
    assert torch.equal(first.embedding, last.embedding)
    assert torch.equal(seen.top_left.maps.logits, again.top_left.maps.logits)
    assert torch.equal(seen.features, again.features)
    decoded = tiny_detector.decode(again).detections
    assert torch.equal(decoded.scores, found.scores)
    assert vars(tiny_detector) == held
    assert places == {name: (t.data_ptr(), t.dtype) for name, t in network.state_dict().items()}
    assert all(torch.equal(values[name], t) for name, t in network.state_dict().items())


def test_pil_and_array_give_the_same_answer(tiny_detector: Detector, image: np.ndarray) -> None:
    first, second = tiny_detector.detect(image), tiny_detector.detect(Image.fromarray(image))
    assert torch.equal(first.boxes_xyxy_px, second.boxes_xyxy_px)
    assert len(first.scores) > 0
    assert first.scores.diff().le(0).all()


def test_decoding_again_runs_no_network(tiny_detector: Detector, image: np.ndarray) -> None:
    observation = tiny_detector.observe(image)
    deaf = _failing(tiny_detector, RuntimeError("ran"))
    few = deaf.decode(observation, DecodeConfig(min_score=0.0, max_detections=1))
    assert len(few.detections.scores) == 1


def test_boxes_lie_in_the_image(tiny_detector: Detector, image: np.ndarray) -> None:
    boxes = tiny_detector.detect(image).boxes_xyxy_px
    assert (boxes[:, :2] >= 0).all()
    assert (boxes[:, 2] <= 64).all()
    assert (boxes[:, 3] <= 48).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (2000, 3)])
def test_odd_sizes_are_answered(tiny_detector: Detector, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(4).integers(0, 256, (*size, 3), np.uint8)
    boxes = tiny_detector.detect(noise).boxes_xyxy_px
    height, width = size
    assert len(boxes) > 0
    assert (boxes >= 0).all()
    assert (boxes <= torch.tensor([width, height] * 2)).all()


def _failing(detector: Detector, error: Exception) -> Detector:
    class Failing(FastNetwork):
        def forward(self, _: torch.Tensor) -> StackOutput[CellMaps]:
            raise error

    return replace(detector, fast=Failing(detector.network))


def test_out_of_memory_is_answered_on_the_cpu_with_a_notice(
    tiny_detector: Detector, image: np.ndarray
) -> None:
    full = _failing(tiny_detector, torch.OutOfMemoryError("full"))
    observation = full.observe(image)
    assert observation.notice is not None
    assert "ran out of memory" in observation.notice
    expected = tiny_detector.observe(image)
    assert torch.equal(observation.top_left.maps.logits, expected.top_left.maps.logits)


def test_threads_do_not_see_each_others_images(tiny_detector: Detector) -> None:
    images = [np.full((32, 32, 3), value, np.uint8) for value in range(0, 250, 25)]
    alone = [tiny_detector.observe(i).top_left.maps.logits for i in images]
    together: dict[int, torch.Tensor] = {}

    def observe(number: int) -> None:
        together[number] = tiny_detector.observe(images[number]).top_left.maps.logits

    threads = [threading.Thread(target=observe, args=(n,)) for n in range(len(images))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, logits in enumerate(alone):
        assert torch.allclose(together[number], logits, atol=1e-5)


def test_what_is_not_to_be_had_is_refused_in_a_sentence(tiny_detector: Detector) -> None:
    with pytest.raises(ImageError, match=r"^Expected"):
        tiny_detector.observe(np.zeros((4, 4), np.uint8))
    with pytest.raises(ValueError, match=r"^Expected a device of this machine"):
        choose_device("abacus")
    with pytest.raises(ValueError, match=r"^Expected a precision"):
        choose_precision("int1")
    with pytest.raises(ValueError, match=r"^Expected a model"):
        load_detector("nothing")


@BOTH_PRECISIONS
def test_the_contract_of_the_library(shapes_detector: Detector, image: np.ndarray) -> None:
    observation = shapes_detector.observe(image)
    config = DecodeConfig(top_k=100, max_embedding_distance=0.5)
    assert shapes_detector.decode(observation, config).config == config
    detections = shapes_detector.detect(image)
    count = len(detections.scores)
    assert detections.boxes_xyxy_px.shape == (count, 4)
    assert detections.labels.shape == (count,)
    assert detections.categories[0] == "circle"
    output = shapes_detector.network(torch.zeros(1, 3, 64, 64))
    maps = output.stacks[-1].top_left.maps
    assert maps.logits.shape == (1, 8, 16, 16)
    assert maps.embedding.shape == (1, 1, 16, 16)
    assert maps.offset.shape == (1, 2, 16, 16)
    assert output.stacks[-1].top_left.pool.merged.shape[2:] == (16, 16)


def test_bf16_finds_what_fp32_finds(shapes_detector: Detector) -> None:
    from cornernet.data.samples import held_out_scene

    rough = load_detector("shapes", device="cpu", precision="bf16")
    image = held_out_scene(3, 1).image
    exact, near = shapes_detector.detect(image), rough.detect(image)
    assert exact.names == near.names
    assert torch.allclose(exact.boxes_xyxy_px, near.boxes_xyxy_px, atol=4)
