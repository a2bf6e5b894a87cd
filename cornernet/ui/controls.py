"""The thresholds of decoding: one control each, in `DecodeConfig`'s ranges."""

from dataclasses import dataclass, replace
from typing import Any, get_args

import gradio as gr

from cornernet.config import DecodeConfig, NmsKind


@dataclass(frozen=True, kw_only=True)
class Range:
    """A numeric threshold; where `DecodeConfig` has no upper bound, the useful part."""

    field: str
    label: str
    minimum: float
    maximum: float
    step: float


RANGES = (
    Range(field="min_score", label="Least score", minimum=0, maximum=1, step=0.01),
    Range(
        field="max_embedding_distance",
        label="Embedding distance",
        minimum=0,
        maximum=3,
        step=0.01,
    ),
    Range(field="top_k", label="Corners of a kind", minimum=1, maximum=1000, step=1),
    Range(field="peak_window", label="Peak window", minimum=1, maximum=31, step=2),
    Range(field="nms_sigma", label="NMS sigma", minimum=0.05, maximum=2, step=0.05),
    Range(field="nms_iou", label="NMS IoU", minimum=0, maximum=1, step=0.01),
)
KINDS: tuple[str, ...] = get_args(NmsKind)
FIELDS = (*(r.field for r in RANGES[:4]), "nms", *(r.field for r in RANGES[4:]))
_WHOLE = ("top_k", "peak_window")
Threshold = float | str | None


def config_of(base: DecodeConfig, values: tuple[Threshold, ...]) -> DecodeConfig:
    """Replace the thresholds that are given (not None), in the order of `FIELDS`.

    Raise gr.Error with one sentence if a value is out of its range.
    """
    given: dict[str, Any] = {k: v for k, v in zip(FIELDS, values, strict=True) if v is not None}
    whole = {k: int(v) for k, v in given.items() if k in _WHOLE}
    try:
        return replace(base, **(given | whole))
    except ValueError as error:
        raise gr.Error(str(error), print_exception=False) from error


def values_of(config: DecodeConfig) -> list[Threshold]:
    """Read the thresholds in the order of `FIELDS`, moved into the sliders' ranges."""
    limits = {r.field: (r.minimum, r.maximum) for r in RANGES}
    values = {field: getattr(config, field) for field in FIELDS}
    for field, (low, high) in limits.items():
        values[field] = min(max(values[field], low), high)
    return [values[field] for field in FIELDS]


@dataclass(frozen=True, eq=False, kw_only=True)
class Controls:
    """The thresholds in the order of `FIELDS`, and the button that resets them."""

    thresholds: list[Any]
    reset: gr.Button


def make_controls() -> Controls:
    """Lay out all thresholds; their values come with the model when the page opens."""
    defaults = DecodeConfig()
    with gr.Row(elem_id="thresholds"):
        first = [_slider(r, defaults) for r in RANGES[:4]]
        kind = gr.Dropdown(list(KINDS), value=defaults.nms, label="NMS", min_width=130)
        last = [_slider(r, defaults) for r in RANGES[4:]]
        reset = gr.Button("Reset thresholds", size="sm", min_width=130, elem_id="reset")
    return Controls(thresholds=[*first, kind, *last], reset=reset)


def _slider(wanted: Range, defaults: DecodeConfig) -> gr.Slider:
    return gr.Slider(
        wanted.minimum,
        wanted.maximum,
        value=getattr(defaults, wanted.field),
        step=wanted.step,
        label=wanted.label,
        buttons=[],
        min_width=130,
        elem_id=f"threshold-{wanted.field}",
    )


def make_api_inputs() -> list[Any]:
    """Make unseen inputs for `/detect`; what a caller leaves out is the model's default."""
    numbers = {r.field: gr.Number(label=r.label, visible=False) for r in RANGES}
    kind = gr.Radio(list(KINDS), label="NMS", visible=False)
    return [kind if field == "nms" else numbers[field] for field in FIELDS]
