"""From a file's list of images to one entry for each image."""

import math
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from cornernet.data.coco.known import known_labels
from cornernet.data.coco.report import Ledger
from cornernet.data.coco.values import Id, Key, key_of, number_of


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An image as the file tells of it."""

    id: Id
    key: Key
    file_name: str
    stated_wh: tuple[int, int] | None  # in pixels
    known_labels: frozenset[int] | None
    is_merged: bool = False  # listed more than once


@dataclass(frozen=True, kw_only=True)
class Entries:
    """The images, and which of them an annotation's image id means."""

    images: tuple[Entry, ...]
    key_of: dict[Key, Key]
    text_ids: frozenset[Key]  # that the file writes as text


def read_entries(
    images: list[dict[str, Any]], categories: tuple[str, ...], ledger: Ledger
) -> Entries:
    """Take each image once; those that cannot be told apart are left out."""
    found = [e for e in (_entry(image, categories, ledger) for image in images) if e is not None]
    found = _with_own_ids(found, ledger)
    by_file: dict[str, list[Entry]] = {}
    for entry in found:
        by_file.setdefault(entry.file_name, []).append(entry)
    kept, keys = [], {}
    for name, group in by_file.items():
        sizes = {entry.stated_wh for entry in group if entry.stated_wh is not None}
        if len(sizes) > 1:
            ledger.add("left out", "images that are listed with two sizes", name)
            continue
        if len(group) > 1:
            ledger.add("mended", "images that are listed twice, taken as one", name)
        kept.append(_merged(group))
        keys.update({entry.key: group[0].key for entry in group})
    texts = frozenset(entry.key for entry in found if isinstance(entry.id, str))
    return Entries(images=tuple(kept), key_of=keys, text_ids=texts)


def _entry(image: dict[str, Any], categories: tuple[str, ...], ledger: Ledger) -> Entry | None:
    key, file_name = key_of(image.get("id")), image.get("file_name")
    if key is None or not isinstance(file_name, str | int) or not str(file_name).strip():
        ledger.add("left out", "images without an id or a file name", file_name or key)
        return None
    try:
        known = known_labels(image, categories)
    except ValueError as error:
        ledger.add("left out", f"images of which {error}", file_name)
        return None
    return Entry(
        id=image["id"],
        key=key,
        file_name=str(file_name).strip(),
        stated_wh=_stated_wh(image, str(file_name), ledger),
        known_labels=known,
    )


def _stated_wh(image: dict[str, Any], name: str, ledger: Ledger) -> tuple[int, int] | None:
    given = [image.get("width"), image.get("height")]
    if any(value is None or value == "" for value in given):
        ledger.add("note", "images without a width and height in the file", name)
        return None
    sides = [number_of(value) for value in given]
    if any(isinstance(value, str) for value in given):
        ledger.add("note", "images with a width and height as text", name)
    width, height = (s if s is not None and math.isfinite(s) else 0.0 for s in sides)
    if width < 1 or height < 1:
        ledger.add("mended", "images whose width and height are no size, passed over", name)
        return None
    return round(width), round(height)


def _with_own_ids(found: list[Entry], ledger: Ledger) -> list[Entry]:
    files: dict[Key, set[str]] = {}
    for entry in found:
        files.setdefault(entry.key, set()).add(entry.file_name)
    for entry in found:
        if len(files[entry.key]) > 1:
            what = "images that share an id with another, with their annotations"
            ledger.add("left out", what, entry.file_name)
    return [entry for entry in found if len(files[entry.key]) == 1]


def _merged(group: list[Entry]) -> Entry:
    """Take listings of one image as one; what any of them was searched for is known."""
    if len(group) == 1:
        return group[0]
    known = [entry.known_labels for entry in group]
    sets = [labels for labels in known if labels is not None]
    return replace(
        group[0],
        stated_wh=next((e.stated_wh for e in group if e.stated_wh is not None), None),
        known_labels=frozenset().union(*sets) if len(sets) == len(known) else None,
        is_merged=True,
    )


def plain_name(file_name: str) -> str:
    """Return an image's name without folders, encoded blanks and backslashes."""
    return unquote(file_name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1])
