"""The camera's frames: answered like images, refused in one sentence."""

import io

import numpy as np
import pytest
from gradio.data_classes import DataWithFiles
from PIL import Image

from cornernet.detector import Detector
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.live import LARGEST_FRAME, Live
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import shown_image
from tests.page import random_detector


@pytest.fixture(scope="module")
def detector() -> Detector:
    return random_detector()


@pytest.fixture(scope="module")
def live(detector: Detector) -> Live:
    return Live(shelf=Shelf("tiny", lambda _: detector))


def jpeg() -> bytes:
    noise = np.random.default_rng(1).integers(0, 256, (48, 60, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "JPEG")
    return buffer.getvalue()


def asked(data: bytes, model: str = "tiny") -> DataWithFiles:
    return DataWithFiles(data={"model": model}, files=[("blob", data)])


def test_a_frame_is_answered_like_an_image_but_without_pictures(
    live: Live, detector: Detector
) -> None:
    answer = live.look(asked(jpeg()))
    image = np.asarray(Image.open(io.BytesIO(jpeg())))
    whole = build_payload(shown_image(detector, image), detector, footer="", answers=[])
    for side in ("topLeft", "bottomRight"):
        assert answer[side]["heatmaps"].pop("names") == [-1]
        for both in (answer, whole):
            both[side].pop("heatmaps")
        assert answer[side] == whole[side]
    for name in ("categories", "colours", "frame", "cells", "settings", "originalPerShown"):
        assert answer[name] == whole[name]
    assert answer["image"] == {"url": "", "width": 60, "height": 48}
    assert answer["features"]["names"] == []
    assert set(whole) < set(answer)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (asked(b"no image"), "cannot be read"),
        (asked(b""), "cannot be read"),
        (DataWithFiles(data={}, files=[]), "cannot be read"),
        (asked(jpeg() + bytes(LARGEST_FRAME)), "at most 4 MB"),
        (asked(jpeg(), "../secret.pkl"), "Expected a model"),
    ],
)
def test_what_cannot_be_answered_gets_a_sentence(
    live: Live, frame: DataWithFiles, words: str
) -> None:
    answer = live.look(frame)
    assert list(answer) == ["error"]
    assert words in answer["error"]


def test_a_model_that_is_not_here_is_stood_in_for(live: Live, detector: Detector) -> None:
    assert live.look(asked(jpeg(), "squeeze"))["model"] == detector.name
    assert live.look(asked(jpeg(), ""))["model"] == detector.name
