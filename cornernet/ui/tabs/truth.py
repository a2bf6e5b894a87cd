"""The tab that puts an answer beside the truth."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from cornernet.analysis.box_marks import BoxMarks, box_marks
from cornernet.analysis.truth import ErrorStep, error_analysis
from cornernet.boxes import LabelledBoxes
from cornernet.data.coco import CocoFolder
from cornernet.figures.marked_boxes import compared_boxes, draw_marked
from cornernet.ui.errors import toast
from cornernet.ui.events import LATEST, QUIET, when_shown
from cornernet.ui.lessons import lesson
from cornernet.ui.pictures import legible, picture
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage
from cornernet.ui.tabs.known_truth import known_truth, read_annotations
from cornernet.ui.tabs.truth_losses import losses_words
from cornernet.ui.tabs.truth_radius import make_radius_part
from cornernet.ui.tabs.truth_table import COMPARED_HEAD, ERROR_HEAD, compared_rows, error_rows
from cornernet.ui.tabs.truth_targets import draw_targets, make_targets_part, nothing, show_targets
from cornernet.ui.tabs.truth_verdict import verdict

KEPT_SECONDS = 3600  # how long annotations are kept after they were last used
WIDTH = 400  # of three pictures side by side


def make_truth_tab(shown: gr.State, shelf: Shelf) -> None:
    """Lay out and wire the tab."""
    annotations = gr.State(time_to_live=KEPT_SECONDS)
    lesson("tabs/truth")
    with gr.Row(elem_id="truth"):
        with gr.Column(scale=3, min_width=300):
            message = gr.Markdown("", elem_id="truth-said", container=False)
            choice = gr.Dropdown(
                label="Which annotated image is it?",
                visible=False,
                # The choices change with the image; a stale one counts for nothing.
                allow_custom_value=True,
                elem_id="truth-choice",
            )
        with gr.Column(scale=1, min_width=260):
            file = gr.File(
                label="COCO annotations of your image (JSON)",
                file_types=[".json"],
                height=120,
                elem_id="truth-file",
            )
    panels = _make_errors()
    overlap, targets = make_targets_part()
    lesson("tabs/truth_losses")
    losses = gr.Markdown("", elem_id="truth-losses-said", container=False)
    make_radius_part(overlap)
    handlers = Truth(shelf=shelf)
    everything = [message, choice, *panels, *targets, losses]
    inputs = [shown, annotations, overlap, choice]
    when_shown(shown, "truth", handlers.show, inputs, everything)
    for event in (file.upload, file.clear):
        event(handlers.read, file, annotations, **QUIET).success(
            handlers.show, inputs, everything, **QUIET
        )
    choice.input(handlers.show, inputs, everything, **QUIET)
    overlap.input(show_targets, inputs, targets, **QUIET | LATEST)


def _make_errors() -> list[Any]:
    lesson("tabs/truth_errors")
    titles = ("As predicted", "True heatmaps", "True heatmaps and offsets")
    with gr.Row():
        pictures = [
            picture(title, alt=f"Hits, misses and false alarms: {title}", height=340)
            for title in titles
        ]
    sentence = gr.Markdown("", elem_id="truth-verdict", container=False)
    return [
        *pictures,
        sentence,
        _table(ERROR_HEAD, "truth-errors"),
        _table(COMPARED_HEAD, "truth-table"),
    ]


def _table(head: tuple[str, ...], elem_id: str) -> gr.Dataframe:
    return gr.Dataframe(
        headers=list(head),
        interactive=False,
        max_height=320,
        elem_id=elem_id,
        show_label=False,
        buttons=[],
        min_width=300,
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Truth:
    """The tab's answers; `shelf` gives the model."""

    shelf: Shelf

    def read(self, file: str | None) -> CocoFolder | None:
        """Read annotations. Raise gr.Error with one sentence if they are none."""
        try:
            return None if file is None else read_annotations(file)
        except ValueError as error:
            raise toast(error) from error

    def show(
        self,
        shown: ShownImage | None,
        annotations: CocoFolder | None,
        overlap: float,
        chosen: str | None = None,
    ) -> list[Any]:
        """Describe which truth is known, or ask which image it is, and fill every panel."""
        known = known_truth(shown, annotations, chosen)
        keys = [key for _, key in known.choices]
        choice = gr.update(
            choices=list(known.choices),
            value=chosen if chosen in keys else None,
            visible=bool(keys),
        )
        targets = draw_targets(shown, known.boxes, overlap)
        losses = self._losses(shown, known.boxes)
        return [known.words, choice, *self._errors(shown, known.boxes), *targets, losses]

    def _losses(self, shown: ShownImage | None, boxes: LabelledBoxes | None) -> str:
        if shown is None:
            return ""
        detector = self.shelf.get(shown.model)
        return losses_words(detector, shown.observation, boxes, detector.name)

    def _errors(self, shown: ShownImage | None, boxes: LabelledBoxes | None) -> list[Any]:
        """Draw each step of the error analysis, and list what it found."""
        if shown is None or boxes is None:
            return [*[nothing()] * 3, "", [], []]
        observation, config = shown.observation, self.shelf.get(shown.model).decode_config
        steps = error_analysis(observation, boxes, config)
        marks = marks_of(steps)
        pictures = [
            draw_marked(
                observation.image,
                compared_boxes(step.decoding, boxes, step.matching, mark),
                width=WIDTH,
                type_px=legible(WIDTH),
            )
            for step, mark in zip(steps, marks, strict=True)
        ]
        first, second, third = (step.matching for step in steps)
        verdict_of = verdict((first, second, third))
        rows = compared_rows(shown, steps[0], boxes, marks[0])
        return [*pictures, verdict_of, error_rows(steps), rows]


def marks_of(steps: tuple[ErrorStep, ...]) -> tuple[BoxMarks, ...]:
    """Call each box the same at every step."""
    found = tuple(step.decoding.detections.boxes for step in steps)
    return box_marks(found, tuple(step.matching for step in steps))
