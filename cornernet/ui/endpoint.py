"""`/detect` and `/explain_pair`, the page's answers for programs."""

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature
from typing import Any, TypeVar

import gradio as gr

from cornernet.analysis.explain import explain_pair
from cornernet.analysis.sentences import corner_values, explanation_values
from cornernet.decode import Decoding
from cornernet.image_reading import RgbArray
from cornernet.records import as_records
from cornernet.ui.events import ONE_BY_ONE
from cornernet.ui.safe_image import safe_image
from cornernet.ui.shelf import Shelf
from cornernet.ui.thresholds import FIELDS, Value, config_of, make_api_inputs


def add_endpoint(shelf: Shelf) -> None:
    """Offer both to programs, with inputs that the page does not show."""
    image, answer = safe_image(label="Image", visible=False), gr.JSON(visible=False)
    thresholds = make_api_inputs()
    indices = [gr.Number(label=label, visible=False) for label in ("Top-left", "Bottom-right")]
    gr.Button(visible=False).click(
        endpoint(shelf), [image, *thresholds], answer, api_name="detect", **ONE_BY_ONE
    )
    gr.Button(visible=False).click(
        explain_endpoint(shelf),
        [image, *indices, *thresholds],
        answer,
        api_name="explain_pair",
        **ONE_BY_ONE,
    )


def endpoint(shelf: Shelf) -> Callable[..., list[dict[str, object]]]:
    """Make the function behind `/detect`."""

    def detect(image: RgbArray | None, *values: Value) -> list[dict[str, object]]:
        """Find objects in an image: box_xyxy in pixels, score, label; the best first."""
        return as_records(_decode(shelf, image, values).detections)

    return _named(detect, "image", *FIELDS)


def explain_endpoint(shelf: Shelf) -> Callable[..., dict[str, Any]]:
    """Make the function behind `/explain_pair`."""

    def explain(
        image: RgbArray | None, first: float | None, second: float | None, *values: Value
    ) -> dict[str, Any]:
        """Explain why two corners are a box or not: each test, the verdict, and what would turn it.

        Corners are counted from 0, the one with the highest score first.
        """
        pair = (_index("top_left", first), _index("bottom_right", second))
        decoding = _decode(shelf, image, values)
        try:
            explanation = explain_pair(decoding, *pair)
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return explanation_values(explanation) | {"corners": corner_values(decoding, pair)}

    return _named(explain, "image", "top_left", "bottom_right", *FIELDS)


Answer = TypeVar("Answer")


def _named(answer: Callable[..., Answer], *names: str) -> Callable[..., Answer]:
    """Return a function's inputs names, by which programs pass them; only the first is required."""
    kind = Parameter.POSITIONAL_OR_KEYWORD
    first, *others = names
    optional = [Parameter(name, kind, default=None) for name in others]
    signature = Signature([Parameter(first, kind), *optional])

    @wraps(answer)
    def named(*given: object, **by_name: object) -> Answer:
        bound = signature.bind(*given, **by_name)
        bound.apply_defaults()
        return answer(*bound.args)

    named.__signature__ = signature  # type: ignore[attr-defined]
    return named


def _decode(shelf: Shelf, image: RgbArray | None, values: tuple[Value, ...]) -> Decoding:
    if image is None:
        raise gr.Error("Expected an image, but none was given.", print_exception=False)
    detector = shelf.get()
    config = config_of(detector.decode_config, values)
    return detector.decode(detector.observe(image), config)


def _index(name: str, value: float | None) -> int:
    if value is None or not float(value).is_integer():
        given = "none" if value is None else value
        words = f"Expected {name}, the index of a corner, a whole number, but {given} was given."
        raise gr.Error(words, print_exception=False)
    return int(value)
