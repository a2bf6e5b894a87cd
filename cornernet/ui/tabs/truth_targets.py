"""The part of the truth tab that draws the targets, and what a false corner costs."""

from typing import Any

import gradio as gr

from cornernet.boxes import LabelledBoxes
from cornernet.config import TrainConfig
from cornernet.data.coco import CocoFolder
from cornernet.figures.targets import Aim, draw_miss_weight, draw_target
from cornernet.model.corner_pool import SCANS
from cornernet.ui.lessons import lesson
from cornernet.ui.pictures import AnyPicture, picture, placeholder
from cornernet.ui.shown import ShownImage
from cornernet.ui.tabs.known_truth import known_truth

OVERLAP = (0.05, 0.95, 0.05)  # least, most and step of the minimum IoU


def make_targets_part() -> tuple[gr.Slider, list[Any]]:
    """Lay out the slider of the minimum IoU, and the pictures."""
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


def show_targets(
    shown: ShownImage | None,
    annotations: CocoFolder | None,
    overlap: float,
    chosen: str | None = None,
) -> list[AnyPicture]:
    """Draw the targets of what is known; the inputs are those of `Truth.show`."""
    return draw_targets(shown, known_truth(shown, annotations, chosen).boxes, overlap)


def draw_targets(
    shown: ShownImage | None, boxes: LabelledBoxes | None, overlap: float
) -> list[AnyPicture]:
    """Draw the target heatmaps and the weights of the focal loss."""
    if shown is None or boxes is None:
        return [nothing()] * 4
    aim = Aim(observation=shown.observation, truth=boxes, min_overlap=overlap)
    return [draw(aim, corner) for draw in (draw_target, draw_miss_weight) for corner in SCANS]


def nothing() -> AnyPicture:
    """Stand in for a picture of what is not known."""
    return placeholder(640, 480, "the truth of this image is not known")
