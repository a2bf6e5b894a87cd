"""Explanations against the decision itself, made again with the threshold that they name."""

import json
import math
from collections import Counter
from dataclasses import replace

import pytest
import torch

from cornernet.analysis.explain import PairExplanation, explain_pair
from cornernet.analysis.sentences import at_least, at_most, explanation_values, sentence
from cornernet.analysis.verdicts import Verdict, verdict
from cornernet.config import DecodeConfig
from cornernet.decode import Decoding, decide_again, decode
from tests.handmade import CATEGORIES, frame_of, maps_with, official_maps

ROW = tuple[int, int, int, float, float]  # label, x, y, logit, embedding


def decoding_of(first: list[ROW], second: list[ROW], **settings: object) -> Decoding:
    shape = (8, 24, 24)
    maps = (maps_with(first, shape), maps_with(second, shape))
    given = {"min_corner_score": 0.1, "nms": "hard", **settings}
    return decode(maps, frame_of(*shape[1:]), CATEGORIES, DecodeConfig(**given))


def score_of(*logits: float) -> float:
    """Give the mean score of corners as double precision sees the single-precision scores."""
    return float(torch.tensor(logits).sigmoid().double().mean())


@pytest.mark.parametrize("config", [
    DecodeConfig(top_k=18, max_embedding_distance=0.7, min_score=0.9),
    DecodeConfig(top_k=18, max_embedding_distance=0.5, min_score=0.9, nms="linear", nms_iou=0.2),
    DecodeConfig(top_k=18, max_embedding_distance=1.0, min_score=0.1, nms="hard", nms_iou=0.3),
    DecodeConfig(top_k=18, max_embedding_distance=0.7, min_score=0.2, max_pairs=6),
    DecodeConfig(top_k=18, max_embedding_distance=0.7, min_score=0.0, max_detections=5),
])  # fmt: skip
def test_every_pair_of_crowded_maps(config: DecodeConfig) -> None:
    """All facts of all pairs: the tests make the verdict, and what would turn it does."""
    maps, _ = official_maps()
    decoding = decode(maps, frame_of(*maps[0].logits.shape[2:]), CATEGORIES, config)
    table = verdict(decoding)
    for top_left, bottom_right in torch.ones(table.shape).nonzero().tolist():
        explanation = explain_pair(decoding, top_left, bottom_right)
        assert explanation.verdict == table[top_left, bottom_right]
        check_tests(explanation)
        check_change(decoding, explanation)
    assert len(Counter(table.flatten().tolist())) >= 5


def check_tests(explanation: PairExplanation) -> None:
    tests, fate = explanation.tests, explanation.verdict
    assert tests.category.passed == (tests.category.labels[0] == tests.category.labels[1])
    assert tests.order.passed == (tests.order.dx >= 0 and tests.order.dy >= 0)
    assert tests.embedding.passed == (tests.embedding.distance <= tests.embedding.threshold)
    assert tests.score.passed == (tests.score.score >= tests.score.min_score)
    in_order = (
        (tests.category.passed, Verdict.CATEGORY),
        (tests.order.passed, Verdict.ORDER),
        (tests.embedding.passed, Verdict.EMBEDDING),
        (tests.score.passed, Verdict.WEAK),
        (tests.suppression.passed, Verdict.SUPPRESSED),
    )
    failed = [verdict for passed, verdict in in_order if not passed]
    assert fate == (failed[0] if failed else Verdict.DETECTION)
    after = tests.suppression
    took_part = after.score is not None
    assert took_part == (fate >= Verdict.WEAK and after.cut_by != "max_pairs")
    assert (after.suppressor is None) == (after.factor == 1.0)
    if after.score is not None:
        assert after.score <= tests.score.score * after.factor * (1 + 1e-12)
    assert sentence(explanation).endswith(".")
    assert json.loads(json.dumps(explanation_values(explanation)))["verdict"] == fate.name.lower()


