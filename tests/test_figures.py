"""Figures show what results hold: places, colours, verdicts; and say so if there is nothing."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from cornernet.analysis.verdicts import Verdict, verdict
from cornernet.boxes import LabelledBoxes
from cornernet.categories import colour_of
from cornernet.config import DecodeConfig, PreprocessConfig
from cornernet.decode import Decoding, decode
from cornernet.detector import Detector, Milliseconds, Observation, ObservedCorner, ObservedPool
from cornernet.figures.corners import count_by_label
from cornernet.figures.embeddings import draw_distance_matrix, draw_number_line
from cornernet.figures.features import draw_features, strongest_channels
from cornernet.figures.files import save_figures
from cornernet.figures.heatmaps import draw_heatmap
from cornernet.figures.offsets import draw_offsets
from cornernet.figures.overlay import draw_boxes, draw_detections, draw_input
from cornernet.figures.palette import colour_map, colourise
from cornernet.figures.plate import all_panels
from cornernet.figures.pooling import draw_pooling
from cornernet.figures.suppression import draw_suppression
from cornernet.figures.typesetting import compose_plate
from cornernet.model.corner_pool import Corner
from cornernet.model.heads import CornerMaps
from cornernet.preprocess import preprocess

NAMES = ("red", "green", "blue")
CONFIG = DecodeConfig(top_k=12, min_score=0.3)
# label, first cell, last cell (column, row), embedding, score of both corners
OBJECTS = ((1, (2, 3), (10, 12), 0.0, 0.95), (2, (6, 1), (14, 6), 2.0, 0.8))
SPOT_XY = (9, 7)  # the one active cell of pooling's inputs


def _maps(place: int, objects: tuple, cells_hw: tuple[int, int]) -> CornerMaps:
    logits = torch.full((1, len(NAMES), *cells_hw), -6.0)
    logits -= 0.01 * torch.arange(logits.numel()).reshape(logits.shape) / logits.numel()
    embedding, offset = torch.full((1, 1, *cells_hw), 9.0), torch.full((1, 2, *cells_hw), 0.5)
    for label, *corners, tag, score in objects:
        x, y = corners[place]
        logits[0, label, y, x] = torch.logit(torch.tensor(score))
        embedding[0, 0, y, x] = tag
    return CornerMaps(logits=logits, embedding=embedding, offset=offset)


def _corner(corner: Corner, objects: tuple, cells_hw: tuple[int, int]) -> ObservedCorner:
    spot = torch.zeros(2, *cells_hw, dtype=torch.float16)
    spot[0, SPOT_XY[1] % cells_hw[0], SPOT_XY[0] % cells_hw[1]] = 1.0
    pool = ObservedPool(
        corner=corner, vertical_in=spot, horizontal_in=spot, features=spot.repeat(2, 1, 1)
    )
    return ObservedCorner(maps=_maps(int(corner != "top_left"), objects, cells_hw), pool=pool)


def handmade(objects: tuple = OBJECTS, size_hw: tuple[int, int] = (64, 64)) -> Observation:
    """An observation whose corners are known; cells of 4 pixels, an image of `size_hw`."""
    image = np.random.default_rng(0).integers(60, 200, (*size_hw, 3)).astype(np.uint8)
    prepared = preprocess(image, PreprocessConfig(longer_side=64, multiple=32))
    cells_hw = (prepared.canvas.shape[0] // 4, prepared.canvas.shape[1] // 4)
    generator = torch.Generator().manual_seed(0)
    return Observation(
        image=image,
        canvas=prepared.canvas,
        frame=prepared.frame,
        features=torch.rand(5, *cells_hw, generator=generator).half(),
        top_left=_corner("top_left", objects, cells_hw),
        bottom_right=_corner("bottom_right", objects, cells_hw),
        categories=NAMES,
        milliseconds=Milliseconds(preprocess=0.0, network=0.0),
    )


def decoded(observation: Observation, config: DecodeConfig = CONFIG) -> Decoding:
    maps = (observation.top_left.maps, observation.bottom_right.maps)
    return decode(maps, observation.frame, observation.categories, config)


def brightness(picture: np.ndarray) -> np.ndarray:
    return picture.astype(np.float64).sum(2)


def assert_is_picture(picture: np.ndarray) -> None:
    assert picture.dtype == np.uint8
    assert picture.ndim == 3
    assert picture.shape[2] == 3
    assert (picture != picture[0, 0]).any()


def test_handmade_observation_decodes_to_its_objects() -> None:
    found = decoded(handmade()).detections
    assert found.names == ("green", "blue")
    assert found.boxes_xyxy_px.tolist() == [[10, 14, 42, 50], [26, 6, 58, 26]]


def test_colour_maps_are_tables_from_dark_to_bright() -> None:
    table = colour_map("inferno")
    assert table.shape == (256, 3)
    assert table is colour_map("inferno")
    values = np.array([[-1.0, 0.0, 1.0, 2.0]])
    assert (colourise(values, "inferno")[0] == table[[0, 0, 255, 255]]).all()


@pytest.mark.parametrize("corner", ["top_left", "bottom_right"])
@pytest.mark.parametrize("row", [0, 1])
def test_heatmap_is_hottest_at_its_peak(corner: Corner, row: int) -> None:
    observation = handmade()
    label, *cells, _, _ = OBJECTS[row]
    picture = draw_heatmap(observation, decoded(observation), corner, label)
    side = picture.shape[0] // 16
    centres = brightness(picture)[side // 2 :: side, side // 2 :: side]
    y, x = np.unravel_index(centres.argmax(), centres.shape)
    assert (x, y) == cells[int(corner != "top_left")]


def test_heatmap_of_all_categories_is_as_bright_as_the_brightest() -> None:
    observation = handmade(objects=())
    decoding = decoded(observation, replace(CONFIG, min_corner_score=0.5))
    whole = brightness(draw_heatmap(observation, decoding, "top_left"))
    single = [brightness(draw_heatmap(observation, decoding, "top_left", k)) for k in range(3)]
    assert (whole == np.maximum.reduce(single)).all()


def test_strong_corners_are_counted_by_label() -> None:
    assert count_by_label(decoded(handmade()), "top_left") == {1: 1, 2: 1}


def test_boxes_lie_at_scaled_coordinates_in_their_colours() -> None:
    image = np.full((100, 200, 3), 128, dtype=np.uint8)
    boxes, labels = torch.tensor([[40.0, 20.0, 160.0, 80.0]]), torch.tensor([3])
    picture = draw_boxes(image, boxes, ("star",), labels, width=600)
    assert picture.shape == (300, 600, 3)
    for x, y in ((300, 60), (300, 240), (120, 150), (480, 150)):
        assert tuple(picture[y, x]) == colour_of(3)
    assert (picture[150, 300] == 128).all()


@pytest.mark.parametrize("box", [(0, 0, 200, 100), (199, 99, 200, 100), (50, 50, 50, 50)])
def test_boxes_at_the_border_keep_their_chip_inside(box: tuple[float, ...]) -> None:
    image, boxes = np.full((100, 200, 3), 128, dtype=np.uint8), torch.tensor([box]).float()
    scores = torch.tensor([0.5])
    picture = draw_boxes(image, boxes, ("star",), torch.tensor([3]), scores, width=600)
    colour_count = (picture == np.array(colour_of(3), dtype=np.uint8)).all(2).sum()
    assert colour_count > 300  # the chip alone has this many


def test_truth_is_drawn_in_dashes() -> None:
    observation = handmade()
    decoding = decoded(observation)
    plain = draw_detections(observation, decoding)
    truth = LabelledBoxes(
        boxes_xyxy_px=torch.tensor([[5.0, 30.0, 40.0, 60.0]]), labels=torch.tensor([0])
    )
    assert (draw_detections(observation, decoding, truth=truth) != plain).any()


@pytest.mark.parametrize("config", [
    CONFIG,
    replace(CONFIG, min_score=0.9),
    replace(CONFIG, min_score=0.0, max_embedding_distance=3.0),
    replace(CONFIG, min_score=0.0, max_detections=1),
])  # fmt: skip
def test_verdicts_agree_with_a_loop_over_pairs(config: DecodeConfig) -> None:
    decoding = decoded(handmade(), config)
    tl, br, candidates = decoding.top_left, decoding.bottom_right, decoding.candidates
    detections = {
        (int(i), int(j))
        for i, j, found in zip(
            candidates.top_left_index,
            candidates.bottom_right_index,
            candidates.is_detection,
            strict=True,
        )
        if found
    }
    table = verdict(decoding)
    for i in range(len(tl.scores)):
        for j in range(len(br.scores)):
            first, last = tl.corner_xy_cell[i], br.corner_xy_cell[j]
            distance = abs(float(tl.embeddings[i]) - float(br.embeddings[j]))
            if tl.labels[i] != br.labels[j]:
                expected = Verdict.CATEGORY
            elif last[0] < first[0] or last[1] < first[1]:
                expected = Verdict.ORDER
            elif distance > config.max_embedding_distance:
                expected = Verdict.EMBEDDING
            elif (i, j) in detections:
                expected = Verdict.DETECTION
            elif (float(tl.scores[i]) + float(br.scores[j])) / 2 < config.min_score:
                expected = Verdict.WEAK
            else:
                expected = Verdict.SUPPRESSED
            assert table[i, j] == expected
    assert (table == Verdict.DETECTION).sum() == len(decoding.detections.scores)


def test_every_verdict_has_its_own_letter_and_words() -> None:
    assert len({v.letter for v in Verdict}) == len({v.words for v in Verdict}) == len(Verdict)


@pytest.mark.parametrize(("corner", "before", "after"), [
    ("top_left", -3, 3),
    ("bottom_right", 3, -3),
])  # fmt: skip
def test_pooling_carries_the_spot_towards_the_corner(
    corner: Corner, before: int, after: int
) -> None:
    figures = draw_pooling(handmade(), corner, 0)
    side = figures.vertical_in.shape[0] // 16
    bright, dark = colour_map("viridis")[[255, 0]]

    def at(picture: np.ndarray, shift_x: int, shift_y: int) -> np.ndarray:
        x, y = SPOT_XY[0] + shift_x, SPOT_XY[1] + shift_y
        return picture[y * side + side // 2, x * side + side // 2]

    for picture in (figures.vertical_in, figures.vertical_out, figures.horizontal_out):
        assert (at(picture, 0, 0) == bright).all()
    assert (at(figures.vertical_in, 0, before) == dark).all()
    assert (at(figures.vertical_out, 0, before) == bright).all()
    assert (at(figures.vertical_out, 0, after) == dark).all()
    assert (at(figures.horizontal_out, before, 0) == bright).all()
    assert (at(figures.horizontal_out, after, 0) == dark).all()
    assert (at(figures.merged, 0, 0) == bright).all()


def test_the_channel_with_a_pattern_comes_first() -> None:
    pool = handmade().top_left.pool
    assert strongest_channels(pool) == [0, 1]
    swapped = replace(
        pool, vertical_in=pool.vertical_in.flip(0), horizontal_in=pool.horizontal_in.flip(0)
    )
    assert strongest_channels(swapped, 1) == [1]


def _all_pictures(observation: Observation, decoding: Decoding) -> list[np.ndarray]:
    panels = all_panels(observation, decoding, corner="bottom_right", channel=0, label=0)
    return [panel.image for panel in panels]


SMALL = ((1, (0, 0), (1, 0), 0.0, 0.9),)  # fits a canvas of one row


@pytest.mark.parametrize(("objects", "size_hw"), [
    ((), (64, 64)),
    (OBJECTS, (64, 64)),
    (SMALL, (7, 10)),
    (SMALL, (10, 1000)),
    (SMALL, (1500, 1000)),
])  # fmt: skip
def test_every_figure_is_a_picture(objects: tuple, size_hw: tuple[int, int]) -> None:
    observation = handmade(objects, size_hw)
    decoding = decoded(observation)
    assert len(decoding.detections.scores) == len(objects)
    for picture in _all_pictures(observation, decoding):
        assert_is_picture(picture)


def test_no_peaks_at_all_is_said_in_words() -> None:
    observation = handmade()
    decoding = decoded(observation, replace(CONFIG, min_corner_score=1.0))
    assert len(decoding.top_left.scores) == 0
    assert verdict(decoding).shape == (0, 0)
    for picture in (
        draw_distance_matrix(decoding),
        draw_number_line(decoding),
        draw_offsets(observation, decoding),
    ):
        assert_is_picture(picture)


def test_a_real_observation_can_be_drawn(tiny_detector: Detector) -> None:
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    observation = tiny_detector.observe(image)
    decoding = tiny_detector.decode(observation)
    assert len(decoding.detections.scores) > 0
    for picture in _all_pictures(observation, decoding):
        assert_is_picture(picture)
    panels = all_panels(observation, decoding, corner="top_left", channel=3, label=None)
    assert_is_picture(compose_plate(panels, "title"))
    assert_is_picture(draw_input(observation))
    assert draw_features(observation, channels=4).shape[1] == pytest.approx(960, abs=8)
    before, after = draw_suppression(observation, decoding)
    assert before.shape == after.shape


def test_figures_alter_nothing() -> None:
    observation = handmade()
    decoding = decoded(observation)
    kept: list[Tensor] = [observation.features, observation.top_left.maps.logits]
    copies, image = [tensor.clone() for tensor in kept], observation.image.copy()
    _all_pictures(observation, decoding)
    assert all(torch.equal(a, b) for a, b in zip(kept, copies, strict=True))
    assert (observation.image == image).all()


def test_files_are_written_and_can_be_opened(tmp_path: Path) -> None:
    observation = handmade()
    folder = tmp_path / "new" / "folder"
    paths = save_figures(observation, decoded(observation), folder, tmp_path / "cat.jpg")
    assert len(paths) == len(set(paths)) == 11
    assert paths[0].name == "cat-plate.png"
    for path in paths:
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert image.mode == "RGB"


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    observation = handmade()
    with pytest.raises(ValueError, match=r"^Expected a folder that can be written, but .*file"):
        save_figures(observation, decoded(observation), tmp_path / "file" / "below", tmp_path)


def test_figures_of_images_of_one_name_lie_side_by_side(tmp_path: Path) -> None:
    observation = handmade()
    decoding = decoded(observation)

    def stem_of(folder: str) -> str:
        path = save_figures(observation, decoding, tmp_path, tmp_path / folder / "x.png")[0]
        return path.name.removesuffix("-plate.png")

    for _ in range(2):  # those of the same image are written over
        given = [stem_of(folder) for folder in ("a", "b", "c/b")]
        assert given == ["x", "b-x", "c-b-x"]
    Image.new("RGB", (9, 9)).save(tmp_path / "x-plate.png")  # somebody else's picture
    assert stem_of("a") == "a-x"
