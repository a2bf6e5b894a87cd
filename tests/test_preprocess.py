"""Any image becomes upright 8-bit RGB, and coordinates survive the way there and back."""

import io
import os
import struct
import sys
import zlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from PIL import Image

from cornernet import preprocess as module
from cornernet.config import MMDETECTION_PREPROCESS, PreprocessConfig
from cornernet.config import OFFICIAL_PREPROCESS as OFFICIAL
from cornernet.image_reading import ImageError, open_image, to_rgb
from cornernet.preprocess import Prepared, preprocess


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


@pytest.mark.parametrize(
    ("largest", "top"),
    [(200, 255), (1000, 1023), (3000, 4095), (4095, 4095), (4096, 16383), (40000, 65535)],
)
@pytest.mark.parametrize("mode", ["I;16", "I"])
def test_greys_are_stretched_from_the_bits_they_use(mode: str, largest: int, top: int) -> None:
    values = np.linspace(0, largest, 300).round().astype(np.uint16).reshape(15, 20)
    image = Image.fromarray(values if mode == "I;16" else values.astype(np.int32))
    assert image.mode == mode
    file = io.BytesIO()
    image.save(file, "PNG" if mode == "I;16" else "TIFF")
    expected = (values / top * 255).astype(np.uint8)
    assert np.array_equal(to_rgb(open_image(file))[..., 0], expected)


def deep_png(largest: int, colour_type: int) -> io.BytesIO:
    """Write a PNG of 16 bits a channel, which PIL cannot."""
    channels = {2: 3, 6: 4}[colour_type]
    values = np.linspace(0, largest, 20 * channels).astype(">u2").reshape(4, 5 * channels)
    rows = b"".join(b"\0" + row.tobytes() for row in values)

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 5, 4, 16, colour_type, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + body)


@pytest.mark.parametrize("colour_type", [2, 6], ids=["RGB", "RGBA"])
def test_colours_of_12_of_16_bits_are_told_of_and_not_answered_as_black(colour_type: int) -> None:
    assert to_rgb(open_image(deep_png(65535, colour_type))).max() > 250
    for read in (open_image, lambda file: to_rgb(Image.open(file))):
        with pytest.raises(ImageError, match=r"^Expected 16-bit colours .* above 4095 of 65535"):
            read(deep_png(4095, colour_type))


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)


def test_a_heic_photograph_is_named_and_what_to_do_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    path = tmp_path / "IMG_0001.jpg"  # as some programs name them
    path.write_bytes(HEIC)
    with pytest.raises(ImageError, match=r"IMG_0001\.jpg is a HEIC .* JPEG.* pillow-heif"):
        open_image(path)
    with pytest.raises(ImageError, match=r"this file is a HEIC"):
        open_image(io.BytesIO(HEIC))
    avif = io.BytesIO()
    Image.fromarray(gradient(8, 9)).save(avif, "AVIF")
    assert open_image(avif).size == (9, 8)


def test_a_heic_photograph_is_read_where_pillow_heif_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def register() -> None:
        stand_in = lambda *_: Image.new("RGB", (3, 2), "red")  # noqa: E731
        Image.register_open("HEIF", stand_in, lambda start: start == HEIC[:16])  # type: ignore[arg-type, return-value]

    plugin = ModuleType("pillow_heif")
    monkeypatch.setattr(plugin, "register_heif_opener", register, raising=False)
    monkeypatch.setitem(sys.modules, "pillow_heif", plugin)
    monkeypatch.setattr(Image, "ID", list(Image.ID))
    monkeypatch.setattr(Image, "OPEN", dict(Image.OPEN))
    assert to_rgb(open_image(io.BytesIO(HEIC)))[0, 0].tolist() == [255, 0, 0]


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
    prepared = preprocess(gradient(*hw), config, 4)
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
    prepared = preprocess(image, config, 4)
    rows, columns = np.nonzero(prepared.canvas[..., 0] > 127)
    seen = torch.tensor([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]])
    expected = torch.tensor([[x1, y1, x2, y2]], dtype=torch.float32)
    said = prepared.frame.to_network(expected)
    assert (seen - said).abs().max() <= 1.0
    one_network_pixel = 1 / min(prepared.frame.scale_xy)
    assert (prepared.frame.to_original(seen.float()) - expected).abs().max() <= one_network_pixel


def test_padding_is_nothing_to_the_network() -> None:
    config = PreprocessConfig(longer_side=64, multiple=64)
    prepared: Prepared = preprocess(np.full((32, 64, 3), 255, np.uint8), config, 4)
    padding = prepared.pixels[:, :16]
    assert padding.abs().max() < 0.02  # the mean colour, rounded to a byte
    assert prepared.pixels[:, 16:48].min() > 2


