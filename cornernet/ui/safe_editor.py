"""A drawing editor whose visitors can neither fill memory nor hand over endless pictures."""

from collections import OrderedDict
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import Any

import gradio as gr
from gradio.components.image_editor import EditorData
from gradio.data_classes import DataWithFiles
from PIL import Image

from cornernet.image_reading import ImageError
from cornernet.ui.errors import toast

LARGEST_DRAWING = 4_000_000  # pixels: far more than the sheet has on any screen
_MOST_DRAWINGS = 64  # on their way from browsers; each is taken away when it is answered
_MOST_BYTES = 64_000_000
_MOST_LAYERS = 8


class Drawings(OrderedDict[str, Any]):
    """Drawings whose parts have arrived; the oldest goes when there are too many."""

    def __setitem__(self, name: str, drawing: Any) -> None:  # noqa: ANN401
        super().__setitem__(name, drawing)
        self.move_to_end(name)
        while len(self) > 1 and (len(self) > _MOST_DRAWINGS or self._bytes() > _MOST_BYTES):
            self.popitem(last=False)

    def _bytes(self) -> int:
        return sum(len(part) for drawing in self.values() for part in _parts(drawing))


def safe_editor(**options: Any) -> gr.ImageEditor:  # noqa: ANN401 (handed on)
    """Make an editor that looks at each picture's size before it is kept or decoded."""
    component = gr.ImageEditor(**options)
    component.blob_storage = Drawings()
    accept, read = component.accept_blobs, component.preprocess

    def accept_blobs(data: DataWithFiles) -> None:
        _check_blobs(data)
        accept(data)

    accept_blobs._is_server_fn = True  # type: ignore[attr-defined]
    component.accept_blobs = accept_blobs
    component.preprocess = partial(_read, read)  # type: ignore[method-assign]
    return component


def _check_blobs(data: DataWithFiles) -> None:
    """Raise ImageError unless a part of a drawing may be kept."""
    facts, files = data.data, data.files
    index = str(facts.get("index") or "0")
    is_whole = len(files) == 1 and len(str(facts.get("id"))) <= 100
    if not is_whole or (index != "null" and not (index.isdecimal() and int(index) < _MOST_LAYERS)):
        raise ImageError("Expected one part of a drawing, but something else was given.")
    _check_size(BytesIO(files[0][1]))


def _read(read: Any, payload: EditorData | None) -> Any:  # noqa: ANN401
    if payload is not None:
        try:
            if len(payload.layers) > _MOST_LAYERS:
                raise ImageError(f"Expected at most {_MOST_LAYERS} layers.")
            for part in (payload.background, payload.composite, *payload.layers):
                if part is not None and part.path:
                    _check_size(part.path)
        except ImageError as error:
            raise toast(error) from error
    return read(payload)


def _check_size(file: str | BytesIO) -> None:
    try:
        with Image.open(file) as image:
            width, height = image.size
    except Exception as error:  # PIL raises a dozen types on damaged data
        raise ImageError("Expected a drawing, but it cannot be read.") from error
    if width * height > LARGEST_DRAWING:
        most = LARGEST_DRAWING // 10**6
        raise ImageError(
            f"Expected a drawing of at most {most} megapixels, but this one is {width} x {height}."
        )


def _parts(drawing: Any) -> Iterator[bytes]:  # noqa: ANN401
    parts = (drawing.background, drawing.composite, *drawing.layers)
    return (part for part in parts if isinstance(part, bytes))
