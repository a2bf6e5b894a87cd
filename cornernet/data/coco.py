"""Folders of images with COCO-format annotations."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cornernet.data.augment import augment
from cornernet.data.samples import Sample
from cornernet.preprocess import open_image, to_rgb


@dataclass(frozen=True, kw_only=True)
class CocoImage:
    """An image file and its objects; labels index the folder's categories."""

    path: Path
    size_wh: tuple[int, int] | None  # in pixels, if the annotations tell it
    boxes_xyxy_px: tuple[tuple[float, float, float, float], ...]
    labels: tuple[int, ...]
    is_crowd: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class CocoFolder:
    """A data set; categories in the order of their ids."""

    categories: tuple[str, ...]
    images: tuple[CocoImage, ...]

    def sample(self, index: int) -> Sample:
        """Read one image. Raise ImageError if it cannot be read."""
        entry = self.images[index]
        return Sample(
            image=to_rgb(open_image(entry.path)),
            boxes_xyxy_px=torch.tensor(entry.boxes_xyxy_px, dtype=torch.float32).reshape(-1, 4),
            labels=torch.tensor(entry.labels, dtype=torch.int64),
            is_crowd=entry.is_crowd,
        )


def read_coco(annotations: Path, image_root: Path | None) -> CocoFolder:
    """Read annotations. Raise ValueError if they are not in COCO's format."""
    try:
        content = json.loads(annotations.read_text())
        categories = sorted(content["categories"], key=lambda c: int(c["id"]))
        label_of = {c["id"]: label for label, c in enumerate(categories)}
        rows: dict[int, list[tuple[tuple[float, float, float, float], int, bool]]] = {}
        for a in content["annotations"]:
            x, y, w, h = (float(v) for v in a["bbox"])
            if w > 0 and h > 0:
                row = ((x, y, x + w, y + h), label_of[a["category_id"]], bool(a.get("iscrowd")))
                rows.setdefault(a["image_id"], []).append(row)
        root = image_root or annotations.parent
        images = tuple(
            _image(root / i["file_name"], _size(i), rows.get(i["id"], []))
            for i in content["images"]
        )
        names = tuple(str(c["name"]) for c in categories)
    except FileNotFoundError as error:
        raise ValueError(
            f"Expected 'shapes' or a file of COCO annotations, but there is no {annotations}."
        ) from error
    # Deep nesting exhausts the parser's recursion; an infinite id overflows.
    except (OSError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise ValueError(
            f"Expected COCO-format annotations (images, annotations, categories) in {annotations}, "
            f"but: {type(error).__name__} {error}."
        ) from error
    if not images or not names:
        raise ValueError(f"Expected at least one image and one category in {annotations}.")
    return CocoFolder(categories=names, images=images)


def _size(entry: dict[str, Any]) -> tuple[int, int] | None:
    if "width" not in entry or "height" not in entry:
        return None
    return int(entry["width"]), int(entry["height"])


def _image(
    path: Path,
    size_wh: tuple[int, int] | None,
    rows: list[tuple[tuple[float, float, float, float], int, bool]],
) -> CocoImage:
    return CocoImage(
        path=path,
        size_wh=size_wh,
        boxes_xyxy_px=tuple(box for box, _, _ in rows),
        labels=tuple(label for _, label, _ in rows),
        is_crowd=tuple(crowd for _, _, crowd in rows),
    )


@dataclass(frozen=True)
class CocoSource:
    """Training samples of a folder: shuffled anew each round, cropped, flipped and recoloured."""

    folder: CocoFolder
    seed: int

    def __call__(self, index: int, longer_side: int) -> Sample:
        """Give sample `index`; every image comes once in each round."""
        round_number, place = divmod(index, len(self.folder.images))
        order = np.random.default_rng([self.seed, round_number]).permutation(
            len(self.folder.images)
        )
        rng = np.random.default_rng([self.seed, index])
        return augment(self.folder.sample(int(order[place])), longer_side, rng)
