"""The tab that takes parts of CornerNet away, one by one or together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from cornernet.analysis.what_if import Alternative, Changes, Switches, changes, what_if
from cornernet.config import ModelConfig
from cornernet.figures.heatmaps import Heatmap, draw_heatmap
from cornernet.figures.marked_boxes import MarkedBox, changed_boxes, draw_marked
from cornernet.image_reading import RgbArray
from cornernet.model.corner_pool import Corner
from cornernet.model.heads import Maps
from cornernet.paths import LESSONS
from cornernet.ui.events import ONE_BY_ONE, when_set, when_shown
from cornernet.ui.lessons import lesson
from cornernet.ui.pictures import AnyPicture, legible, picture, placeholder
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage
from cornernet.ui.tabs.known_truth import NO_IMAGE
from cornernet.ui.tabs.views import make_views_part

ONE_HOURGLASS = "This model has one hourglass, so the first is the last."
WIDTH = 640  # pixels of a picture
LEAST_SCORE_CHANGE = 0.0005  # less is not told
_FIRST_STACK = -1  # the place of its switch
_PLACES = (("boxes", "Boxes"), ("top-left", "Top-left corners"), ("br", "Bottom-right corners"))


def make_what_if_tab(shown: gr.State, shelf: Shelf) -> None:
    """Lay out and wire the tab."""
    lesson("tabs/what_if")
    with gr.Row(elem_id="what-if"):
        with gr.Column(scale=1, min_width=250, elem_id="what-if-switches"):
            made = [_switch(text) for text in switch_texts()]
        with gr.Column(scale=4, min_width=300):
            message = gr.Markdown("", elem_id="what-if-changes", container=False)
            before, after = _picture_rows()
    handlers = WhatIf(shelf=shelf)
    switches = [switch for switch, _ in made]
    inputs = [shown, *switches]
    everything = [message, *after, *before, *made[_FIRST_STACK]]
    when_shown(shown, "what-if", handlers.show_both, inputs, everything, **ONE_BY_ONE)
    when_set(switches, handlers.show_after, inputs, [message, *after], message)
    make_views_part(shown, shelf)


def _switch(text: "SwitchText") -> tuple[gr.Checkbox, gr.Markdown]:
    switch = gr.Checkbox(label=text.label, container=False, elem_id=f"what-if-{text.name}")
    return switch, gr.Markdown(text.look_for, elem_classes="lesson", container=False)


def _picture_rows() -> tuple[list[gr.Image], list[gr.Image]]:
    before: list[gr.Image] = []
    after: list[gr.Image] = []
    for name, title in _PLACES:
        with gr.Row():
            for column, when in ((before, "before"), (after, "after")):
                label = f"{title}, {when}"
                column.append(picture(label, alt=label, elem_id=f"what-if-{name}-{when}"))
    return before, after


@dataclass(frozen=True, kw_only=True)
class SwitchText:
    """What is said about one switch."""

    name: str  # a field of `Switches`
    label: str
    look_for: str


def switch_texts() -> list[SwitchText]:
    """Read each switch's label and what to look for, in the order of `Switches`."""
    text = (LESSONS / "tabs" / "what_if_switches.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (\w+): (.+)\n\n(.+)$", text, flags=re.MULTILINE)
    return [SwitchText(name=n, label=label, look_for=words) for n, label, words in sections]


