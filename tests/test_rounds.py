"""The order in which images are trained on: rare categories come more often."""

import math
from collections import Counter

import pytest

from cornernet.data.coco.folder import CocoFolder, CocoImage
from cornernet.data.coco.rounds import Rounds, repeats


def folder_of(images: list[tuple[int, ...]]) -> CocoFolder:
    return CocoFolder(
        source="train.json",
        categories=("a", "b", "c"),
        category_ids=(1, 2, 3),
        findings=(),
        images=tuple(
            CocoImage(
                id=number,
                name=f"{number}.jpg",
                file=None,
                size_wh=None,
                boxes_xyxy_px=((0.0, 0.0, 9.0, 9.0),) * len(labels),
                areas_px2=(81.0,) * len(labels),
                labels=labels,
                is_crowd=(False,) * len(labels),
                is_ignored=tuple(label == 2 and number == 0 for label in labels),
                known_labels=None,
            )
            for number, labels in enumerate(images)
        ),
    )


# Half of the images show category 1; one in eight category 2, beside one that is ignored.
FOLDER = folder_of([(0, 1, 2), (0,), (0, 1), (0,), (0, 1), (0,), (0, 1), (0, 2)])


@pytest.mark.parametrize(
    ("rare_share", "times"),
    [(0.0, 1.0), (0.1, 1.0), (0.5, 2.0), (1.0, math.sqrt(8))],
)
def test_images_with_rare_categories_come_more_often(rare_share: float, times: float) -> None:
    assert repeats(FOLDER, rare_share)[-1] == pytest.approx(times)
    rounds = Rounds(FOLDER, seed=1, rare_share=rare_share)
    counts = Counter(rounds.image(index) for index in range(3000))
    assert set(counts) == set(range(8))
    assert counts[7] / counts[1] == pytest.approx(times, rel=0.05)


def test_no_image_comes_more_than_four_times_in_a_round() -> None:
    folder = folder_of([(1,), *[(0,)] * 999])
    assert repeats(folder, 0.5).max() == 4.0


def test_each_image_comes_once_in_a_round_where_nothing_is_rare() -> None:
    rounds = Rounds(FOLDER, seed=3)
    first, second = ([rounds.image(8 * k + i) for i in range(8)] for k in range(2))
    assert sorted(first) == sorted(second) == list(range(8))
    assert first != second
