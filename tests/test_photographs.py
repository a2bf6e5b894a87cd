"""The example photographs: files of installed packages, each offered with its model."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from cornernet import load_detector
from cornernet.categories import COCO, SHAPES
from cornernet.checkpoints import known
from cornernet.detector import Detector
from cornernet.image_reading import open_image
from cornernet.ui.examples import example_files, examples, find_example, note_of, true_boxes
from cornernet.ui.photographs import PHOTOGRAPHS, Box, Photograph, photograph_file
from tests.conftest import needs_photos

SIZES = {  # width and height, as their packages describe them
    "grace-hopper": (512, 600),
    "chelsea": (451, 300),
    "coffee": (600, 400),
    "astronaut": (512, 512),
    "motorcycle": (741, 500),
    "lion": (256, 256),
    "cheetah": (256, 256),
}


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for weights that lacks those of `photos`."""
    monkeypatch.setattr(known, "WEIGHTS", tmp_path)
    return tmp_path


@pytest.mark.parametrize("photograph", PHOTOGRAPHS, ids=lambda p: p.name)
def test_a_photograph_comes_with_its_package(photograph: Photograph) -> None:
    file = photograph_file(photograph)
    assert file is not None
    with open_image(file) as image:
        assert image.size == SIZES[photograph.name]
    assert set(photograph.holds) <= set(COCO)
    for _, (left, top, right, bottom) in photograph.objects:
        assert 0 <= left < right <= SIZES[photograph.name][0]
        assert 0 <= top < bottom <= SIZES[photograph.name][1]
    assert photograph.terms
    told = photograph.holds or ("COCO has no",)
    assert all(word in photograph.note for word in told)


def test_an_absent_package_leaves_its_photographs_out() -> None:
    absent = Photograph(
        name="x", package="no_such_package", path="x.jpg", title="", objects=(), note="", terms=""
    )
    assert photograph_file(absent) is None


def test_without_their_model_only_drawings_are_offered(weights: Path) -> None:
    assert [one.file for one in examples()] == example_files()
    (weights / "photos.safetensors").write_bytes(b"")
    offered = examples()
    assert [one.model for one in offered] == ["photos"] * len(PHOTOGRAPHS) + ["shapes"] * 6
    assert offered[0].source == "example=grace-hopper"


@pytest.mark.parametrize(
    ("name", "model", "found"),
    [
        ("", "photos", "grace-hopper"),
        ("", "shapes", "1"),
        ("", "/own/model.safetensors", "1"),
        ("coffee", "shapes", "coffee"),
        ("2", "photos", "2"),
        ("0", "photos", "1"),
        ("9" * 5000, "photos", "grace-hopper"),
        ("99", "photos", "6"),
        ("²", "photos", "grace-hopper"),
        ("no such", "shapes", "1"),
    ],
)
def test_an_address_leads_to_an_example(weights: Path, name: str, model: str, found: str) -> None:
    (weights / "photos.safetensors").write_bytes(b"")
    example = find_example(name, model)
    assert example is not None
    assert example.name == found


@pytest.mark.parametrize(
    ("name", "categories", "boxes", "labels"),
    [
        ("lion", COCO, [], []),
        ("chelsea", SHAPES, [], []),
        ("chelsea", ("dog", "cat"), [[0, 0, 399, 300]], [1]),
        ("coffee", ("spoon", "cup"), [[173, 18, 409, 308], [327, 67, 424, 325]], [1, 0]),
    ],
)
def test_what_a_photograph_holds_is_known_in_the_models_labels(
    weights: Path, name: str, categories: tuple[str, ...], boxes: list[Box], labels: list[int]
) -> None:
    (weights / "photos.safetensors").write_bytes(b"")
    example = find_example(name, "photos")
    assert example is not None
    truth = true_boxes(example, categories)
    assert truth is not None
    assert truth.boxes_xyxy_px.tolist() == boxes
    assert truth.labels.tolist() == labels


def test_a_note_belongs_to_its_photograph(weights: Path) -> None:
    assert note_of("example=lion") == ""
    (weights / "photos.safetensors").write_bytes(b"")
    assert "COCO has no lion" in note_of("example=lion")
    assert note_of("example=2") == note_of("scene=3") == note_of("") == ""


@needs_photos
def test_the_page_opens_on_a_photograph_in_which_the_model_finds_what_is_there() -> None:
    example = find_example("", known.default_model())
    assert example is not None
    detector: Detector = load_detector(example.model, device="cpu")
    found = detector.detect(open_image(example.file))
    person = found.boxes_xyxy_px[found.names.index("person")]
    with Image.open(example.file) as image:
        width, height = image.size
    assert torch.all(person[2:] - person[:2] > torch.tensor([0.5 * width, 0.7 * height]))
