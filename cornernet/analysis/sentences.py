"""Explanations of pairs in plain English and as plain values."""

import math
from dataclasses import asdict
from typing import Any

import torch

from cornernet.analysis.explain import PairExplanation
from cornernet.analysis.pair_tests import OrderTest, Pair, SuppressionTest
from cornernet.analysis.verdicts import Verdict
from cornernet.decode import Decoding, boxes_of_pairs

_CUT = {
    "max_pairs": "it is not among the best pairs that go on to suppression (max_pairs)",
    "max_detections": "it is not among the best boxes that are kept (max_detections)",
}
# So that 0.07, which may be a little more than 70/1000 when multiplied, is not rounded up to 0.071.
_SLACK = 1e-9


def at_least(value: float) -> str:
    """Round up to thousandths, so that the number given is enough."""
    return f"{math.ceil(value * 1000 - _SLACK) / 1000:.3f}"


def at_most(value: float) -> str:
    """Round down to thousandths, so that the number given is not too much."""
    return f"{math.floor(value * 1000 + _SLACK) / 1000:.3f}"


def as_set(value: float) -> str:
    """Write a threshold as it was set, to four decimals at most."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def sentence(explanation: PairExplanation) -> str:
    """Return which change of a threshold would turn the verdict, or that none can."""
    return _SENTENCES[explanation.verdict](explanation)


def _category(_: PairExplanation) -> str:
    return "No threshold can make this a box: the corners' categories differ."


def _order(explanation: PairExplanation) -> str:
    where = _side(explanation.tests.order)
    return (
        f"No threshold can make this a box: the bottom-right corner lies {where} the top-left one."
    )


def _side(order: OrderTest) -> str:
    sides = [side for side, is_there in (("above", order.dy < 0), ("left of", order.dx < 0))
             if is_there]  # fmt: skip
    return " and ".join(sides)


def _embedding(explanation: PairExplanation) -> str:
    change, then = explanation.counterfactual, explanation.counterfactual.suppression_then
    assert change.max_embedding_distance is not None
    assert then is not None
    threshold = at_least(change.max_embedding_distance)
    if change.verdict_then is Verdict.DETECTION:
        assert then.score is not None
        score = at_most(then.score)
        return f"Kept at an embedding threshold of {threshold}, with a score of {score}."
    if change.verdict_then is Verdict.WEAK:
        test = explanation.tests.score
        fate = f"its score of {at_most(test.score)} stays below {as_set(test.min_score)}"
    else:
        fate = _suppressed_or_cut(then)
    return f"An embedding threshold of {threshold} would let it pass, but {fate}."


def _weak(explanation: PairExplanation) -> str:
    change, then = explanation.counterfactual, explanation.tests.suppression
    assert change.missing_score is not None
    besides = f", and {_suppressed_or_cut(then)}" if then.suppressor else ""
    need = f"Would need {at_least(change.missing_score)} more score{besides}"
    return f"{need}; {_lower_min_score(explanation)}."


def _suppressed(explanation: PairExplanation) -> str:
    then = explanation.tests.suppression
    fate = _suppressed_or_cut(then)
    fate = fate[0].upper() + fate[1:]
    return f"{fate}." if then.cut_by else f"{fate}; {_lower_min_score(explanation)}."


def _lower_min_score(explanation: PairExplanation) -> str:
    change = explanation.counterfactual
    if change.min_score is not None:
        return f"kept from a least score of {at_most(change.min_score)} down"
    limit = explanation.tests.suppression.cut_by or "max_detections"
    return f"a lower least score does not help, for {_CUT[limit]}"


def _detection(explanation: PairExplanation) -> str:
    change = explanation.counterfactual
    assert change.max_embedding_distance is not None
    assert change.min_score is not None
    distance, score = at_least(change.max_embedding_distance), at_most(change.min_score)
    return f"Stays down to an embedding threshold of {distance}, or up to a least score of {score}."


def _suppressed_or_cut(test: SuppressionTest) -> str:
    if test.cut_by is not None:
        return _CUT[test.cut_by]
    assert test.score is not None
    assert test.suppressor is not None
    return f"the box of {_named(test.suppressor)} suppresses it to {at_most(test.score)}"


def _named(pair: Pair) -> str:
    return f"top-left corner {pair[0]} and bottom-right corner {pair[1]}"


_SENTENCES = {
    Verdict.CATEGORY: _category,
    Verdict.ORDER: _order,
    Verdict.EMBEDDING: _embedding,
    Verdict.WEAK: _weak,
    Verdict.SUPPRESSED: _suppressed,
    Verdict.DETECTION: _detection,
}


def explanation_values(explanation: PairExplanation) -> dict[str, Any]:
    """Return all facts as plain values, named as in the dataclasses; verdicts by name."""
    values = asdict(explanation, dict_factory=_plain)
    return {**values, "meaning": explanation.verdict.words, "sentence": sentence(explanation)}


def corner_values(decoding: Decoding, pair: Pair) -> dict[str, dict[str, Any]]:
    """Return the corners of a pair as plain values; `xy` in original pixels, unclipped."""
    rows, columns = torch.tensor([pair[0]]), torch.tensor([pair[1]])
    span = boxes_of_pairs(decoding.corners, rows, columns)
    box = decoding.frame.from_cells(span)[0].tolist()
    places = {
        "top_left": (decoding.corners.top_left, pair[0], box[:2]),
        "bottom_right": (decoding.corners.bottom_right, pair[1], box[2:]),
    }
    return {
        name: {
            "xy": xy,
            "cell_xy": peaks.cell_xy[k].tolist(),
            "score": float(peaks.scores[k]),
            "label": decoding.detections.categories[int(peaks.labels[k])],
        }
        for name, (peaks, k, xy) in places.items()
    }


def _plain(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: _plain_value(value) for key, value in items}


def _plain_value(value: object) -> object:
    if isinstance(value, Verdict):
        return value.name.lower()
    return list(value) if isinstance(value, tuple) else value
