"""What a model can see at all, in words, and beside every result."""

import numpy as np
import pytest

from cornernet.categories import COCO, SHAPES, kinds_known
from cornernet.checkpoints.known import known_by_name_only
from cornernet.detector import Detector
from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.live import live_payload
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import plain, shown_image
from cornernet.ui.tabs.compare import ALL, Compare
from cornernet.ui.tabs.sandbox import Sandbox


@pytest.mark.parametrize(
    ("categories", "words"),
    [
        (("nut",), "knows 1 kind of thing: nut"),
        (
            SHAPES,
            "knows 8 kinds of things: circle, triangle, square, star, heart, crescent, cross, "
            "arrow",
        ),
        (
            COCO,
            "knows 80 kinds of things: person, dog, cup, car, chair, bottle, cell phone, book, "
            "and 72 more",
        ),
        (
            tuple(f"part {k}" for k in range(9)),
            "knows 9 kinds of things: part 0, part 1, part 2, part 3, part 4, part 5, part 6, "
            "part 7, and 1 more",
        ),
        (
            ("dog", *(f"part {k}" for k in range(9))),
            "knows 10 kinds of things: dog, part 0, part 1, part 2, part 3, part 4, part 5, "
            "part 6, and 2 more",
        ),
    ],
)
def test_what_a_model_knows_is_said_in_a_line(categories: tuple[str, ...], words: str) -> None:
    assert kinds_known(categories) == words


@pytest.mark.parametrize(
    ("weak", "words"),
    [
        ((), "knows 10 kinds of things: dog, part 0, part 1, part 2, part 3, part 4, part 5, "),
        (("dog", "part 3"), "knows 10 kinds of things: part 0, part 1, part 2, part 4, part 5, "),
    ],
)
def test_what_is_hardly_ever_found_is_no_example(weak: tuple[str, ...], words: str) -> None:
    assert kinds_known(("dog", *(f"part {k}" for k in range(9))), weak).startswith(words)


def test_no_model_of_ours_names_a_weak_category_first() -> None:
    assert known_by_name_only("photos")
    named = kinds_known(COCO, known_by_name_only("photos")).split(": ")[1].split(", ")
    assert not set(named) & set(known_by_name_only("photos"))


def test_it_stands_beside_every_result(tiny_detector: Detector) -> None:
    knows = kinds_known(tiny_detector.categories)
    image = np.random.default_rng(6).integers(0, 256, (48, 60, 3), dtype=np.uint8)
    shown = shown_image(tiny_detector, image)
    shelf = Shelf("shapes", lambda _: tiny_detector)
    assert build_payload(shown, tiny_detector, footer="", answers=[])["knows"] == knows
    assert live_payload(shown, tiny_detector)["knows"] == knows
    assert plain(knows) in Sandbox(shelf=shelf).answer(image)[0]
    _, _, _, first, *rest = Compare(shelf=shelf).show(shown, "shapes", ALL)
    assert all(plain(knows) in said for said in (first, rest[3]))
