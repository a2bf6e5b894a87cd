"""The tab that gives the page's image to a second model, and shows both answers side by side."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from cornernet.analysis.comparison import Agreement, agreement, common_categories
from cornernet.checkpoints.known import KNOWN_MODELS, is_here
from cornernet.decode import Decoding
from cornernet.figures.heatmaps import draw_heatmap, heatmap_of
from cornernet.figures.overlay import draw_detections
from cornernet.ui.errors import toast
from cornernet.ui.events import ONE_BY_ONE, when_set, when_shown
from cornernet.ui.lessons import lesson
from cornernet.ui.picker import check_name, choices
from cornernet.ui.pictures import legible, picture, placeholder
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage, knows_of, plain, sentence, shown_image
from cornernet.ui.tabs.known_truth import NO_IMAGE

ALL = "all categories"
WIDTH = 560  # pixels of a picture
_PLACES = (("boxes", "Boxes"), ("tl", "Top-left corners"), ("br", "Bottom-right corners"))


def make_compare_tab(shown: gr.State, shelf: Shelf) -> None:
    """Lay out and wire the tab."""
    lesson("tabs/compare")
    with gr.Row(elem_id="compare"):
        other = gr.Dropdown(
            choices(shelf),
            value=second_model(shelf.default),
            label="Compare with",
            filterable=False,
            elem_id="compare-model",
        )
        category = gr.Dropdown([ALL], value=ALL, label="Heatmaps of", elem_id="compare-category")
    message = gr.Markdown("", elem_id="compare-said", container=False)
    columns = _columns()
    compare = Compare(shelf=shelf)
    inputs, outputs = [shown, other, category], [other, category, message, *columns[0], *columns[1]]
    when_shown(shown, "compare", compare.show, inputs, outputs, **ONE_BY_ONE)
    when_set([other, category], compare.show, inputs, outputs, message)


def _columns() -> tuple[list[gr.Component], list[gr.Component]]:
    """Lay out both columns row by row, so that what is compared stands on one line."""
    sides = (("first", "the page's model"), ("second", "the other model"))
    columns: tuple[list[gr.Component], list[gr.Component]] = ([], [])
    with gr.Row():
        for column, (side, _) in zip(columns, sides, strict=True):
            column.append(gr.Markdown("", elem_id=f"compare-{side}-said", container=False))
    for name, title in _PLACES:
        with gr.Row():
            for column, (side, whose) in zip(columns, sides, strict=True):
                label, elem_id = f"{title}, {whose}", f"compare-{side}-{name}"
                column.append(picture(label, alt=label, elem_id=elem_id))
    return columns


def second_model(first: str) -> str:
    """Choose another model to compare with: one that is here, if there is one."""
    others = [name for name, known in KNOWN_MODELS.items() if name != first and known.is_offered]
    return next((name for name in others if is_here(name)), others[0])


@dataclass(frozen=True, eq=False, kw_only=True)
class Compare:
    """The tab's answers; `shelf` gives the models."""

    shelf: Shelf

    def show(self, shown: ShownImage | None, other: str, category: str) -> list[Any]:
        """Draw both answers, and say how far they agree. Raise gr.Error for an unknown model."""
        kept = gr.update(choices=choices(self.shelf))
        refusal = self._refusal(shown, other)
        if shown is None or refusal:
            return [kept, gr.skip(), refusal, *[part for _ in range(2) for part in _no_side()]]
        try:
            ours = self.shelf.get(shown.model)
            theirs = self.shelf.get(check_name(self.shelf, other))
        except ValueError as error:
            raise toast(error) from error
        second = shown_image(theirs, shown.observation.image, model=other)
        common = common_categories(ours.categories, theirs.categories)
        chosen = category if category in common else ALL
        first_found = ours.decode(shown.observation)
        second_found = theirs.decode(second.observation)
        agreed = agreement(first_found.detections, second_found.detections, common)
        # Written only where it must change: a visitor may have chosen another one meanwhile.
        value: dict[str, Any] = {} if chosen == category else {"value": chosen}
        names = gr.update(choices=[ALL, *common], **value)
        sides = [*_side(shown, first_found, chosen), *_side(second, second_found, chosen)]
        return [kept, names, words_of(common, agreed), *sides]

    def _refusal(self, shown: ShownImage | None, other: str) -> str:
        """Describe why there is nothing to compare; "" if there is."""
        if shown is None:
            return NO_IMAGE
        if other == shown.model:
            return f"**{plain(other)}** answers on the page already: choose another model."
        if not is_here(other):
            return (
                f"**{plain(other)}** is not on this machine: choose it in the left column, which "
                "offers the download."
            )
        return ""


def words_of(common: tuple[str, ...], agreed: Agreement) -> str:
    """Describe what both models know, and how many boxes they share."""
    if not common:
        return (
            "**No category is known to both models,** so boxes cannot be matched, and the heatmaps "
            "are those of all categories of each."
        )
    count = "1 category is" if len(common) == 1 else f"{len(common)} categories are"
    return (
        f"**{count} known to both.** Of their boxes, {agreed.both} were found by both, "
        f"{agreed.first_only} by the page's model only, {agreed.second_only} by the other only."
    )


def _side(shown: ShownImage, decoding: Decoding, category: str) -> list[Any]:
    observation = shown.observation
    label = None if category == ALL else observation.categories.index(category)
    words = (
        f"### {plain(shown.model)}\n\n{sentence(shown, decoding)}\n\n"
        f"Network {observation.milliseconds.network:.0f} ms, in one run. "
        f"{plain(shown.model)} {plain(knows_of(shown))}."
    )
    return [
        words,
        draw_detections(observation, decoding, width=WIDTH, type_px=legible(WIDTH)),
        draw_heatmap(heatmap_of(observation, "top_left"), decoding, label, width=WIDTH),
        draw_heatmap(heatmap_of(observation, "bottom_right"), decoding, label, width=WIDTH),
    ]


def _no_side() -> list[Any]:
    nothing = placeholder(WIDTH, WIDTH * 3 // 4, "nothing to compare")
    return ["", *[nothing] * len(_PLACES)]