def check_change(decoding: Decoding, explanation: PairExplanation) -> None:
    """Move the thresholds to the number named, and to the next number on its other side."""
    pair = (explanation.top_left, explanation.bottom_right)
    change, fate, config = explanation.counterfactual, explanation.verdict, decoding.config

    def fate_with(**settings: float) -> int:
        return int(verdict(decide_again(decoding, replace(config, **settings)))[pair])

    distance, score = change.max_embedding_distance, change.min_score
    assert (distance is not None) == (fate in (Verdict.EMBEDDING, Verdict.DETECTION))
    if fate <= Verdict.ORDER:
        assert fate_with(max_embedding_distance=1e9, min_score=0.0) == fate
    if fate is Verdict.EMBEDDING:
        assert fate_with(max_embedding_distance=distance) == change.verdict_then
        assert fate_with(max_embedding_distance=math.nextafter(distance, 0)) == fate
    if fate >= Verdict.WEAK and score is None:
        assert fate_with(min_score=0.0) != Verdict.DETECTION
    if fate >= Verdict.WEAK and score is not None:
        assert fate_with(min_score=score) == Verdict.DETECTION
        assert fate_with(min_score=math.nextafter(score, 2)) != Verdict.DETECTION
    if fate is Verdict.WEAK:
        expected = config.min_score - explanation.tests.score.score
        assert change.missing_score == expected > 0
    if fate is Verdict.DETECTION:
        pairing = decoding.pairing
        tried = pairing.embedding_distance[pairing.is_kept].unique().tolist()
        stays = (s for s in tried if fate_with(max_embedding_distance=s) == Verdict.DETECTION)
        assert distance == next(stays)


def test_a_bad_index_gets_a_sentence() -> None:
    nothing, one = decoding_of([], []), decoding_of([(0, 2, 2, 4, 0)], [(0, 9, 9, 4, 0)])
    with pytest.raises(ValueError, match=r"^Expected .* top-left corner, but none was found"):
        explain_pair(nothing, 0, 0)
    with pytest.raises(ValueError, match=r"^Expected top_left from 0 to 0, but 1 was given\.$"):
        explain_pair(one, 1, 0)
    with pytest.raises(ValueError, match=r"^Expected bottom_right from 0 to 0, but -1 was given"):
        explain_pair(one, 0, -1)


@pytest.mark.parametrize(
    ("second", "settings", "fate", "words"),
    [
        ((1, 12, 12, 3, 0.0), {}, Verdict.CATEGORY,
         "No threshold can make this a box: the corners' categories differ."),
        ((0, 2, 12, 3, 0.0), {}, Verdict.ORDER,
         "No threshold can make this a box: the bottom-right corner lies left of the top-left"
         " one."),
        ((0, 2, 2, 3, 0.0), {}, Verdict.ORDER,
         "No threshold can make this a box: the bottom-right corner lies above and left of the"
         " top-left one."),
        ((0, 12, 12, 3, 0.75), {}, Verdict.EMBEDDING,
         "Kept at an embedding threshold of 0.750, with a score of 0.952."),
        ((0, 12, 12, 3, -0.8125), {"min_score": 0.99}, Verdict.EMBEDDING,
         "An embedding threshold of 0.813 would let it pass, but its score of 0.952 stays below"
         " 0.99."),
        ((0, 12, 12, 3, 0.0), {"min_score": 0.99}, Verdict.WEAK,
         "Would need 0.038 more score; kept from a least score of 0.952 down."),
        ((0, 12, 12, 3, 0.0), {"min_score": 0.99, "max_detections": 0}, Verdict.WEAK,
         "Would need 0.038 more score; a lower least score does not help, for it is not among the"
         " best boxes that are kept (max_detections)."),
        ((0, 12, 12, 3, 0.0), {"max_detections": 0}, Verdict.SUPPRESSED,
         "It is not among the best boxes that are kept (max_detections)."),
        ((0, 12, 12, 3, 0.25), {}, Verdict.DETECTION,
         "Stays down to an embedding threshold of 0.250, or up to a least score of 0.952."),
    ],
)  # fmt: skip
def test_each_verdict_is_told_with_its_numbers(
    second: ROW, settings: dict[str, object], fate: Verdict, words: str
) -> None:
    explanation = explain_pair(decoding_of([(0, 4, 4, 3, 0.0)], [second], **settings), 0, 0)
    tests = explanation.tests
    assert explanation.verdict is fate
    assert sentence(explanation) == words
    assert tests.category.names == ("a", CATEGORIES[second[0]])
    assert (tests.order.dx, tests.order.dy) == (second[1] - 4, second[2] - 4)
    assert tests.embedding.distance == abs(second[4])
    assert tests.embedding.margin == 0.5 - abs(second[4])
    assert tests.score.score == score_of(3, 3)


