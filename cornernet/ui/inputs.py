"""Where images come from: files, the clipboard, the camera, examples, and drawn scenes."""

from dataclasses import dataclass

import gradio as gr

from cornernet.ui.examples import examples as offered_examples
from cornernet.ui.pictures import thumbnail
from cornernet.ui.safe_image import safe_image

LARGEST_SCENE_NUMBER = 999_999


@dataclass(frozen=True, eq=False, kw_only=True)
class Inputs:
    """The left column."""

    image: gr.Image
    examples: gr.Dataset | None  # None where there are none
    scene_number: gr.Number
    new_scene: gr.Button


def make_inputs() -> Inputs:
    """Lay out the left column."""
    image = safe_image(
        label="Your image",
        sources=["upload", "clipboard", "webcam"],
        height=300,
        buttons=[],
        elem_id="image",
    )
    offered = offered_examples()
    examples = None
    if offered:
        examples = gr.Dataset(
            components=[thumbnail()],
            samples=[[str(one.file)] for one in offered],
            type="index",
            label="Examples",
            samples_per_page=len(offered),
            elem_id="examples",
        )
    with gr.Row(elem_id="scene-row"):
        new_scene = gr.Button(
            "New random scene", min_width=130, size="md", elem_id="new-scene", scale=2
        )
        scene_number = gr.Number(
            show_label=False,
            container=False,
            placeholder="No. ⏎",
            precision=0,
            minimum=0,
            maximum=LARGEST_SCENE_NUMBER,
            min_width=110,
            elem_id="scene-number",
            scale=1,
        )
    return Inputs(image=image, examples=examples, scene_number=scene_number, new_scene=new_scene)
