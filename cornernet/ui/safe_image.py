"""An image component that is quick, and tells in one sentence why a file cannot be used."""

from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import ImageData
from gradio.processing_utils import save_bytes_to_cache

from cornernet.image_reading import ImageError, RgbArray, open_image, to_rgb
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
        with open_image(payload.path) as image:
            return named_image(to_rgb(image), payload.orig_name or "")
    except ImageError as error:
        raise toast(_named(error, payload)) from error


def _named(error: ImageError, payload: ImageData) -> ImageError:
    """Name the file as its owner does, not as the upload folder does."""
    stored = str(payload.path).rsplit("/", 1)[-1]
    return ImageError(str(error).replace(stored, str(payload.orig_name or stored)))
