"""One frame of a camera: answered at once, and forgotten."""

import threading
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
from gradio.data_classes import DataWithFiles

from cornernet.checkpoints.known import KNOWN_MODELS
from cornernet.detector import Detector
from cornernet.image_reading import ImageError, RgbArray
from cornernet.ui.explorer.payload import answer_part
from cornernet.ui.explorer.pooling import pooling_part
from cornernet.ui.lessons import panel_texts
from cornernet.ui.models import usable
from cornernet.ui.picker import check_name
from cornernet.ui.pictures import data_address, png_bytes
from cornernet.ui.safe_image import decoded
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage, shown_image

LARGEST_FRAME = 4_000_000  # bytes
MOST_WAITING = 16  # frames: each holds a thread, of which 40 serve all that is asked


@dataclass(frozen=True, eq=False, kw_only=True)
class Live:
    """The camera's answers; `shelf` gives the model. One frame at a time, whoever asks."""

    shelf: Shelf
    turn: threading.Lock = field(default_factory=threading.Lock)
    places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_WAITING))

    def look(self, request: DataWithFiles) -> dict[str, Any]:
        """Answer a frame: the explorer's payload, without pictures; an error is an answer too."""
        if not self.places.acquire(blocking=False):
            return {"error": "Many cameras are looked at just now: please try again in a moment."}
        try:
            model = usable(self.shelf, str(request.data.get("model", "")))
            with self.turn:
                frame = read_frame(request.files[0][1] if request.files else b"")
                detector = self.shelf.get(check_name(self.shelf, model))
                return live_payload(shown_image(detector, frame, model=model), detector)
        except ValueError as error:
            return {"error": str(error)}
        finally:
            self.places.release()


def read_frame(data: bytes) -> RgbArray:
    """Decode a frame. Raise ImageError, in one sentence, if it is none, or too large."""
    if len(data) > LARGEST_FRAME:
        largest = LARGEST_FRAME / 1e6
        raise ImageError(
            f"Expected a frame of at most {largest:.0f} MB, but one of {len(data) / 1e6:.0f} MB "
            "was given."
        )
    return decoded(BytesIO(data))


def live_payload(shown: ShownImage, detector: Detector) -> dict[str, Any]:
    """Return the explorer's `Payload` of a frame that the browser has itself."""
    observation = shown.observation
    height, width = observation.image.shape[:2]
    return {
        "key": shown.key,
        "model": shown.model if shown.model in KNOWN_MODELS else detector.name,
        "footer": "",
        "source": "",
        **answer_part(shown, detector.decode_config, 0),
        "pooling": pooling_part(detector.network.config),
        "image": {"url": "", "width": width, "height": height},
        "canvas": _margin(observation.canvas),
        "features": {"url": "", "names": []},
        "truth": None,
        "ranges": [],
        "ribbon": [],
        "texts": panel_texts("live"),
        "input": "",
        "tour": [],
        "answers": [],
        "hint": None,
        "note": "",
        "milliseconds": observation.milliseconds.network,
    }


def _margin(canvas: RgbArray) -> dict[str, Any]:
    """Return one pixel in the colour of the network's margins, over which the frame is laid."""
    pixel = np.ascontiguousarray(canvas[:1, :1])
    return {"url": data_address(png_bytes(pixel), "image/png"), "width": 1, "height": 1}
