"""The teaching text, read from Markdown: of the page, of each panel, and of the tour's stops."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

from cornernet.paths import LESSONS
from cornernet.ui.address import value_of, whole_number
from cornernet.ui.examples import DRAWN_MODEL, PHOTO_MODEL, examples
from cornernet.ui.method import filled, preset_figures

_NEEDED = {"title", "panel", "view", "question", "answer", "source"}
_OPTIONAL = {"setting", "tab"}  # a threshold to move at the stop; another tab that it speaks of


def lesson(name: str) -> gr.Markdown:
    """Show one text of the page: its heading and what one is looking at.

    Figures that it cites are those of the model for drawings.
    """
    text = filled((LESSONS / f"{name}.md").read_text(encoding="utf-8"), preset_figures(DRAWN_MODEL))
    place = f"lesson-{Path(name).name}"
    return gr.Markdown(text, elem_classes="lesson", elem_id=place, container=False)


@cache
def panel_texts(folder: str = "panels") -> dict[str, dict[str, str]]:
    """Read what each panel of the explorer says about itself: its title and a paragraph.

    Marks such as {stride} are left for `texts_for`.
    """
    texts = {}
    for path in sorted((LESSONS / folder).glob("*.md")):
        title, text = path.read_text(encoding="utf-8").split("\n\n", 1)
        texts[path.stem] = {"title": title.removeprefix("## "), "text": " ".join(text.split())}
    return texts


def texts_for(figures: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return the panels' texts with a model's figures."""
    return {
        name: {part: filled(text, figures) for part, text in texts.items()}
        for name, texts in panel_texts().items()
    }


def tour_stops() -> tuple[dict[str, Any], ...]:
    """Return the stops whose images are on offer: photographs are not without their model."""
    offered = {example.name for example in examples()}
    return tuple(stop for stop in all_stops() if (_example_of(stop) or "1") in offered)


def _example_of(stop: dict[str, Any]) -> str:
    return value_of(str(stop["view"]), "example")


@cache
def all_stops() -> tuple[dict[str, Any], ...]:
    """Read the stops of the tour in the order of their file names.

    A file begins with front matter between lines of "---": a line "key: value" for each of title,
    panel, view, question, answer and source, and perhaps setting and tab. Paragraphs follow. Raise
    ValueError if one is amiss. Figures that a text cites are those of the stop's own model.
    """
    return tuple(_stop(path) for path in sorted((LESSONS / "tour").glob("*.md")))


def _stop(path: Path) -> dict[str, Any]:
    parts = re.split(r"^---\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if len(parts) != 3 or parts[0]:
        raise ValueError(f"Expected front matter between two lines of --- in {path.name}.")
    front = dict(line.split(": ", 1) for line in parts[1].splitlines())
    if not _NEEDED <= set(front) <= _NEEDED | _OPTIONAL:
        raise ValueError(
            f"Expected {sorted(_NEEDED)} in {path.name}, but {sorted(front)} is there."
        )
    example = value_of(front["view"], "example")
    is_drawn = not example or whole_number(example) is not None
    figures = preset_figures(DRAWN_MODEL if is_drawn else PHOTO_MODEL)
    front = {name: filled(text, figures) for name, text in front.items()}
    paragraphs = [filled(" ".join(p.split()), figures) for p in parts[2].strip().split("\n\n")]
    return {"id": path.stem, "paragraphs": paragraphs, **front}
