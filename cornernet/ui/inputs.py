"""Where images come from: files, the clipboard, the camera, examples, and drawn scenes."""

from dataclasses import dataclass
from pathlib import Path

import gradio as gr
import torch

from cornernet.data.coco import read_coco
from cornernet.preprocess import RgbArray, open_image, to_rgb
from cornernet.ui.pictures import thumbnail
from cornernet.ui.safe_image import safe_image
from cornernet.ui.view import Truth

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
ANNOTATIONS = EXAMPLES / "annotations.json"
LARGEST_SCENE_NUMBER = 999_999
_EXAMPLE_MODELS: dict[str, str] = {}  # file's name -> model, where it is not `DRAWN_MODEL`
DRAWN_MODEL = "shapes"  # answers whatever is drawn: scenes, the sandbox, today's examples


@dataclass(frozen=True, eq=False, kw_only=True)
class Inputs:
    """The left column."""

    image: gr.Image
    examples: gr.Dataset | None  # None where the folder is empty
    scene_number: gr.Number
    new_scene: gr.Button


def example_files() -> list[Path]:
    """List the examples that ship with the code, in the order of their names."""
    return sorted(p for p in EXAMPLES.glob("*") if p.suffix in (".png", ".jpg", ".webp"))


def read_example(index: int) -> RgbArray:
    """Read an example by its place in the strip."""
    return to_rgb(open_image(example_files()[index]))


def example_model(index: int) -> str:
    """Name the model that an example is meant for, by its place in the strip."""
    return _EXAMPLE_MODELS.get(example_files()[index].name, DRAWN_MODEL)


def example_truth(index: int, categories: tuple[str, ...]) -> Truth | None:
    """Read an example's true boxes, with a model's labels; None where it has no annotation."""
    if not ANNOTATIONS.is_file():
        return None
    folder, name = read_coco(ANNOTATIONS, EXAMPLES), example_files()[index].name
    found = next((image for image in folder.images if image.name == name), None)
    if found is None:
        return None
    names = [folder.categories[label] for label in found.labels]
    known = [k for k, word in enumerate(names) if word in categories]
    labels = torch.tensor([categories.index(names[k]) for k in known], dtype=torch.int64)
    boxes = torch.tensor([found.boxes_xyxy_px[k] for k in known], dtype=torch.float32)
    return boxes.reshape(-1, 4), labels


def make_inputs() -> Inputs:
    """Lay out the left column."""
    image = safe_image(
        label="Your image",
        sources=["upload", "clipboard", "webcam"],
        height=300,
        buttons=[],
        elem_id="image",
    )
    files = example_files()
    examples = None
    if files:
        examples = gr.Dataset(
            components=[thumbnail()],
            samples=[[str(p)] for p in files],
            type="index",
            label="Examples",
            samples_per_page=len(files),
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
