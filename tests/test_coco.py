"""COCO-format folders: read, refused in a sentence, and augmented with their boxes."""

import gzip
import json
import shutil
from multiprocessing import Pool
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest
import torch
from PIL import Image

from cornernet.data.augment import augment, mirror
from cornernet.data.coco import CocoSource, read_coco, read_coco_alone
from cornernet.data.samples import Sample
from cornernet.data.sources import evaluation_samples
from cornernet.decode import Detections
from cornernet.evaluation.answers import answer_of
from cornernet.evaluation.average_precision import average_precision
from cornernet.evaluation.coco_results import coco_results
from cornernet.image_reading import ImageError
from tests.coco_scene import official_score_of_files, write_folder


def test_boxes_and_labels_are_read(tmp_path: Path) -> None:
    folder = read_coco(write_folder(tmp_path), None)
    assert folder.categories == ("square", "dog")  # by id
    sample = folder.sample(0)
    assert sample.image.shape == (60, 80, 3)
    assert sample.boxes_xyxy_px.tolist() == [[20, 10, 50, 40], [0, 0, 5, 5]]
    assert sample.labels.tolist() == [0, 1]
    assert sample.is_crowd == (False, True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"images": []}, "no usable image"),
        ({"categories": []}, "no usable category"),
        ({"annotations": [{"image_id": 7}]}, "no usable object .*categories"),
        ({"annotations": [{"image_id": 7, "category_id": 3, "bbox": [1, 2]}]}, "four numbers"),
        ({"images": "none"}, "no list of images"),
    ],
)
def test_other_formats_are_refused_in_a_sentence(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=rf"^Expected .*{message}"):
        read_coco(write_folder(tmp_path, **changes), None)


def test_missing_and_broken_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no"):
        read_coco(tmp_path / "none.json", None)
    (tmp_path / "text.json").write_text("{")
    with pytest.raises(ValueError, match="COCO-format"):
        read_coco(tmp_path / "text.json", None)


def test_categories_of_which_nothing_can_be_learnt_are_noted(tmp_path: Path) -> None:
    categories = [{"id": 18, "name": "dog"}, {"id": 3, "name": "square"}, {"id": 1, "name": "cat"}]
    path = write_folder(tmp_path, categories=categories)
    first, *_ = read_coco(path, None).findings
    assert first.line == "note: categories without an object: 1 (cat)"


def test_labels_are_matched_by_name(tmp_path: Path) -> None:
    path = write_folder(tmp_path)
    data = evaluation_samples((str(path), None), ("cat", "dog"), None, 0)
    labels = [sample.labels.tolist() for sample in data.samples]
    assert (data.total, labels) == (2, [[1], [1]])
    with pytest.raises(ValueError, match="categories"):
        evaluation_samples((str(path), None), ("cat",), None, 0)


def test_augmented_boxes_stay_on_their_objects(tmp_path: Path) -> None:
    source = CocoSource(read_coco(write_folder(tmp_path), tmp_path), seed=1)
    seen = 0
    for index in range(40):
        sample = source(index, 64)
        assert sample.image.shape == (64, 64, 3)
        assert sample.is_crowd == sample.is_ignored
        counted = sample.boxes_xyxy_px[sample.is_counted]
        for x1, y1, x2, y2 in counted.round().int().tolist():
            inside = sample.image[y1 + 1 : y2 - 1, x1 + 1 : x2 - 1]
            assert inside.size == 0 or inside.min() > 100  # white, recoloured
            seen += 1
    assert seen > 25


def test_each_round_shows_every_image_once_and_repeats_exactly(tmp_path: Path) -> None:
    folder = read_coco(write_folder(tmp_path), None)
    for start in (0, 2, 4):
        labels = {CocoSource(folder, 3)(start + i, 640).labels.sum().item() for i in range(2)}
        assert len(labels) >= 1
    first, second = (CocoSource(folder, 3)(5, 64) for _ in range(2))
    assert np.array_equal(first.image, second.image)
    assert torch.equal(first.boxes_xyxy_px, second.boxes_xyxy_px)


def test_mirroring_twice_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    sample = Sample(
        image=rng.integers(0, 256, (9, 12, 3)).astype(np.uint8),
        boxes_xyxy_px=torch.tensor([[1.0, 2, 5, 6]]),
        labels=torch.tensor([0]),
    )
    once = mirror(sample)
    assert once.boxes_xyxy_px.tolist() == [[7, 2, 11, 6]]
    assert np.array_equal(mirror(once).image, sample.image)
    assert torch.equal(mirror(once).boxes_xyxy_px, sample.boxes_xyxy_px)


def test_an_image_without_objects_is_augmented_too() -> None:
    empty = Sample(
        image=np.zeros((10, 20, 3), np.uint8),
        boxes_xyxy_px=torch.zeros(0, 4),
        labels=torch.zeros(0, dtype=torch.int64),
    )
    assert augment(empty, 32, np.random.default_rng(0)).boxes_xyxy_px.shape == (0, 4)


