"""What the explorer asks of the page: about a corner, and for itself as one file."""

from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from cornernet.ui.address import query_of
from cornernet.ui.errors import toast
from cornernet.ui.explorer.answers import answer_to, kept_answers
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.explorer.standalone import standalone_page
from cornernet.ui.models import detector_of
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage, footer_of


@dataclass(frozen=True, eq=False, kw_only=True)
class Questions:
    """The answers to the explorer; `shelf` gives the model of the image that it shows."""

    shelf: Shelf
    cache: str  # the folder from which Gradio serves a saved page

    def ask(self, shown: ShownImage | None, event: gr.EventData) -> dict[str, Any]:
        """Answer one of the explorer's questions; an error is an answer too."""
        try:
            if shown is None or event.key != shown.key:
                raise ValueError("This image is no longer kept here. Please choose it again.")
            answer = answer_to(detector_of(self.shelf, shown.model), shown, event)
            return {"request": event.request, "answer": answer}
        except (ValueError, AttributeError, TypeError) as error:
            return {"request": event.request, "error": str(error)}

    def keep(self, shown: ShownImage | None, event: gr.EventData) -> str:
        """Write the explored image, with its detections' and the pinned corners, as one page."""
        if shown is None:
            raise gr.Error("Expected an image, but none is kept here.", print_exception=False)
        detector = detector_of(self.shelf, shown.model)
        try:
            answers = kept_answers(detector, shown, getattr(event, "corners", ()))
        except (ValueError, TypeError) as error:
            raise toast(error) from error
        footer = footer_of(detector, shown)
        payload = build_payload(shown, detector, footer=footer, answers=answers)
        page = standalone_page(payload, query_of(event.query))
        return str(save_bytes_to_cache(page.encode(), "cornernet-explorer.html", self.cache))
