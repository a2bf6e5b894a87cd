"""How events are wired: which run the network, which are quiet, and when a tab draws itself."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from gradio.context import get_render_context

# The network answers one visitor after the other.
ONE_BY_ONE: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 1}
PRIVATE: dict[str, Any] = {"api_visibility": "private"}
QUIET: dict[str, Any] = {**PRIVATE, "show_progress": "hidden"}
# Of events that come faster than their answers, only the latest is answered.
LATEST: dict[str, Any] = {"trigger_mode": "always_last"}
# Counts on if the tab is on the screen when another image came.
_COUNT_ON = "(turn) => document.getElementById('{0}')?.offsetParent ? turn + 1 : turn"


def when_shown(
    shown: gr.State,
    elem_id: str,
    draw: Callable[..., Any],
    inputs: list[Any],
    outputs: list[Any],
    **options: Any,  # noqa: ANN401 (handed on to the events)
) -> None:
    """Call `draw` when the tab opens, and when the image changes while the tab is open.

    A hidden tab costs nothing. To be called inside a `gr.Tab`; `elem_id` names a part of it that
    shows only with it.
    """
    turn = gr.Number(0, visible="hidden", precision=0)
    shown.change(None, turn, turn, js=_COUNT_ON.format(elem_id), **QUIET)
    enclosing_tab().select(draw, inputs, outputs, **QUIET | options)
    turn.change(draw, inputs, outputs, **QUIET | options)


def when_set(
    controls: Sequence[Any],
    draw: Callable[..., Any],
    inputs: list[Any],
    outputs: list[Any],
    progress: gr.Markdown,
) -> None:
    """Run the network again when a visitor sets one of the controls; `progress` shows the wait."""
    gr.on(
        [control.input for control in controls],
        draw,
        inputs,
        outputs,
        show_progress="minimal",
        show_progress_on=[progress],
        **PRIVATE | LATEST | ONE_BY_ONE,
    )


def enclosing_tab() -> gr.Tab:
    """Find the tab that is being laid out."""
    block = get_render_context()
    while block is not None and not isinstance(block, gr.Tab):
        block = block.parent
    assert block is not None, "a tab's parts are made inside a gr.Tab"
    return block
