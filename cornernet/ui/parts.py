"""All that lies on the page, named, so that handlers can be wired to it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from cornernet.learning.classroom import Classroom
from cornernet.ui.explorer.component import make_answers, make_explorer
from cornernet.ui.inputs import Inputs, make_inputs
from cornernet.ui.lessons import lesson
from cornernet.ui.picker import Picker, make_picker
from cornernet.ui.shelf import Shelf
from cornernet.ui.tabs.camera import make_camera_tab
from cornernet.ui.tabs.compare import make_compare_tab
from cornernet.ui.tabs.learn import make_learn_tab
from cornernet.ui.tabs.names import TABS
from cornernet.ui.tabs.sandbox import SandboxParts, make_sandbox_tab
from cornernet.ui.tabs.studies import make_studies_tab
from cornernet.ui.tabs.tour import make_tour_tab
from cornernet.ui.tabs.truth import make_truth_tab
from cornernet.ui.tabs.what_if import make_what_if_tab

KEPT_SECONDS = 3600  # how long a visitor's image is kept after it was last used


@dataclass(frozen=True, eq=False, kw_only=True)
class Parts:
    """The page's components."""

    shown: gr.State
    own: gr.State  # the visitor's own image while the tour shows others
    inputs: Inputs
    picker: Picker
    bar: gr.Tabs
    tabs: tuple[gr.Tab, ...]
    explorer: gr.HTML
    camera: gr.HTML
    sandbox: SandboxParts
    answers: gr.HTML
    kept_page: gr.DownloadButton  # unseen; hands over the explored image as one file
    footer: gr.Markdown


def make_parts(shelf: Shelf, classroom: Classroom) -> Parts:
    """Lay out the whole page."""
    shown = gr.State(time_to_live=KEPT_SECONDS)
    lesson("overview")
    with gr.Row(elem_id="first-screen"):
        with gr.Column(scale=1, min_width=250, elem_id="left"):
            inputs = make_inputs()
            picker = make_picker(shelf)
            footer = gr.Markdown("", elem_id="footer", container=False)
        with (
            gr.Column(scale=5, min_width=300, elem_id="right"),
            gr.Tabs(selected=next(iter(TABS)), overflow_behavior="wrap", elem_id="tabs") as bar,
        ):
            tabs, made = _make_tabs(bar, shown, shelf, classroom)
    answers = make_answers()
    kept_page = gr.DownloadButton(visible="hidden", elem_id="kept-page")
    return Parts(
        shown=shown,
        own=gr.State(time_to_live=KEPT_SECONDS),
        inputs=inputs,
        picker=picker,
        bar=bar,
        tabs=tabs,
        explorer=made["explore"],
        camera=made["camera"],
        sandbox=made["sandbox"],
        answers=answers,
        kept_page=kept_page,
        footer=footer,
    )


def _make_tabs(
    bar: gr.Tabs, shown: gr.State, shelf: Shelf, classroom: Classroom
) -> tuple[tuple[gr.Tab, ...], dict[str, Any]]:
    """Lay out the tabs; the second result is what each one hands out, if anything, by its name."""
    makers: dict[str, Callable[[], object]] = {
        "explore": make_explorer,
        "tour": partial(make_tour_tab, bar),
        "what-if": partial(make_what_if_tab, shown, shelf),
        "compare": partial(make_compare_tab, shown, shelf),
        "camera": partial(make_camera_tab, shelf),
        "sandbox": partial(make_sandbox_tab, shown, shelf),
        "truth": partial(make_truth_tab, shown, shelf),
        "studies": make_studies_tab,
        "learn": partial(make_learn_tab, classroom),
    }
    tabs: list[gr.Tab] = []
    made: dict[str, Any] = {}
    for name, title in TABS.items():
        with gr.Tab(title, id=name) as tab:
            made[name] = makers[name]()
        tabs.append(tab)
    return tuple(tabs), made
