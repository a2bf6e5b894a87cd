"""Facts about the drawn scenes."""

from collections import Counter
from functools import cache
from typing import Any, get_args

import numpy as np
import pytest

from cornernet.categories import SHAPES
from cornernet.data.shapes.ink import Style, draw_ink, is_ink
from cornernet.data.shapes.paper import draw_paper
from cornernet.data.shapes.scenes import (
    LARGEST_IOU,
    SIZE_SHARE,
    SMALLEST_VISIBLE,
    Scene,
    Split,
    draw_canvas,
    draw_scene,
    entropy_of,
)

SCENES = 150


@cache
def scenes() -> tuple[Scene, ...]:
    return tuple(draw_scene("train", 3, index, (192, 192)) for index in range(SCENES))


def generator(*words: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))


def is_same(first: Scene, second: Scene) -> bool:
    return (
        np.array_equal(first.image, second.image)
        and np.array_equal(first.boxes_xyxy_px, second.boxes_xyxy_px)
        and np.array_equal(first.labels, second.labels)
        and np.array_equal(first.visible_fraction, second.visible_fraction)
        and first.styles == second.styles
        and first.has_clutter == second.has_clutter
    )


@pytest.mark.parametrize("split", get_args(Split))
def test_same_arguments_give_the_same_scene(split: Split) -> None:
    for index in range(5):
        assert is_same(draw_scene(split, 7, index), draw_scene(split, 7, index))


def test_seed_and_index_change_the_scene() -> None:
    base = draw_scene("train", 7, 0).image
    assert not np.array_equal(base, draw_scene("train", 8, 0).image)
    assert not np.array_equal(base, draw_scene("train", 7, 1).image)


def test_train_and_evaluation_never_meet() -> None:
    words = {split: entropy_of(split, 0, 0)[0] for split in get_args(Split)}
    assert len(set(words.values())) == len(words)
    for seed, index in ((0, 0), (1, 5), (2**40, 2**33)):
        assert entropy_of("train", seed, index)[0] == words["train"]
        assert entropy_of("evaluation", seed, index)[0] == words["evaluation"]
        first, second = (draw_scene(split, seed, index) for split in get_args(Split))
        assert not np.array_equal(first.image, second.image)


def test_distinct_arguments_seed_distinct_streams() -> None:
    drawn = {
        tuple(np.random.SeedSequence(entropy_of(split, seed, index)).generate_state(4).tolist())
        for split in get_args(Split)
        for seed in (0, 1, 2, 2**32, 2**40)
        for index in (0, 1, 2, 2**32)
    }
    assert len(drawn) == 2 * 5 * 4


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("style", get_args(Style))
def test_ink_reaches_every_side_of_its_crop(shape: str, style: Style) -> None:
    """A slow definition of the extent: look at each pixel in turn."""
    for trial, size_px in enumerate((13.0, 26.0, 44.0, 90.0)):
        ink = draw_ink(shape, style, generator(trial, SHAPES.index(shape)), size_px)
        inked = is_ink(ink.coverage)
        height, width = inked.shape
        found = [(x, y) for y in range(height) for x in range(width) if inked[y, x]]
        xs, ys = [x for x, _ in found], [y for _, y in found]
        assert (min(xs), min(ys), max(xs) + 1, max(ys) + 1) == (0, 0, width, height)
        assert 0.8 * size_px - 2 <= max(width, height) <= 1.25 * size_px + 2


@pytest.mark.parametrize("shape", SHAPES)
def test_outlined_ink_leaves_the_inside_bare(shape: str) -> None:
    covered = []
    for trial in range(12):
        ink = draw_ink(shape, "outlined", generator(50, trial, SHAPES.index(shape)), 80.0, 2.0)
        covered.append(is_ink(ink.coverage).mean())
    assert np.median(covered) < 0.25


def test_boxes_are_tight_to_the_pixels() -> None:
    """Look for the first and last row and column of every object that nothing covers."""
    checked = Counter[tuple[int, Style]]()
    for index in range(60):
        scene = draw_scene("train", 4, index, (160, 192))
        canvas, _ = draw_canvas(generator(*entropy_of("train", 4, index)), (160, 192))
        for k, box in enumerate(scene.boxes_xyxy_px.tolist()):
            rows, columns = np.nonzero(canvas.owner == k)
            own = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            if len(rows) == canvas.placed[k].ink_total:
                assert scene.visible_fraction[k] == 1.0
                assert box == own
                checked[int(scene.labels[k]), scene.styles[k]] += 1
            else:
                assert box[0] <= own[0]
                assert box[1] <= own[1]
                assert box[2] >= own[2]
                assert box[3] >= own[3]
    assert checked.total() > 100
    assert len(checked) >= 20


