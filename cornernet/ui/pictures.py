"""How pictures reach the browser: exact pixels, inside the answer itself."""

import base64
import io
from typing import Any

import gradio as gr
import numpy as np
from gradio.data_classes import ImageData
from jaxtyping import UInt8
from PIL import Image

from cornernet.figures.marks import blank
from cornernet.image_reading import open_image, to_rgb

LEGIBLE = 11  # CSS pixels, of the names in a picture
SHOWN = 300  # CSS pixels, of a picture's longer side in its place, also on a phone
THUMBNAIL = 240  # pixels of the longer side: twice what is shown, for sharp screens
QUICK = 1  # zlib's level: a third of the default's time for a tenth more bytes


AnyPicture = UInt8[np.ndarray, "height width channels"]


def placeholder(width: int, height: int, words: str) -> AnyPicture:
    """Stand in for a picture, on the page's own ground, and say why there is none."""
    return np.asarray(blank(width, height, words))


def png_bytes(image: UInt8[np.ndarray, "..."], level: int = QUICK) -> bytes:
    """Encode without loss; level 0 to 9."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "PNG", compress_level=level)
    return buffer.getvalue()


def legible(longer_side: int) -> int:
    """Return the height of type that is still read when a picture of that size is in its place."""
    return round(LEGIBLE * longer_side / SHOWN)


def picture(label: str, *, alt: str, height: int = 360, **options: Any) -> gr.Image:  # noqa: ANN401 (handed on)
    """Make a place of fixed height for a drawn array; nothing moves when the picture arrives.

    The array travels as a data address: one answer instead of a file on disk and a second request,
    and no trace of a visitor's image stays behind.
    """
    component = gr.Image(
        label=label,
        alt_text=alt,
        height=height,
        interactive=False,
        buttons=["fullscreen"],
        elem_classes="picture",
        min_width=260,
        **options,
    )
    component.postprocess = _as_data  # type: ignore[method-assign, assignment]
    return component


def thumbnail() -> gr.Image:
    """Make an unseen place for files that are shown small: a few KiB each, inside the page."""
    component = gr.Image(visible=False)
    component.postprocess = _as_thumbnail  # type: ignore[method-assign, assignment]
    return component


def _as_thumbnail(path: str) -> ImageData:
    image = Image.fromarray(to_rgb(open_image(path)))
    image.thumbnail((THUMBNAIL, THUMBNAIL))
    return ImageData(url=jpeg_address(image), mime_type="image/jpeg")


def jpeg_address(image: Image.Image) -> str:
    """Encode a picture as an address that holds it, with colours as sharp as its light."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=88, subsampling=0)
    return data_address(buffer.getvalue(), "image/jpeg")


def _as_data(value: np.ndarray | None) -> ImageData | None:
    if value is None:
        return None
    return ImageData(url=data_address(png_bytes(value), "image/png"), mime_type="image/png")


def data_address(data: bytes, kind: str) -> str:
    """Write a file as an address that holds it."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
