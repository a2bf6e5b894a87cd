"""What happens when a visitor does something; each handler calls one stage and its figures."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from cornernet.data.samples import held_out_scene
from cornernet.data.shapes import Scene
from cornernet.decode import Decoding
from cornernet.detector import Detector
from cornernet.device import describe
from cornernet.figures.features import strongest_channels
from cornernet.figures.plate import all_panels, compose_plate
from cornernet.model.corner_pool import Corner
from cornernet.preprocess import RgbArray
from cornernet.ui.controls import Threshold, config_of, values_of
from cornernet.ui.inputs import first_example, read_example
from cornernet.ui.parts import Parts
from cornernet.ui.pictures import png_bytes
from cornernet.ui.stages import Choice, Stage, Update
from cornernet.ui.view import View, records, view

DetectorSource = Callable[[], Detector]
ALL_CATEGORIES = -1
FIRST_SCENE = 7  # with which the page opens where there are no examples


@dataclass(frozen=True, eq=False, kw_only=True)
class Decoded:
    """What is kept of an image, decoded with the thresholds of the moment."""

    view: View
    decoding: Decoding
    milliseconds: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Handlers:
    """The page's answers; `source` gives the detector, loading it at the first call."""

    source: DetectorSource
    parts: Parts

    # A new image: the network runs once. Then one event a stage fills the page from the top.

    def open_page(self) -> Update:
        """Answer an example, so that nobody meets an empty page."""
        values = tuple(values_of(self._detector().decode_config))
        thresholds = dict(zip(self.parts.controls.thresholds, values, strict=True))
        image = first_example()
        if image is None:
            return thresholds | self.show_scene(FIRST_SCENE, "top_left", *values)
        inputs = {self.parts.inputs.image: image, self.parts.inputs.scene_number: None}
        return thresholds | inputs | self._begin(image, None, "top_left", values)

    def show_image(self, image: RgbArray, corner: Corner, *values: Threshold) -> Update:
        """Answer a visitor's image."""
        return self._begin(image, None, corner, values)

    def show_example(self, index: int, corner: Corner, *values: Threshold) -> Update:
        """Answer an example."""
        image = read_example(index)
        return {self.parts.inputs.image: image} | self._begin(image, None, corner, values)

    def show_scene(self, number: int | None, corner: Corner, *values: Threshold) -> Update:
        """Answer the drawn scene of a number, whose truth is known."""
        number = int(number or 0)
        scene = held_out_scene(number, 0)
        inputs = {self.parts.inputs.image: scene.image, self.parts.inputs.scene_number: number}
        return inputs | self._begin(scene.image, scene, corner, values)

    def draw_stage(self, stage: Stage) -> Callable[..., Update]:
        """Make the handler that fills one stage after a new image."""
        parts = self.parts
        place, count = parts.stages.index(stage) + 1, len(parts.stages)
        done = f"Drew {stage.name} ({place} of {count}) …" if place < count else ""

        def draw(shown: View | None, spent: float, *picked: Any) -> Update:  # noqa: ANN401
            corner, channel, label, *values = picked
            decoded, started = self._decode(shown, tuple(values)), time.perf_counter()
            choice = Choice(corner=corner, channel=channel, label=_label(label))
            update = stage.draw(decoded.view, decoded.decoding, choice)
            spent += _since(started)
            footer = self._footer(decoded, spent)
            return update | {parts.spent: spent, parts.progress: done, parts.footer: footer}

        return draw

    def _begin(
        self, image: RgbArray, scene: Scene | None, corner: Corner, values: tuple[Threshold, ...]
    ) -> Update:
        """Run the network, decode, and draw the first screen."""
        decoded = self._decode(view(self._detector(), image, scene), values)
        if decoded.view.observation.notice:
            gr.Info(decoded.view.observation.notice)
        return self._first_screen(decoded, corner)

    def _first_screen(self, decoded: Decoded, corner: Corner) -> Update:
        parts, started = self.parts, time.perf_counter()
        return parts.answer.draw(decoded.view, decoded.decoding, Choice()) | {
            parts.view: decoded.view,
            parts.spent: _since(started),
            parts.progress: "Found the boxes; drawing the stages …",
            parts.pooling.channel: _channel_choice(decoded.view, corner),
            parts.heatmaps.category: _category_choice(self._detector()),
        }

    # Another threshold or another choice: the network does not run.

    def redraw_answer(self, shown: View | None, *values: Threshold) -> Update:
        """Decode again and draw the first screen."""
        decoded = self._decode(shown, values)
        started = time.perf_counter()
        update = self.parts.answer.draw(decoded.view, decoded.decoding, Choice())
        return update | {self.parts.footer: self._footer(decoded, _since(started))}

    def redraw_stages(self, shown: View | None, label: int, *values: Threshold) -> Update:
        """Decode again and draw every stage below that follows the thresholds."""
        decoded, choice = self._decode(shown, values), Choice(label=_label(label))
        updates = [
            stage.draw(decoded.view, decoded.decoding, choice)
            for stage in self.parts.stages
            if stage.follows_thresholds
        ]
        return {k: v for update in updates for k, v in update.items()}

    def reset(self) -> list[Threshold]:
        """Give the thresholds that travel with the model."""
        return values_of(self._detector().decode_config)

    def choose_corner(self, shown: View | None, corner: Corner, *values: Threshold) -> Update:
        """Show a corner's strongest channel."""
        decoded, pooling = self._decode(shown, values), self.parts.pooling
        channels = _channel_choice(decoded.view, corner)
        choice = Choice(corner=corner, channel=channels["value"])
        pictures = pooling.stage.draw(decoded.view, decoded.decoding, choice)
        return {pooling.channel: channels, **pictures}

    def choose_channel(
        self, shown: View | None, corner: Corner, channel: int, *values: Threshold
    ) -> Update:
        """Show one channel of corner pooling."""
        decoded, choice = self._decode(shown, values), Choice(corner=corner, channel=channel)
        return self.parts.pooling.stage.draw(decoded.view, decoded.decoding, choice)

    def choose_category(self, shown: View | None, label: int, *values: Threshold) -> Update:
        """Show the heatmaps of one category, or of all."""
        decoded, choice = self._decode(shown, values), Choice(label=_label(label))
        return self.parts.heatmaps.stage.draw(decoded.view, decoded.decoding, choice)

    # What can be taken away.

    def save_json(self, shown: View | None, *values: Threshold) -> str:
        """Write the detections to a file."""
        decoded = self._decode(shown, values)
        text = json.dumps(records(decoded.view, decoded.decoding), indent=2)
        return _kept_file(self.parts.json.file, "detections.json", text.encode())

    def save_panels(
        self, shown: View | None, corner: Corner, channel: int, label: int, *values: Threshold
    ) -> str:
        """Write all panels to one picture."""
        decoded = self._decode(shown, values)
        where: dict[str, Any] = {"corner": corner, "channel": channel, "label": _label(label)}
        panels = all_panels(decoded.view.observation, decoded.decoding, **where)
        plate = compose_plate(panels, f"CornerNet: {self._detector().name}")
        return _kept_file(self.parts.panels.file, "cornernet-panels.png", png_bytes(plate, 6))

    # Parts of the above.

    def _detector(self) -> Detector:
        try:
            return self.source()
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def _decode(self, shown: View | None, values: tuple[Threshold, ...]) -> Decoded:
        """Decode what is kept. Raise gr.Error if it was given too long ago, or for a bad value."""
        if shown is None:
            raise gr.Error(
                "This image is no longer kept here. Please choose it again.", print_exception=False
            )
        detector = self._detector()
        config = config_of(detector.decode_config, values)
        started = time.perf_counter()
        decoding = detector.decode(shown.observation, config)
        return Decoded(view=shown, decoding=decoding, milliseconds=_since(started))

    def _footer(self, decoded: Decoded, drawing: float) -> str:
        detector = self._detector()
        seen = decoded.view.observation
        notice = f"\n\n{seen.notice}" if seen.notice else ""
        return (
            f"Model **{detector.name}** on {describe(detector.device)}. "
            f"Preprocessing {seen.milliseconds.preprocess:.0f} ms, "
            f"network {seen.milliseconds.network:.0f} ms, "
            f"decoding {decoded.milliseconds:.0f} ms, drawing {drawing:.0f} ms.{notice}"
        )


def _since(started: float) -> float:
    """Give the milliseconds since a reading of the performance counter."""
    return (time.perf_counter() - started) * 1000


def _channels(shown: View, corner: Corner) -> list[int]:
    pool = getattr(shown.observation, corner).pool
    return [int(channel) for channel in strongest_channels(pool)]


def _channel_choice(shown: View, corner: Corner) -> dict[str, Any]:
    """List the channels of a corner, the strongest first and chosen."""
    channels = _channels(shown, corner)
    choices: dict[str, Any] = gr.update(choices=[(str(c), c) for c in channels], value=channels[0])
    return choices


def _category_choice(detector: Detector) -> dict[str, Any]:
    names = [(name, label) for label, name in enumerate(detector.categories)]
    choices = [("all", ALL_CATEGORIES), *names]
    update: dict[str, Any] = gr.update(choices=choices, value=ALL_CATEGORIES)
    return update


def _label(label: int) -> int | None:
    return None if label == ALL_CATEGORIES else label


def _kept_file(component: gr.DownloadButton, name: str, data: bytes) -> str:
    """Write into the folder that the app empties by itself."""
    return str(save_bytes_to_cache(data, name, component.GRADIO_CACHE))
