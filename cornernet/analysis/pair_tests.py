"""The five tests of a pair of corners, each with its numbers.

Every comparison is that of `cornernet.decode`, in double precision on single-precision values.
"""

from dataclasses import dataclass
from typing import Literal

from cornernet.decode import Decoding

Limit = Literal["max_pairs", "max_detections"]
Pair = tuple[int, int]  # indices of a top-left and a bottom-right peak


@dataclass(frozen=True, kw_only=True)
class CategoryTest:
    """Are both corners of one category? Each value: (top-left, bottom-right)."""

    labels: tuple[int, int]
    names: tuple[str, str]
    passed: bool


@dataclass(frozen=True, kw_only=True)
class OrderTest:
    """Does the bottom-right corner lie neither left of (dx < 0) nor above (dy < 0) the other?"""

    dx: float  # in heatmap cells, from exact corner (cell + offset) to exact corner
    dy: float
    passed: bool


@dataclass(frozen=True, kw_only=True)
class EmbeddingTest:
    """Is distance <= threshold?"""

    distance: float
    threshold: float  # max_embedding_distance
    margin: float  # threshold - distance
    passed: bool


@dataclass(frozen=True, kw_only=True)
class ScoreTest:
    """Is the mean of the corners' scores, before suppression, >= min_score?"""

    score: float
    min_score: float
    margin: float  # score - min_score
    passed: bool


@dataclass(frozen=True, kw_only=True)
class SuppressionTest:
    """Is the score still >= min_score after suppression?

    `passed` is None where the answer would mean nothing: the pair failed an earlier test, or a
    limit cut it. A pair that only the score test stops takes part in suppression all the same, so
    its numbers are given. `cut_by` is "max_pairs" if the pair passed the tests of category, order
    and distance, but was not among the best that go on; and "max_detections" if its score was
    high enough after suppression, but it was not among the best that are kept.
    """

    score: float | None  # after suppression; None if the pair did not take part
    suppressor: Pair | None  # the pair whose decay was the heaviest; None if none decayed it
    factor: float  # what that pair multiplied the score by; 1 if none did
    cut_by: Limit | None
    passed: bool | None


@dataclass(frozen=True, kw_only=True)
class PairTests:
    """All tests in their order.

    The first four are made for every pair, whether or not an earlier one failed.
    """

    category: CategoryTest
    order: OrderTest
    embedding: EmbeddingTest
    score: ScoreTest
    suppression: SuppressionTest


def pair_tests(decoding: Decoding, pair: Pair) -> PairTests:
    """Return the tests of one pair of the decoding's peaks."""
    config, pairing, names = decoding.config, decoding.pairing, decoding.detections.categories
    top_left, bottom_right = decoding.corners.both
    labels = int(top_left.labels[pair[0]]), int(bottom_right.labels[pair[1]])
    start = top_left.corner_xy_cell[pair[0]]
    dx, dy = (bottom_right.corner_xy_cell[pair[1]] - start).tolist()
    distance, score = float(pairing.embedding_distance[pair]), float(pairing.scores[pair])
    return PairTests(
        category=CategoryTest(
            labels=labels,
            names=(names[labels[0]], names[labels[1]]),
            passed=bool(pairing.label_matches[pair]),
        ),
        order=OrderTest(dx=dx, dy=dy, passed=bool(pairing.is_ordered[pair])),
        embedding=EmbeddingTest(
            distance=distance,
            threshold=config.max_embedding_distance,
            margin=config.max_embedding_distance - distance,
            passed=bool(pairing.embedding_is_close[pair]),
        ),
        score=ScoreTest(
            score=score,
            min_score=config.min_score,
            margin=score - config.min_score,
            passed=score >= config.min_score,
        ),
        suppression=suppression_test(decoding, pair),
    )


def place_of(decoding: Decoding, pair: Pair) -> int | None:
    """Find the pair among the candidates."""
    candidates = decoding.candidates
    is_pair = (candidates.top_left_index == pair[0]) & (candidates.bottom_right_index == pair[1])
    found = is_pair.nonzero()[:, 0].tolist()
    return found[0] if found else None


def suppression_test(decoding: Decoding, pair: Pair) -> SuppressionTest:
    """Return what suppression did to one pair."""
    place, candidates = place_of(decoding, pair), decoding.candidates
    if place is None:
        is_kept = bool(decoding.pairing.is_kept[pair])
        cut_by: Limit | None = "max_pairs" if is_kept else None
        return SuppressionTest(score=None, suppressor=None, factor=1.0, cut_by=cut_by, passed=None)
    score, min_score = float(candidates.suppression.scores[place]), decoding.config.min_score
    by = int(candidates.suppression.strongest[place])
    suppressor = (int(candidates.top_left_index[by]), int(candidates.bottom_right_index[by]))
    is_high_enough, is_detection = score >= min_score, bool(candidates.is_detection[place])
    cut = is_high_enough and not is_detection
    is_weak = float(candidates.scores[place]) < min_score
    return SuppressionTest(
        score=score,
        suppressor=suppressor if by >= 0 else None,
        factor=float(candidates.suppression.strongest_factor[place]),
        cut_by="max_detections" if cut else None,
        passed=None if cut or is_weak else is_high_enough,
    )
