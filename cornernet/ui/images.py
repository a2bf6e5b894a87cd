"""What happens when a visitor brings an image: the network runs, and the page is filled."""

from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from cornernet.boxes import LabelledBoxes
from cornernet.checkpoints.known import KNOWN_MODELS, is_here
from cornernet.data.samples import held_out_scene
from cornernet.detector import Detector
from cornernet.image_reading import RgbArray, open_image, to_rgb
from cornernet.ui.address import number_of, query_of, value_of
from cornernet.ui.errors import toast
from cornernet.ui.examples import DRAWN_MODEL, Example, examples, find_example, true_boxes
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.inputs import LARGEST_SCENE_NUMBER
from cornernet.ui.kept import Answer, KeptAnswers
from cornernet.ui.models import detector_of, usable
from cornernet.ui.parts import Parts
from cornernet.ui.picker import Update, check_name, facts_of
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage, footer_of, shown_image, truth_of

OWN_IMAGE = (
    "This link was made with somebody's own image, which is not kept: an example is shown instead."
)
FIRST_SCENE = 7  # with which the page opens where there are no examples


@dataclass(frozen=True, eq=False, kw_only=True)
class Images:
    """The ways in: each fills the page with one image, answered by the model that suits."""

    shelf: Shelf
    parts: Parts
    kept: KeptAnswers = field(default_factory=KeptAnswers)

    def open_page(self, request: gr.Request) -> Update:
        """Answer what the address asks for, else an example: nobody meets an empty page."""
        query, tabs = query_of(request.query_params), [t.id for t in self.parts.tabs]
        wanted = value_of(query, "tab")
        bar = gr.Tabs(selected=wanted if wanted in tabs else tabs[0])
        model = self.model_of(query)
        answer = self.show_query(query, model)
        if value_of(query, "own"):
            payload = answer[self.parts.explorer]
            note = f"{OWN_IMAGE} {payload['note']}".strip()
            answer[self.parts.explorer] = {**payload, "note": note}
        return {
            self.parts.bar: bar,
            self.parts.picker.choice: model,
            self.parts.picker.facts: facts_of(model),
            **answer,
        }

    def model_of(self, query: str) -> str:
        """Name the model that an address asks for, else that of its example, else the default."""
        model_name, wanted = value_of(query, "model"), value_of(query, "example")
        if model_name == self.shelf.default or (model_name in KNOWN_MODELS and is_here(model_name)):
            return model_name
        example = find_example(wanted, self.shelf.default) if wanted else None
        return usable(self.shelf, example.model) if example else self.shelf.default

    def show_query(self, query: str, model: str | None = None) -> Update:
        """Answer the example or the scene that an address names."""
        scene = number_of(query, "scene")
        example = find_example(value_of(query, "example"), model or self.shelf.default)
        if scene is None and example is not None:
            return self.show_example(example, model)
        return self.show_scene(FIRST_SCENE if scene is None else scene, model)

    def show_image(self, image: RgbArray, model: str | None = None) -> Update:
        """Answer a visitor's image."""
        return self._answer(image, None, "", model)

    def choose_example(self, place: int) -> Update:
        """Answer an example, by its place in the strip, with the model that it is meant for."""
        offered = examples()
        return self.chosen(offered[min(max(place, 0), len(offered) - 1)])

    def chosen(self, example: Example) -> Update:
        """Answer an example with the model that it is meant for."""
        model = usable(self.shelf, example.model)
        return {**self.choose(model), **self.show_example(example, model)}

    def show_example(self, example: Example, model: str | None = None) -> Update:
        """Answer an example with the model that was chosen."""
        name = usable(self.shelf, model)
        detector = detector_of(self.shelf, name)

        def answer() -> Answer:
            truth = true_boxes(example, detector.categories)
            image = to_rgb(open_image(example.file))
            return _explored(
                detector,
                shown_image(detector, image, model=name, truth=truth, source=example.source),
            )

        kept = self.kept.get(detector, example.source, answer)
        return {self.parts.inputs.image: example.file, **self._fill(detector, *kept)}

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
            note = f"Drawn scenes are always answered by **{DRAWN_MODEL}**, whatever is chosen."
            answer[footer] = f"{answer[footer]}\n\n{note}"
        return {
            self.parts.inputs.image: scene.image,
            **answer,
            self.parts.inputs.scene_number: number,
        }

    def choose(self, model: str) -> Update:
        """Let the page say which model answers."""
        picker = self.parts.picker
        return {picker.choice: model, **picker.describe(model)}

    def _answer(
        self, image: RgbArray, truth: LabelledBoxes | None, source: str, model: str | None
    ) -> Update:
        name = usable(self.shelf, model)
        detector = detector_of(self.shelf, name)
        shown = shown_image(detector, image, model=name, truth=truth, source=source)
        return self.show_again(shown)

    def show_again(self, shown: ShownImage) -> Update:
        """Fill the page with an image that the network has seen."""
        detector = detector_of(self.shelf, shown.model)
        return self._fill(detector, *_explored(detector, shown))

    def _fill(self, detector: Detector, shown: ShownImage, payload: dict[str, Any]) -> Update:
        parts = self.parts
        if shown.observation.notice:
            gr.Info(shown.observation.notice)
        return {
            parts.shown: shown,
            parts.explorer: payload,
            parts.footer: footer_of(detector, shown),
            parts.inputs.scene_number: None,
        }

    def answer_again(self, image: RgbArray | None, shown: ShownImage | None, model: str) -> Update:
        """Answer the same image with another model, if that is here; else leave all as it is."""
        parts = self.parts
        kept = (parts.shown, parts.explorer, parts.footer, parts.inputs.scene_number)
        if shown is None or image is None or not is_here(model):
            return {part: gr.skip() for part in kept}
        if shown.source:
            answer = self.show_query(shown.source, model)
            return {part: answer[part] for part in kept}
        return self.show_image(image, model)

    def switch_model(
        self, image: RgbArray | None, shown: ShownImage | None, event: gr.EventData
    ) -> Update:
        """Choose the model that the explorer offers, and let it answer the same image."""
        try:
            model = check_name(self.shelf, str(event.model))
        except ValueError as error:
            raise toast(error) from error
        return {**self.choose(model), **self.answer_again(image, shown, model)}


def _explored(detector: Detector, shown: ShownImage) -> Answer:
    footer = footer_of(detector, shown)
    return shown, build_payload(shown, detector, footer=footer, answers=[])
