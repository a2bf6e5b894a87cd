"""Which corners a figure shows."""

from cornernet.decode import Decoding

SCORE_SHARE = 0.5  # corners with at least this part of min_score are worth a mark
LEAST_SCORE = 0.05  # however low min_score is


def least_score(decoding: Decoding) -> float:
    """Return the score from which a corner is worth a mark: with a strong one it makes a box."""
    return max(LEAST_SCORE, decoding.config.min_score * SCORE_SHARE)