@dataclass(frozen=True, eq=False, kw_only=True)
class WhatIf:
    """The tab's answers; `shelf` gives the model."""

    shelf: Shelf

    def show_both(self, shown: ShownImage | None, *chosen: bool) -> list[Any]:
        """Draw both columns of an image; grey the switch that its model has nothing for."""
        if shown is None:
            return [NO_IMAGE, *[_nothing()] * 6, gr.skip(), gr.skip()]
        has_first = self.shelf.get(shown.model).network.config.stacks > 1
        if not has_first:
            chosen = (*chosen[:_FIRST_STACK], False)
        observation = shown.observation
        as_it_is = what_if(self.shelf.get(shown.model), observation, Switches())
        decoding = as_it_is.decoding
        boxes = _draw(
            observation.image, changed_boxes(decoding, decoding, changes(decoding, decoding))
        )
        after = self.show_after(shown, *chosen)
        return [*after, boxes, *_heatmaps(shown, as_it_is), *_first_stack(chosen, has_first)]

    def show_after(self, shown: ShownImage | None, *chosen: bool) -> list[Any]:
        """Draw the answer under the switches, and say what they changed."""
        if shown is None:
            return [NO_IMAGE, *[_nothing()] * 3]
        detector, observation = self.shelf.get(shown.model), shown.observation
        names = [text.name for text in switch_texts()]
        switches = Switches(**dict(zip(names, chosen, strict=True)))
        before, after = (what_if(detector, observation, s) for s in (Switches(), switches))
        changed = changes(before.decoding, after.decoding)
        marked = changed_boxes(before.decoding, after.decoding, changed)
        words = sentence_of(after, changed, detector.network.config)
        return [words, _draw(observation.image, marked), *_heatmaps(shown, after)]


def _draw(image: RgbArray, marked: tuple[MarkedBox, ...]) -> RgbArray:
    return draw_marked(image, marked, width=WIDTH, type_px=legible(WIDTH))


def _first_stack(chosen: tuple[bool, ...], can_be_set: bool) -> list[Any]:
    """Offer the switch for the first hourglass, or say why there is none."""
    words = switch_texts()[_FIRST_STACK].look_for if can_be_set else ONE_HOURGLASS
    return [gr.update(interactive=can_be_set, value=chosen[_FIRST_STACK]), words]


def _heatmaps(shown: ShownImage, answer: Alternative) -> list[RgbArray]:
    canvas, decoding = shown.observation.canvas, answer.decoding
    corners: dict[Corner, Maps] = {
        "top_left": answer.top_left,
        "bottom_right": answer.bottom_right,
    }
    return [
        draw_heatmap(Heatmap(corner=corner, maps=maps, canvas=canvas), decoding)
        for corner, maps in corners.items()
    ]


def sentence_of(answer: Alternative, changed: Changes, config: ModelConfig) -> str:
    """Describe what the switches changed, how long that took, and what ran again."""
    switches = answer.switches
    if switches == Switches():
        return "**Nothing is switched off:** both sides are equal."
    same, moved = len(changed.same), len(changed.moved)
    gained, lost = len(changed.gained), len(changed.lost)
    before, after = same + moved + lost, same + moved + gained
    counted = f"**{gained} gained, {lost} lost, {moved} moved,** {same} as before"
    if (gained, lost, moved) == (0, 0, 0):
        counted = _same_boxes(changed) if before else "**still none**"
    note = "".join(_notes(switches, config))
    return (
        f"{_boxes(before)} before, {after} after: {counted}. {_what_ran(switches)} "
        f"({answer.milliseconds:.0f} ms).{note}"
    )


def _notes(switches: Switches, config: ModelConfig) -> Iterator[str]:
    """Say which switches had nothing to take away, or something else than their names say."""
    if switches.first_stack and config.stacks == 1:
        yield f" {ONE_HOURGLASS}"
    if switches.without_pooling and config.pooling == "none":
        yield " This model has no corner pooling to take away."
    if switches.without_pooling and config.pooling == "window":
        yield " This model has windows' maxima instead of corner pooling: they were taken away."


def _same_boxes(changed: Changes) -> str:
    if changed.score_change < LEAST_SCORE_CHANGE:
        return "**the same boxes** with the same scores"
    return f"**the same boxes**, with scores changed by up to {changed.score_change:.3f}"


def _boxes(count: int) -> str:
    return "1 box" if count == 1 else f"{count} boxes"


def _what_ran(switches: Switches) -> str:
    if switches.first_stack:
        return "The network ran again up to its first heads"
    if switches.without_pooling:
        return "The last heads ran again"
    return "The network did not run again: only the decoding differs"


def _nothing() -> AnyPicture:
    return placeholder(WIDTH, WIDTH * 3 // 4, "no image")
