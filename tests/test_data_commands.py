"""`data`, and what `evaluate`, `detect` and `train` say of annotations and write of results."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cornernet.categories import SHAPES
from cornernet.cli import main
from cornernet.data.samples import held_out_scene
from tests.coco_scene import official_score_of_files

IDS = {name: 10 * (label + 1) for label, name in enumerate(SHAPES)}


@pytest.fixture
def scenes(tmp_path: Path) -> Path:
    """Three drawn scenes, and a box that is none."""
    images, rows = [], []
    for number in range(3):
        scene = held_out_scene(5, number)
        name = f"scene-{number}.png"
        Image.fromarray(scene.image).save(tmp_path / name)
        height, width = scene.image.shape[:2]
        images.append({"id": f"s{number}", "file_name": name, "width": width, "height": height})
        for box, label in zip(scene.boxes_xyxy_px.tolist(), scene.labels.tolist(), strict=True):
            x1, y1, x2, y2 = box
            rows.append(
                {
                    "id": len(rows) + 1,
                    "image_id": f"s{number}",
                    "category_id": IDS[SHAPES[label]],
                    "bbox": [x1, y1, x2 - x1, y2 - y1],
                    "area": (x2 - x1) * (y2 - y1),
                    "iscrowd": 0,
                }
            )
    content = {
        "images": images,
        "annotations": rows,
        "categories": [{"id": key, "name": name} for name, key in IDS.items()],
    }
    path = tmp_path / "scenes.json"
    path.write_text(json.dumps(content))
    return path


def spoil(path: Path) -> None:
    content = json.loads(path.read_text())
    content["annotations"].append(
        {**content["annotations"][0], "id": 99, "bbox": [float("nan"), 1, 2, 3]}
    )
    path.write_text(json.dumps(content))


NAN = "left out: boxes that are not finite: 1 (annotation 99)"


def test_data_tells_the_report_and_draws(
    scenes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(scenes)
    figures = tmp_path / "figures"
    assert main(["data", str(scenes), "--figures", str(figures)]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    count = len(json.loads(scenes.read_text())["annotations"]) - 1
    assert lines == [
        f"{scenes}: 3 images, {count} objects of 8 categories",
        "  note: categories without an object: 2 (square, heart)",
        f"  {NAN}",
    ]
    drawn = sorted(figures.iterdir())
    assert [path.name for path in drawn] == [f"00000{n}-scene-{n}.png" for n in range(3)]
    with Image.open(drawn[0]) as picture:
        plain = Image.fromarray(held_out_scene(5, 0).image).resize(picture.size)
        assert np.any(np.asarray(picture, int) - np.asarray(plain, int))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["data", "{data}", "--strict"], "without doubts"),
        (["evaluate", "--data", "{data}", "--strict"], "without doubts"),
        (["train", "--data", "{data}", "--strict", "--steps", "1", "--out", "{out}"], "doubts"),
        (["data", "{data}", "--image-root", "{out}"], "no usable image"),
        (["evaluate", "--data", "{data}", "--image-root", "{out}"], "no usable image"),
        (["data", "nothing.json"], "there is no nothing.json"),
        (["evaluate", "--coco-results", "{out}"], "Expected --data"),
        (["detect", "x.png", "--annotations", "{data}"], "--coco-results"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_unusable_data_is_told_of_and_status_2(
    arguments: list[str],
    words: str,
    scenes: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(scenes)
    filled = [a.format(data=scenes, out=tmp_path / "out") for a in arguments]
    assert main(filled) == 2
    told = capsys.readouterr()
    last = told.err.strip().splitlines()[-1]
    assert last.startswith("cornernet: Expected ")
    assert words in last
    if "doubts" in words:  # the report stands before the refusal
        assert NAN in told.out + told.err.rsplit("cornernet: ", 1)[0]
    assert not (tmp_path / "out").exists()


def test_evaluate_tells_of_its_data_and_writes_results(
    scenes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = scenes.read_text()
    spoil(scenes)
    results = tmp_path / "results.json"
    command = ["evaluate", "--data", str(scenes), "--json", "-", "--coco-results", str(results)]
    assert main(command) == 0
    told = capsys.readouterr()
    assert NAN in told.err
    report = json.loads(told.out)
    assert f"over {report['categories']} categories with {report['objects']} objects" in told.err
    scenes.write_text(truth)
    scored = official_score_of_files(scenes, results)
    assert [report[name] for name in ("AP", "AP50", "AP75")] == scored.stats[:3].round(4).tolist()


def test_detect_writes_results_with_a_file_s_ids_or_says_which(
    scenes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "results.json"
    images = [str(scenes.parent / f"scene-{number}.png") for number in range(3)]
    command = ["detect", *images, "--coco-results", str(results)]
    assert main([*command, "--annotations", str(scenes)]) == 0
    assert official_score_of_files(scenes, results).stats[1] > 0.8
    records = json.loads(results.read_text())
    assert {record["image_id"] for record in records} == {"s0", "s1", "s2"}
    assert {record["category_id"] for record in records} <= set(IDS.values())
    capsys.readouterr()
    assert main(command) == 0
    assert "(circle: 1); --annotations FILE" in capsys.readouterr().err
    numbered = json.loads(results.read_text())
    assert [record["bbox"] for record in numbered] == [record["bbox"] for record in records]
    assert {record["image_id"] for record in numbered} == {1, 2, 3}
    Image.open(images[0]).save(tmp_path / "other.png")
    images[0] = str(tmp_path / "other.png")
    command = ["detect", *images, "--coco-results", str(results), "--annotations", str(scenes)]
    assert main(command) == 2
    assert "Expected one image called other.png" in capsys.readouterr().err
    assert {record["image_id"] for record in json.loads(results.read_text())} == {"s1", "s2"}
