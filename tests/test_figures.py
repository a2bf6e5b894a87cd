"""Figures show what results hold: places, colours, verdicts; and say so if there is nothing."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch import Tensor

from cornernet.boxes import LabelledBoxes
from cornernet.categories import colour_of
from cornernet.decode import Detections
from cornernet.detector import Detector
from cornernet.figures.files import save_figures
from cornernet.figures.heatmaps import draw_heatmap, heatmap_of
from cornernet.figures.marks import chip_size, draw_dashed_box
from cornernet.figures.overlay import (
    _placed,
    add_chips,
    draw_boxes,
    draw_detections,
    draw_input,
)
from cornernet.figures.palette import colour_map, colourise
from cornernet.figures.plate import all_panels
from cornernet.figures.typesetting import compose_plate
from cornernet.model.corner_pool import Corner
from cornernet.observation import Observation
from tests.handmade import CONFIG, OBJECTS, decoded, handmade


def brightness(picture: np.ndarray) -> np.ndarray:
    return picture.astype(np.float64).sum(2)


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
    picture = draw_heatmap(heatmap_of(observation, corner), decoded(observation), label)
    side = picture.shape[0] // 16
    centres = brightness(picture)[side // 2 :: side, side // 2 :: side]
    y, x = np.unravel_index(centres.argmax(), centres.shape)
    assert (x, y) == cells[int(corner != "top_left")]


def test_heatmap_of_all_categories_is_as_bright_as_the_brightest() -> None:
    observation = handmade(objects=())
    decoding = decoded(observation, replace(CONFIG, min_corner_score=0.5))
    heatmap = heatmap_of(observation, "top_left")
    whole = brightness(draw_heatmap(heatmap, decoding))
    single = [brightness(draw_heatmap(heatmap, decoding, k)) for k in range(3)]
    assert (whole == np.maximum.reduce(single)).all()


def one_star(box: tuple[float, ...]) -> Detections:
    return Detections(
        boxes_xyxy_px=torch.tensor([box]).float(),
        scores=torch.tensor([0.5]),
        labels=torch.tensor([0]),
        categories=("star",),
    )


def test_boxes_lie_at_scaled_coordinates_in_their_colours() -> None:
    image = np.full((100, 200, 3), 128, dtype=np.uint8)
    picture = draw_boxes(image, one_star((40, 20, 160, 80)), width=600)
    assert picture.shape == (300, 600, 3)
    for x, y in ((300, 60), (300, 240), (120, 150), (480, 150)):
        assert tuple(picture[y, x]) == colour_of(0)
    assert (picture[150, 300] == 128).all()


@pytest.mark.parametrize("box", [(0, 0, 200, 100), (199, 99, 200, 100), (50, 50, 50, 50)])
def test_boxes_at_the_border_keep_their_chip_inside(box: tuple[float, ...]) -> None:
    image = np.full((100, 200, 3), 128, dtype=np.uint8)
    picture = draw_boxes(image, one_star(box), width=600)
    colour_count = (picture == np.array(colour_of(0), dtype=np.uint8)).all(2).sum()
    assert colour_count > 300  # the chip alone has this many


DASHES = np.array([(0, 0, 0), (255, 255, 255)], dtype=np.uint8)


def dashed_slowly(picture: Image.Image, box: tuple[float, ...]) -> None:
    """Draw dash by dash: the slow definition."""
    draw = ImageDraw.Draw(picture)
    x1, y1, x2, y2 = (round(v) for v in box)
    draw.rectangle((x1, y1, x2, y2), outline=(255, 255, 255))
    for x in range(x1, x2 + 1, 12):
        for y in (y1, y2):
            draw.line((x, y, min(x + 5, x2), y), fill=(0, 0, 0))
    for y in range(y1, y2 + 1, 12):
        for x in (x1, x2):
            draw.line((x, y, x, min(y + 5, y2)), fill=(0, 0, 0))


@pytest.mark.parametrize(
    "box", [(5, 5, 5, 5), (3.4, 7.6, 40, 50), (-20, -9, 30, 200), (60, 20, 300, 21), (-9, 1, -2, 9)]
)
def test_dashes_are_those_of_the_slow_definition(box: tuple[float, ...]) -> None:
    fast, slow = (Image.new("RGB", (100, 80), (90, 120, 30)) for _ in range(2))
    draw_dashed_box(ImageDraw.Draw(fast), box)
    dashed_slowly(slow, box)
    assert np.array_equal(np.asarray(fast), np.asarray(slow))


def is_dashed(pixels: np.ndarray) -> bool:
    """Tell whether a line of pixels is black and white, both in turn, and nothing else."""
    kinds = (pixels[:, None] == DASHES).all(2)
    changes = (kinds[1:, 0] != kinds[:-1, 0]).sum()
    return bool(kinds.any(1).all() and changes > 4)


def test_truth_is_drawn_in_dashes() -> None:
    observation = handmade(objects=())
    box = (5, 30, 40, 60)
    truth = LabelledBoxes(boxes_xyxy_px=torch.tensor([box]).float(), labels=torch.tensor([0]))
    picture = draw_detections(observation, decoded(observation), truth=truth)
    x1, y1, x2, y2 = (10 * v for v in box)  # 640 pixels for 64
    for edge in (picture[y1, x1:x2], picture[y2, x1:x2], picture[y1:y2, x1], picture[y1:y2, x2]):
        assert is_dashed(edge)
    inside = picture[y1 + 2 : y2 - 1, x1 + 2 : x2 - 1]
    plain = draw_detections(observation, decoded(observation))
    assert (inside == plain[y1 + 2 : y2 - 1, x1 + 2 : x2 - 1]).all()


def test_names_that_find_no_room_are_counted_instead_of_covering_others() -> None:
    picture = Image.new("RGB", (300, 300))
    named = [((k, 100, k + 60, 160), "crescent 0.500", (9, 9, 9)) for k in range(0, 200, 5)]
    placed = _placed(picture, named, 20, [])
    spots = [(*corner, *chip_size(text, 20)) for corner, text, _ in placed]
    assert 1 < len(placed) < len(named)
    for (x, y, width, height), (left, top, _, _) in combinations(spots, 2):
        assert abs(x - left) >= width or abs(y - top) >= height
    add_chips(picture, named, 20)
    assert np.asarray(picture)[-20:].any()  # how many more, at the bottom


SMALL = ((1, (0, 0), (1, 0), 0.0, 0.9),)  # fits a canvas of one row


@pytest.mark.parametrize(("objects", "size_hw"), [
    ((), (64, 64)),
    (OBJECTS, (64, 64)),
    (SMALL, (7, 10)),
    (SMALL, (10, 1000)),
    (SMALL, (1500, 1000)),
])  # fmt: skip
def test_panels_have_their_images_proportions_and_the_boxes_colours(
    objects: tuple, size_hw: tuple[int, int]
) -> None:
    observation = handmade(objects, size_hw)
    decoding = decoded(observation)
    assert len(decoding.detections.scores) == len(objects)
    panels = {panel.title: panel.image for panel in all_panels(observation, decoding)}
    assert list(panels) == ["Input", "Boxes", "Top-left corners", "Bottom-right corners"]
    for title, picture in panels.items():
        height, width = size_hw if title == "Boxes" else observation.canvas.shape[:2]
        assert max(picture.shape[:2]) == 640
        assert picture.shape[0] * width / height == pytest.approx(picture.shape[1], rel=0.1)
    for label, *_ in objects:
        assert (panels["Boxes"] == colour_of(label)).all(2).sum() > 30
        for title in ("Top-left corners", "Bottom-right corners"):
            assert (panels[title] == colour_of(label)).all(2).any()  # a ring


def test_an_image_without_boxes_says_so_and_is_otherwise_untouched() -> None:
    observation = handmade(objects=())
    picture = draw_detections(observation, decoded(observation))
    bare = np.asarray(
        Image.fromarray(observation.image).resize((640, 640), Image.Resampling.BICUBIC)
    )
    changed_y, changed_x = (picture != bare).any(2).nonzero()
    assert changed_y.min() > 600  # the note lies at the bottom, from the left
    assert changed_x.min() == 0


def test_the_inputs_padding_begins_at_dashes() -> None:
    observation = handmade(objects=(), size_hw=(30, 64))
    (_, top), (_, scale_y) = observation.frame.shift_xy, observation.frame.scale_xy
    picture = draw_input(observation)
    zoom = 640 / observation.frame.network_hw[1]
    first, last = round(top * zoom), round((top + 30 * scale_y) * zoom - 1)
    assert is_dashed(picture[first, :])
    assert is_dashed(picture[last, 200:])  # the note covers its beginning at most


def test_a_real_observation_is_composed_of_all_panels(tiny_detector: Detector) -> None:
    image = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    observation = tiny_detector.observe(image)
    panels = all_panels(observation, tiny_detector.decode(observation))
    plate = compose_plate(panels, "title")
    assert plate.shape[1] == 1920
    assert plate.shape[0] > max(panel.image.shape[0] for panel in panels)


def test_figures_alter_nothing() -> None:
    observation = handmade()
    decoding = decoded(observation)
    kept: list[Tensor] = [observation.features, observation.top_left.maps.logits]
    copies, image = [tensor.clone() for tensor in kept], observation.image.copy()
    all_panels(observation, decoding)
    assert all(torch.equal(a, b) for a, b in zip(kept, copies, strict=True))
    assert (observation.image == image).all()


def saved(observation: Observation, folder: Path, image_path: Path) -> list[Path]:
    panels = all_panels(observation, decoded(observation))
    return save_figures(panels, "<title>Explorer</title>", folder, image_path)


def test_files_are_written_and_can_be_opened(tmp_path: Path) -> None:
    *pictures, explorer = saved(handmade(), tmp_path / "new" / "folder", tmp_path / "cat.jpg")
    assert [path.name for path in pictures] == [
        "cat-plate.png",
        "cat-input.png",
        "cat-boxes.png",
        "cat-top-left-corners.png",
        "cat-bottom-right-corners.png",
    ]
    for path in pictures:
        with Image.open(path) as image:
            assert image.format == "PNG"
            assert image.mode == "RGB"
    assert explorer.name == "cat-explorer.html"
    assert explorer.read_text() == "<title>Explorer</title>"


def test_a_folder_that_cannot_be_written_ends_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match=r"^Expected a folder that can be written, but .*file"):
        saved(handmade(), tmp_path / "file" / "below", tmp_path)


def test_figures_of_images_of_one_name_lie_side_by_side(tmp_path: Path) -> None:
    observation = handmade()

    def stem_of(folder: str) -> str:
        path = saved(observation, tmp_path, tmp_path / folder / "x.png")[0]
        return path.name.removesuffix("-plate.png")

    for _ in range(2):  # those of the same image are written over
        given = [stem_of(folder) for folder in ("a", "b", "c/b")]
        assert given == ["x", "b-x", "c-b-x"]
    Image.new("RGB", (9, 9)).save(tmp_path / "x-plate.png")  # somebody else's picture
    assert stem_of("a") == "a-x"
