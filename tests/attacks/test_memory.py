"""Visitors' images and drawings in memory: bounded, and not missed by anyone."""

import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cornernet.detector import Detector
from cornernet.server.memory import Store
from cornernet.server.site import Site
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.safe_editor import Drawings
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage, shown_image
from cornernet.ui.thin import ImageRecipe, make_keeper
from tests.attacks.conftest import Served, served_with
from tests.attacks.visitor import Visitor
from tests.page import loops_closed, png, random_detector

pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")


@pytest.fixture(scope="module")
def detector() -> Detector:
    return random_detector()


@pytest.fixture(scope="module")
def shelf(detector: Detector) -> Shelf:
    return Shelf("tiny", lambda _: detector)


def payload_of(shown: ShownImage, detector: Detector) -> dict[str, Any]:
    return build_payload(shown, detector, footer="", answers=[])


@pytest.mark.parametrize("size", [(60, 40), (41, 97), (1500, 900), (2000, 7)])
def test_a_thin_image_becomes_whole_with_the_same_answer(
    detector: Detector, shelf: Shelf, size: tuple[int, int]
) -> None:
    image = Image.open(io.BytesIO(png(*size)))
    shown = shown_image(detector, np.array(image))
    recipe = ImageRecipe(shelf=shelf)
    again = recipe.whole(recipe.thin(shown))
    assert again.key == shown.key
    assert payload_of(again, detector) == payload_of(shown, detector)
    assert recipe.thin_size(recipe.thin(shown)) > 0


def shown_images(detector: Detector, count: int) -> list[ShownImage]:
    image = np.array(Image.open(io.BytesIO(png())))
    return [shown_image(detector, image) for _ in range(count)]


def test_what_was_used_longest_ago_becomes_thin_then_goes(detector: Detector, shelf: Shelf) -> None:
    recipe, images = ImageRecipe(shelf=shelf), shown_images(detector, 5)
    thin = recipe.thin_size(recipe.thin(images[0]))
    store = Store(recipe, whole_bytes=2 * recipe.size(images[0]), thin_bytes=thin)
    handles = [store.put(image) for image in images]
    kept = [(h.whole is not None, h.thin is not None) for h in handles]
    gone, is_thin, is_whole = (False, False), (False, True), (True, False)
    assert kept == [gone, is_thin, is_whole, is_whole, is_whole]  # the newest beyond the bound
    assert store.get(handles[0]) is None
    assert store.get(handles[1]).key == images[1].key
    assert store.restored == 1
    assert store.get("another value") == "another value"


def test_what_a_session_drops_counts_no_more(detector: Detector, shelf: Shelf) -> None:
    recipe, (first, second) = ImageRecipe(shelf=shelf), shown_images(detector, 2)
    store = Store(recipe, whole_bytes=recipe.size(first), thin_bytes=10**9)
    handle = store.put(first)
    del handle
    handles = [store.put(second)]
    assert handles[0].whole is second


def _starve(site: Site) -> None:
    detector = random_detector()
    site.keeper = make_keeper(Shelf("tiny", lambda _: detector), whole_bytes=1)


def test_an_image_that_made_room_is_answered_again_without_notice() -> None:
    with loops_closed(), served_with(prepare=_starve) as served:
        first = served.visitor
        payload = shown_to(served, first)
        asked = {
            "request": 1, "key": payload["key"], "question": "corner", "side": "topLeft",
            "label": payload["topLeft"]["label"][0], "corner": 0,
            "cell": [payload["topLeft"]["x"][0], payload["topLeft"]["y"][0]],
        }  # fmt: skip
        before = first.ask(served.fn("ask"), None, event_data=asked)["output"]["data"][0]
        for _ in range(5):
            shown_to(served, Visitor(served.address))
        after = first.ask(served.fn("ask"), None, event_data=asked)["output"]["data"][0]
        assert "answer" in before
        assert after == before
        assert served.site.keeper.restored >= 1


def shown_to(served: Served, visitor: Visitor) -> dict[str, Any]:
    told = visitor.ask(served.fn("show_image"), visitor.upload(png()), "tiny")
    assert told["success"], told
    texts = [value for value in told["output"]["data"] if isinstance(value, str)]
    return next(json.loads(text) for text in texts if text.startswith("{"))


def editor_of(site: Site) -> Any:
    return next(b for b in site.blocks.values() if b.get_block_name() == "imageeditor")


@pytest.mark.parametrize(
    ("changes", "is_kept"),
    [
        ({}, True),
        ({"index": "1000000000"}, False),
        ({"index": "-1"}, False),
        ({"id": "x" * 5000}, False),
        ({"data": b"no image"}, False),
        ({"size": (3000, 3000)}, False),
    ],
    ids=str,
)
def test_drawings_are_looked_at_before_they_are_kept(
    served: Served, changes: dict[str, Any], is_kept: bool
) -> None:
    editor, buffer = editor_of(served.site), io.BytesIO()
    Image.new("1", changes.get("size", (8, 8))).save(buffer, "PNG")
    fields = {
        "type": "layer", "index": "0", "id": "a", "fn_name": "accept_blobs",
        "component_id": str(editor._id), "session_hash": served.visitor.session,
    } | {k: v for k, v in changes.items() if isinstance(v, str)}  # fmt: skip
    editor.blob_storage.clear()
    data = changes.get("data", buffer.getvalue())
    answer = served.visitor.post(
        "gradio_api/component_server", data=fields, files={"file": ("a", data)}
    )
    assert (answer.status_code == 200) == is_kept
    assert (len(editor.blob_storage) == 1) == is_kept


def test_drawings_that_wait_have_a_bound() -> None:
    class Part:
        background, layers = b"x" * 10_000_000, ()
        composite = None

    drawings = Drawings()
    for number in range(100):
        drawings[str(number)] = Part()
    assert list(drawings) == ["94", "95", "96", "97", "98", "99"]


@pytest.mark.parametrize("size", [(1, 40_000), (40_000_000, 1), (1001, 1), (6000, 7000)])
def test_lines_and_giants_are_refused_before_they_are_decoded(
    served: Served, size: tuple[int, int]
) -> None:
    buffer = io.BytesIO()
    Image.new("1", size).save(buffer, "PNG" if max(size) < 10**6 else "PPM")
    visitor = served.visitor
    image = visitor.upload(buffer.getvalue(), "line.png")
    told = visitor.ask(served.fn("show_image"), image, "tiny")
    assert not told["success"]
    assert "Expected an image" in told["output"]["error"]
