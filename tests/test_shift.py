"""A moved image: the canvas, the cell taken, and the offset that makes up for the jump."""

import numpy as np
import pytest
import torch
from PIL import Image

from cornernet.analysis.corner_cell import CornerCell
from cornernet.analysis.shift import shift_strip, shifted_canvas, strongest_near
from cornernet.config import PreprocessConfig
from cornernet.detector import Detector
from cornernet.model.corner_pool import Corner
from cornernet.observation import Observation
from cornernet.paths import EXAMPLES
from cornernet.preprocess import normalise, preprocess
from tests.conftest import BOTH_PRECISIONS


@pytest.fixture
def observation(tiny_detector: Detector) -> Observation:
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    return tiny_detector.observe(image)


@pytest.mark.parametrize(("padding", "fill"), [("black", (0, 0, 0)), ("mean", (124, 116, 104))])
def test_the_canvas_moves_and_padding_comes_in(padding: str, fill: tuple[int, ...]) -> None:
    config = PreprocessConfig(longer_side=None, multiple=4, padding=padding)
    canvas = np.random.default_rng(0).integers(0, 256, (4, 8, 3)).astype(np.uint8)
    before = canvas.copy()
    assert np.array_equal(shifted_canvas(canvas, 0, config), canvas)
    moved = shifted_canvas(canvas, 3, config)
    assert np.array_equal(canvas, before)
    for y in range(4):
        for x in range(8):
            inside = y >= 3 and x >= 3
            assert moved[y, x].tolist() == (canvas[y - 3, x - 3].tolist() if inside else [*fill])


def test_what_comes_in_is_what_preprocessing_pads_with() -> None:
    for padding in ("black", "mean"):
        config = PreprocessConfig(longer_side=None, multiple=16, padding=padding)
        canvas = preprocess(np.full((8, 8, 3), 77, np.uint8), config, 4).canvas
        assert np.array_equal(shifted_canvas(canvas, 2, config)[0, 0], canvas[0, 0])


@pytest.mark.parametrize(
    ("spots", "near", "expected"),
    [
        ({}, (0.0, 0.0), (0, 0)),
        ({(7, 5): 9.0}, (5.9, 3.0), (7, 5)),
        ({(8, 5): 9.0, (4, 3): 1.0}, (5.9, 3.0), (4, 3)),
        ({(9, 7): 9.0}, (12.5, 9.5), (9, 7)),
        ({(1, 2): 9.0}, (-3.0, -0.5), (1, 2)),
    ],
)
def test_the_strongest_cell_nearby_is_taken(
    spots: dict[tuple[int, int], float], near: tuple[float, float], expected: tuple[int, int]
) -> None:
    heatmap = torch.zeros(8, 10)
    for (x, y), value in spots.items():
        heatmap[y, x] = value
    assert strongest_near(heatmap, near) == expected


@pytest.mark.parametrize("corner", ["top_left", "bottom_right"])
def test_each_shift_tells_what_the_network_says_of_the_moved_canvas(
    tiny_detector: Detector, observation: Observation, corner: Corner
) -> None:
    cell = (0, 5)
    strip = shift_strip(tiny_detector, observation, CornerCell(corner, 2, cell), (3, 0, 7))
    assert [c.shift_px for c in strip] == [3, 0, 7]
    start = getattr(observation, corner).maps.at(torch.tensor([cell])).offset_xy[0].tolist()
    for found in strip:
        canvas = shifted_canvas(observation.canvas, found.shift_px, tiny_detector.preprocess)
        pixels = normalise(canvas, tiny_detector.preprocess)
        output = tiny_detector.network(pixels[None]).stacks[-1]
        maps = (output.top_left if corner == "top_left" else output.bottom_right).maps
        heatmap = maps.logits[0, 2].sigmoid()
        x, y = found.cell_xy
        assert found.score == pytest.approx(float(heatmap[y, x]), abs=1e-6)
        assert found.offset_xy == pytest.approx(maps.offset[0, :, y, x].tolist(), abs=1e-5)
        exact = (4 * (x + found.offset_xy[0]), 4 * (y + found.offset_xy[1]))
        assert found.corner_xy_network_px == pytest.approx(exact)
        expected = [4 * (c + o) + found.shift_px for c, o in zip(cell, start, strict=True)]
        assert found.expected_xy_network_px == pytest.approx(expected, abs=1e-4)
        for row in range(9):
            for column in range(9):
                at_y, at_x = 5 + row - 4, 0 + column - 4
                inside = 0 <= at_y < 12 and 0 <= at_x < 16
                value = float(heatmap[at_y, at_x]) if inside else 0.0
                assert float(found.heatmap[row, column]) == pytest.approx(value, abs=1e-6)


def test_without_a_shift_it_is_the_corner_itself_and_no_network_runs(
    tiny_detector: Detector, observation: Observation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: torch.Tensor) -> None:
        raise AssertionError("ran")

    monkeypatch.setattr(tiny_detector.fast, "forward", refuse)
    (found,) = shift_strip(tiny_detector, observation, CornerCell("top_left", 0, (3, 2)), (0,))
    assert found.cell_xy == (3, 2)
    assert found.corner_xy_network_px == found.expected_xy_network_px
    assert found.score == float(observation.top_left.maps.logits[0, 0, 2, 3].sigmoid())


@pytest.mark.parametrize(
    ("label", "cell_xy", "shifts", "words"),
    [
        (3, (0, 0), (0,), r"^Expected a label from 0 to 2, but 3 was given\.$"),
        (0, (0, 12), (0,), r"^Expected a cell of the 16 x 12 heatmap, but \(0, 12\) was given\.$"),
        (0, (0, 0), (0, -1), r"^Expected a shift from 0 to 47, but -1 was given\.$"),
        (0, (0, 0), (48,), r"^Expected a shift from 0 to 47, but 48 was given\.$"),
    ],
)
def test_what_does_not_exist_is_refused_in_a_sentence(
    tiny_detector: Detector,
    observation: Observation,
    label: int,
    cell_xy: tuple[int, int],
    shifts: tuple[int, ...],
    words: str,
) -> None:
    with pytest.raises(ValueError, match=words):
        shift_strip(tiny_detector, observation, CornerCell("top_left", label, cell_xy), shifts)


@BOTH_PRECISIONS
def test_the_shipped_model_moves_one_cell_for_one_stride_and_makes_up_for_the_rest(
    shapes_detector: Detector,
) -> None:
    with Image.open(EXAMPLES / "2-scene-14.png") as image:
        observation = shapes_detector.observe(image)
    decoding = shapes_detector.decode(observation)
    best = int(decoding.candidates.top_left_index[0])
    x, y = decoding.corners.top_left.cell_xy[best].tolist()
    label = int(decoding.corners.top_left.labels[best])
    strip = shift_strip(
        shapes_detector, observation, CornerCell("top_left", label, (x, y)), (0, 1, 2, 3, 4)
    )
    assert strip[-1].cell_xy == (x + 1, y + 1)
    for found in strip:
        # The offset keeps the corner within a pixel of its place, the cell alone jumps by 4.
        assert found.corner_xy_network_px == pytest.approx(found.expected_xy_network_px, abs=1.0)
        assert found.score > 0.5
    assert len({found.cell_xy for found in strip}) < len(strip)
