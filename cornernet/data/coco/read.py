"""One reader of COCO-format data, and one report of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cornernet.data.coco.content import read_content
from cornernet.data.coco.entries import Entry, plain_name, read_entries
from cornernet.data.coco.folder import CocoFolder, CocoImage
from cornernet.data.coco.framing import KeptImage
from cornernet.data.coco.labels import read_labels
from cornernet.data.coco.matching import for_model
from cornernet.data.coco.objects import CocoObject, place_objects
from cornernet.data.coco.places import find_places
from cornernet.data.coco.report import DataReport, Ledger, require_usable
from cornernet.data.coco.rows import Listed, read_rows
from cornernet.data.coco.store import ImageStore
from cornernet.data.coco.values import Key, key_of

MOST_OBJECTS = 10_000  # in an image
Report = Callable[[DataReport], None]


def _in_silence(_: DataReport) -> None:
    pass


def read_coco(
    annotations: Path,
    image_root: Path | None,
    *,
    categories: tuple[str, ...] | None = None,
    is_strict: bool = False,
    report_to: Report = _in_silence,
) -> CocoFolder:
    """Read annotations and find their images, which may lie in zips of `image_root`.

    Labels index a model's `categories`, if they are given. What is doubtful is mended or left
    out, and stands in the report, which is given before it is judged. Raise ValueError with one
    sentence if the file is not in COCO's format, if nothing is left, or for any doubt if
    `is_strict`.
    """
    read = _read(annotations, ImageStore(image_root or annotations.parent))
    folder = _with_empty_categories(read) if categories is None else for_model(read, categories)
    report_to(folder.report)
    require_usable(folder.report, is_strict=is_strict)
    return folder


def read_coco_alone(annotations: Path) -> CocoFolder:
    """Read annotations whose images are not at hand, as `read_coco` does; objects may lack."""
    folder = _read(annotations, None)
    require_usable(replace(folder.report, objects=1), is_strict=False)
    return folder


def _read(annotations: Path, store: ImageStore | None) -> CocoFolder:
    ledger = Ledger()
    content = read_content(annotations, ledger)
    labels = read_labels(content["categories"], content["annotations"], ledger)
    entries = read_entries(content["images"], labels.names, ledger)
    listed = Listed(
        entries=entries,
        labels=labels,
        image_keys=frozenset(key_of(image.get("id")) for image in content["images"]),
        category_keys=frozenset(key_of(c.get("id")) for c in content["categories"]),
    )
    rows = read_rows(content["annotations"], listed, ledger)
    images = _look(entries.images, store, ledger)
    objects = _of_usable_number(place_objects(rows, images, ledger), images, ledger)
    return CocoFolder(
        source=str(annotations),
        categories=labels.names,
        category_ids=labels.ids,
        images=tuple(_image(images[key], objects[key]) for key in images if key in objects),
        findings=ledger.findings,
    )


def _of_usable_number(
    objects: dict[Key, list[CocoObject]], images: dict[Key, KeptImage], ledger: Ledger
) -> dict[Key, list[CocoObject]]:
    """Leave out images with more objects than can be compared with an answer in time."""
    for key, things in objects.items():
        if len(things) > MOST_OBJECTS:
            what = f"images with more than {MOST_OBJECTS:,} objects"
            ledger.add("left out", what, plain_name(images[key].entry.file_name))
    return {key: things for key, things in objects.items() if len(things) <= MOST_OBJECTS}


def _with_empty_categories(folder: CocoFolder) -> CocoFolder:
    """Note categories of which a model could learn nothing here."""
    used = {label for image in folder.images for label in image.labels}
    ledger = Ledger()
    for label, name in enumerate(folder.categories):
        if label not in used:
            ledger.add("note", "categories without an object", name)
    return replace(folder, findings=(*ledger.findings, *folder.findings))


def _look(
    entries: tuple[Entry, ...], store: ImageStore | None, ledger: Ledger
) -> dict[Key, KeptImage]:
    if store is None:
        return {entry.key: KeptImage(entry=entry, place=None) for entry in entries}
    places = find_places(entries, store, ledger)
    return {entry.key: KeptImage(entry=entry, place=place) for entry, place in places}


def _image(image: KeptImage, objects: list[CocoObject]) -> CocoImage:
    return CocoImage(
        id=image.entry.id,
        name=plain_name(image.entry.file_name),
        file=None if image.place is None else image.place.file,
        size_wh=image.size_wh,
        boxes_xyxy_px=tuple(thing.box_xyxy_px for thing in objects),
        areas_px2=tuple(thing.area_px2 for thing in objects),
        labels=tuple(thing.label for thing in objects),
        is_crowd=tuple(thing.is_crowd for thing in objects),
        is_ignored=tuple(thing.is_ignored for thing in objects),
        known_labels=image.entry.known_labels,
    )
