"""The places of the pictures, stage by stage in reading order, and what fills each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from cornernet.decode import Decoding
from cornernet.figures.embeddings import draw_distance_matrix, draw_number_line
from cornernet.figures.features import draw_features
from cornernet.figures.heatmaps import draw_heatmap
from cornernet.figures.offsets import draw_offsets
from cornernet.figures.overlay import draw_detections, draw_input
from cornernet.figures.pooling import draw_pooling
from cornernet.figures.suppression import draw_suppression
from cornernet.model.corner_pool import Corner
from cornernet.ui.lessons import lesson
from cornernet.ui.pictures import picture
from cornernet.ui.view import TABLE_HEAD, View, sentence, table

Update = dict[Any, Any]  # component -> its new value


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a visitor picked to look at."""

    corner: Corner = "top_left"
    channel: int = 0
    label: int | None = None  # None: all categories


@dataclass(frozen=True, eq=False, kw_only=True)
class Stage:
    """One section of the page."""

    name: str
    components: list[Any]
    draw: Callable[[View, Decoding, Choice], Update]
    follows_thresholds: bool  # whether decoding again changes it


def make_answer() -> Stage:
    """Lay out the first screen: boxes beside both kinds of corners, and the answer in words."""
    with gr.Row():
        boxes = picture("Input and boxes", alt="The image with the boxes found", elem_id="boxes")
        top_left = picture("Top-left corners", alt="Heatmap of top-left corners", elem_id="tl")
        bottom_right = picture(
            "Bottom-right corners", alt="Heatmap of bottom-right corners", elem_id="br"
        )
    found = gr.Markdown("", elem_id="found", container=False)

    def draw(shown: View, decoding: Decoding, _: Choice) -> Update:
        seen = shown.observation
        return {
            boxes: draw_detections(seen, decoding, truth=shown.truth),
            top_left: draw_heatmap(seen, decoding, "top_left"),
            bottom_right: draw_heatmap(seen, decoding, "bottom_right"),
            found: sentence(shown, decoding),
        }

    return Stage(
        name="boxes and corners",
        components=[boxes, top_left, bottom_right, found],
        draw=draw,
        follows_thresholds=True,
    )


def make_features() -> Stage:
    """Lay out what goes into the network and what its last hourglass makes of it."""
    lesson("features")
    with gr.Row():
        canvas = picture("Network input", alt="The resized and padded image", scale=1)
        features = picture(
            "Strongest channels",
            alt="Feature maps of the backbone",
            elem_id="features-map",
            scale=2,
        )

    def draw(shown: View, _: Decoding, __: Choice) -> Update:
        seen = shown.observation
        return {canvas: draw_input(seen), features: draw_features(seen)}

    return Stage(
        name="features", components=[canvas, features], draw=draw, follows_thresholds=False
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Pooling:
    """The corner-pooling section and its two choices."""

    stage: Stage
    corner: gr.Radio
    channel: gr.Dropdown


def make_pooling() -> Pooling:
    """Lay out both scans of one channel, their sum, and what the module returns."""
    lesson("pooling")
    with gr.Row():
        corners = [("Top-left", "top_left"), ("Bottom-right", "bottom_right")]
        corner = gr.Radio(corners, value="top_left", label="Corner", elem_id="corner")
        channel = gr.Dropdown([("0", 0)], value=0, label="Channel, the strongest first")
    with gr.Row(elem_classes="grid-of-six"):
        places = {
            name: picture(label, alt=alt, height=300, elem_id=name)
            for name, label, alt in (
                ("vertical_in", "Into the vertical scan", "Before the vertical scan"),
                ("vertical_out", "Out of the vertical scan", "After the vertical scan"),
                ("merged", "Sum of both scans", "The two scans added"),
                ("horizontal_in", "Into the horizontal scan", "Before the horizontal scan"),
                ("horizontal_out", "Out of the horizontal scan", "After the horizontal scan"),
                ("features", "What the module returns", "After the convolutions that follow"),
            )
        }

    def draw(shown: View, _: Decoding, choice: Choice) -> Update:
        figures = draw_pooling(shown.observation, choice.corner, choice.channel)
        return {place: getattr(figures, name) for name, place in places.items()}

    stage = Stage(
        name="corner pooling",
        components=list(places.values()),
        draw=draw,
        follows_thresholds=False,
    )
    return Pooling(stage=stage, corner=corner, channel=channel)


@dataclass(frozen=True, eq=False, kw_only=True)
class Heatmaps:
    """The section of one category's heatmaps."""

    stage: Stage
    category: gr.Dropdown


def make_heatmaps() -> Heatmaps:
    """Lay out both heatmaps of one category, or of all."""
    lesson("heatmaps")
    category = gr.Dropdown([("all", -1)], value=-1, label="Category", elem_id="category")
    with gr.Row():
        top_left = picture("Top-left", alt="Top-left heatmap", height=460)
        bottom_right = picture("Bottom-right", alt="Bottom-right heatmap", height=460)

    def draw(shown: View, decoding: Decoding, choice: Choice) -> Update:
        seen, label = shown.observation, choice.label
        return {
            top_left: draw_heatmap(seen, decoding, "top_left", label),
            bottom_right: draw_heatmap(seen, decoding, "bottom_right", label),
        }

    stage = Stage(
        name="heatmaps", components=[top_left, bottom_right], draw=draw, follows_thresholds=True
    )
    return Heatmaps(stage=stage, category=category)


def make_offsets() -> Stage:
    """Lay out magnified cells with an arrow to each corner."""
    lesson("offsets")
    cells = picture(
        "Cells, magnified", alt="Arrows from cells to corners", height=420, elem_id="offsets"
    )

    def draw(shown: View, decoding: Decoding, _: Choice) -> Update:
        return {cells: draw_offsets(shown.observation, decoding)}

    return Stage(name="offsets", components=[cells], draw=draw, follows_thresholds=True)


def make_embeddings() -> Stage:
    """Lay out the matrix of pairs and the number line."""
    lesson("embeddings")
    with gr.Row():
        matrix = picture("Every pair of corners", alt="Why each pair was kept or not", height=520)
        line = picture(
            "Embeddings on a line", alt="Corners by embedding", height=520, elem_id="line"
        )

    def draw(_: View, decoding: Decoding, __: Choice) -> Update:
        return {matrix: draw_distance_matrix(decoding), line: draw_number_line(decoding)}

    return Stage(name="embeddings", components=[matrix, line], draw=draw, follows_thresholds=True)


def make_suppression() -> Stage:
    """Lay out the boxes before and after suppression, and the table of what is left."""
    lesson("suppression")
    with gr.Row():
        before = picture("Before suppression", alt="Boxes of all kept pairs", height=460)
        after = picture("After suppression", alt="Boxes that remain", height=460)
    lesson("table")
    rows = gr.Dataframe(
        headers=list(TABLE_HEAD),
        interactive=False,
        max_height=320,
        elem_id="table",
        show_label=False,
        buttons=[],
    )

    def draw(shown: View, decoding: Decoding, _: Choice) -> Update:
        first, second = draw_suppression(shown.observation, decoding)
        return {before: first, after: second, rows: table(shown, decoding)}

    return Stage(
        name="suppression", components=[before, after, rows], draw=draw, follows_thresholds=True
    )
