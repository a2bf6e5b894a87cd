"""Two models on one image: what both know, where they agree, what is said."""

from dataclasses import replace

import gradio as gr
import numpy as np
import pytest
import torch

from cornernet.analysis.comparison import Agreement, agreement, common_categories
from cornernet.categories import COCO, SHAPES
from cornernet.decode import Detections
from cornernet.detector import Detector
from cornernet.ui.shelf import Shelf
from cornernet.ui.shown import ShownImage, shown_image
from cornernet.ui.tabs import compare as compare_tab
from cornernet.ui.tabs.compare import ALL, Compare, second_model, words_of


def found(*rows: tuple[str, list[float]]) -> Detections:
    return Detections(
        boxes_xyxy_px=torch.tensor([box for _, box in rows]).reshape(-1, 4),
        scores=torch.ones(len(rows)),
        labels=torch.arange(len(rows)),
        categories=tuple(name for name, _ in rows),
    )


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        (("cat", "dog", "cup"), ("cup", "cat"), ("cat", "cup")),
        (SHAPES, COCO, ()),
        (COCO, COCO, COCO),
        (("Cat",), ("cat",), ()),
    ],
)
def test_categories_are_common_by_name(
    first: tuple[str, ...], second: tuple[str, ...], common: tuple[str, ...]
) -> None:
    assert common_categories(first, second) == common


A, A_MOVED, B = [0.0, 0.0, 10.0, 10.0], [0.0, 1.0, 10.0, 11.0], [50.0, 50.0, 60.0, 60.0]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([("cat", A)], [("cat", A_MOVED)], (1, 0, 0)),
        ([("cat", A)], [("dog", A)], (0, 1, 1)),
        ([("cat", A)], [("cat", B)], (0, 1, 1)),
        ([("bus", A), ("cat", B)], [("cat", B)], (1, 0, 0)),  # "bus" is not common
        ([], [("cat", A)], (0, 0, 1)),
        ([], [], (0, 0, 0)),
    ],
)
def test_agreement_counts_boxes_of_common_categories(
    first: list[tuple[str, list[float]]],
    second: list[tuple[str, list[float]]],
    expected: tuple[int, int, int],
) -> None:
    agreed = agreement(found(*first), found(*second), ("cat", "dog"))
    assert (agreed.both, agreed.first_only, agreed.second_only) == expected


def test_words_tell_when_nothing_is_shared() -> None:
    nobody = Agreement(both=0, first_only=0, second_only=0)
    assert "No category is known to both" in words_of((), nobody)
    assert "**1 category is known" in words_of(("cat",), nobody)
    agreed = Agreement(both=3, first_only=1, second_only=2)
    assert "3 were found by both, 1 by the page's model only, 2 by" in words_of(COCO, agreed)


def renamed(detector: Detector, *names: str) -> Detector:
    return replace(detector, name="other", categories=(*names, *detector.categories[len(names) :]))


@pytest.fixture
def shown(tiny_detector: Detector) -> ShownImage:
    image = np.random.default_rng(6).integers(0, 256, (48, 60, 3), dtype=np.uint8)
    return shown_image(tiny_detector, image, model="tiny")


def compare_with(monkeypatch: pytest.MonkeyPatch, tiny: Detector, other: Detector) -> Compare:
    monkeypatch.setattr(compare_tab, "is_here", lambda name: name != "squeeze")
    monkeypatch.setattr(compare_tab, "check_name", lambda _, name: name)
    return Compare(shelf=Shelf("tiny", lambda name: tiny if name == "tiny" else other))


def test_both_answers_are_drawn(
    monkeypatch: pytest.MonkeyPatch, tiny_detector: Detector, shown: ShownImage
) -> None:
    other = renamed(tiny_detector, "cat")
    compare = compare_with(monkeypatch, tiny_detector, other)
    common = tiny_detector.categories[1:]
    _, names, said, *sides = compare.show(shown, "other", common[0])
    assert names["choices"] == [ALL, *common]
    assert "value" not in names  # a visitor may have chosen another one meanwhile
    assert f"{len(common)} categories are known to both" in said
    assert len(sides) == 8
    for words, name in ((sides[0], "tiny"), (sides[4], "other")):
        assert f"### {name}" in words
        assert "Network " in words
    for first, second in zip(sides[1:4], sides[5:8], strict=True):
        assert first.std() > 0
        assert first.shape == second.shape
    _, names, _, *of_all = compare.show(shown, "other", "cat")  # known to one only
    assert names["value"] == ALL
    assert np.abs(of_all[2].astype(float) - sides[2]).mean() > 0.1


def test_models_without_a_common_category_are_told(
    monkeypatch: pytest.MonkeyPatch, tiny_detector: Detector, shown: ShownImage
) -> None:
    other = renamed(tiny_detector, *COCO[: len(tiny_detector.categories)])
    said = compare_with(monkeypatch, tiny_detector, other).show(shown, "other", ALL)[2]
    assert "No category is known to both" in said


@pytest.mark.parametrize(
    ("is_kept", "other", "words"),
    [
        (False, "other", "No image is kept"),
        (True, "tiny", "answers on the page already"),
        (True, "squeeze", "not on this machine"),
    ],
)
def test_what_cannot_be_compared_is_told(
    monkeypatch: pytest.MonkeyPatch,
    tiny_detector: Detector,
    shown: ShownImage,
    is_kept: bool,
    other: str,
    words: str,
) -> None:
    compare = compare_with(monkeypatch, tiny_detector, tiny_detector)
    answer = compare.show(shown if is_kept else None, other, ALL)
    assert words in answer[2]
    assert len(answer) == 11


def test_a_model_that_the_page_does_not_offer_is_refused(
    tiny_detector: Detector, shown: ShownImage
) -> None:
    compare = Compare(shelf=Shelf("tiny", lambda _: tiny_detector))
    with pytest.raises(gr.Error, match="Expected a model"):
        compare.show(shown, "../secret.pkl", ALL)


def test_the_second_model_is_another_one() -> None:
    assert second_model("squeeze") != "squeeze"
    assert second_model("shapes") != "shapes"
