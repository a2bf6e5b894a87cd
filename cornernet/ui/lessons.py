"""The teaching text of the page, one Markdown file a stage."""

from pathlib import Path

import gradio as gr

LESSONS = Path(__file__).parents[2] / "assets" / "lessons"


def lesson(name: str) -> gr.Markdown:
    """Show the text of one stage: its heading and what one is looking at."""
    text = (LESSONS / f"{name}.md").read_text(encoding="utf-8")
    return gr.Markdown(text, elem_classes="lesson", container=False)
