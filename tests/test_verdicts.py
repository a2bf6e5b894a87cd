"""Every pair of corners has one verdict, the first test that it fails."""

from dataclasses import replace

import pytest

from cornernet.analysis.verdicts import Verdict, verdict
from cornernet.config import DecodeConfig
from tests.handmade import CONFIG, decoded, handmade


@pytest.mark.parametrize("config", [
    CONFIG,
    replace(CONFIG, min_score=0.9),
    replace(CONFIG, min_score=0.0, max_embedding_distance=3.0),
    replace(CONFIG, min_score=0.0, max_detections=1),
])  # fmt: skip
def test_verdicts_agree_with_a_loop_over_pairs(config: DecodeConfig) -> None:
    decoding = decoded(handmade(), config)
    (tl, br), candidates = decoding.corners.both, decoding.candidates
    detections = {
        (int(i), int(j))
        for i, j, found in zip(
            candidates.top_left_index,
            candidates.bottom_right_index,
            candidates.is_detection,
            strict=True,
        )
        if found
    }
    table = verdict(decoding)
    for i in range(len(tl.scores)):
        for j in range(len(br.scores)):
            first, last = tl.corner_xy_cell[i], br.corner_xy_cell[j]
            distance = abs(float(tl.embeddings[i]) - float(br.embeddings[j]))
            if tl.labels[i] != br.labels[j]:
                expected = Verdict.CATEGORY
            elif last[0] < first[0] or last[1] < first[1]:
                expected = Verdict.ORDER
            elif distance > config.max_embedding_distance:
                expected = Verdict.EMBEDDING
            elif (i, j) in detections:
                expected = Verdict.DETECTION
            elif (float(tl.scores[i]) + float(br.scores[j])) / 2 < config.min_score:
                expected = Verdict.WEAK
            else:
                expected = Verdict.SUPPRESSED
            assert table[i, j] == expected
    assert (table == Verdict.DETECTION).sum() == len(decoding.detections.scores)


def test_every_verdict_has_its_own_letter_and_words() -> None:
    assert len({v.letter for v in Verdict}) == len({v.words for v in Verdict}) == len(Verdict)


def test_without_corners_there_are_no_verdicts() -> None:
    decoding = decoded(handmade(), replace(CONFIG, min_corner_score=1.0))
    assert len(decoding.corners.top_left.scores) == 0
    assert verdict(decoding).shape == (0, 0)
