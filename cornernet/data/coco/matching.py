"""A data set as a model sees it: its labels, and no object of other categories."""

from collections import Counter
from dataclasses import replace
from typing import TypeVar

from cornernet.data.coco.folder import CocoFolder, CocoImage
from cornernet.data.coco.report import Ledger
from cornernet.data.coco.values import Id
from cornernet.data.names import match_names

T = TypeVar("T")


def for_model(folder: CocoFolder, categories: tuple[str, ...]) -> CocoFolder:
    """Translate labels by name, and say in the findings what matched and what did not.

    Raise ValueError with one sentence if no category matches.
    """
    match = match_names(folder.categories, categories)
    if not match.labels:
        raise ValueError(
            f"Expected data with some of the model's categories ({', '.join(categories[:8])}, ...),"
            f" but it has {', '.join(folder.categories[:8])}."
        )
    ledger = Ledger()
    for given, own in match.respelled:
        ledger.add(
            "mended", "categories matched but for case, blanks and - or _", f"{given}: {own}"
        )
    counts = Counter(label for image in folder.images for label in image.labels)
    for name in match.unknown:
        count = counts[folder.categories.index(name)]
        what = "categories that the model does not know, with their objects"
        ledger.add("left out", what, f"{name}: {count}")
    for name in match.missing:
        ledger.add("note", "categories of the model that the data does not have", name)
    ids: dict[int, Id | None] = {
        match.labels[label]: folder.category_ids[label] for label in match.labels
    }
    return replace(
        folder,
        categories=categories,
        category_ids=tuple(ids.get(label) for label in range(len(categories))),
        images=tuple(_translated(image, match.labels) for image in folder.images),
        findings=(*folder.findings, *ledger.findings),
    )


def _translated(image: CocoImage, labels: dict[int, int]) -> CocoImage:
    kept = [row for row, label in enumerate(image.labels) if label in labels]
    known = image.known_labels

    def chosen(values: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(values[row] for row in kept)

    return replace(
        image,
        boxes_xyxy_px=chosen(image.boxes_xyxy_px),
        areas_px2=chosen(image.areas_px2),
        labels=tuple(labels[image.labels[row]] for row in kept),
        is_crowd=chosen(image.is_crowd),
        is_ignored=chosen(image.is_ignored),
        known_labels=None
        if known is None
        else frozenset(labels[label] for label in known if label in labels),
    )
