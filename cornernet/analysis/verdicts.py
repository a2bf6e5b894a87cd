"""What became of each pair of corners."""

from enum import IntEnum

import numpy as np
from jaxtyping import Bool, Int8

from cornernet.decode import Decoding


class Verdict(IntEnum):
    """The fate of a pair; of several failed tests the first counts, in the order given here."""

    CATEGORY = 0  # the corners' categories differ
    ORDER = 1  # the bottom-right corner lies above or left of the top-left one
    EMBEDDING = 2  # the embeddings are further apart than max_embedding_distance
    WEAK = 3  # passes all three tests, but its mean score is below min_score
    SUPPRESSED = 4  # strong, but soft-NMS or a limit on the number of boxes removed it
    DETECTION = 5  # is one of the boxes in the answer

    @property
    def letter(self) -> str:
        """Return the letter that stands for it where space is short."""
        return _LETTERS[self]

    @property
    def words(self) -> str:
        """Return its meaning in a few words."""
        return _WORDS[self]


_LETTERS = {
    Verdict.CATEGORY: "C",
    Verdict.ORDER: "O",
    Verdict.EMBEDDING: "E",
    Verdict.WEAK: "s",
    Verdict.SUPPRESSED: "n",
    Verdict.DETECTION: "K",
}
_WORDS = {
    Verdict.CATEGORY: "different categories",
    Verdict.ORDER: "wrong order",
    Verdict.EMBEDDING: "embeddings too far apart",
    Verdict.WEAK: "score too low",
    Verdict.SUPPRESSED: "removed by suppression",
    Verdict.DETECTION: "kept: a detection",
}


def verdict(decoding: Decoding) -> Int8[np.ndarray, "k_tl k_br"]:
    """Return the `Verdict` of every top-left (row) with every bottom-right (column) corner."""
    pairing = decoding.pairing
    fates = (
        (~pairing.label_matches.numpy(), Verdict.CATEGORY),
        (~pairing.is_ordered.numpy(), Verdict.ORDER),
        (~pairing.embedding_is_close.numpy(), Verdict.EMBEDDING),
        (_is_detection(decoding), Verdict.DETECTION),
        (pairing.scores.numpy() < decoding.config.min_score, Verdict.WEAK),
    )
    chosen = [np.int8(fate) for _, fate in fates]
    return np.select([mask for mask, _ in fates], chosen, np.int8(Verdict.SUPPRESSED))


def _is_detection(decoding: Decoding) -> Bool[np.ndarray, "k_tl k_br"]:
    candidates = decoding.candidates
    found = candidates.is_detection
    matrix = np.zeros(tuple(decoding.pairing.scores.shape), dtype=bool)
    rows, columns = candidates.top_left_index[found], candidates.bottom_right_index[found]
    matrix[rows.numpy(), columns.numpy()] = True
    return matrix
