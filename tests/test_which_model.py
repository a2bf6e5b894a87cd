"""Which model answers what: drawings their own, examples the one they are meant for."""

from dataclasses import replace
from typing import Any

import gradio as gr
import numpy as np
import pytest

from cornernet.categories import COCO
from cornernet.detector import Detector
from cornernet.ui import build_demo, examples, models, picker
from cornernet.ui import images as page_images
from cornernet.ui.examples import Example, drawings
from cornernet.ui.images import OWN_IMAGE, Images
from cornernet.ui.passages import Passages
from cornernet.ui.shelf import Shelf
from cornernet.ui.tabs.sandbox import Sandbox
from tests.page import owner_of, random_detector

OTHER = "squeeze"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    detector = random_detector()
    known = COCO[: len(detector.categories)]
    loaded: dict[str, Detector] = {
        "shapes": replace(detector, name="shapes"),
        OTHER: replace(detector, name=OTHER, categories=known),
    }
    return Shelf("shapes", loaded.__getitem__)


@pytest.fixture
def images(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Images:
    for module in (models, picker, page_images):
        monkeypatch.setattr(module, "is_here", lambda name: name in ("shapes", OTHER))
    return owner_of(build_demo(shelf), Images)


def event(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)


@pytest.mark.parametrize("chosen", ["shapes", OTHER])
def test_drawn_scenes_are_answered_by_shapes_and_that_is_said(images: Images, chosen: str) -> None:
    parts, answer = images.parts, images.show_scene(3, chosen)
    assert answer[parts.shown].model == "shapes"
    assert ("always answered by **shapes**" in answer[parts.footer]) == (chosen == OTHER)
    image = np.zeros((9, 9, 3), np.uint8)
    again = images.answer_again(image, answer[parts.shown], chosen)
    assert again[parts.shown].model == "shapes"


def test_choosing_an_example_switches_to_its_model(
    images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = images.parts
    offered = drawings()
    photograph = Example(name="coffee", file=offered[1].file, model=OTHER, note="A cup.")
    monkeypatch.setattr(examples, "_photographs", lambda: (photograph,))
    for place, name, model in ((0, "coffee", OTHER), (1, "1", "shapes"), (3, "3", "shapes")):
        for answer in (
            images.choose_example(place),
            Passages(images=images).go(
                "shapes", None, None, event(query=f"example={name}&pin=1-2")
            ),
            images.open_page(gr.Request(query_params=f"example={name}")),
        ):
            assert answer[parts.shown].source == f"example={name}"
            assert answer[parts.explorer]["note"] == ("A cup." if name == "coffee" else "")
            assert answer[parts.picker.choice] == model
            assert answer[parts.shown].model == model
            assert answer[parts.picker.facts].startswith(picker.facts_of(model)[:12])
    asked = images.open_page(gr.Request(query_params="example=coffee&model=shapes"))
    assert asked[parts.shown].model == "shapes"
    shown = images.choose_example(1)[parts.shown]
    again = images.answer_again(np.zeros((9, 9, 3), np.uint8), shown, OTHER)
    assert again[parts.shown].model == OTHER  # a visitor may choose another one afterwards


def test_a_link_to_an_own_image_says_that_it_is_not_kept(images: Images) -> None:
    parts = images.parts
    opened = images.open_page(gr.Request(query_params="own=1&model=shapes&minScore=0.2"))
    assert opened[parts.shown].source.startswith("example=")
    assert opened[parts.explorer]["note"].startswith(OWN_IMAGE)
    again = images.open_page(gr.Request(query_params="model=shapes"))
    assert OWN_IMAGE not in again[parts.explorer]["note"]


def test_after_the_tour_an_own_image_and_another_model_come_back(images: Images) -> None:
    parts, image = images.parts, np.zeros((40, 50, 3), np.uint8)
    own = images.show_image(image, OTHER)
    passages = Passages(images=images)
    kept = passages.go(OTHER, own[parts.shown], None, event(query="example=1"))
    assert kept[parts.shown].model == "shapes"
    kept = passages.go("shapes", kept[parts.shown], kept[parts.own], event(query="example=2"))
    back = passages.go("shapes", kept[parts.shown], kept[parts.own], event(query="own=1"))
    assert back[parts.shown] is own[parts.shown]
    assert back[parts.explorer]["key"] == own[parts.explorer]["key"]
    assert back[parts.picker.choice] == OTHER
    assert back[parts.own] is None
    assert np.array_equal(back[parts.inputs.image], image)
    other = passages.go("shapes", None, None, event(query=f"example=1&model={OTHER}"))
    assert other[parts.shown].model == other[parts.picker.choice] == OTHER
    with pytest.raises(gr.Error, match="no longer kept"):
        passages.go("shapes", None, None, event(query="own=1"))


def test_the_sandbox_uses_shapes(shelf: Shelf) -> None:
    sheet = np.full((60, 60, 3), 255, np.uint8)
    sheet[20:40, 20:40] = 0
    said = Sandbox(shelf=shelf).answer(sheet)[0]
    assert "Answered in" in said
    assert "(model shapes, network" in said
    assert not any(name in said for name in COCO[:8])


def test_the_offered_model_is_chosen_and_answers(images: Images) -> None:
    parts, image = images.parts, np.zeros((40, 50, 3), np.uint8)
    shown = images.show_image(image, "shapes")[parts.shown]
    answer = images.switch_model(image, shown, event(model=OTHER))
    assert answer[parts.picker.choice] == OTHER
    assert answer[parts.shown].model == OTHER
    away = images.switch_model(image, shown, event(model="cornernet"))
    assert away[parts.picker.download]["visible"]
    assert away[parts.shown] == gr.skip()
    with pytest.raises(gr.Error, match="Expected a model"):
        images.switch_model(image, shown, event(model="../secret.pkl"))
