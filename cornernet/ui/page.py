"""The page: its parts, and which of them calls which handler.

An image's way: `server.gate`, then Gradio's upload; `server.line`, in which the question waits;
`safe_image` reads it; `images` runs the network and fills the page, above all with
`explorer.payload`; in the browser page.js gives that to kit/receive.js, which decodes the pictures
and decides, and kit/painting.js draws each panel.
"""

import atexit
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np

from cornernet.learning.classroom import Classroom
from cornernet.server.limits import Limits
from cornernet.server.site import Site
from cornernet.ui.downloads import Downloads
from cornernet.ui.endpoint import add_endpoint
from cornernet.ui.events import ONE_BY_ONE, PRIVATE, QUIET
from cornernet.ui.images import Images
from cornernet.ui.inputs import LARGEST_SCENE_NUMBER
from cornernet.ui.parts import Parts, make_parts
from cornernet.ui.passages import Passages
from cornernet.ui.questions import Questions
from cornernet.ui.shelf import Shelf
from cornernet.ui.thin import make_keeper

_GREY = np.full((64, 64, 3), 128, np.uint8)  # what the model is asked to show that it answers
STYLES = [Path(__file__).with_name(name) for name in ("style.css", "studies.css", "phone.css")]
_ANY_SCENE = f"() => Math.floor(Math.random() * {LARGEST_SCENE_NUMBER + 1})"
# The browser keeps the last two images, so that a refused file gives way to the one before it.
_KEEP_IMAGE = """(image) => {
    const kept = window.cornernetImages ?? [];
    if (!image || image.path === kept.at(-1)?.path) return;
    window.cornernetImages = [...kept.slice(-1), image];
}"""
_FORMER_IMAGE = "() => window.cornernetImages?.[0] ?? null"
_REPORT_MODEL = "(model) => { window.cornernetModel = model; }"


def build_demo(shelf: Shelf, limits: Limits | None = None) -> Site:
    """Build the page; models are loaded when they are first used."""
    classroom = Classroom()
    atexit.register(classroom.close)
    site = Site(
        keeper=make_keeper(shelf),
        probe=lambda: shelf.get().observe(_GREY),
        limits=limits,
        on_leave=classroom.leave,
        title="CornerNet Explorer",
        fill_width=True,
    )
    with site as demo:
        parts = make_parts(shelf, classroom)
        images = Images(shelf=shelf, parts=parts)
        _wire_images(demo, parts, images)
        _wire_picker(parts, images, Downloads(shelf=shelf, picker=parts.picker))
        _wire_explorer(parts, Questions(shelf=shelf, cache=parts.kept_page.GRADIO_CACHE))
        _wire_address(parts)
        add_endpoint(shelf)
    for fn in site.fns.values():
        if fn.concurrency_id == ONE_BY_ONE["concurrency_id"]:
            fn.concurrency_limit = site.limits.at_once
    return site


def _runs(parts: Parts) -> dict[str, Any]:
    """Return the options of events that run the network for the whole page."""
    progress = {"show_progress": "full", "show_progress_on": [parts.footer]}
    return {**progress, **PRIVATE, **ONE_BY_ONE}


def _answered(parts: Parts) -> list[Any]:
    """List what every new answer fills.

    A component that a handler leaves out is made anew by Gradio, without the methods that
    `safe_image` exchanged: every handler gives all of its outputs.
    """
    return [parts.inputs.scene_number, parts.shown, parts.explorer, parts.footer]


def _wire_images(demo: gr.Blocks, parts: Parts, images: Images) -> None:
    """Let every way in run the network once."""
    inputs, picker, runs = parts.inputs, parts.picker, _runs(parts)
    model, answered = picker.choice, _answered(parts)
    outputs = [inputs.image, *answered]
    demo.load(images.open_page, None, [parts.bar, model, picker.facts, *outputs], **runs)
    # "upload" is told once for a file, a paste and a photo; "input" twice, and when emptied.
    uploaded = inputs.image.upload(images.show_image, [inputs.image, model], answered, **runs)
    uploaded.failure(None, None, inputs.image, js=_FORMER_IMAGE, **PRIVATE)
    inputs.image.change(None, inputs.image, None, js=_KEEP_IMAGE, **PRIVATE)
    scene = [inputs.scene_number, model]
    inputs.scene_number.submit(images.show_scene, scene, outputs, **runs)
    inputs.new_scene.click(None, None, inputs.scene_number, js=_ANY_SCENE, **PRIVATE).then(
        images.show_scene, scene, outputs, **runs
    )
    chosen = [model, picker.facts, picker.download, *outputs]
    passages = Passages(images=images)
    known = [model, parts.shown, parts.own]
    parts.explorer.go(passages.go, known, [parts.own, *chosen], **runs)
    parts.camera.freeze(passages.show_frame, model, [parts.bar, *outputs], **runs)
    sheet, explore = parts.sandbox.editor, parts.sandbox.explore
    explore.click(passages.show_drawing, sheet, [parts.bar, *chosen], **runs)
    if inputs.examples is not None:
        inputs.examples.click(images.choose_example, inputs.examples, chosen, **runs)


def _wire_picker(parts: Parts, images: Images, downloads: Downloads) -> None:
    """Let another model answer the same image, downloaded first if the visitor asks for that."""
    picker, answered, runs = parts.picker, _answered(parts), _runs(parts)
    again = [parts.inputs.image, parts.shown, picker.choice]
    facts = [picker.facts, picker.download]
    everything = [picker.choice, *facts, picker.cancel]
    parts.explorer.switch(
        images.switch_model, again[:2], [picker.choice, *facts, *answered], **runs
    )
    picker.choice.input(downloads.choose_model, picker.choice, facts, **QUIET).then(
        images.answer_again, again, answered, **runs
    )
    downloading = picker.download.click(
        downloads.download_model,
        picker.choice,
        everything,
        concurrency_id="download",
        concurrency_limit=2,
        **QUIET,
    )
    downloading.then(images.answer_again, again, answered, **runs)
    picker.cancel.click(
        downloads.end_download, picker.choice, everything, cancels=[downloading], **QUIET
    )


def _wire_explorer(parts: Parts, questions: Questions) -> None:
    """Answer what the explorer asks; hand over the explored image as a file."""
    parts.explorer.ask(questions.ask, parts.shown, parts.answers, concurrency_limit=2, **QUIET)
    press = f"() => document.querySelector('#{parts.kept_page.elem_id}').click()"
    parts.explorer.keep(questions.keep, parts.shown, parts.kept_page, **QUIET).success(
        None, None, None, js=press, **PRIVATE
    )


def _wire_address(parts: Parts) -> None:
    """Let the browser know the open tab and the chosen model, which the address tells."""
    for tab in parts.tabs:
        chosen = f"() => {{ window.cornernet?.app.set({{ tab: '{tab.id}' }}); }}"
        tab.select(None, None, None, js=chosen, **PRIVATE)
    choice = parts.picker.choice  # the camera takes it from here
    choice.change(None, choice, None, js=_REPORT_MODEL, **PRIVATE)
