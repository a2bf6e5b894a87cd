"""Tabs draw themselves when they are looked at, so that a hidden one costs nothing."""

from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.context import get_render_context

# Counts on if the tab is on the screen when another image came.
_COUNT_ON = "(turn) => document.getElementById('{0}')?.offsetParent ? turn + 1 : turn"


def when_shown(
    view: gr.State,
    elem_id: str,
    draw: Callable[..., Any],
    inputs: list[Any],
    outputs: list[Any],
    **options: Any,  # noqa: ANN401 (handed on to the events)
) -> None:
    """Call `draw` when the tab opens, and when the view changes while the tab is open.

    To be called inside a `gr.Tab`; `elem_id` names a part of it that shows only with it.
    """
    turn = gr.Number(0, visible="hidden", precision=0)
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    view.change(None, turn, turn, js=_COUNT_ON.format(elem_id), **private)
    enclosing_tab().select(draw, inputs, outputs, **private | options)
    turn.change(draw, inputs, outputs, **private | options)


def enclosing_tab() -> gr.Tab:
    """Find the tab that is being laid out."""
    block = get_render_context()
    while block is not None and not isinstance(block, gr.Tab):
        block = block.parent
    assert block is not None, "a tab's parts are made inside a gr.Tab"
    return block
