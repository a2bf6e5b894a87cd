"""The page: its parts, and which of them calls which handler."""

from pathlib import Path
from typing import Any

import gradio as gr

from cornernet.ui.endpoint import add_endpoint
from cornernet.ui.handlers import Handlers
from cornernet.ui.inputs import LARGEST_SCENE_NUMBER
from cornernet.ui.parts import Parts, make_parts
from cornernet.ui.shelf import Shelf

STYLE = Path(__file__).with_name("style.css")
_ANY_SCENE = f"() => Math.floor(Math.random() * {LARGEST_SCENE_NUMBER + 1})"
_TELL_MODEL = "(model) => { window.cornernetModel = model; }"
_CACHE_SECONDS = (600, 3600)  # look for old files this often, and remove those of this age


def build_demo(shelf: Shelf) -> gr.Blocks:
    """Build the page; models are loaded when they are first used."""
    with gr.Blocks(
        title="CornerNet Explorer",
        fill_width=True,
        delete_cache=_CACHE_SECONDS,
        analytics_enabled=False,
    ) as demo:
        parts = make_parts(shelf)
        handlers = Handlers(shelf=shelf, parts=parts)
        _wire_images(demo, parts, handlers)
        _wire_explorer(parts, handlers)
        add_endpoint(shelf)
    page: gr.Blocks = demo
    return page


def _wire_images(demo: gr.Blocks, parts: Parts, handlers: Handlers) -> None:
    """Let every way in run the network once, one visitor after the other."""
    inputs = parts.inputs
    shared: dict[str, Any] = {
        "show_progress": "full",
        "show_progress_on": [parts.footer],
        "api_visibility": "private",
        "concurrency_id": "model",
        "concurrency_limit": 1,
    }
    # A component that a handler leaves out is made anew by Gradio, without the methods that
    # `safe_image` exchanged: every handler gives all of its outputs.
    outputs = [inputs.image, inputs.scene_number, parts.view, parts.explorer, parts.footer]
    model = parts.picker.choice
    opened = [parts.bar, model, parts.picker.facts, *outputs]
    demo.load(handlers.open_page, None, opened, **shared)
    # "upload" is told once for a file, a paste and a photo; "input" twice, and when emptied.
    inputs.image.upload(handlers.show_image, [inputs.image, model], outputs[1:], **shared)
    scene = [inputs.scene_number, model]
    inputs.scene_number.submit(handlers.show_scene, scene, outputs, **shared)
    inputs.new_scene.click(
        None, None, inputs.scene_number, js=_ANY_SCENE, api_visibility="private"
    ).then(handlers.show_scene, scene, outputs, **shared)
    chosen = [model, parts.picker.facts, parts.picker.download, *outputs]
    parts.explorer.go(handlers.go, model, chosen, **shared)
    parts.camera.freeze(handlers.show_frame, model, [parts.bar, *outputs], **shared)
    if inputs.examples is not None:
        inputs.examples.click(handlers.choose_example, inputs.examples, chosen, **shared)
    _wire_picker(parts, handlers, outputs[1:], shared)


def _wire_picker(
    parts: Parts, handlers: Handlers, outputs: list[Any], shared: dict[str, Any]
) -> None:
    """Let another model answer the same image, downloaded first if the visitor asks for that."""
    picker = parts.picker
    quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    again = [parts.inputs.image, parts.view, picker.choice]
    facts = [picker.facts, picker.download]
    parts.explorer.switch(
        handlers.switch_model, again[:2], [picker.choice, *facts, *outputs], **shared
    )
    picker.choice.input(handlers.choose_model, picker.choice, facts, **quick).then(
        handlers.answer_again, again, outputs, **shared
    )
    downloading = picker.download.click(
        handlers.download_model,
        picker.choice,
        [picker.choice, *facts, picker.cancel],
        concurrency_id="download",
        concurrency_limit=2,
        **quick,
    )
    downloading.then(handlers.answer_again, again, outputs, **shared)
    picker.cancel.click(
        handlers.end_download,
        picker.choice,
        [picker.choice, *facts, picker.cancel],
        cancels=[downloading],
        **quick,
    )


def _wire_explorer(parts: Parts, handlers: Handlers) -> None:
    """Answer what the explorer asks; hand over the explored image as a file."""
    quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    parts.explorer.ask(handlers.ask, parts.view, parts.answers, concurrency_limit=2, **quick)
    for tab in parts.tabs:  # the address tells which one is open
        chosen = f"() => {{ window.cornernet?.app.set({{ tab: '{tab.id}' }}); }}"
        tab.select(None, None, None, js=chosen, api_visibility="private")
    choice = parts.picker.choice  # the camera takes it from here
    choice.change(None, choice, None, js=_TELL_MODEL, api_visibility="private")
    press = f"() => document.querySelector('#{parts.kept_page.elem_id}').click()"
    parts.explorer.keep(handlers.keep, parts.view, parts.kept_page, **quick).success(
        None, None, None, js=press, api_visibility="private"
    )
