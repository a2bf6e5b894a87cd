"""More than one look at an image: test-time augmentation beside the single look."""

import time
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from cornernet.config import ViewsConfig
from cornernet.figures.overlay import draw_detections
from cornernet.image_reading import RgbArray
from cornernet.ui.events import ONE_BY_ONE, when_set, when_shown
from cornernet.ui.lessons import lesson
from cornernet.ui.pictures import legible, picture, placeholder
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage
from cornernet.ui.tabs.known_truth import NO_IMAGE, known_truth

SCALES = (0.5, 0.75, 1.0, 1.25, 1.5)  # the paper's, section 4.2
WIDTH = 560  # pixels of a picture


def make_views_part(shown: gr.State, shelf: Shelf) -> None:
    """Lay out and wire the section, inside a `gr.Tab`."""
    lesson("tabs/views")
    with gr.Row(elem_id="views"):
        flip = gr.Checkbox(label="Also the mirror image", container=False, elem_id="views-flip")
        scales = gr.Checkbox(label="Also four other sizes", container=False, elem_id="views-scales")
    message = gr.Markdown("", elem_id="views-said", container=False)
    with gr.Row():
        once = picture("One look", alt="Boxes from one look", elem_id="views-once")
        often = picture("All looks", alt="Boxes from all looks", elem_id="views-often")
    looks = Looks(shelf=shelf)
    inputs, outputs = [shown, flip, scales], [message, once, often]
    when_shown(shown, "views", looks.look, inputs, outputs, **ONE_BY_ONE)
    when_set([flip, scales], looks.look, inputs, outputs, message)


@dataclass(frozen=True, eq=False, kw_only=True)
class Looks:
    """The section's answers; `shelf` gives the model."""

    shelf: Shelf

    def look(self, shown: ShownImage | None, flip: bool, scales: bool) -> list[Any]:
        """Draw the answer of one look and that of all looks, and say how long they took."""
        if shown is None:
            nothing = placeholder(WIDTH, WIDTH // 2, "no image")
            return [NO_IMAGE, nothing, nothing]
        detector, observation = self.shelf.get(shown.model), shown.observation
        views = ViewsConfig(flip=flip, scales=SCALES if scales else (1.0,))
        decoding, truth = detector.decode(observation), known_truth(shown, None).boxes
        look: dict[str, Any] = {"truth": truth, "width": WIDTH, "type_px": legible(WIDTH)}
        once = draw_detections(observation, decoding, **look)
        if views.is_single:
            return ["**One look:** tick a box to look more often.", once, once]
        started = time.perf_counter()
        found = detector.detect(observation.image, views=views)
        spent = (time.perf_counter() - started) * 1000
        answer = replace(decoding, detections=found)
        often: RgbArray = draw_detections(observation, answer, **look)
        count = len(views.scales) * (2 if views.flip else 1)
        message = (
            f"**{count} looks:** {len(found.scores)} boxes instead of "
            f"{len(decoding.detections.scores)}, in {spent:.0f} ms."
        )
        return [message, once, often]
