"""`/detect`, the page's answer for programs."""

from collections.abc import Callable

import gradio as gr

from cornernet.detector import Detector
from cornernet.preprocess import RgbArray
from cornernet.report import as_records
from cornernet.ui.controls import config_of, make_api_inputs
from cornernet.ui.safe_image import safe_image


def add_endpoint(source: Callable[[], Detector]) -> None:
    """Offer `/detect` to programs, with inputs that the page does not show."""
    image, answer = safe_image(label="Image", visible=False), gr.JSON(visible=False)
    gr.Button(visible=False).click(
        endpoint(source),
        [image, *make_api_inputs()],
        answer,
        api_name="detect",
        concurrency_id="model",
        concurrency_limit=1,
    )


def endpoint(source: Callable[[], Detector]) -> Callable[..., list[dict[str, object]]]:
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
        if image is None:
            raise gr.Error("Expected an image, but none was given.", print_exception=False)
        values = (min_score, max_embedding_distance, top_k, peak_window, nms, nms_sigma, nms_iou)
        detector = source()
        return as_records(detector.detect(image, config_of(detector.decode_config, values)))

    return detect
