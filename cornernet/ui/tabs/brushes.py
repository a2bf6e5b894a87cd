"""The sandbox's two brushes: one draws, one covers; and how the browser changes them."""

import json
from dataclasses import asdict
from typing import Any

import gradio as gr

# Ink, three colours, the paper itself, and grey to cover things with.
COLOURS: list[str | tuple[str, float]] = [
    "#161616",
    "#c0392b",
    "#1f5fbf",
    "#1e8449",
    "#faf8f2",
    "#8a8a8a",
]
INK_SIZE = 5  # pixels
COVER_SIZE = 36  # pixels: a few strokes hide a third of a shape


def _brush(size: int, colour: str | tuple[str, float]) -> gr.Brush:
    return gr.Brush(default_size=size, colors=COLOURS, default_color=colour, color_mode="defaults")


INK = _brush(INK_SIZE, COLOURS[0])
COVER = _brush(COVER_SIZE, COLOURS[-1])


def taking(place: int) -> str:
    """Write the browser's function that takes the ink (0) or the cover (1), and marks its button.

    Its results are for the editor and both buttons. The server has no part in it: a component that
    a handler changes is made anew by Gradio, without what `safe_editor` exchanged.
    """
    changes: list[dict[str, Any]] = [{"brush": asdict((INK, COVER)[place])}]
    changes += [{"variant": "primary" if k == place else "secondary"} for k in range(2)]
    return f"() => {json.dumps([{'__type__': 'update', **change} for change in changes])}"
