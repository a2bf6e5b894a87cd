"""Answers to examples are made once for a detector, and given with a new key each time."""

import numpy as np

from cornernet.ui.explorer.payload import build_payload
from cornernet.ui.kept import MOST, Answer, KeptAnswers
from cornernet.ui.shown import shown_image
from tests.page import random_detector

IMAGE = np.random.default_rng(3).integers(0, 256, (32, 48, 3), np.uint8)


def test_an_answer_is_made_once_and_never_has_the_same_key() -> None:
    detector, kept = random_detector(), KeptAnswers()
    shown = shown_image(detector, IMAGE, source="example=1")
    made: list[str] = []

    def make() -> Answer:
        made.append(shown.key)
        return shown, {"key": shown.key, "boxes": [1, 2]}

    answers = [kept.get(detector, "example=1", make) for _ in range(3)]
    assert len(made) == 1
    assert len({one.key for one, _ in answers} | {shown.key}) == 4
    for one, payload in answers:
        assert one.observation is shown.observation
        assert payload == {"key": one.key, "boxes": [1, 2]}


def test_a_kept_answer_is_what_the_network_says() -> None:
    detector, kept = random_detector(), KeptAnswers()

    def ask() -> Answer:
        shown = shown_image(detector, IMAGE, source="example=1")
        return shown, build_payload(shown, detector, footer="", answers=[])

    kept.get(detector, "example=1", ask)
    _, again = kept.get(detector, "example=1", ask)
    _, anew = ask()
    assert again["key"] != anew["key"]
    assert {**again, "key": ""} == {**anew, "key": ""}


def test_another_detector_of_the_same_name_is_asked_anew() -> None:
    first, second, kept = random_detector(), random_detector(), KeptAnswers()

    def answer_of(detector: object) -> Answer:
        shown = shown_image(first if detector is first else second, IMAGE)
        return shown, {"key": shown.key}

    one, _ = kept.get(first, "example=1", lambda: answer_of(first))
    other, _ = kept.get(second, "example=1", lambda: answer_of(second))
    again, _ = kept.get(first, "example=1", lambda: answer_of(first))
    assert one.observation is not other.observation
    assert again.observation is not other.observation


def test_only_the_latest_answers_stay() -> None:
    detector, kept = random_detector(), KeptAnswers()
    shown = shown_image(detector, IMAGE)
    made: list[int] = []

    def ask(number: int) -> None:
        def make() -> Answer:
            made.append(number)
            return shown, {"key": ""}

        kept.get(detector, f"example={number}", make)

    for number in [*range(MOST + 1), 1, 0]:
        ask(number)
    assert made == [*range(MOST + 1), 0]
