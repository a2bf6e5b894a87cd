"""An image component that is quick, and tells in one sentence why a file cannot be used."""

import warnings
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import ImageData
from gradio.processing_utils import save_bytes_to_cache
from PIL import Image

from cornernet.image_reading import ImageError, RgbArray, open_image, to_rgb
from cornernet.server.limits import DECODING, BusyError
from cornernet.ui.errors import toast
from cornernet.ui.pictures import png_bytes
from cornernet.ui.shown import named_image


def safe_image(**options: Any) -> gr.Image:  # noqa: ANN401 (handed on)
    """Make an image input whose handlers receive upright RGB arrays, or None.

    The size is checked from the file's header, before anything is decoded. A subclass would be
    taken for a custom component by the browser's side, so one method is exchanged instead.
    """
    component = gr.Image(type="numpy", format="png", **options)
    component.preprocess = _read  # type: ignore[method-assign]
    write = partial(_write, component.GRADIO_CACHE)
    component.postprocess = write  # type: ignore[method-assign]
    return component


def _write(folder: str, value: RgbArray | Path | None) -> ImageData | None:
    """Hand over a file as it is, and an array quickly encoded: Gradio's own way takes longer."""
    if value is None:
        return None
    if isinstance(value, Path):
        name, data = value.name, value.read_bytes()
    else:
        name, data = "image.png", png_bytes(value)
    path = save_bytes_to_cache(data, name, folder)
    return ImageData(path=str(path), orig_name=name)


def _read(payload: ImageData | None) -> RgbArray | None:
    if payload is None:
        return None
    if not payload.path:
        raise gr.Error("Expected an image file, but none arrived.", print_exception=False)
    try:
        return named_image(decoded(payload.path), payload.orig_name or "")
    except ImageError as error:
        raise toast(_named(error, payload)) from error
    except BusyError as error:
        raise toast(error) from error


def decoded(file: str | BytesIO) -> RgbArray:
    """Decode an image when there is room for its pixels.

    Raise ImageError if it cannot be used, BusyError if there is no room for long.
    """
    with DECODING.hold(_pixels_of(file)), open_image(file) as image:
        return to_rgb(image)


def _pixels_of(file: str | BytesIO) -> int:
    """Read an image's size from its header; 0 where `open_image` will say what is wrong."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of large images, which are refused
            with Image.open(file) as image:
                return image.width * image.height
    except Exception:  # PIL raises a dozen types on damaged data
        return 0
    finally:
        if isinstance(file, BytesIO):
            file.seek(0)


def _named(error: ImageError, payload: ImageData) -> ImageError:
    """Name the file as its owner does, not as the upload folder does."""
    stored = str(payload.path).rsplit("/", 1)[-1]
    return ImageError(str(error).replace(stored, str(payload.orig_name or stored)))
