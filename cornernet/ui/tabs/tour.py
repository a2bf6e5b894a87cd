"""The tour: every stop can be read here, and set up in the explorer."""

import json
from typing import Any

import gradio as gr

from cornernet.paths import LESSONS
from cornernet.ui.lessons import lesson, tour_stops

FIGURES = LESSONS / "figures"


def make_tour_tab(tabs: gr.Tabs) -> None:
    """Lay out all stops, each with a button that drives the explorer."""
    lesson("tour-overview")
    for number, stop in enumerate(tour_stops(), 1):
        text = "\n\n".join(
            (
                f"### {number}. {stop['title']}",
                *stop["paragraphs"],
                f"**Question:** {stop['question']}",
                _unfolding(f"**Look:** {stop['answer']}"),
                f"*{stop['source']}*",
            )
        )
        with gr.Row(elem_classes="tour-row"):
            gr.Markdown(text, elem_classes="lesson", container=False)
            _figure(stop)
        button = gr.Button(
            f"Set up stop {number} in the explorer", size="sm", elem_classes="tour-stop"
        )
        query = json.dumps(f"{stop['view']}&stop={stop['id']}&panel={stop['panel']}")
        button.click(_explore, None, tabs, show_progress="hidden", api_visibility="private").then(
            None,
            None,
            None,
            js=f"() => {{ window.cornernet.app.go({query}); }}",
            api_visibility="private",
        )


def _unfolding(answer: str) -> str:
    """Hide an answer until a thought was given to it; kit/printing.js unfolds it on paper."""
    return f"<details><summary>Show the answer</summary>\n\n{answer}\n\n</details>"


def _figure(stop: dict[str, Any]) -> None:
    """Show the panel as the stop sets it up; `python -m tests.browser.pictures` makes it."""
    file = FIGURES / f"{stop['id']}.png"
    if file.is_file():
        gr.Image(
            str(file),
            alt_text=f"The explorer's panel at the stop “{stop['title']}”",
            interactive=False,
            show_label=False,
            container=False,
            buttons=["fullscreen"],
            format="png",
            elem_classes="tour-figure",
        )


def _explore() -> gr.Tabs:
    return gr.Tabs(selected="explore")
