"""`/detect` and `/explain_pair`, the page's answers for programs."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from cornernet.analysis.explain import explain_pair
from cornernet.analysis.report import as_json, corners_as_json
from cornernet.decode import Decoding
from cornernet.preprocess import RgbArray
from cornernet.report import as_records
from cornernet.ui.events import ONE_BY_ONE
from cornernet.ui.safe_image import safe_image
from cornernet.ui.shelf import Shelf
from cornernet.ui.thresholds import Threshold, config_of, make_api_inputs


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

    def detect(  # noqa: PLR0913 (each threshold is a named parameter of the endpoint)
        image: RgbArray | None,
        min_score: float | None = None,
        max_embedding_distance: float | None = None,
        top_k: int | None = None,
        peak_window: int | None = None,
        nms: str | None = None,
        nms_sigma: float | None = None,
        nms_iou: float | None = None,
    ) -> list[dict[str, object]]:
        """Find objects in an image: box_xyxy in pixels, score, label; the best first."""
        values = (min_score, max_embedding_distance, top_k, peak_window, nms, nms_sigma, nms_iou)
        return as_records(_decode(shelf, image, values).detections)

    return detect


def explain_endpoint(shelf: Shelf) -> Callable[..., dict[str, Any]]:
    """Make the function behind `/explain_pair`."""

    def explain(  # noqa: PLR0913 (each threshold is a named parameter of the endpoint)
        image: RgbArray | None,
        top_left: float | None = None,
        bottom_right: float | None = None,
        min_score: float | None = None,
        max_embedding_distance: float | None = None,
        top_k: int | None = None,
        peak_window: int | None = None,
        nms: str | None = None,
        nms_sigma: float | None = None,
        nms_iou: float | None = None,
    ) -> dict[str, Any]:
        """Tell why two corners are a box or not: every test, the verdict, and what would turn it.

        Corners are counted from 0, the one with the highest score first.
        """
        pair = (_index("top_left", top_left), _index("bottom_right", bottom_right))
        values = (min_score, max_embedding_distance, top_k, peak_window, nms, nms_sigma, nms_iou)
        decoding = _decode(shelf, image, values)
        try:
            explanation = explain_pair(decoding, *pair)
        except ValueError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return as_json(explanation) | {"corners": corners_as_json(decoding, pair)}

    return explain


def _decode(shelf: Shelf, image: RgbArray | None, values: tuple[Threshold, ...]) -> Decoding:
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
