"""Why a pair of corners became a box, or why not, and what would have to change."""

from dataclasses import dataclass

from cornernet.analysis.counterfactual import Counterfactual, counterfactual, verdict_of
from cornernet.analysis.pair_tests import PairTests, pair_tests
from cornernet.analysis.verdicts import Verdict
from cornernet.decode import Decoding


@dataclass(frozen=True, kw_only=True)
class PairExplanation:
    """The tests of one pair, its verdict, and what would turn it."""

    top_left: int  # index of the peak
    bottom_right: int
    tests: PairTests
    verdict: Verdict
    counterfactual: Counterfactual


def explain_pair(decoding: Decoding, top_left: int, bottom_right: int) -> PairExplanation:
    """Explain one pair of the decoding's peaks.

    Raise ValueError if an index is out of range.
    """
    _check_index("top_left", top_left, len(decoding.corners.top_left.scores))
    _check_index("bottom_right", bottom_right, len(decoding.corners.bottom_right.scores))
    pair = (top_left, bottom_right)
    return PairExplanation(
        top_left=top_left,
        bottom_right=bottom_right,
        tests=pair_tests(decoding, pair),
        verdict=verdict_of(decoding, pair),
        counterfactual=counterfactual(decoding, pair),
    )


def _check_index(name: str, index: int, count: int) -> None:
    kind = name.replace("_", "-")
    if count == 0:
        raise ValueError(f"Expected an image with a {kind} corner, but none was found in this one.")
    if not 0 <= index < count:
        raise ValueError(f"Expected {name} from 0 to {count - 1}, but {index} was given.")
