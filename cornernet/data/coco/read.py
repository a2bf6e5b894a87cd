"""From an annotation file to a data set."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cornernet.data.coco.content import read_content
from cornernet.data.coco.folder import CocoFolder, CocoImage
from cornernet.data.coco.known import known_labels
from cornernet.data.coco.store import ImageStore


@dataclass(frozen=True, kw_only=True)
class _Row:
    box_xyxy_px: tuple[float, float, float, float]
    area_px2: float
    label: int
    is_crowd: bool
    is_ignored: bool


def read_coco(annotations: Path, image_root: Path | None) -> CocoFolder:
    """Read annotations and find their images, which may lie in zips of `image_root`.

    Raise ValueError with one sentence if they are not in COCO's format, or an image is missing.
    """
    return _read(annotations, ImageStore(image_root or annotations.parent))


def read_coco_alone(annotations: Path) -> CocoFolder:
    """Read annotations whose images are not at hand. Raise ValueError as `read_coco` does."""
    return _read(annotations, None)


def _read(annotations: Path, store: ImageStore | None) -> CocoFolder:
    content = read_content(annotations)
    try:
        categories = sorted(content["categories"], key=lambda c: int(c["id"]))
        names = tuple(str(c["name"]) for c in categories)
        label_of = {c["id"]: label for label, c in enumerate(categories)}
        rows: dict[int, list[_Row]] = {}
        for annotation in content["annotations"]:
            row = _row(annotation, label_of)
            if row is not None:
                rows.setdefault(annotation["image_id"], []).append(row)
        images = tuple(
            _image(entry, rows.get(entry["id"], []), names, store) for entry in content["images"]
        )
    # An infinite id overflows.
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise ValueError(
            f"Expected COCO-format annotations (images, annotations, categories) in {annotations}, "
            f"but: {type(error).__name__} {error}."
        ) from error
    if not images or not names:
        raise ValueError(f"Expected at least one image and one category in {annotations}.")
    return CocoFolder(categories=names, images=images)


def _row(annotation: dict[str, Any], label_of: dict[int, int]) -> _Row | None:
    x, y, w, h = (float(v) for v in annotation["bbox"])
    if w <= 0 or h <= 0:
        return None
    is_crowd = bool(annotation.get("iscrowd"))
    return _Row(
        box_xyxy_px=(x, y, x + w, y + h),
        area_px2=float(annotation.get("area") or w * h),
        label=label_of[annotation["category_id"]],
        is_crowd=is_crowd,
        is_ignored=is_crowd or bool(annotation.get("ignore")),
    )


def _image(
    entry: dict[str, Any], rows: list[_Row], categories: tuple[str, ...], store: ImageStore | None
) -> CocoImage:
    file_name = str(entry["file_name"])
    file = None if store is None else store.find(file_name)
    if store is not None and file is None:
        raise ValueError(f"there is no image {file_name} in {store.root}")
    return CocoImage(
        name=PurePosixPath(file_name).name,
        file=file,
        size_wh=_size(entry),
        boxes_xyxy_px=tuple(row.box_xyxy_px for row in rows),
        areas_px2=tuple(row.area_px2 for row in rows),
        labels=tuple(row.label for row in rows),
        is_crowd=tuple(row.is_crowd for row in rows),
        is_ignored=tuple(row.is_ignored for row in rows),
        known_labels=known_labels(entry, categories),
    )


def _size(entry: dict[str, Any]) -> tuple[int, int] | None:
    if "width" not in entry or "height" not in entry:
        return None
    return int(entry["width"]), int(entry["height"])
