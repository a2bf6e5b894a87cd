"""Which single change of a threshold would turn a pair's verdict: found by deciding again."""

from dataclasses import dataclass, replace

import torch

from cornernet.analysis.pair_tests import Pair, SuppressionTest, place_of, suppression_test
from cornernet.analysis.verdicts import Verdict, verdict
from cornernet.decode import Decoding, are_detections, decide_again


@dataclass(frozen=True, kw_only=True)
class Counterfactual:
    """The single change of one threshold that turns the verdict, all else unchanged.

    CATEGORY, ORDER: all is None, since no threshold can.
    EMBEDDING: `max_embedding_distance` is the smallest that lets the pair pass, its distance;
        `verdict_then` and `suppression_then` tell what becomes of it at that very threshold.
    WEAK: `missing_score` is min_score - score, before suppression.
    WEAK, SUPPRESSED: `min_score` is the largest with which the pair is a detection, its score
        after suppression; None if a limit would still cut it.
    DETECTION: `min_score` is the largest with which it stays one. `max_embedding_distance` is the
        smallest with which it stays one: its distance, or, if fewer pairs leave it suppressed
        there, the smallest larger distance among the pairs kept now with which it does.
    """

    max_embedding_distance: float | None = None
    verdict_then: Verdict | None = None
    suppression_then: SuppressionTest | None = None
    missing_score: float | None = None
    min_score: float | None = None


def verdict_of(decoding: Decoding, pair: Pair) -> Verdict:
    """Return the fate of one pair."""
    return Verdict(int(verdict(decoding)[pair]))


def counterfactual(decoding: Decoding, pair: Pair) -> Counterfactual:
    """Find what would turn the verdict of one pair."""
    fate, pairing = verdict_of(decoding, pair), decoding.pairing
    if fate in (Verdict.CATEGORY, Verdict.ORDER):
        return Counterfactual()
    if fate is Verdict.EMBEDDING:
        distance = float(pairing.embedding_distance[pair])
        then = _with_distance(decoding, distance)
        return Counterfactual(
            max_embedding_distance=distance,
            verdict_then=verdict_of(then, pair),
            suppression_then=suppression_test(then, pair),
        )
    min_score = _largest_min_score(decoding, pair)
    if fate is Verdict.WEAK:
        missing = decoding.config.min_score - float(pairing.scores[pair])
        return Counterfactual(missing_score=missing, min_score=min_score)
    if fate is Verdict.SUPPRESSED:
        return Counterfactual(min_score=min_score)
    smallest = _smallest_distance(decoding, pair)
    return Counterfactual(max_embedding_distance=smallest, min_score=min_score)


def _with_distance(decoding: Decoding, distance: float) -> Decoding:
    return decide_again(decoding, replace(decoding.config, max_embedding_distance=distance))


def _largest_min_score(decoding: Decoding, pair: Pair) -> float | None:
    """Take the score after suppression, which does not depend on min_score."""
    place, scores = place_of(decoding, pair), decoding.candidates.suppression.scores
    if place is None:
        return None
    score = float(scores[place])
    admitted = are_detections(scores, replace(decoding.config, min_score=score))
    return score if bool(admitted[place]) else None


def _smallest_distance(decoding: Decoding, pair: Pair) -> float:
    """Try the distances of the kept pairs upwards, the pair's own first.

    Suppression is not monotonic: without a third pair, the one that it held down may suppress
    this one. The largest distance keeps all pairs kept now, so that one needs no trial.
    """
    pairing = decoding.pairing
    kept = pairing.embedding_distance[pairing.is_kept]
    steps = torch.unique(kept[kept >= pairing.embedding_distance[pair]], sorted=True).tolist()
    for step in steps[:-1]:
        if verdict_of(_with_distance(decoding, step), pair) is Verdict.DETECTION:
            return float(step)
    return float(steps[-1])
