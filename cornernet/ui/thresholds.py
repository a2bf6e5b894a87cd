"""The thresholds of decoding as programs name them."""

from dataclasses import replace
from typing import Any, get_args

import gradio as gr

from cornernet.config import DecodeConfig, NmsKind

FIELDS = (
    "min_score",
    "max_embedding_distance",
    "top_k",
    "peak_window",
    "nms",
    "nms_sigma",
    "nms_iou",
)
KINDS: tuple[str, ...] = get_args(NmsKind)
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


def make_api_inputs() -> list[Any]:
    """Make unseen inputs for `/detect`; what a caller leaves out is the model's default."""
    return [
        gr.Radio(list(KINDS), label="NMS", visible=False)
        if field == "nms"
        else gr.Number(label=field.replace("_", " ").capitalize(), visible=False)
        for field in FIELDS
    ]
