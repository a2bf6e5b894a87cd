"""Three images with seven objects, what a detector found in them, and how files go wrong."""

import contextlib
import copy
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from cornernet.data.samples import Sample
from cornernet.decode import Detections

Content = dict[str, Any]
# Changes the content or the files beside it; bytes that it returns are written as they are.
Edit = Callable[[Content, Path], bytes | None]
MODEL = ("square", "dog")
SIZES = {"a.png": (200, 150), "b.png": (160, 120), "sub/c.jpg": (120, 160)}
IMAGE_IDS = dict(zip(SIZES, (1, 2, 3), strict=True))
CATEGORY_IDS = {"square": 3, "dog": 18}
Thing = tuple[str, str, tuple[int, int, int, int]]  # image, category, x, y, width, height
OBJECTS: dict[int, Thing] = {
    11: ("a.png", "square", (20, 30, 80, 60)),
    12: ("a.png", "dog", (120, 20, 60, 100)),
    13: ("b.png", "dog", (10, 10, 50, 40)),
    14: ("b.png", "square", (90, 60, 60, 50)),
    15: ("sub/c.jpg", "dog", (15, 40, 90, 70)),
    16: ("sub/c.jpg", "square", (60, 120, 40, 30)),
    17: ("sub/c.jpg", "dog", (5, 5, 30, 20)),
}
# image, category, x, y, width, height, score: four exact, three moved, one false, one missed
FOUND = (
    ("a.png", "square", (20, 30, 80, 60), 0.9),
    ("a.png", "dog", (128, 24, 60, 100), 0.8),
    ("a.png", "dog", (10, 100, 50, 40), 0.85),
    ("b.png", "dog", (10, 10, 50, 40), 0.7),
    ("b.png", "square", (94, 62, 60, 50), 0.6),
    ("sub/c.jpg", "dog", (15, 40, 90, 70), 0.95),
    ("sub/c.jpg", "square", (63, 121, 40, 30), 0.5),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A file that is not as it should be, and what must come of it."""

    name: str
    edit: Edit
    report: tuple[str, ...] = ()  # every finding
    lost: tuple[int, ...] = ()  # objects that cannot be used
    crowds: tuple[int, ...] = ()  # objects that are crowds
    gone: tuple[str, ...] = ()  # images that cannot be used
    right: dict[int, Thing] = field(default_factory=dict)  # objects that differ from the clean ones


def content(objects: dict[int, Thing] = OBJECTS) -> Content:
    """Give the clean file, or one with other objects."""
    return {
        "images": [
            {"id": IMAGE_IDS[name], "file_name": name, "width": w, "height": h}
            for name, (w, h) in SIZES.items()
        ],
        "categories": [{"id": key, "name": name} for name, key in CATEGORY_IDS.items()],
        "annotations": [
            {
                "id": key,
                "image_id": IMAGE_IDS[image],
                "category_id": CATEGORY_IDS[category],
                "bbox": list(box),
                "area": 0.8 * box[2] * box[3],
                "iscrowd": 0,
            }
            for key, (image, category, box) in objects.items()
        ],
    }


def write(folder: Path, edit: Edit) -> Path:
    """Write the images and the edited file."""
    (folder / "sub").mkdir()
    for name, size in SIZES.items():
        Image.fromarray(np.full((*size[::-1], 3), 90, np.uint8)).save(folder / name)
    edited = content()
    raw = edit(edited, folder)
    path = folder / "annotations.json"
    path.write_bytes(json.dumps(edited).encode() if raw is None else raw)
    return path


def found_in(name: str, sample: Sample) -> Detections:
    """Give what was found in an image, at the size that it has now."""
    width, height = SIZES[name]
    scale = torch.tensor([sample.image.shape[1] / width, sample.image.shape[0] / height] * 2)
    rows = [(box, label, score) for image, label, box, score in FOUND if image == name]
    boxes = torch.tensor([(x, y, x + w, y + h) for (x, y, w, h), _, _ in rows]).reshape(-1, 4)
    return Detections(
        boxes_xyxy_px=boxes * scale,
        scores=torch.tensor([score for _, _, score in rows]),
        labels=torch.tensor([MODEL.index(label) for _, label, _ in rows]),
        categories=MODEL,
    )


def right_ap(case: Case) -> float:
    """Let pycocotools score the clean file, without what cannot be used."""
    gone = {IMAGE_IDS[name] for name in case.gone}
    clean = content({**OBJECTS, **case.right})
    for one in clean["annotations"]:
        one["iscrowd"] = int(one["id"] in case.crowds)
    truth = COCO()
    truth.dataset = {
        "info": {},
        "categories": clean["categories"],
        "images": [image for image in clean["images"] if image["id"] not in gone],
        "annotations": [
            one
            for one in clean["annotations"]
            if one["id"] not in case.lost and one["image_id"] not in gone
        ],
    }
    found = [
        {
            "image_id": IMAGE_IDS[name],
            "category_id": CATEGORY_IDS[label],
            "bbox": list(box),
            "score": score,
        }
        for name, label, box, score in FOUND
        if IMAGE_IDS[name] not in gone
    ]
    return float(official_score(truth, copy.deepcopy(found)).stats[0])


def official_score(truth: COCO, found: Any) -> COCOeval:
    """Let pycocotools score results, or a file of them, without a word."""
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        scored = COCOeval(truth, truth.loadRes(found), "bbox")
        scored.evaluate()
        scored.accumulate()
        scored.summarize()
    return scored


def official_score_of_files(truth: Path, results: Path) -> COCOeval:
    with contextlib.redirect_stdout(io.StringIO()):
        data = COCO(truth)
    return official_score(data, str(results))


def entry(content: Content, which: str, key: object) -> dict[str, Any]:
    """Find an entry by its id."""
    return next(e for e in content[which] if e["id"] == key)


def put(which: str, key: object, **values: Any) -> Edit:
    """Set fields of one entry."""
    return lambda c, _: entry(c, which, key).update(values)


def drop(which: str, key: object, *names: str) -> Edit:
    """Take fields of one entry away."""

    def edit(content: Content, _: Path) -> None:
        for name in names:
            del entry(content, which, key)[name]

    return edit


def add(which: str, *entries: dict[str, Any]) -> Edit:
    """Add entries at the end."""
    return lambda c, _: c[which].extend(entries)


def every(which: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Edit:
    """Set fields of every entry."""

    def edit(content: Content, _: Path) -> None:
        for one in content[which]:
            one.update(change(one))

    return edit


def all_of(*edits: Edit) -> Edit:
    """Make several edits."""

    def edit(content: Content, folder: Path) -> None:
        for one in edits:
            one(content, folder)

    return edit


def encoded(encoding: str) -> Edit:
    """Write the file in another encoding, with names that need one."""
    return lambda c, _: json.dumps({**c, "info": {"by": "Ørsted 犬"}}, ensure_ascii=False).encode(
        encoding
    )


def boxes(change: Callable[[float, float, float, float, int, int], list[float]]) -> Edit:
    """Write every box in another way: from x, y, width, height and its image's sides."""

    def edit(content: Content, _: Path) -> None:
        for one in content["annotations"]:
            image = entry(content, "images", one["image_id"])
            one["bbox"] = change(*one["bbox"], image["width"], image["height"])
            del one["area"]

    return edit


def resized(name: str, size: tuple[int, int]) -> Edit:
    """Give an image another size than the file states."""
    return lambda _, folder: Image.new("RGB", size).save(folder / name)


def turned(name: str, orientation: int) -> Edit:
    """Store an image so that EXIF turns it to its size in the clean scene."""

    def edit(_: Content, folder: Path) -> None:
        width, height = SIZES[name]
        image = Image.new("RGB", (height, width) if orientation >= 5 else (width, height))
        exif = image.getexif()
        exif[0x0112] = orientation
        image.save(folder / name, exif=exif)

    return edit


def raw(name: str, change: Callable[[bytes], bytes]) -> Edit:
    """Change an image's bytes."""

    def edit(_: Content, folder: Path) -> None:
        path = folder / name
        path.write_bytes(change(path.read_bytes()))

    return edit


def moved(name: str, to: str) -> Edit:
    """Move an image within the folder."""

    def edit(_: Content, folder: Path) -> None:
        (folder / to).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).rename(folder / to)

    return edit


def write_folder(folder: Path, **changes: Any) -> Path:
    """Write two images and four annotations: two objects, a crowd, and an empty box."""
    for number in (1, 2):
        image = np.zeros((60, 80, 3), np.uint8)
        image[10:40, 20:50] = 255
        Image.fromarray(image).save(folder / f"{number}.png")
    content = {
        "images": [{"id": 7, "file_name": "1.png"}, {"id": 9, "file_name": "2.png"}],
        "categories": [{"id": 18, "name": "dog"}, {"id": 3, "name": "square"}],
        "annotations": [
            {"image_id": 7, "category_id": 3, "bbox": [20, 10, 30, 30]},
            {"image_id": 7, "category_id": 18, "bbox": [0, 0, 5, 5], "iscrowd": 1},
            {"image_id": 7, "category_id": 18, "bbox": [1, 1, 0, 3]},
            {"image_id": 9, "category_id": 18, "bbox": [20, 10, 30, 30]},
        ],
        **changes,
    }
    path = folder / "annotations.json"
    path.write_text(json.dumps(content))
    return path
