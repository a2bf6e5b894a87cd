"""`/explain_pair` as a program calls it."""

import io
from collections.abc import Iterator
from typing import Any

import gradio as gr
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from cornernet.analysis.explain import explain_pair
from cornernet.analysis.sentences import explanation_values
from cornernet.analysis.verdicts import verdict
from cornernet.detector import Detector
from cornernet.ui.endpoint import add_endpoint
from cornernet.ui.shelf import Shelf
from cornernet.ui.thresholds import FIELDS
from tests.page import call, client_of, png, random_detector, upload


@pytest.fixture(scope="module")
def detector() -> Detector:
    return random_detector()


@pytest.fixture(scope="module")
def demo(detector: Detector) -> gr.Blocks:
    with gr.Blocks(analytics_enabled=False) as demo:
        add_endpoint(Shelf("tiny", lambda _: detector))
    return demo


@pytest.fixture(scope="module")
def client(demo: gr.Blocks) -> Iterator[TestClient]:
    with client_of(demo) as client:
        yield client


def ask(client: TestClient, image: Any, *given: Any) -> Any:
    return call(client, "explain_pair", image, *given, inputs=3 + len(FIELDS))


def test_its_inputs_are_named_and_all_but_the_image_may_be_left_out(demo: gr.Blocks) -> None:
    parameters = demo.get_api_info()["named_endpoints"]["/explain_pair"]["parameters"]
    names = [p["parameter_name"] for p in parameters]
    assert names == ["image", "top_left", "bottom_right", *FIELDS]
    assert all(p["parameter_has_default"] for p in parameters[3:])


def test_it_answers_like_the_library(client: TestClient, detector: Detector) -> None:
    data = png()
    image = upload(client, "noise.png", data)
    observation = detector.observe(Image.open(io.BytesIO(data)))
    decoding = detector.decode(observation)
    table = verdict(decoding)
    places = {int(fate): pair for pair, fate in np.ndenumerate(table)}  # one for each verdict
    assert len(places) >= 3
    for pair in places.values():
        facts = ask(client, image, *pair)
        corners = facts.pop("corners")
        assert facts == explanation_values(explain_pair(decoding, *pair))
        assert corners["top_left"]["score"] == float(decoding.corners.top_left.scores[pair[0]])
        names = [corner["label"] for corner in corners.values()]
        assert names == facts["tests"]["category"]["names"]


def test_the_corners_of_a_box_are_told_where_the_box_lies(
    client: TestClient, detector: Detector
) -> None:
    data = png(600, 400)
    decoding = detector.decode(detector.observe(Image.open(io.BytesIO(data))))
    candidates = decoding.candidates
    pair = (int(candidates.top_left_index[0]), int(candidates.bottom_right_index[0]))
    corners = ask(client, upload(client, "noise.png", data), *pair)["corners"]
    places = [corners["top_left"]["xy"], corners["bottom_right"]["xy"]]
    clipped = [(min(max(x, 0), 600), min(max(y, 0), 400)) for x, y in places]
    assert [*clipped[0], *clipped[1]] == pytest.approx(candidates.boxes_xyxy_px[0].tolist())


def test_thresholds_count(client: TestClient) -> None:
    image = upload(client, "noise.png", png())
    facts = ask(client, image, 0, 0, 0.875, 0.25)
    assert facts["tests"]["score"]["min_score"] == 0.875
    assert facts["tests"]["embedding"]["threshold"] == 0.25


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([], "Expected top_left, the index of a corner, a whole number, but none was given."),
        ([0], "Expected bottom_right, the index of a corner, a whole number, but none was given."),
        ([0, 1.5], "but 1.5 was given."),
        ([9999, 0], ", but 9999 was given."),
        ([0, -1], "Expected bottom_right from 0 to "),
        ([0, 0, 1.5], "min_score from 0 to 1"),
    ],
)
def test_a_bad_question_gets_a_sentence(client: TestClient, given: list[Any], words: str) -> None:
    answer = ask(client, upload(client, "noise.png", png()), *given)
    assert isinstance(answer, str)
    assert words in answer


def test_no_image_gets_a_sentence(client: TestClient) -> None:
    assert "Expected an image" in ask(client, None, 0, 0)
