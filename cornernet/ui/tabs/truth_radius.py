"""The part of the truth tab that shows how far a corner may lie from the true one."""

import gradio as gr

from cornernet.analysis.radius import worst_box
from cornernet.data.radius import gaussian_radius, gaussian_sigma
from cornernet.figures.radius import draw_radius
from cornernet.image_reading import RgbArray
from cornernet.ui.events import LATEST, QUIET, enclosing_tab
from cornernet.ui.lessons import lesson
from cornernet.ui.pictures import picture

SIDE = (1, 128, 1)  # of a box's side, in cells
FIRST_SIDES = (20, 12)


def make_radius_part(overlap: gr.Slider) -> None:
    """Lay out and wire the part, inside a `gr.Tab`; `overlap` is the minimum IoU."""
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
            message = gr.Markdown("", elem_id="truth-radius-said", container=False)
        with gr.Column(scale=2, min_width=300):
            drawn = picture(
                "Moved boxes", alt="Boxes within the radius", height=600, elem_id="truth-radius"
            )
    sides = [width, height, overlap]
    gr.on([s.input for s in sides], show_radius, sides, [message, drawn], **QUIET | LATEST)
    enclosing_tab().select(show_radius, sides, [message, drawn], **QUIET)


def show_radius(width: float, height: float, overlap: float) -> tuple[str, RgbArray]:
    """Draw the radius of a box, and say how bad a box within it can be."""
    radius = gaussian_radius(height, width, overlap)
    worst = worst_box(width, height, radius)
    whole = worst_box(width, height, int(radius))
    used = int(radius)
    message = (
        f"**Radius {radius:.2f} cells** for a box of {width:g} x {height:g} cells and a minimum "
        f"IoU of {overlap:.2f}: the least of the three. The worst box within it, found by search, "
        f"has an IoU of **{worst.iou:.3f}**. Targets round the radius down to {used} cells, and "
        f"then the worst has {whole.iou:.3f}.\n\n"
        f"**Gaussian:** σ = (2 × {used} + 1) / 6 = {gaussian_sigma(used):.2f} cells."
    )
    return message, draw_radius(width, height, overlap)
