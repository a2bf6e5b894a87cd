"""The one table of the thresholds of decoding that visitors and programs may set.

A new one also needs a field of `DecodeConfig` and its use, its name in the `Settings` of types.js,
the same decision in assets/explorer/twins/, and a change in tests/explorer_parity.py.
"""

import re
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

import gradio as gr

from cornernet.config import DecodeConfig, NmsKind

Value = float | str | None  # of a threshold; None where it is left out
NMS_KINDS: tuple[NmsKind, ...] = get_args(NmsKind)
WINDOWS = (1, 3, 5, 7, 9, 11)  # the peak windows that the explorer offers, in cells
LARGEST_TOP_K = 200  # likewise


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A number: a slider of the explorer, and an input of the API unless it is only for looking.

    The range is what the explorer offers; `DecodeConfig` checks what is possible.
    """

    field: str  # of `DecodeConfig`
    label: str
    minimum: float
    maximum: float
    step: float
    hint: str  # what it is
    nms: tuple[NmsKind, ...] = NMS_KINDS  # the kinds of suppression that it matters to
    is_input: bool = True

    def as_range(self) -> dict[str, Any]:
        """Return the explorer's `Range` (assets/explorer/types.js)."""
        limits = {"minimum": self.minimum, "maximum": self.maximum, "step": self.step}
        name = camel(self.field)
        words = {"label": self.label, "hint": self.hint}
        return {"name": name, **words, **limits, "nms": list(self.nms)}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several words: a list of the explorer, and an input of the API."""

    field: str  # of `DecodeConfig`
    label: str
    options: dict[NmsKind, str]  # what each is called in the explorer
    is_input: bool = True


NMS = Choice(
    field="nms",
    label="NMS",
    options={
        "gaussian": "Gaussian soft-NMS",
        "linear": "linear soft-NMS",
        "hard": "hard NMS",
        "none": "none",
    },
)
# In the order of the API's inputs, which must stay.
THRESHOLDS: tuple[Slider | Choice, ...] = (
    Slider(
        field="min_score",
        label="Least score",
        minimum=0,
        maximum=1,
        step=0.01,
        hint="A box with a lower score is not shown.",
    ),
    Slider(
        field="max_embedding_distance",
        label="Embedding distance",
        minimum=0,
        maximum=3,
        step=0.01,
        hint="Each corner has a number, its embedding. Those of a pair may differ by this much.",
    ),
    Slider(
        field="top_k",
        label="Top-k corners",
        minimum=1,
        maximum=LARGEST_TOP_K,
        step=1,
        hint="So many corners, the best of each side, go on to be paired.",
    ),
    Slider(
        field="peak_window",
        label="Peak window",
        minimum=1,
        maximum=WINDOWS[-1],
        step=2,
        hint="A cell is a corner only if it is the best in a square with sides of so many cells.",
    ),
    Slider(
        field="min_corner_score",
        label="Least corner score",
        minimum=0,
        maximum=0.5,
        step=0.01,
        hint="A cell with a lower score is no corner.",
        is_input=False,
    ),
    NMS,
    Slider(
        field="nms_sigma",
        label="Soft-NMS sigma",
        minimum=0.05,
        maximum=2,
        step=0.05,
        hint="How soft: the smaller, the more an overlap lowers a score.",
        nms=("gaussian",),
    ),
    Slider(
        field="nms_iou",
        label="NMS IoU",
        minimum=0,
        maximum=1,
        step=0.01,
        hint="Boxes whose overlap (IoU) is larger suppress each other.",
        nms=("linear", "hard"),
    ),
)
SLIDERS = tuple(one for one in THRESHOLDS if isinstance(one, Slider))
INPUTS = tuple(one for one in THRESHOLDS if one.is_input)
FIELDS = tuple(one.field for one in INPUTS)


def settings_of(config: DecodeConfig) -> dict[str, Any]:
    """Name thresholds as the explorer does, within the corners that it gets."""
    limits = {"top_k": LARGEST_TOP_K, "peak_window": WINDOWS[-1]}
    values = asdict(config).items()
    return {
        camel(name): min(value, limits[name]) if name in limits else value for name, value in values
    }


def config_of(base: DecodeConfig, values: tuple[Value, ...]) -> DecodeConfig:
    """Replace the thresholds that are given (not None), in the order of `FIELDS`.

    Raise gr.Error with one sentence if a value is out of its range.
    """
    given = ((one, value) for one, value in zip(INPUTS, values, strict=True) if value is not None)
    changes: dict[str, Any] = {one.field: _typed(one, value) for one, value in given}
    try:
        return replace(base, **changes)
    except ValueError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _typed(threshold: Slider | Choice, value: Any) -> Any:  # noqa: ANN401 (from programs)
    is_whole = isinstance(threshold, Slider) and threshold.step >= 1
    return int(value) if is_whole else value


def make_api_inputs() -> list[Any]:
    """Make unseen inputs for the API; what a caller leaves out is the model's default."""
    return [
        gr.Radio(list(one.options), label=one.label, visible=False)
        if isinstance(one, Choice)
        else gr.Number(label=one.field.replace("_", " ").capitalize(), visible=False)
        for one in INPUTS
    ]


def camel(name: str) -> str:
    """Write a name as JavaScript does: top_k becomes topK."""
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)