def test_a_pair_tells_which_box_suppressed_it_and_by_how_much() -> None:
    first = [(0, 4, 4, 6.0, 0.0)]
    second = [(0, 14, 14, 5.0, 0.0), (0, 14, 12, 4.0, 0.0)]
    soft = decoding_of(first, second, nms="gaussian", min_score=0.5)
    after = explain_pair(soft, 0, 1)
    factor = math.exp(-(0.8**2) / 0.5)
    assert after.tests.suppression.suppressor == (0, 0)
    assert after.tests.suppression.factor == pytest.approx(factor)
    assert after.tests.suppression.score == pytest.approx(score_of(6, 4) * factor)
    assert after.tests.suppression.passed is False
    assert sentence(after) == (
        "The box of top-left corner 0 and bottom-right corner 0 suppresses it to 0.275; kept from a"
        " least score of 0.275 down."
    )
    kept = explain_pair(soft, 0, 0).tests.suppression
    assert (kept.suppressor, kept.factor, kept.passed) == (None, 1.0, True)


def test_a_pair_that_a_limit_cuts_was_not_suppressed() -> None:
    first = [(0, 2, 2, 6, 0.0), (0, 12, 12, 5, 9.0)]
    second = [(0, 9, 9, 6, 0.0), (0, 20, 20, 5, 9.0)]
    pairs = explain_pair(decoding_of(first, second, max_pairs=1), 1, 1)
    boxes = explain_pair(decoding_of(first, second, max_detections=1), 1, 1)
    for explanation, limit in ((pairs, "max_pairs"), (boxes, "max_detections")):
        assert explanation.verdict is Verdict.SUPPRESSED
        assert explanation.tests.suppression.cut_by == limit
        assert explanation.tests.suppression.passed is None
        assert explanation.counterfactual.min_score is None
        assert limit in sentence(explanation)
    assert pairs.tests.suppression.score is None
    assert boxes.tests.suppression.score == score_of(5, 5)


def test_a_box_may_need_another_one_to_be_kept() -> None:
    """The first suppresses the second, which would suppress the third."""
    first = [(0, 2, 2, 6, 0.0), (0, 4, 2, 5, 10.0), (0, 7, 2, 4, 20.0)]
    second = [(0, 12, 12, 6, 0.375), (0, 14, 12, 5, 10.125), (0, 17, 12, 4, 20.125)]
    decoding = decoding_of(first, second)
    explanation = explain_pair(decoding, 2, 2)
    assert explanation.verdict is Verdict.DETECTION
    assert explanation.tests.embedding.distance == 0.125
    assert explanation.counterfactual.max_embedding_distance == 0.375
    check_change(decoding, explanation)


@pytest.mark.parametrize(
    ("value", "enough", "not_too_much"),
    [
        (0.0, "0.000", "0.000"),
        (0.07, "0.070", "0.070"),
        (0.29, "0.290", "0.290"),
        (0.0701, "0.071", "0.070"),
        (0.9999, "1.000", "0.999"),
    ],
)
def test_numbers_in_sentences_are_rounded_to_the_safe_side(
    value: float, enough: str, not_too_much: str
) -> None:
    assert (at_least(value), at_most(value)) == (enough, not_too_much)
