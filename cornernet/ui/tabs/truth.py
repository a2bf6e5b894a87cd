"""The tab that puts an answer beside the truth."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from cornernet.analysis.radius import worst_box
from cornernet.analysis.truth import error_analysis
from cornernet.config import TrainConfig
from cornernet.data.coco import CocoFolder
from cornernet.data.targets import gaussian_radius
from cornernet.figures.marked_boxes import compared_boxes, draw_marked
from cornernet.figures.marks import blank
from cornernet.figures.radius import draw_radius
from cornernet.figures.targets import draw_miss_weight, draw_target
from cornernet.model.corner_pool import SCANS
from cornernet.preprocess import RgbArray
from cornernet.ui.errors import told
from cornernet.ui.lessons import lesson
from cornernet.ui.pictures import picture
from cornernet.ui.shelf import Shelf
from cornernet.ui.tabs.known_truth import known_truth, read_annotations
from cornernet.ui.tabs.truth_table import COMPARED_HEAD, ERROR_HEAD, compared_rows, error_rows
from cornernet.ui.tabs.when_shown import enclosing_tab, when_shown
from cornernet.ui.view import View

KEPT_SECONDS = 3600  # how long annotations are kept after they were last used
OVERLAP = (0.05, 0.95, 0.05)  # least, most and step of the minimum IoU
SIDE = (1, 128, 1)  # of a box's side, in cells
FIRST_SIDES = (20, 12)
WIDTH = 400  # of three pictures side by side
_QUICK: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_LIVE: dict[str, Any] = {"trigger_mode": "always_last", **_QUICK}


def make_truth_tab(view: gr.State, shelf: Shelf) -> None:
    """Lay out and wire the tab."""
    annotations = gr.State(time_to_live=KEPT_SECONDS)
    lesson("tabs/truth")
    with gr.Row(elem_id="truth"):
        with gr.Column(scale=3, min_width=300):
            said = gr.Markdown("", elem_id="truth-said", container=False)
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
    overlap, targets = _make_targets()
    _make_radius(overlap)
    handlers = Truth(shelf=shelf)
    everything = [said, choice, *panels, *targets]
    inputs = [view, annotations, overlap, choice]
    when_shown(view, "truth", handlers.show, inputs, everything)
    for event in (file.upload, file.clear):
        event(handlers.read, file, annotations, **_QUICK).success(
            handlers.show, inputs, everything, **_QUICK
        )
    choice.input(handlers.show, inputs, everything, **_QUICK)
    overlap.input(handlers.show_targets, inputs, targets, **_LIVE)


def _make_errors() -> list[Any]:
    lesson("tabs/truth_errors")
    titles = ("As predicted", "True heatmaps", "True heatmaps and offsets")
    with gr.Row():
        pictures = [
            picture(title, alt=f"Hits, misses and false alarms: {title}", height=340)
            for title in titles
        ]
    return [*pictures, _table(ERROR_HEAD, "truth-errors"), _table(COMPARED_HEAD, "truth-table")]


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


def _make_targets() -> tuple[gr.Slider, list[Any]]:
    lesson("tabs/truth_targets")
    least, most, step = OVERLAP
    overlap = gr.Slider(
        least,
        most,
        value=TrainConfig.min_overlap,
        step=step,
        label="Minimum IoU",
        elem_id="truth-overlap",
    )
    targets = []
    for kind, alt in (("Target", "target heatmap"), ("Cost of a false corner", "loss weights")):
        with gr.Row():
            targets += [
                picture(f"{kind}, {side}", alt=f"{alt}, {side}", height=440)
                for side in ("top-left", "bottom-right")
            ]
    return overlap, targets


def _make_radius(overlap: gr.Slider) -> None:
    lesson("tabs/truth_radius")
    with gr.Row():
        with gr.Column(scale=1, min_width=260):
            width, height = (
                gr.Slider(*SIDE[:2], value=first, step=SIDE[2], label=label, elem_id=elem_id)
                for first, label, elem_id in zip(
                    FIRST_SIDES,
                    ("Box width, cells", "Box height, cells"),
                    ("truth-width", "truth-height"),
                    strict=True,
                )
            )
            said = gr.Markdown("", elem_id="truth-radius-said", container=False)
        with gr.Column(scale=2, min_width=300):
            drawn = picture(
                "Moved boxes", alt="Boxes within the radius", height=600, elem_id="truth-radius"
            )
    sides = [width, height, overlap]
    gr.on([s.input for s in sides], show_radius, sides, [said, drawn], **_LIVE)
    enclosing_tab().select(show_radius, sides, [said, drawn], **_QUICK)


def show_radius(width: float, height: float, overlap: float) -> tuple[str, RgbArray]:
    """Draw the radius of a box, and say how bad a box within it can be."""
    radius = gaussian_radius(height, width, overlap)
    worst = worst_box(width, height, radius)
    whole = worst_box(width, height, int(radius))
    said = (
        f"**Radius {radius:.2f} cells** for a box of {width:g} x {height:g} cells and a minimum "
        f"IoU of {overlap:.2f}. The worst box within it, found by search, has an IoU of "
        f"**{worst.iou:.3f}**. Targets round the radius down to {int(radius)} cells, and then "
        f"the worst has {whole.iou:.3f}."
    )
    return said, draw_radius(width, height, radius)


@dataclass(frozen=True, eq=False, kw_only=True)
class Truth:
    """The tab's answers; `shelf` gives the model."""

    shelf: Shelf

    def read(self, file: str | None) -> CocoFolder | None:
        """Read annotations. Raise gr.Error with one sentence if they are none."""
        try:
            return None if file is None else read_annotations(file)
        except ValueError as error:
            raise told(error) from error

    def show(
        self,
        shown: View | None,
        annotations: CocoFolder | None,
        overlap: float,
        chosen: str | None = None,
    ) -> list[Any]:
        """Say which truth is known, or ask which image it is, and fill every panel."""
        known = known_truth(shown, annotations, chosen)
        keys = [key for _, key in known.choices]
        choice = gr.update(
            choices=list(known.choices),
            value=chosen if chosen in keys else None,
            visible=bool(keys),
        )
        targets = self.show_targets(shown, annotations, overlap, chosen)
        if shown is None or known.boxes is None:
            nothing = _nothing()
            return [known.words, choice, nothing, nothing, nothing, [], [], *targets]
        seen, config = shown.observation, self.shelf.get(shown.model).decode_config
        steps = error_analysis(seen, known.boxes, config)
        pictures = [
            draw_marked(
                seen, compared_boxes(step.decoding, known.boxes, step.matching), width=WIDTH
            )
            for step in steps
        ]
        rows = compared_rows(shown, steps[0].decoding, known.boxes, steps[0].matching)
        return [known.words, choice, *pictures, error_rows(steps), rows, *targets]

    def show_targets(
        self,
        shown: View | None,
        annotations: CocoFolder | None,
        overlap: float,
        chosen: str | None = None,
    ) -> list[RgbArray]:
        """Draw the target heatmaps and the weights of the focal loss."""
        boxes = known_truth(shown, annotations, chosen).boxes
        if shown is None or boxes is None:
            return [_nothing()] * 4
        return [
            draw(shown.observation, boxes, corner, overlap)
            for draw in (draw_target, draw_miss_weight)
            for corner in SCANS
        ]


def _nothing() -> RgbArray:
    return np.asarray(blank(640, 480, "the truth of this image is not known"))