def centred_as_published(image: np.ndarray, *, is_official: bool) -> np.ndarray:
    """Prepare an image step by step as the official code and mmdetection do, in double precision.

    The canvas has `size | 127` pixels a side. From the image's centre, half of the canvas's side,
    rounded down, is taken on each side, and put around the canvas's centre.
    """
    height, width = image.shape[:2]
    canvas_h, canvas_w = height | 127, width | 127
    values = image[..., ::-1] if is_official else image
    mean = np.array([123.675, 116.28, 103.53])
    std = np.array([58.395, 57.12, 57.375])
    if is_official:
        mean = 255 * np.array([0.40789654, 0.44719302, 0.47026115])
        std = 255 * np.array([0.28863828, 0.27408164, 0.27809835])
    canvas = np.empty((canvas_h, canvas_w, 3))
    canvas[:] = 0.0 if is_official else mean
    x0, x1 = 0, min(width // 2 + canvas_w // 2, width)
    y0, y1 = 0, min(height // 2 + canvas_h // 2, height)
    top, left = canvas_h // 2 - height // 2, canvas_w // 2 - width // 2
    canvas[top : top + y1 - y0, left : left + x1 - x0] = values[y0:y1, x0:x1]
    return ((canvas - mean) / std).transpose(2, 0, 1)


@pytest.mark.parametrize("is_official", [True, False], ids=["official", "mmdetection"])
@pytest.mark.parametrize(
    "hw", [(1, 1), (100, 90), (127, 127), (126, 255), (128, 254), (129, 383), (255, 511)]
)
def test_published_preprocessing(hw: tuple[int, int], is_official: bool) -> None:
    image = np.random.default_rng(1).integers(0, 256, (*hw, 3)).astype(np.uint8)
    prepared = preprocess(image, OFFICIAL if is_official else MMDETECTION_PREPROCESS, 4)
    expected = centred_as_published(image, is_official=is_official)
    assert prepared.pixels.shape == expected.shape
    assert np.abs(prepared.pixels.numpy() - expected).max() < 1e-5


def test_a_canvas_that_is_full_lacks_its_last_row_and_column() -> None:
    white = np.full((127, 255, 3), 255, np.uint8)
    canvas = preprocess(white, OFFICIAL, 4).canvas
    assert canvas.shape == white.shape
    assert canvas[:-1, :-1].min() == 255
    assert canvas[-1].max() == canvas[:, -1].max() == 0
    assert preprocess(white[:, :64], PreprocessConfig(longer_side=None), 4).canvas[9, 63, 0] == 255


def test_official_order_and_padding_by_hand() -> None:
    red = np.zeros((2, 2, 3), np.uint8)
    red[..., 0] = 255
    pixels = preprocess(red, OFFICIAL, 4).pixels
    # Blue, green, red; the image's first pixel lies at 63 - 1, and all around is black.
    black = [-0.40789654 / 0.28863828, -0.44719302 / 0.27408164, -0.47026115 / 0.27809835]
    assert pixels[:, 0, 0].tolist() == pytest.approx(black, abs=1e-6)
    assert pixels[:2, 62, 62].tolist() == pytest.approx(black[:2], abs=1e-6)
    assert pixels[2, 62, 62].item() == pytest.approx((1 - 0.47026115) / 0.27809835, abs=1e-6)
    assert preprocess(red, MMDETECTION_PREPROCESS, 4).pixels[:, 0, 0].tolist() == [0, 0, 0]


@pytest.mark.parametrize(("scale", "hw"), [(0.5, (50, 45)), (0.75, (75, 68)), (1.5, (151, 136))])
def test_scales_round_sizes_down_and_the_frame_follows(scale: float, hw: tuple[int, int]) -> None:
    frame = preprocess(gradient(101, 91), OFFICIAL, 4, scale).frame
    assert frame.network_hw == (hw[0] | 127, hw[1] | 127)
    assert frame.scale_xy == (hw[1] / 91, hw[0] / 101)
    whole = torch.tensor([[0.0, 0.0, 91.0, 101.0]])
    assert torch.allclose(frame.to_original(frame.to_network(whole)), whole, atol=1e-4)


def test_resizing_without_antialias_samples_the_nearest_four() -> None:
    image = np.zeros((8, 8, 3), np.uint8)
    image[::4] = 200  # at half size, output row i lies between input rows 2 i and 2 i + 1
    config = PreprocessConfig(longer_side=4, antialias=False, multiple=4)
    assert preprocess(image, config, 4).canvas[:, 0, 0].tolist() == [100, 0, 100, 0]


@pytest.mark.parametrize("compression", [None, "raw", "tiff_lzw", "packbits", "jpeg"])
def test_tiffs_in_ycbcr_are_read(compression: str | None, tmp_path: Path) -> None:
    ramp = np.linspace(0, 255, 48, dtype=np.uint8)
    colours = np.stack([np.tile(ramp, (32, 1)), np.full((32, 48), 90), np.tile(ramp, (32, 1))], 2)
    path = tmp_path / "a.tif"
    saved = Image.fromarray(colours.astype(np.uint8)).convert("YCbCr")
    saved.save(path, compression=compression)
    read = to_rgb(open_image(path)).astype(int)
    # PIL writes JPEG's subsampled colours with a shift of its own.
    assert np.abs(read - colours).mean() < (6 if compression == "jpeg" else 2)


def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(ImageError, match=f"but {path} is a pipe or a device"):
            open_image(path)


def test_libtiff_writes_nothing_of_its_own(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.tif"
    Image.new("RGB", (40, 30), (9, 8, 7)).save(path, compression="tiff_lzw")
    content = bytearray(path.read_bytes())
    directory = int.from_bytes(content[4:8], "little")
    content[directory + 2 : directory + 4] = (65000).to_bytes(2, "little")  # a tag nobody knows
    content[20:40] = bytes(20)
    path.write_bytes(content)
    with pytest.raises(ImageError):
        open_image(path)
    assert capfd.readouterr().err == ""
