"""Any image becomes upright 8-bit RGB, and coordinates survive the way there and back."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cornernet import preprocess as module
from cornernet.config import PreprocessConfig
from cornernet.preprocess import ImageError, Prepared, open_image, preprocess, to_rgb

OFFICIAL = PreprocessConfig(longer_side=None, multiple=128, size_offset=-1, padding="black")


def gradient(height: int, width: int) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    return np.stack([rows % 256, columns % 256, (rows + columns) % 256], 2).astype(np.uint8)


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGB", (10, 20, 30), (10, 20, 30)),
        ("L", 77, (77, 77, 77)),
        ("1", 1, (255, 255, 255)),
        ("RGBA", (10, 20, 30, 255), (10, 20, 30)),
        ("RGBA", (10, 20, 30, 0), (255, 255, 255)),
        ("LA", (0, 0), (255, 255, 255)),
        ("CMYK", (0, 0, 0, 255), (0, 0, 0)),
        ("I;16", 65535, (255, 255, 255)),
        ("I;16", 32768, (127, 127, 127)),
        ("HSV", (0, 0, 128), (128, 128, 128)),
    ],
)
def test_every_mode_becomes_rgb(
    mode: str, colour: int | tuple[int, ...], expected: tuple[int, ...]
) -> None:
    rgb = to_rgb(Image.new(mode, (5, 4), colour))
    assert rgb.shape == (4, 5, 3)
    assert rgb.dtype == np.uint8
    assert tuple(rgb[2, 2].tolist()) == expected


def test_palette_and_its_transparent_entry() -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 200, 100, 50])
    assert to_rgb(image)[0, 0].tolist() == [200, 100, 50]
    file = io.BytesIO()
    image.save(file, "PNG", transparency=1)
    assert to_rgb(open_image(file))[0, 0].tolist() == [255, 255, 255]


def test_orientation_is_applied() -> None:
    image = Image.fromarray(gradient(20, 30))
    exif = image.getexif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it upright
    file = io.BytesIO()
    image.save(file, "PNG", exif=exif)
    assert np.array_equal(to_rgb(open_image(file)), np.rot90(gradient(20, 30), -1))


def test_the_first_frame_of_an_animation_and_tiff_are_read(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    frames[1].save(tmp_path / "a.tiff")
    assert to_rgb(open_image(tmp_path / "a.gif"))[0, 0].tolist() == [255, 0, 0]
    assert to_rgb(open_image(tmp_path / "a.tiff"))[0, 0].tolist() == [0, 0, 255]


def test_arrays_are_taken_as_they_are_or_refused() -> None:
    array = gradient(8, 9)
    assert np.array_equal(to_rgb(array), array)
    for wrong in (array[..., 0], array.astype(np.float32), np.zeros((3, 4, 4), np.uint8)):
        with pytest.raises(ImageError, match=r"^Expected an \(H, W, 3\) uint8"):
            to_rgb(wrong)
    with pytest.raises(ImageError, match="0 x 4"):
        to_rgb(np.zeros((4, 0, 3), np.uint8))


def _png(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"no image", _png(50, 50)[:40], _png(50, 50)[:-30], b"GIF89a\x00\x00\x00\x00"],
    ids=["empty", "text", "no pixels", "truncated", "broken gif"],
)
def test_broken_files_are_told_in_a_sentence(content: bytes) -> None:
    with pytest.raises(ImageError, match=r"^Expected an image .*"):
        open_image(io.BytesIO(content))


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"nothing\.png"):
        open_image(tmp_path / "nothing.png")


@pytest.mark.parametrize("size", [(8000, 6000), (20000, 20000)])
def test_large_images_are_refused_before_they_are_decoded(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode_nothing(_: Image.Image) -> None:
        raise AssertionError("decoded")

    content = io.BytesIO(_png(*size))
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", decode_nothing)
    with pytest.raises(ImageError, match="at most 40 megapixels"):
        open_image(content)


@pytest.mark.parametrize(
    ("side", "padded"), [(1, 127), (126, 127), (127, 127), (128, 255), (480, 511), (511, 511)]
)
def test_official_canvas_sides(side: int, padded: int) -> None:
    assert module.padded_side(side, OFFICIAL) == padded == (side | 127)


@pytest.mark.parametrize("hw", [(1, 1), (3, 500), (64, 64), (100, 37), (255, 256), (700, 1100)])
@pytest.mark.parametrize(
    "config", [PreprocessConfig(longer_side=128, multiple=64), OFFICIAL], ids=["resized", "padded"]
)
def test_coordinates_go_there_and_back(hw: tuple[int, int], config: PreprocessConfig) -> None:
    prepared = preprocess(gradient(*hw), config)
    boxes = torch.tensor([[0.0, 0.0, hw[1], hw[0]], [0.2 * hw[1], 0.3 * hw[0], hw[1], hw[0]]])
    there = prepared.frame.to_network(boxes)
    assert torch.allclose(prepared.frame.to_original(there), boxes, atol=1e-2)
    height, width = prepared.canvas.shape[:2]
    assert (height - config.size_offset) % config.multiple == 0
    assert prepared.frame.network_hw == (height, width)
    limits = torch.tensor([width, height, width, height])
    assert ((there >= 0) & (there <= limits)).all()


@pytest.mark.parametrize("hw", [(40, 100), (111, 64), (300, 500)])
def test_a_square_is_found_where_the_frame_says(hw: tuple[int, int]) -> None:
    image = np.zeros((*hw, 3), np.uint8)
    x1, y1, x2, y2 = 20, 10, 52, 34
    image[y1:y2, x1:x2] = 255
    config = PreprocessConfig(longer_side=256, multiple=64, padding="black")
    prepared = preprocess(image, config)
    rows, columns = np.nonzero(prepared.canvas[..., 0] > 127)
    seen = torch.tensor([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]])
    expected = torch.tensor([[x1, y1, x2, y2]], dtype=torch.float32)
    said = prepared.frame.to_network(expected)
    assert (seen - said).abs().max() <= 1.0
    one_network_pixel = 1 / min(prepared.frame.scale_xy)
    assert (prepared.frame.to_original(seen.float()) - expected).abs().max() <= one_network_pixel


def test_padding_is_nothing_to_the_network() -> None:
    config = PreprocessConfig(longer_side=64, multiple=64)
    prepared: Prepared = preprocess(np.full((32, 64, 3), 255, np.uint8), config)
    padding = prepared.pixels[:, :16]
    assert padding.abs().max() < 0.02  # the mean colour, rounded to a byte
    assert prepared.pixels[:, 16:48].min() > 2
