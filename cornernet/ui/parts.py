"""All that lies on the page, named, so that handlers can be wired to it."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from cornernet.ui.controls import Controls, make_controls
from cornernet.ui.inputs import Inputs, make_inputs
from cornernet.ui.lessons import lesson
from cornernet.ui.stages import (
    Heatmaps,
    Pooling,
    Stage,
    make_answer,
    make_embeddings,
    make_features,
    make_heatmaps,
    make_offsets,
    make_pooling,
    make_suppression,
)

KEPT_SECONDS = 3600  # how long a visitor's image is kept after it was last used


@dataclass(frozen=True, eq=False, kw_only=True)
class Download:
    """A button that makes a file, and the hidden one that hands it over."""

    button: gr.Button
    file: gr.DownloadButton


@dataclass(frozen=True, eq=False, kw_only=True)
class Parts:
    """The page's components, from top to bottom."""

    view: gr.State
    spent: gr.State  # milliseconds of drawing since the last new image
    inputs: Inputs
    answer: Stage
    progress: gr.Markdown
    controls: Controls
    pooling: Pooling
    heatmaps: Heatmaps
    stages: list[Stage]  # below the first screen, in reading order
    json: Download
    panels: Download
    footer: gr.Markdown

    @property
    def picks(self) -> list[Any]:
        """Give the inputs that say what to look at."""
        return [self.pooling.corner, self.pooling.channel, self.heatmaps.category]

    @property
    def first_outputs(self) -> list[Any]:
        """Give what a new image changes at once: every one of them, every time.

        A component that a handler leaves out is made anew by Gradio, without the methods that
        `safe_image` and `picture` exchanged.
        """
        return [self.view, self.spent, self.progress, *self.picks[1:], *self.answer.components]


def make_parts() -> Parts:
    """Lay out the whole page."""
    view, spent = gr.State(time_to_live=KEPT_SECONDS), gr.State(0.0)
    lesson("overview")
    with gr.Row(elem_id="first-screen"):
        with gr.Column(scale=1, min_width=270, elem_id="left"):
            inputs = make_inputs()
        with gr.Column(scale=4, min_width=300):
            answer = make_answer()
            progress = gr.Markdown("", elem_id="progress", container=False)
    controls = make_controls()
    features = make_features()
    pooling = make_pooling()
    heatmaps = make_heatmaps()
    offsets, embeddings, suppression = make_offsets(), make_embeddings(), make_suppression()
    with gr.Row():
        json = _download("Download detections (JSON)", "download-json")
        panels = _download("Download all panels (PNG)", "download-panels")
    footer = gr.Markdown("", elem_id="footer", container=False)
    return Parts(
        view=view,
        spent=spent,
        inputs=inputs,
        answer=answer,
        progress=progress,
        controls=controls,
        pooling=pooling,
        heatmaps=heatmaps,
        stages=[features, pooling.stage, heatmaps.stage, offsets, embeddings, suppression],
        json=json,
        panels=panels,
        footer=footer,
    )


def _download(label: str, name: str) -> Download:
    button = gr.Button(label, elem_id=name)
    file = gr.DownloadButton(visible="hidden", elem_id=f"{name}-file")
    return Download(button=button, file=file)
