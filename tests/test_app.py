"""Facts about the page that need no browser."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from PIL import Image

from cornernet.categories import SHAPES
from cornernet.config import DecodeConfig
from cornernet.detector import Detector
from cornernet.paths import EXAMPLES
from cornernet.records import as_records
from cornernet.ui import build_demo
from cornernet.ui.examples import example_files, example_truth, examples
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.images import Images
from cornernet.ui.questions import Questions
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import LONGEST_SHOWN, ShownImage, shown_image, shrunk, truth_of
from cornernet.ui.thresholds import FIELDS, config_of
from tests.page import call, client_of, owner_of, png, random_detector, read_example, upload

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def detector() -> Detector:
    return random_detector()


@pytest.fixture(scope="module")
def demo(detector: Detector) -> gr.Blocks:
    return build_demo(Shelf("tiny", lambda _: detector))


@pytest.fixture(scope="module")
def client(demo: gr.Blocks) -> Iterator[TestClient]:
    with client_of(demo) as client:
        yield client


def ask(client: TestClient, image: Any, *thresholds: Any) -> Any:
    return call(client, "detect", image, *thresholds, inputs=1 + len(FIELDS))


def images_of(demo: gr.Blocks) -> Images:
    return owner_of(demo, Images)


def questions_of(demo: gr.Blocks) -> Questions:
    return owner_of(demo, Questions)


def test_only_detect_and_explain_pair_are_public(demo: gr.Blocks) -> None:
    public = demo.get_api_info()["named_endpoints"]
    assert list(public) == ["/detect", "/explain_pair"]
    names = [p["parameter_name"] for p in public["/detect"]["parameters"]]
    assert names == ["image", *FIELDS]
    assert all(p["parameter_has_default"] for p in public["/detect"]["parameters"][1:])


def test_building_the_page_loads_no_model() -> None:
    def refuse(_: str) -> Detector:
        raise AssertionError("loaded")

    assert build_demo(Shelf("tiny", refuse)).get_config_file()["components"]


def test_importing_app_loads_no_weights() -> None:
    code = "import app; print(len(app.SHELF.names), app.LAUNCH['share'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["0", "False"], done.stderr


def test_thresholds_left_out_are_the_models_own() -> None:
    base = DecodeConfig(top_k=7)
    assert config_of(base, (None,) * len(FIELDS)) == base


def test_detect_answers_like_the_library(client: TestClient, detector: Detector) -> None:
    data = png()
    expected = as_records(detector.detect(Image.open(io.BytesIO(data))))
    assert expected
    assert ask(client, upload(client, "noise.png", data)) == expected


@pytest.mark.parametrize(
    ("thresholds", "words"),
    [
        ([1.5], "min_score from 0 to 1"),
        ([None, -1], "max_embedding_distance of at least 0"),
        ([None, None, 0], "top_k from 1 to 1000"),
        ([None, None, 1001], "top_k from 1 to 1000"),
        ([None, None, None, 4], "odd peak_window"),
        ([None, None, None, None, "softest"], "softest"),
        ([None, None, None, None, None, 0], "nms_sigma above 0"),
        ([None, None, None, None, None, None, 2], "nms_iou from 0 to 1"),
    ],
)
def test_thresholds_out_of_range_get_a_sentence(
    client: TestClient, thresholds: list[Any], words: str
) -> None:
    assert words in ask(client, upload(client, "noise.png", png()), *thresholds)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.png", b"", "empty.png cannot be read"),
        ("note.png", b"not an image at all", "note.png cannot be read"),
        ("half.png", png()[:400], "half.png cannot be read"),
        ("huge.png", None, "at most 40 megapixels"),
    ],
)
def test_bad_images_get_a_sentence_and_the_app_goes_on(
    client: TestClient, name: str, data: bytes | None, words: str
) -> None:
    if data is None:
        buffer = io.BytesIO()
        Image.new("1", (7000, 7000)).save(buffer, "PNG")
        data = buffer.getvalue()
    assert words in ask(client, upload(client, name, data))
    assert isinstance(ask(client, upload(client, "noise.png", png())), list)


def test_no_image_gets_a_sentence(client: TestClient) -> None:
    assert "Expected an image" in ask(client, None)


@pytest.mark.parametrize("kind", ["GIF", "TIFF"])
def test_animations_and_tiffs_are_answered(client: TestClient, kind: str) -> None:
    frames = [Image.new("RGB", (50, 40), colour) for colour in ("red", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:])
    assert isinstance(ask(client, upload(client, f"two.{kind.lower()}", buffer.getvalue())), list)


def asked(**change: Any) -> gr.EventData:
    """Make an event as the explorer triggers it."""
    question = {"question": "corner", "side": "topLeft", "corner": 0, "label": 0, "cell": [3, 4]}
    return gr.EventData(None, {"request": 1, "key": "", "query": "", **question, **change})


@pytest.fixture(scope="module")
def shown(demo: gr.Blocks) -> ShownImage:
    images = images_of(demo)
    answer = images.show_scene(4)[images.parts.shown]
    assert isinstance(answer, ShownImage)
    return answer


def test_every_way_in_fills_all_its_outputs(demo: gr.Blocks) -> None:
    """What is left out is made anew by Gradio and loses the exchanged methods."""
    images = images_of(demo)
    parts = images.parts
    answer = {parts.inputs.scene_number, parts.shown, parts.explorer, parts.footer}
    pixels = np.array(Image.open(io.BytesIO(png())))
    assert set(images.show_image(pixels)) == answer
    for update in (
        images.show_scene(4),
        images.show_query("example=2"),
        images.show_query(""),
    ):
        assert set(update) == {*answer, parts.inputs.image}
    assert "ms" in images.show_image(pixels)[parts.footer]


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("", "example=1"),
        ("example=2&minScore=0.1", "example=2"),
        ("scene=17&stop=x", "scene=17"),
        ("example=99", f"example={len(example_files())}"),
        ("example=0", "example=1"),
        ("example=x&scene=-3", "example=1"),
        ("scene=" + "9" * 40, "example=1"),
    ],
)
def test_a_link_leads_to_its_image(demo: gr.Blocks, query: str, source: str) -> None:
    images = images_of(demo)
    assert images.show_query(query)[images.parts.shown].source == source


def test_questions_run_no_network_but_for_moved_images(
    demo: gr.Blocks, shown: ShownImage, detector: Detector
) -> None:
    questions, runs = questions_of(demo), detector.fast.runs
    corner = questions.ask(shown, asked(key=shown.key))["answer"]
    assert {"side": "topLeft", "id": 0}.items() <= corner.items()
    channel = questions.ask(shown, asked(question="channel", channel=5, key=shown.key))["answer"]
    assert channel["channel"] == 5
    assert detector.fast.runs == runs
    moved = questions.ask(shown, asked(question="shift", key=shown.key))["answer"]
    assert [m["shift"] for m in moved] == [0, 1, 2, 3]
    assert detector.fast.runs == runs + 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": "another"}, "choose it again"),
        ({"side": "middle"}, "topLeft or bottomRight"),
        ({"question": "why"}, "corner, channel or shift"),
        ({"question": "channel", "channel": 999}, "channel from 0 to"),
        ({"cell": [999, 0]}, "cell"),
        ({"label": 99}, "label from 0 to 7"),
        ({"label": None}, "None"),
    ],
)
def test_bad_questions_get_a_sentence(
    demo: gr.Blocks, shown: ShownImage, change: dict[str, Any], words: str
) -> None:
    answer = questions_of(demo).ask(shown, asked(**{"key": shown.key, **change}))
    assert answer["request"] == 1
    assert words in answer["error"]


def test_a_forgotten_image_gets_a_sentence(demo: gr.Blocks) -> None:
    assert "choose it again" in questions_of(demo).ask(None, asked())["error"]
    with pytest.raises(gr.Error, match="Expected an image"):
        questions_of(demo).keep(None, asked())


def test_the_saved_page_holds_the_view(demo: gr.Blocks, shown: ShownImage) -> None:
    page = Path(questions_of(demo).keep(shown, asked(query="minScore=0.5"))).read_text()
    assert '"query": "minScore=0.5"' in page
    assert shown.key in page


def test_the_saved_page_answers_for_the_pair_looked_at(demo: gr.Blocks, shown: ShownImage) -> None:
    columns = build_payload(shown, images_of(demo).shelf.get("shapes"), footer="", answers=[])
    corners = [
        {
            "side": side,
            "corner": 40,  # far behind those of detections
            "label": columns[side]["label"][40],
            "cell": [columns[side]["x"][40], columns[side]["y"][40]],
        }
        for side in ("topLeft", "bottomRight")
    ]
    page = Path(questions_of(demo).keep(shown, asked(query="", corners=corners))).read_text()
    data = re.search(r'type="application/json" id="payload">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    kept = json.loads(data[1])["payload"]["answers"]
    of_pair = [(a["question"], a["side"]) for a in kept if a["id"] == 40]
    assert of_pair == [(q, s) for q in ("corner", "shift") for s in ("topLeft", "bottomRight")]
    assert [a["question"] for a in kept].count("corner") > 2  # those of detections as well
    assert len(kept[-1]["answer"]) == 4  # shifts


@pytest.mark.parametrize("corners", ["x", [1], [{}], [{"side": "left"}] * 3])
def test_a_page_is_not_saved_for_corners_that_make_no_sense(
    demo: gr.Blocks, shown: ShownImage, corners: object
) -> None:
    with pytest.raises(gr.Error, match="Expected at most two corners"):
        questions_of(demo).keep(shown, asked(query="", corners=corners))


def test_examples_have_their_truth() -> None:
    annotated = json.loads((EXAMPLES / "annotations.json").read_text())
    for index in range(len(example_files())):
        truth = example_truth(example_files()[index], SHAPES)
        assert truth is not None
        assert len(truth.boxes_xyxy_px) == len(truth) > 0
        assert read_example(index).shape[2] == 3
    assert example_truth(example_files()[0], ("dog",)) is not None
    assert len(annotated["images"]) == len(example_files())


def test_a_large_image_is_kept_small_and_answered_in_its_own_pixels(detector: Detector) -> None:
    image = np.random.default_rng(0).integers(0, 256, (900, 2000, 3), dtype=np.uint8)
    shown = shown_image(detector, image)
    assert max(shown.observation.image.shape) == LONGEST_SHOWN
    assert shown.observation.frame.original_hw == shown.observation.image.shape[:2]
    kept, exact = detector.decode(shown.observation).detections, detector.detect(image)
    assert kept.names == exact.names
    ratio = torch.tensor(shown.original_per_shown_xy * 2)
    assert torch.allclose(kept.boxes_xyxy_px * ratio, exact.boxes_xyxy_px, atol=0.02)
    small = detector.observe(image[:50, :60])
    assert shrunk(small)[0] is small


def test_a_scenes_truth_takes_the_models_labels() -> None:
    from cornernet.data.samples import held_out_scene

    scene = held_out_scene(7, 0)
    truth = truth_of(scene, SHAPES)
    assert truth.boxes_xyxy_px.tolist() == scene.boxes_xyxy_px.tolist()
    assert truth.labels.tolist() == scene.labels.tolist()
    assert len(truth_of(scene, ("dog",))) == 0


def test_what_the_page_gets_of_an_image_is_one_text(demo: gr.Blocks) -> None:
    images = images_of(demo)
    payload = images.show_query("example=1")[images.parts.explorer]
    text = images.parts.explorer.postprocess(payload)
    assert isinstance(text, str)
    assert json.loads(text) == payload
    assert images.parts.explorer.postprocess(None) is None


def test_an_example_is_handed_over_as_it_is_and_a_scene_without_loss(demo: gr.Blocks) -> None:
    images = images_of(demo)
    image = images.parts.inputs.image
    example = image.postprocess(images.show_query("example=2")[image])
    assert Path(example.path).read_bytes() == example_files()[1].read_bytes()
    pixels = images.show_scene(3)[image]
    scene = image.postprocess(pixels)
    np.testing.assert_array_equal(np.asarray(Image.open(scene.path)), pixels)


def test_small_pictures_of_the_examples_come_with_the_page(demo: gr.Blocks) -> None:
    samples = images_of(demo).parts.inputs.examples.samples
    assert len(samples) == len(examples())
    for (sample,) in samples:
        assert sample["url"].startswith("data:image/jpeg;base64,")
        assert len(sample["url"]) < 40_000
