"""The tab in which one draws, and the network answers each stroke."""

import time
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr
import numpy as np
from PIL import Image

from cornernet.figures.heatmaps import draw_heatmap, heatmap_of
from cornernet.figures.overlay import draw_detections
from cornernet.figures.palette import fitted
from cornernet.image_reading import ImageError, RgbArray, to_rgb
from cornernet.paths import LESSONS
from cornernet.ui.errors import toast
from cornernet.ui.events import LATEST, ONE_BY_ONE, QUIET
from cornernet.ui.examples import DRAWN_MODEL
from cornernet.ui.lessons import lesson
from cornernet.ui.pictures import AnyPicture, legible, picture, placeholder
from cornernet.ui.safe_editor import safe_editor
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage, knows_of, plain, sentence, shown_image
from cornernet.ui.tabs.brushes import INK, INK_SIZE, taking

SHEET_WH = (448, 448)  # pixels
SHEET_COLOUR = (250, 248, 242)
LONGEST_SIDE = 512  # of an image to paint over
WIDTH = 480  # of the pictures that answer

Drawing = dict[str, Any]  # what the editor gives: background, layers, composite


@dataclass(frozen=True, eq=False, kw_only=True)
class SandboxParts:
    """What the page wires: the sheet, and the button that takes it to the explorer."""

    editor: gr.ImageEditor
    explore: gr.Button


def make_sandbox_tab(shown: gr.State, shelf: Shelf) -> SandboxParts:
    """Lay out and wire the tab."""
    lesson("tabs/sandbox")
    with gr.Row(elem_id="sandbox"):
        with gr.Column(scale=1, min_width=300):
            with gr.Row():
                new_sheet = _button("Blank sheet", "blank")
                paint_over = _button("Paint over the image", "image")
            with gr.Row():
                ink = _button("Ink brush", "ink", variant="primary")
                cover = _button("Grey cover brush", "cover")
            editor = _editor()
            explore = _button("Explore this drawing", "explore")
        with gr.Column(scale=1, min_width=300):
            answer = _make_answer()
    handlers = Sandbox(shelf=shelf)
    new_sheet.click(handlers.new_sheet, None, [editor, *answer], **QUIET)
    paint_over.click(handlers.paint_over, shown, [editor, *answer], **QUIET, **ONE_BY_ONE)
    # The editor's "change" leaves out a visit's first stroke.
    drawn_on = [editor.input, editor.clear]
    gr.on(drawn_on, handlers.answer_drawing, editor, answer, **QUIET | LATEST | ONE_BY_ONE)
    for place, button in enumerate((ink, cover)):
        button.click(None, None, [editor, ink, cover], js=taking(place), **QUIET)
    return SandboxParts(editor=editor, explore=explore)


def _button(
    words: str, name: str, variant: Literal["primary", "secondary"] = "secondary"
) -> gr.Button:
    return gr.Button(words, elem_id=f"sandbox-{name}", min_width=130, size="md", variant=variant)


def _make_answer() -> list[gr.Component]:
    """Lay out what is said of the drawing, its boxes, and both heatmaps."""
    message = gr.Markdown(_empty(), elem_id="sandbox-said", container=False)
    boxes = picture("Boxes", alt="Boxes in the drawing", height=320, elem_id="sandbox-boxes")
    sides = (("Top-left corners", "sandbox-tl"), ("Bottom-right corners", "sandbox-br"))
    with gr.Row():
        heat = [
            picture(title, alt=f"{title} of the drawing", height=250, elem_id=elem_id)
            for title, elem_id in sides
        ]
    return [message, boxes, *heat]


def _editor() -> gr.ImageEditor:
    return safe_editor(
        value=blank_sheet(),
        type="pil",
        sources=(),
        transforms=(),
        layers=False,
        format="png",
        canvas_size=SHEET_WH,
        fixed_canvas=False,
        brush=INK,
        eraser=gr.Eraser(default_size=4 * INK_SIZE),
        buttons=[],
        label="Your drawing",
        height=560,
        elem_id="sandbox-editor",
    )


def blank_sheet() -> Image.Image:
    """Make a sheet of paper."""
    return Image.new("RGB", SHEET_WH, SHEET_COLOUR)


@dataclass(frozen=True, eq=False, kw_only=True)
class Sandbox:
    """The tab's answers; `shelf` gives the model."""

    shelf: Shelf

    def new_sheet(self) -> list[Any]:
        """Lay out a new sheet, on which nothing is to be found."""
        return [blank_sheet(), *self.answer(None)]

    def paint_over(self, shown: ShownImage | None) -> list[Any]:
        """Lay out the page's image to be painted over. Raise gr.Error if none is kept."""
        if shown is None:
            raise gr.Error("No image is kept here: choose one first.", print_exception=False)
        image = shown.observation.image
        sheet = fitted(image, min(LONGEST_SIDE, max(image.shape[:2])))
        return [sheet, *self.answer(np.asarray(sheet))]

    def answer_drawing(self, drawing: Drawing | None) -> list[Any]:
        """Answer what is on the sheet."""
        return self.answer(drawn(drawing))

    def answer(self, image: RgbArray | None) -> list[Any]:
        """Run the network for drawings; draw and say what it found, and how fast."""
        if image is None:
            return [_empty(), *[_nothing()] * 3]
        started = time.perf_counter()
        detector = self.shelf.get(DRAWN_MODEL)
        shown = shown_image(detector, image)
        observation, decoding = shown.observation, detector.decode(shown.observation)
        pictures = [
            draw_detections(observation, decoding, width=WIDTH, type_px=legible(WIDTH)),
            draw_heatmap(heatmap_of(observation, "top_left"), decoding, width=WIDTH),
            draw_heatmap(heatmap_of(observation, "bottom_right"), decoding, width=WIDTH),
        ]
        spent = (time.perf_counter() - started) * 1000
        network = observation.milliseconds.network
        message = (
            f"{sentence(shown, decoding)} Answered in {spent:.0f} ms (model {DRAWN_MODEL}, "
            f"network {network:.0f} ms), which {plain(knows_of(shown))}."
        )
        return [message, *pictures]


def drawn(drawing: Drawing | None) -> RgbArray | None:
    """Return what is on the sheet, or None for an empty one: all of one colour, or no sheet.

    Raise gr.Error if its pixels cannot be read.
    """
    composite = None if drawing is None else drawing["composite"]
    if composite is None:
        return None
    try:
        image = to_rgb(composite)
    except ImageError as error:
        raise toast(error) from error
    return None if np.ptp(image, axis=(0, 1)).max() == 0 else image


def _empty() -> str:
    return (LESSONS / "tabs" / "sandbox_empty.md").read_text(encoding="utf-8")


def _nothing() -> AnyPicture:
    return placeholder(WIDTH, WIDTH * 3 // 4, "nothing is drawn")
