"""The explorer on the page: a component fed once per image, and the unseen one that answers it."""

import json
from typing import Any

import gradio as gr

from cornernet.ui.examples import examples
from cornernet.ui.explorer.bundle import explorer_script, explorer_style

# The templates hold no data: Gradio would evaluate what stands in them.
_FRAME = '<div class="cn-root"><p role="status">The explorer is opening.</p></div>'
_ANSWER = """
watch("value", () => {
  if (props.value)
    window.dispatchEvent(new CustomEvent("cornernet:answer", { detail: props.value }));
});
"""


def make_explorer() -> gr.HTML:
    """Make the explorer; its value is a `Payload`, its events are ask, go, keep and switch.

    Gradio looks for the names of a component's events, in quotes, in its script. The payload
    travels as text: Gradio would copy, compare and watch each of its numbers.
    """
    given = json.dumps(explorer_style()), json.dumps([one.title for one in examples()])
    start = f"mountOnPage({{ element, props, trigger, watch }}, {', '.join(given)});"
    component = gr.HTML(
        value=None,
        html_template=_FRAME,
        js_on_load=f"{explorer_script('page')}\n{start}",
        apply_default_css=False,
        elem_id="explorer",
        min_height=700,
    )
    component.postprocess = _as_text  # type: ignore[method-assign, assignment]
    return component


def _as_text(payload: dict[str, Any] | None) -> str | None:
    return None if payload is None else json.dumps(payload, allow_nan=False)


def make_answers() -> gr.HTML:
    """Make the unseen component whose values reach the explorer as answers."""
    return gr.HTML(
        value=None,
        html_template="<span></span>",
        js_on_load=_ANSWER,
        apply_default_css=False,
        visible="hidden",
    )
