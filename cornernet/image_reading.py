"""From a file or any array to 8-bit RGB."""

import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageOps

from cornernet.image_formats import (
    can_read_heic,
    grey_of,
    has_deep_colours,
    is_heic,
    is_special,
    leaves_range_unused,
    let_ycbcr_be_decoded,
    silence_libtiff,
)

# Underscores: the sizes of two pictures in one call need not agree.
RgbArray = UInt8[np.ndarray, "_height _width 3"]

MAX_PIXELS = 40_000_000  # an image larger than this is refused before it is decoded
MAX_ASPECT = 1000  # the longer side in shorter ones; lines of pixels take many times their share


class ImageError(ValueError):
    """An image that cannot be read, told in one sentence."""


def open_image(file: str | Path | BytesIO, name: str = "this file") -> Image.Image:
    """Open, decode and turn an image upright; the first frame of an animation.

    Raise ImageError if it is no image, damaged, empty, or over 40 megapixels; `name` is what its
    sentence calls bytes, which have no name of their own.
    """
    name = Path(file).name if isinstance(file, str | Path) else name
    try:
        with warnings.catch_warnings():
            # PIL warns of large images; the check below refuses them.
            warnings.simplefilter("ignore")
            if not isinstance(file, BytesIO) and is_special(file):
                raise ImageError(f"Expected an image file, but {file} is a pipe or a device.")
            if is_heic(file) and not can_read_heic():
                raise ImageError(
                    f"Expected an image (PNG, JPEG, WebP, ...), but {name} is a HEIC photograph; "
                    "save or send it as JPEG, or install pillow-heif where this runs."
                )
            silence_libtiff()
            with Image.open(file) as image:
                check_size(image.width, image.height)
                let_ycbcr_be_decoded(image)
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
    """Raise ImageError unless an image has pixels, at most 40 million, and is no mere line."""
    if width < 1 or height < 1:
        raise ImageError(f"Expected an image with pixels, but this one is {width} x {height}.")
    if width * height > MAX_PIXELS:
        raise ImageError(_too_large(f"this one is {width} x {height}"))
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise ImageError(
            f"Expected an image at most {MAX_ASPECT} times as long as wide, but this one is "
            f"{width} x {height}."
        )


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
