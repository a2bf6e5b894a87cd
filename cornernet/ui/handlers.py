"""What happens when a visitor brings an image, or the explorer asks about it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from cornernet.data.samples import held_out_scene
from cornernet.detector import Detector
from cornernet.device import describe
from cornernet.preprocess import RgbArray
from cornernet.ui.answers import answer_to, detected_answers
from cornernet.ui.inputs import (
    LARGEST_SCENE_NUMBER,
    example_files,
    example_truth,
    read_example,
)
from cornernet.ui.parts import DetectorSource, Parts
from cornernet.ui.payload import build_payload
from cornernet.ui.standalone import standalone_page
from cornernet.ui.view import Truth, View, truth_of, view

Update = dict[Any, Any]  # component -> its new value
FIRST_EXAMPLE = 1  # with which the page opens
FIRST_SCENE = 7  # the same, where there are no examples


@dataclass(frozen=True, eq=False, kw_only=True)
class Handlers:
    """The page's answers; `source` gives the detector, loading it at the first call."""

    source: DetectorSource
    parts: Parts

    # A new image: the network runs once, and the explorer gets all it needs.

    def open_page(self, request: gr.Request) -> Update:
        """Answer what the address asks for, else an example: nobody meets an empty page."""
        query, tabs = str(request.query_params), [tab.id for tab in self.parts.tabs]
        wanted = parse_qs(query).get("tab", [""])[0]
        bar = gr.Tabs(selected=wanted if wanted in tabs else tabs[0])
        return {self.parts.bar: bar, **self.show_query(query)}

    def show_query(self, query: str) -> Update:
        """Answer the example or the scene that an address names."""
        example, scene = (_number(query, name) for name in ("example", "scene"))
        if scene is not None:
            return self.show_scene(scene)
        if not example_files():
            return self.show_scene(FIRST_SCENE)
        return self.show_example((example or FIRST_EXAMPLE) - 1)

    def show_image(self, image: RgbArray, progress: gr.Progress = gr.Progress()) -> Update:  # noqa: B008 (Gradio's way)
        """Answer a visitor's image."""
        return self._answer(image, None, "", progress)

    def show_example(self, index: int) -> Update:
        """Answer an example, by its place in the strip."""
        index = min(max(index, 0), len(example_files()) - 1)
        image, truth = read_example(index), example_truth(index, self._detector().categories)
        answer = self._answer(image, truth, f"example={index + 1}")
        return {self.parts.inputs.image: image, **answer}

    def show_scene(self, number: int | None) -> Update:
        """Answer the drawn scene of a number, whose truth is known."""
        number = min(max(int(number or 0), 0), LARGEST_SCENE_NUMBER)
        scene = held_out_scene(number, 0)
        answer = self._answer(
            scene.image, truth_of(scene, self._detector().categories), f"scene={number}"
        )
        return {
            self.parts.inputs.image: scene.image,
            **answer,
            self.parts.inputs.scene_number: number,
        }

    def go(self, event: gr.EventData) -> Update:
        """Answer the image that the explorer's tour asks for."""
        return self.show_query(str(event.query)[:2000])

    def _answer(
        self,
        image: RgbArray,
        truth: Truth | None,
        source: str,
        progress: Callable[..., Any] = lambda *_, **__: None,
    ) -> Update:
        parts, detector = self.parts, self._detector()
        progress(0.2, desc="Running the network")
        shown = view(detector, image, truth=truth, source=source)
        progress(0.8, desc="Collecting corners")
        if shown.observation.notice:
            gr.Info(shown.observation.notice)
        footer = _footer(detector, shown)
        return {
            parts.view: shown,
            parts.explorer: build_payload(shown, detector, footer=footer, answers=[]),
            parts.footer: footer,
            parts.inputs.scene_number: None,
        }

    # What the explorer asks, and what can be taken away.

    def ask(self, shown: View | None, event: gr.EventData) -> dict[str, Any]:
        """Answer one of the explorer's questions; an error is an answer too."""
        try:
            if shown is None or event.key != shown.key:
                raise ValueError("This image is no longer kept here. Please choose it again.")
            return {"request": event.request, "answer": answer_to(self._detector(), shown, event)}
        except (ValueError, AttributeError, TypeError) as error:
            return {"request": event.request, "error": str(error)}

    def keep(self, shown: View | None, event: gr.EventData) -> str:
        """Write the explored image, with all its detections' corners, as a single page."""
        if shown is None:
            raise gr.Error("Expected an image, but none is kept here.", print_exception=False)
        detector = self._detector()
        payload = build_payload(
            shown,
            detector,
            footer=_footer(detector, shown),
            answers=detected_answers(detector, shown),
        )
        page = standalone_page(payload, str(event.query)[:2000])
        kept = self.parts.kept_page
        return str(save_bytes_to_cache(page.encode(), "cornernet-explorer.html", kept.GRADIO_CACHE))

    def _detector(self) -> Detector:
        try:
            return self.source()
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error


def _footer(detector: Detector, shown: View) -> str:
    seen = shown.observation
    notice = f"\n\n{seen.notice}" if seen.notice else ""
    return (
        f"Model **{detector.name}** on {describe(detector.device)}. "
        f"Preprocessing {seen.milliseconds.preprocess:.0f} ms, "
        f"network {seen.milliseconds.network:.0f} ms.{notice}"
    )


def _number(query: str, name: str) -> int | None:
    """Read a whole number from an address; None where there is none."""
    value = parse_qs(query).get(name, [""])[0]
    return int(value) if value.isdecimal() and math.log10(int(value) + 1) < 9 else None