def test_partly_labelled_images_in_zips_are_read_in_place(tmp_path: Path) -> None:
    images = [
        {"id": 7, "file_name": "1.png", "labelled": "voc20"},
        {"id": 9, "file_name": "2.png", "labelled": "coco80"},
        {"id": 5, "file_name": "3.png", "labelled": ["square"]},
    ]
    box = {"image_id": 7, "bbox": [20, 10, 30, 30]}
    plain = write_folder(
        tmp_path,
        images=images,
        categories=[{"id": 18, "name": "dog"}, {"id": 3, "name": "square"}],
        annotations=[
            {**box, "category_id": 18, "ignore": 1},
            {**box, "category_id": 18, "ignore": 0, "area": 450.5},
            {**box, "category_id": 18, "iscrowd": 1},
        ],
    )
    packed = tmp_path / "packed"
    packed.mkdir()
    shutil.copy(tmp_path / "1.png", tmp_path / "3.png")
    for name in ("1.png", "2.png", "3.png"):
        with ZipFile(packed / f"{name[0]}.zip", "w") as archive:
            archive.write(tmp_path / name, name)
        (tmp_path / name).unlink()
    (packed / "a.json.gz").write_bytes(gzip.compress(plain.read_bytes()))
    folder = read_coco(packed / "a.json.gz", None)
    first = folder.sample(0)
    assert first.is_crowd == (False, False, True)
    assert first.is_ignored == (True, False, True)
    assert first.is_counted.tolist() == [False, True, False]
    assert first.areas_px2 == (900, 450.5, 900)
    assert [folder.sample(i).known_labels for i in range(3)] == [{1}, {1}, {0}]
    assert first.image[25, 35].tolist() == [255, 255, 255]
    with Pool(2, initializer=torch.set_num_threads, initargs=(1,)) as workers:
        read = workers.map(folder.sample, [0, 1, 2] * 20)  # the parent's zips are open here
    assert all(np.array_equal(sample.image, first.image) for sample in read)


def test_known_and_ignored_travel_with_augmented_samples_and_labels(tmp_path: Path) -> None:
    path = write_folder(
        tmp_path,
        images=[{"id": 7, "file_name": "1.png", "labelled": ["dog", "square"]}],
        categories=[{"id": n, "name": name} for n, name in enumerate(("cat", "dog", "square"))],
        annotations=[
            {"image_id": 7, "category_id": 1, "bbox": [20, 10, 30, 30]},
            {"image_id": 7, "category_id": 2, "bbox": [20, 10, 30, 30], "ignore": 1},
        ],
    )
    sample = CocoSource(read_coco(path, None), seed=1)(0, 64)
    assert sample.known_labels == {1, 2}
    assert sample.is_ignored == (False, True)
    (sample,) = evaluation_samples((str(path), None), ("dog", "horse"), None, 0).samples
    assert sample.known_labels == {0}
    assert sample.is_ignored == (False,)


def test_the_twelve_figures_are_those_of_pycocotools(tmp_path: Path) -> None:
    """Published figures are reproduced: outlines' areas, crowds, and detections at random."""
    rng = np.random.default_rng(3)
    sides = rng.uniform(5, 200, (60, 2))
    corner = rng.uniform(0, 100, (60, 2))
    rows = [
        {
            "id": k + 1,
            "image_id": 7 + 2 * (k % 2),
            "category_id": 3 if k % 3 else 18,
            "bbox": [*corner[k].tolist(), *sides[k].tolist()],
            "area": float(sides[k].prod() * rng.uniform(0.2, 1)),
            "iscrowd": int(k % 11 == 0),
        }
        for k in range(60)
    ]
    images = [
        {"id": i, "file_name": f"{n}.png", "width": 400, "height": 400} for n, i in ((1, 7), (2, 9))
    ]
    path = write_folder(tmp_path, images=images, annotations=rows)
    for name in ("1.png", "2.png"):
        Image.new("RGB", (400, 400)).save(tmp_path / name)
    folder = read_coco(path, None, is_strict=True)
    answers = []
    for place in range(2):
        sample = folder.sample(place)
        moved = sample.boxes_xyxy_px + torch.from_numpy(rng.normal(0, 4, (30, 4))).float()
        found = Detections(
            boxes_xyxy_px=moved,
            scores=torch.from_numpy(rng.random(30)).float(),
            labels=sample.labels,
            categories=folder.categories,
        )
        answers.append(answer_of(sample, found))
    ours = average_precision(answers, folder.categories)
    pairs = ((image.id, a.detections) for image, a in zip(folder.images, answers, strict=True))
    results = tmp_path / "results.json"
    results.write_text(json.dumps(coco_results(pairs, folder.category_ids)))
    scored = official_score_of_files(path, results)
    assert len(ours.figures) == 12
    assert list(ours.figures.values()) == pytest.approx(scored.stats.tolist(), abs=1e-9)
    assert len({round(value, 6) for value in ours.figures.values()}) > 9


def test_damage_in_the_middle_is_told_when_it_is_read(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (60, 80, 3)).astype(np.uint8)
    path = write_folder(tmp_path)
    Image.fromarray(noise).save(tmp_path / "1.png")
    raw = bytearray((tmp_path / "1.png").read_bytes())
    raw[5000:5100] = bytes(100)
    (tmp_path / "1.png").write_bytes(raw)
    folder = read_coco(path, None)
    with pytest.raises(ImageError, match=r"^Expected .*1\.png"):
        folder.sample(0)


def test_an_image_of_too_many_objects_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cornernet.data.coco.read.MOST_OBJECTS", 3)
    images = [{"id": n, "file_name": f"{n}.png", "width": 60, "height": 48} for n in (1, 2)]
    rows = [
        {"id": 10 * n + k, "image_id": n, "category_id": 1, "bbox": [k, 2, 9, 9]}
        for n in (1, 2)
        for k in range(2 + n)
    ]
    path = tmp_path / "many.json"
    content = {"images": images, "annotations": rows, "categories": [{"id": 1, "name": "cat"}]}
    path.write_text(json.dumps(content))
    folder = read_coco_alone(path)
    assert [image.name for image in folder.images] == ["1.png"]
    assert "  left out: images with more than 3 objects: 1 (2.png)" in folder.report.lines()
