"""Answers in two precisions are matched one to one."""

import pytest
import torch

from cornernet.decode import Detections
from cornernet.evaluation.precisions import Agreement, match_scores


def detections(*rows: tuple[list[float], float, int]) -> Detections:
    return Detections(
        boxes_xyxy_px=torch.tensor([row[0] for row in rows]).reshape(-1, 4),
        scores=torch.tensor([row[1] for row in rows]),
        labels=torch.tensor([row[2] for row in rows], dtype=torch.int64),
        categories=("a", "b"),
    )


BOX, NEAR, FAR = [0.0, 0.0, 100.0, 100.0], [0.0, 0.0, 100.0, 95.0], [0.0, 0.0, 100.0, 85.0]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ([], [], []),
        ([(BOX, 0.9, 0)], [], []),
        ([], [(BOX, 0.9, 0)], []),
        ([(BOX, 0.9, 0)], [(BOX, 0.8, 0)], [-0.1]),
        ([(BOX, 0.9, 0)], [(BOX, 0.8, 1)], []),
        ([(BOX, 0.9, 0)], [(FAR, 0.8, 0)], []),
        ([(BOX, 0.9, 0)], [(NEAR, 0.5, 0), (BOX, 0.8, 0)], [-0.1]),
        ([(BOX, 0.9, 0), (NEAR, 0.7, 0)], [(BOX, 0.8, 0)], [-0.1]),
        ([(BOX, 0.9, 0), (NEAR, 0.7, 0)], [(BOX, 0.8, 0), (NEAR, 0.8, 0)], [-0.1, 0.1]),
    ],
)
def test_matching(
    first: list[tuple[list[float], float, int]],
    second: list[tuple[list[float], float, int]],
    expected: list[float],
) -> None:
    assert match_scores(detections(*first), detections(*second)) == pytest.approx(expected)


def test_summaries() -> None:
    nothing = Agreement(images=0, reference_count=0, other_count=0, matched=0, score_changes=())
    assert (nothing.matched_share, nothing.mean_score_change) == (1.0, 0.0)
    some = Agreement(
        images=2, reference_count=4, other_count=5, matched=2, score_changes=(0.1, -0.3)
    )
    assert some.matched_share == 0.5
    assert some.mean_score_change == pytest.approx(0.2)
    assert some.largest_score_change == pytest.approx(0.3)