def test_drawing_changes_the_paper_in_the_boxes_only() -> None:
    """Compare a scene with its bare paper; one more pixel all round may be part covered."""
    compared = 0
    for index in range(60):
        canvas, has_clutter = draw_canvas(generator(9, index), (128, 128))
        if has_clutter or not canvas.placed:
            continue
        paper = np.asarray(draw_paper(generator(9, index), (128, 128)).picture)
        rows, columns = np.nonzero((canvas.pixels != paper).any(axis=2))
        found = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        boxes = np.array([placed.box for placed in canvas.placed])
        around = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
        assert np.abs(np.subtract(found, around)).max() <= 1
        compared += 1
    assert compared > 15


def test_labelled_objects_are_visible() -> None:
    visible = np.concatenate([scene.visible_fraction for scene in scenes()])
    assert (visible >= SMALLEST_VISIBLE - 1e-6).all()
    assert (visible <= 1.0).all()
    assert (visible < 1.0).mean() > 0.02


def test_boxes_overlap_little() -> None:
    for scene in scenes():
        for k, (ax1, ay1, ax2, ay2) in enumerate(scene.boxes_xyxy_px.tolist()):
            for bx1, by1, bx2, by2 in scene.boxes_xyxy_px[:k].tolist():
                wide = max(0.0, min(ax2, bx2) - max(ax1, bx1))
                high = max(0.0, min(ay2, by2) - max(ay1, by1))
                union = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - wide * high
                assert wide * high / union <= LARGEST_IOU + 1e-6


def test_sizes_are_in_range() -> None:
    boxes = np.concatenate([scene.boxes_xyxy_px for scene in scenes()])
    share = (boxes[:, 2:] - boxes[:, :2]).max(axis=1) / 192
    assert share.min() >= SIZE_SHARE[0]
    assert share.max() <= SIZE_SHARE[1]
    assert ((share > 0.12) & (share < 0.45)).mean() > 0.6


def test_scenes_vary_as_intended() -> None:
    counts = [len(scene.labels) for scene in scenes()]
    styles = Counter(style for scene in scenes() for style in scene.styles)
    labels = Counter(label for scene in scenes() for label in scene.labels.tolist())
    assert min(counts) == 0
    assert max(counts) <= 10
    assert 2.5 <= np.mean(counts) <= 4.5
    assert 1 - styles["filled"] / styles.total() >= 0.4
    assert set(styles) == set(get_args(Style))
    assert np.mean([scene.has_clutter for scene in scenes()]) >= 0.3
    assert set(labels) == set(range(len(SHAPES)))
    assert min(labels.values()) / labels.total() > 0.06


def test_some_scenes_repeat_one_category() -> None:
    busy = [scene for scene in scenes() if len(scene.labels) >= 3]
    triples = [max(Counter(scene.labels.tolist()).values()) >= 3 for scene in busy]
    assert np.mean(triples) >= 0.2


@pytest.mark.parametrize("size_hw", [(96, 200), (300, 120), (33, 32), (511, 383)])
def test_any_size_can_be_drawn(size_hw: tuple[int, int]) -> None:
    for index in range(6):
        scene = draw_scene("evaluation", 1, index, size_hw)
        assert scene.image.shape == (*size_hw, 3)
        assert scene.image.dtype == np.uint8
        assert scene.boxes_xyxy_px.shape == (len(scene.labels), 4)
        assert (scene.boxes_xyxy_px[:, 2] <= size_hw[1]).all()
        assert (scene.boxes_xyxy_px[:, 3] <= size_hw[0]).all()


def test_wrong_arguments_are_refused() -> None:
    unknown: Any = "test"
    with pytest.raises((ValueError, TypeError)):
        draw_scene(unknown, 0, 0)
    with pytest.raises(ValueError, match="seed and index"):
        draw_scene("train", -1, 0)
    with pytest.raises(ValueError, match="seed and index"):
        draw_scene("train", 0, -1)
    with pytest.raises(ValueError, match="seed and index"):
        draw_scene("train", 2**64, 0)
    with pytest.raises(ValueError, match="size_hw"):
        draw_scene("train", 0, 0, (0, 256))
