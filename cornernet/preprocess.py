"""From any image to the network's input, and from its pixels back."""

import math
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F

from cornernet.config import PreprocessConfig
from cornernet.frame import Frame
from cornernet.image_formats import (
    can_read_heic,
    grey_of,
    has_deep_colours,
    is_heic,
    leaves_range_unused,
)

# Underscores: the sizes of two pictures in one call need not agree.
RgbArray = UInt8[np.ndarray, "_height _width 3"]

MAX_PIXELS = 40_000_000  # an image larger than this is refused before it is decoded


class ImageError(ValueError):
    """An image that cannot be read, told in one sentence."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Prepared:
    """An image as the network sees it."""

    canvas: RgbArray  # resized and padded, before normalisation
    pixels: Float[Tensor, "3 height width"]  # normalised
    frame: Frame


def open_image(file: str | Path | BytesIO, name: str = "this file") -> Image.Image:
    """Open, decode and turn an image upright; the first frame of an animation.

    Raise ImageError if it is no image, damaged, empty, or over 40 megapixels; `name` is what its
    sentence calls bytes, which have no name of their own.
    """
    name = Path(file).name if isinstance(file, str | Path) else name
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # PIL warns of large images; the check below refuses them
            if is_heic(file) and not can_read_heic():
                raise ImageError(
                    f"Expected an image (PNG, JPEG, WebP, ...), but {name} is a HEIC photograph; "
                    "save or send it as JPEG, or install pillow-heif where this runs."
                )
            with Image.open(file) as image:
                check_size(image.width, image.height)
                return _upright(image, name)
    except ImageError:
        raise
    except FileNotFoundError as error:
        raise ImageError(f"Expected an image file, but there is no {file}.") from error
    except Image.DecompressionBombError as error:
        raise ImageError(_too_large("it is far larger")) from error
    except Exception as error:  # PIL raises a dozen types on damaged data
        raise ImageError(
            f"Expected an image (PNG, JPEG, WebP, BMP, GIF, TIFF, ...), but {name} cannot be read "
            "as one: it is empty, damaged, or something else."
        ) from error


def check_size(width: int, height: int) -> None:
    """Raise ImageError unless an image has pixels, and not more than 40 million."""
    if width < 1 or height < 1:
        raise ImageError(f"Expected an image with pixels, but this one is {width} x {height}.")
    if width * height > MAX_PIXELS:
        raise ImageError(_too_large(f"this one is {width} x {height}"))


def _too_large(what: str) -> str:
    return f"Expected an image of at most {MAX_PIXELS // 10**6} megapixels, but {what}."


def _upright(image: Image.Image, name: str) -> Image.Image:
    """Decode an image and turn it. Raise ImageError if what PIL keeps of its colours is too little.

    PIL keeps the upper 8 of 16 bits of a colour: of a camera's 12 bits, 16 levels of grey.
    """
    is_deep = has_deep_colours(image)
    upright = ImageOps.exif_transpose(image)
    if is_deep and leaves_range_unused(upright):
        raise ImageError(
            f"Expected 16-bit colours that use their range, but no value in {name} is above 4095 "
            "of 65535; stretch it, or save it with 8 bits a channel."
        )
    return upright


def to_rgb(image: Image.Image | np.ndarray) -> RgbArray:
    """Turn any image upright and into 8-bit RGB; transparency becomes white.

    Greys of 16 bits are stretched from the bits that they use (8, 10, 12, 14 or 16). Raise
    ImageError for an array that is not (H, W, 3) uint8.
    """
    if isinstance(image, np.ndarray):
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            given = f"{image.dtype} of shape {image.shape}"
            raise ImageError(f"Expected an (H, W, 3) uint8 RGB array, but {given} was given.")
        check_size(image.shape[1], image.shape[0])
        return np.ascontiguousarray(image)
    check_size(image.width, image.height)
    try:
        return np.array(_flatten(_upright(image, "this image")))
    except ImageError:
        raise
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageError("Expected an image, but its pixels cannot be read.") from error


def _flatten(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        return grey_of(image).convert("RGB")
    if "A" in image.getbands() or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, rgba).convert("RGB")
    return image.convert("RGB")


def padded_side(side: int, config: PreprocessConfig) -> int:
    """Give the smallest canvas side that holds `side` pixels and that the network can halve."""
    return math.ceil((side - config.size_offset) / config.multiple) * config.multiple + (
        config.size_offset
    )


def padding_colour(config: PreprocessConfig) -> UInt8[np.ndarray, "3"]:
    """Give the colour around the image on the canvas."""
    mean = np.asarray(config.mean, dtype=np.float32)
    colour = np.zeros(3) if config.padding == "black" else np.round(mean * 255)
    return colour.astype(np.uint8)


def preprocess(
    image: RgbArray, config: PreprocessConfig, stride: int, scale: float = 1.0
) -> Prepared:
    """Resize, centre on a padded canvas, and normalise, for a network of so many pixels per cell.

    `scale` multiplies the size that the config asks for, for tests at several scales.
    """
    height, width = image.shape[:2]
    new_h, new_w = _resized_hw((height, width), config, scale)
    resized = _resize(image, (new_h, new_w), config)
    canvas_h, canvas_w = padded_side(new_h, config), padded_side(new_w, config)
    top, left = canvas_h // 2 - new_h // 2, canvas_w // 2 - new_w // 2
    # As in the official code, an odd canvas that the image fills lacks its last row or column.
    inside = (
        slice(top, min(top + new_h, canvas_h // 2 * 2)),
        slice(left, min(left + new_w, canvas_w // 2 * 2)),
    )
    canvas = np.full((canvas_h, canvas_w, 3), padding_colour(config), dtype=np.uint8)
    canvas[inside] = resized[: inside[0].stop - top, : inside[1].stop - left]
    frame = Frame(
        original_hw=(height, width),
        network_hw=(canvas_h, canvas_w),
        cells_hw=(math.ceil(canvas_h / stride), math.ceil(canvas_w / stride)),
        scale_xy=(new_w / width, new_h / height),
        shift_xy=(float(left), float(top)),
    )
    return Prepared(canvas=canvas, pixels=_pixels(canvas, inside, config), frame=frame)


def prepare_again(canvas: RgbArray, frame: Frame, config: PreprocessConfig) -> Prepared:
    """Normalise a canvas that `preprocess` made, with the frame that belongs to it."""
    (left, top), (canvas_h, canvas_w) = map(int, frame.shift_xy), canvas.shape[:2]
    height, width = frame.original_hw
    width, height = round(width * frame.scale_xy[0]), round(height * frame.scale_xy[1])
    inside = (
        slice(top, min(top + height, canvas_h // 2 * 2)),
        slice(left, min(left + width, canvas_w // 2 * 2)),
    )
    return Prepared(canvas=canvas, pixels=_pixels(canvas, inside, config), frame=frame)


def _resized_hw(hw: tuple[int, int], config: PreprocessConfig, scale: float) -> tuple[int, int]:
    if config.longer_side is None:  # the official code rounds down
        return max(1, int(hw[0] * scale)), max(1, int(hw[1] * scale))
    ratio = config.longer_side * scale / max(hw)
    return max(1, round(hw[0] * ratio)), max(1, round(hw[1] * ratio))


def _resize(image: RgbArray, hw: tuple[int, int], config: PreprocessConfig) -> RgbArray:
    if hw == image.shape[:2]:
        return image
    if config.antialias:
        bilinear = Image.Resampling.BILINEAR
        return np.asarray(Image.fromarray(image).resize((hw[1], hw[0]), bilinear))
    values = torch.from_numpy(image).permute(2, 0, 1)[None].float()
    resized = F.interpolate(values, hw, mode="bilinear", align_corners=False, antialias=False)
    return resized[0].permute(1, 2, 0).round().byte().contiguous().numpy()


def _pixels(
    canvas: RgbArray, inside: tuple[slice, slice], config: PreprocessConfig
) -> Float[Tensor, "3 height width"]:
    pixels = normalise(canvas, config)
    if config.padding != "exact mean":
        return pixels
    is_padding = torch.ones(canvas.shape[:2], dtype=torch.bool)
    is_padding[inside] = False
    return pixels.masked_fill(is_padding, 0.0)


def normalise(canvas: RgbArray, config: PreprocessConfig) -> Float[Tensor, "3 height width"]:
    """Scale 0..255 to 0..1, subtract the mean, divide by the standard deviation, order channels."""
    values = torch.from_numpy(canvas).permute(2, 0, 1).float() / 255.0
    mean, std = values.new_tensor(config.mean), values.new_tensor(config.std)
    normalised = (values - mean[:, None, None]) / std[:, None, None]
    return normalised.flip(0) if config.channel_order == "BGR" else normalised
