"""What other parts of the page hand to the explorer: a stop of the tour, a frame, a drawing."""

import base64
from dataclasses import dataclass

import gradio as gr

from cornernet.image_reading import RgbArray
from cornernet.ui.address import query_of, value_of
from cornernet.ui.errors import toast
from cornernet.ui.examples import DRAWN_MODEL, find_example
from cornernet.ui.images import Images
from cornernet.ui.live import read_frame
from cornernet.ui.picker import Update
from cornernet.ui.shown import ShownImage
from cornernet.ui.tabs.sandbox import Drawing, drawn


@dataclass(frozen=True, eq=False, kw_only=True)
class Passages:
    """The ways to the explorer from the tour, the camera and the sandbox."""

    images: Images

    def go(
        self, model: str, shown: ShownImage | None, own: ShownImage | None, event: gr.EventData
    ) -> Update:
        """Answer the image that the explorer's tour asks for, or, after it, the one before.

        An example is answered by its own model if the query names none. A visitor's own image is
        kept while others are shown.
        """
        images, query = self.images, query_of(event.query)
        if value_of(query, "own"):
            return {images.parts.own: None, **self._own(own)}
        left = {images.parts.own: shown if shown is not None and not shown.source else own}
        wanted = value_of(query, "example")
        example = find_example(wanted, model) if wanted else None
        if value_of(query, "model"):
            model = images.model_of(query)
        elif example is not None:
            return {**left, **images.chosen(example)}
        return {**left, **images.choose(model), **images.show_query(query, model)}

    def _own(self, own: ShownImage | None) -> Update:
        if own is None:
            raise gr.Error(
                "Your image is no longer kept here: choose it again.", print_exception=False
            )
        image = {self.images.parts.inputs.image: own.observation.image}
        return {**self.images.choose(own.model), **image, **self.images.show_again(own)}

    def show_frame(self, model: str, event: gr.EventData) -> Update:
        """Answer a frame of the camera, and open the explorer."""
        try:
            frame = read_frame(base64.b64decode(str(event.image), validate=True))
        except ValueError as error:
            raise toast(error) from error
        return self._explore(frame, model)

    def show_drawing(self, drawing: Drawing | None) -> Update:
        """Answer the sandbox's drawing with the model for drawings, and open the explorer."""
        image = drawn(drawing)
        if image is None:
            raise gr.Error("The sheet is empty: draw something first.", print_exception=False)
        return {**self.images.choose(DRAWN_MODEL), **self._explore(image, DRAWN_MODEL)}

    def _explore(self, image: RgbArray, model: str) -> Update:
        parts = self.images.parts
        bar = {parts.bar: gr.Tabs(selected=parts.tabs[0].id)}
        return {**bar, parts.inputs.image: image, **self.images.show_image(image, model)}
