"""What the tour's stops on photographs claim is what their images show."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import torch

from cornernet import load_detector
from cornernet.checkpoints import known
from cornernet.config import PHOTOS_MODEL
from cornernet.decode import Detections
from cornernet.detector import Detector
from cornernet.image_reading import open_image, to_rgb
from cornernet.observation import Observation
from cornernet.preprocess import preprocess
from cornernet.presets import PRESETS
from cornernet.ui.examples import find_example
from cornernet.ui.lessons import all_stops, tour_stops
from cornernet.ui.photographs import PHOTOGRAPHS, photograph_file
from tests.conftest import needs_photos

ON_PHOTOGRAPHS = ("16-background", "17-small", "18-average-precision")
STOPS = {stop["id"]: stop for stop in all_stops()}


@cache
def detector() -> Detector:
    return load_detector("photos", device="cpu")


def seen_at(stop: str) -> Observation:
    name = parse_qs(STOPS[stop]["view"])["example"][0]
    example = find_example(name, "photos")
    assert example is not None
    return detector().observe(to_rgb(open_image(example.file)))


def found_at(stop: str, **settings: float) -> Detections:
    config = replace(detector().decode_config, **settings)
    return detector().decode(seen_at(stop), config).detections


def test_stops_on_photographs_come_last_and_go_with_their_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "WEIGHTS", tmp_path)
    assert [stop["id"] for stop in tour_stops()] == [s for s in STOPS if s not in ON_PHOTOGRAPHS]
    (tmp_path / "photos.safetensors").write_bytes(b"")
    assert [stop["id"] for stop in tour_stops()] == list(STOPS)
    assert tuple(STOPS)[-3:] == ON_PHOTOGRAPHS


def test_a_cell_of_the_garage_covers_as_much_as_is_said() -> None:
    (photograph,) = (one for one in PHOTOGRAPHS if one.name == "motorcycle")
    file = photograph_file(photograph)
    assert file is not None
    stride = PHOTOS_MODEL.heatmap_stride
    frame = preprocess(to_rgb(open_image(file)), PRESETS["photos"].preprocess, stride).frame
    corners = frame.from_cells(torch.tensor([[0.0, 0.0, 1.0, 1.0]]))[0]
    assert torch.allclose(corners[2:] - corners[:2], torch.tensor(15.4), atol=0.05)
    text = STOPS["17-small"]
    assert "15.4 x 15.4 pixels" in text["answer"]
    assert frame.network_hw[1] // stride == 48
    sizes = {name: right - left for name, (left, _, right, _) in photograph.objects}
    assert round(sizes["motorcycle"] / 15.4375) == 38
    assert round(sizes["bottle"] / 15.4375) == 1
    assert "The bottle one, the motorcycle 38." in text["answer"]


@needs_photos
def test_the_persons_corner_lies_on_the_flag() -> None:
    found, image = found_at("16-background"), seen_at("16-background").image
    height, width = image.shape[:2]
    assert found.names[0] == "person"
    x, y = found.boxes_xyxy_px[0, :2].tolist()
    assert x < 0.2 * width  # her hat begins at 0.35, and her sleeve below 0.6 of the height
    assert y < 0.2 * height


@needs_photos
def test_a_low_threshold_shows_many_boxes_and_the_best_is_right() -> None:
    few, many = found_at("18-average-precision"), found_at("18-average-precision", min_score=0.02)
    assert few.names[0] == many.names[0] == "person"
    assert len(many.names) > len(PHOTOGRAPHS[0].holds)
    assert len(many.names) > 2 * len(few.names)
