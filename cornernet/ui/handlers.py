"""What happens when a visitor brings an image, or the explorer asks about it."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from cornernet.boxes import LabelledBoxes
from cornernet.checkpoints.download import DownloadError
from cornernet.checkpoints.known import KNOWN_MODELS, is_here
from cornernet.data.samples import held_out_scene
from cornernet.detector import Detector
from cornernet.device import describe
from cornernet.preprocess import RgbArray, open_image, to_rgb
from cornernet.ui.errors import told
from cornernet.ui.examples import DRAWN_MODEL, Example, example_truth, examples, find_example
from cornernet.ui.explorer.answers import answer_to, kept_answers
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.explorer.standalone import standalone_page
from cornernet.ui.inputs import LARGEST_SCENE_NUMBER
from cornernet.ui.live import read_frame
from cornernet.ui.models import detector_of, usable
from cornernet.ui.parts import Parts
from cornernet.ui.picker import check_name, choices, facts_of, fetch, offer
from cornernet.ui.shelf import Shelf
from cornernet.ui.view import View, truth_of, view

Update = dict[Any, Any]  # component -> its new value
FIRST_SCENE = 7  # with which the page opens where there are no examples
LONGEST_QUERY = 2000  # characters of an address that are looked at


@dataclass(frozen=True, eq=False, kw_only=True)
class Handlers:
    """The page's answers."""

    shelf: Shelf
    parts: Parts

    # A new image: the network runs once, and the explorer gets all it needs.

    def open_page(self, request: gr.Request) -> Update:
        """Answer what the address asks for, else an example: nobody meets an empty page."""
        query, tabs = str(request.query_params)[:LONGEST_QUERY], [t.id for t in self.parts.tabs]
        wanted = _value(query, "tab")
        bar = gr.Tabs(selected=wanted if wanted in tabs else tabs[0])
        model = self._model_of(query)
        return {
            self.parts.bar: bar,
            self.parts.picker.choice: model,
            self.parts.picker.facts: facts_of(model),
            **self.show_query(query, model),
        }

    def _model_of(self, query: str) -> str:
        """Name the model that an address asks for, else that of its example, else the default."""
        asked, wanted = _value(query, "model"), _value(query, "example")
        if asked in KNOWN_MODELS and is_here(asked):
            return asked
        example = find_example(wanted, self.shelf.default) if wanted else None
        return usable(self.shelf, example.model) if example else self.shelf.default

    def show_query(self, query: str, model: str | None = None) -> Update:
        """Answer the example or the scene that an address names."""
        scene = _number(query, "scene")
        example = find_example(_value(query, "example"), model or self.shelf.default)
        if scene is None and example is not None:
            return self.show_example(example, model)
        return self.show_scene(FIRST_SCENE if scene is None else scene, model)

    def show_image(self, image: RgbArray, model: str | None = None) -> Update:
        """Answer a visitor's image."""
        return self._answer(image, None, "", model)

    def choose_example(self, place: int) -> Update:
        """Answer an example, by its place in the strip, with the model that it is meant for."""
        offered = examples()
        return self._chosen(offered[min(max(place, 0), len(offered) - 1)])

    def _chosen(self, example: Example) -> Update:
        model = usable(self.shelf, example.model)
        return {**self._choice(model), **self.show_example(example, model)}

    def show_example(self, example: Example, model: str | None = None) -> Update:
        """Answer an example with the model that was chosen."""
        categories = detector_of(self.shelf, usable(self.shelf, model)).categories
        image, truth = to_rgb(open_image(example.file)), example_truth(example.file, categories)
        answer = self._answer(image, truth, example.source, model)
        return {self.parts.inputs.image: example.file, **answer}

    def show_scene(self, number: int | None, model: str | None = None) -> Update:
        """Answer the drawn scene of a number, whose truth is known, with the model for drawings.

        `model` is the one chosen; where it is another, that is said.
        """
        number = min(max(int(number or 0), 0), LARGEST_SCENE_NUMBER)
        scene, source = held_out_scene(number, 0), f"scene={number}"
        truth = truth_of(scene, detector_of(self.shelf, DRAWN_MODEL).categories)
        answer = self._answer(scene.image, truth, source, DRAWN_MODEL)
        footer = self.parts.footer
        if usable(self.shelf, model) != DRAWN_MODEL:
            said = f"Drawn scenes are always answered by **{DRAWN_MODEL}**, whatever is chosen."
            answer[footer] = f"{answer[footer]}\n\n{said}"
        return {
            self.parts.inputs.image: scene.image,
            **answer,
            self.parts.inputs.scene_number: number,
        }

    def show_frame(self, model: str, event: gr.EventData) -> Update:
        """Answer a frame of the camera, and open the explorer."""
        try:
            frame = read_frame(base64.b64decode(str(event.image), validate=True))
        except ValueError as error:
            raise told(error) from error
        explore = gr.Tabs(selected=self.parts.tabs[0].id)
        image = {self.parts.inputs.image: frame}
        return {self.parts.bar: explore, **image, **self.show_image(frame, model)}

    def go(self, model: str, event: gr.EventData) -> Update:
        """Answer the image that the explorer's tour asks for, an example with its own model."""
        query = str(event.query)[:LONGEST_QUERY]
        wanted = _value(query, "example")
        example = find_example(wanted, model) if wanted else None
        if example is not None:
            return self._chosen(example)
        return {**self._choice(model), **self.show_query(query, model)}

    def _choice(self, model: str) -> Update:
        return {self.parts.picker.choice: model, **self.choose_model(model)}

    def _answer(
        self, image: RgbArray, truth: LabelledBoxes | None, source: str, model: str | None
    ) -> Update:
        parts, name = self.parts, usable(self.shelf, model)
        detector = detector_of(self.shelf, name)
        shown = view(detector, image, model=name, truth=truth, source=source)
        if shown.observation.notice:
            gr.Info(shown.observation.notice)
        footer = _footer(detector, shown)
        return {
            parts.view: shown,
            parts.explorer: build_payload(shown, detector, footer=footer, answers=[]),
            parts.footer: footer,
            parts.inputs.scene_number: None,
        }

    # Another model.

    def choose_model(self, model: str) -> Update:
        """Tell what is known of a model, and offer its download if it is not here."""
        picker = self.parts.picker
        return {picker.facts: facts_of(model), picker.download: offer(model)}

    def answer_again(self, image: RgbArray | None, shown: View | None, model: str) -> Update:
        """Answer the same image with another model, if that is here; else leave all as it is."""
        parts = self.parts
        kept = (parts.view, parts.explorer, parts.footer, parts.inputs.scene_number)
        if shown is None or image is None or not is_here(model):
            return {part: gr.skip() for part in kept}
        if shown.source:
            answer = self.show_query(shown.source, model)
            return {part: answer[part] for part in kept}
        return self.show_image(image, model)

    def switch_model(
        self, image: RgbArray | None, shown: View | None, event: gr.EventData
    ) -> Update:
        """Choose the model that the explorer offers, and let it answer the same image."""
        try:
            model = check_name(self.shelf, str(event.model))
        except ValueError as error:
            raise told(error) from error
        return {**self._choice(model), **self.answer_again(image, shown, model)}

    def download_model(self, model: str) -> Iterator[Update]:
        """Fetch a model's weights, telling how far it is; stopped when the visitor cancels."""
        picker = self.parts.picker
        try:
            for news in fetch(KNOWN_MODELS[check_name(self.shelf, model)]):
                yield {
                    picker.choice: gr.skip(),
                    picker.facts: news,
                    picker.download: gr.update(visible=False),
                    picker.cancel: gr.update(visible=True),
                }
        except (DownloadError, KeyError) as error:
            gr.Warning(str(error))
        yield self.end_download(model)

    def end_download(self, model: str) -> Update:
        """Show what is known of the model again, and which ones are here now."""
        picker = self.parts.picker
        return {
            picker.choice: gr.update(choices=choices(self.shelf)),
            picker.cancel: gr.update(visible=False),
            **self.choose_model(model),
        }

    # What the explorer asks, and what can be taken away.

    def ask(self, shown: View | None, event: gr.EventData) -> dict[str, Any]:
        """Answer one of the explorer's questions; an error is an answer too."""
        try:
            if shown is None or event.key != shown.key:
                raise ValueError("This image is no longer kept here. Please choose it again.")
            answer = answer_to(detector_of(self.shelf, shown.model), shown, event)
            return {"request": event.request, "answer": answer}
        except (ValueError, AttributeError, TypeError) as error:
            return {"request": event.request, "error": str(error)}

    def keep(self, shown: View | None, event: gr.EventData) -> str:
        """Write the explored image, with its detections' and the pinned corners, as one page."""
        if shown is None:
            raise gr.Error("Expected an image, but none is kept here.", print_exception=False)
        detector = detector_of(self.shelf, shown.model)
        try:
            answers = kept_answers(detector, shown, getattr(event, "corners", ()))
        except (ValueError, TypeError) as error:
            raise told(error) from error
        payload = build_payload(shown, detector, footer=_footer(detector, shown), answers=answers)
        page = standalone_page(payload, str(event.query)[:LONGEST_QUERY])
        kept = self.parts.kept_page
        return str(save_bytes_to_cache(page.encode(), "cornernet-explorer.html", kept.GRADIO_CACHE))


def _footer(detector: Detector, shown: View) -> str:
    seen = shown.observation
    notice = f"\n\n{seen.notice}" if seen.notice else ""
    return (
        f"Model **{detector.name}** on {describe(detector.device)}. "
        f"Preprocessing {seen.milliseconds.preprocess:.0f} ms, "
        f"network {seen.milliseconds.network:.0f} ms.{notice}"
    )


def _value(query: str, name: str) -> str:
    """Read a value from an address; "" where there is none."""
    return parse_qs(query).get(name, [""])[0]


def _number(query: str, name: str) -> int | None:
    """Read a whole number of up to nine digits from an address; None where there is none."""
    value = _value(query, name)
    return int(value) if value.isdecimal() and value.isascii() and len(value) < 10 else None
