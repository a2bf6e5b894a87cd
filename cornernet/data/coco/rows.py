"""From a file's annotations to rows whose image and category are known."""

import math
from dataclasses import dataclass, replace
from typing import Any

from cornernet.data.coco.entries import Entries
from cornernet.data.coco.labels import Labels
from cornernet.data.coco.report import Ledger
from cornernet.data.coco.values import Key, flag_of, key_of, number_of

Numbers = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One annotation; what its four numbers mean is found out later."""

    name: str  # for the report
    image: Key
    label: int
    numbers: Numbers
    area: float | None
    is_crowd: bool
    is_ignored: bool


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What annotations may refer to."""

    entries: Entries
    labels: Labels
    image_keys: frozenset[Key | None]  # with those that were left out
    category_keys: frozenset[Key | None]


def read_rows(annotations: list[dict[str, Any]], listed: Listed, ledger: Ledger) -> list[Row]:
    """Read what can be used of each annotation; the rest is left out, by its id."""
    rows = []
    for place, annotation in enumerate(annotations):
        name = f"annotation {annotation.get('id', f'at place {place}')}"
        row = _row(annotation, name, listed, ledger)
        if row is not None:
            rows.append(row)
    return _without_repetition(_with_true_crowds(rows, ledger), listed, ledger)


def _row(annotation: dict[str, Any], name: str, listed: Listed, ledger: Ledger) -> Row | None:
    image = key_of(annotation.get("image_id"))
    label = listed.labels.label_of.get(key_of(annotation.get("category_id")))  # type: ignore[arg-type]
    key = listed.entries.key_of.get(image) if image is not None else None
    for is_known, was_listed, thing in (
        (key is not None, image in listed.image_keys, "images"),
        (
            label is not None,
            key_of(annotation.get("category_id")) in listed.category_keys,
            "categories",
        ),
    ):
        if not is_known:
            why = "were left out" if was_listed else "the file does not list"
            ledger.add("left out", f"annotations of {thing} that {why}", name)
            return None
    assert key is not None
    assert label is not None
    numbers = _numbers(annotation.get("bbox"), name, ledger)
    flags = [_flag(annotation, which, name, ledger) for which in ("iscrowd", "ignore")]
    if numbers is None or flags[0] is None or flags[1] is None:
        return None
    _note_texts(annotation, name, listed, ledger)
    return Row(
        name=name,
        image=key,
        label=label,
        numbers=numbers,
        area=_area(annotation, name, ledger),
        is_crowd=flags[0],
        is_ignored=flags[1],
    )


def _note_texts(annotation: dict[str, Any], name: str, listed: Listed, ledger: Ledger) -> None:
    pairs = (
        (annotation["image_id"], listed.entries.text_ids),
        (annotation["category_id"], listed.labels.text_ids),
    )
    if any(isinstance(value, str) != (key_of(value) in texts) for value, texts in pairs):
        ledger.add("mended", "ids that are text in one list and numbers in another", name)


def _numbers(bbox: Any, name: str, ledger: Ledger) -> Numbers | None:  # noqa: ANN401
    if not isinstance(bbox, list) or len(bbox) == 0:
        ledger.add("left out", "annotations without a box", name)
        return None
    values = [number_of(value) for value in bbox]
    if len(values) != 4 or None in values:
        ledger.add("left out", "boxes that are not four numbers", name)
        return None
    x, y, w, h = (value for value in values if value is not None)
    if not all(math.isfinite(value) for value in (x, y, w, h)):
        ledger.add("left out", "boxes that are not finite", name)
        return None
    if any(isinstance(value, str) for value in bbox):
        ledger.add("note", "boxes written as text", name)
    return x, y, w, h


def _flag(annotation: dict[str, Any], which: str, name: str, ledger: Ledger) -> bool | None:
    value = annotation.get(which)
    flag = flag_of(value)
    if flag is None:
        ledger.add("left out", f"annotations whose '{which}' is no flag", name)
    elif isinstance(value, str):
        ledger.add("mended", f"'{which}' written as text", name)
    return flag


def _area(annotation: dict[str, Any], name: str, ledger: Ledger) -> float | None:
    value = annotation.get("area")
    area = number_of(value)
    if area is not None and math.isfinite(area) and area > 0:
        return area
    if value is None:
        ledger.add("note", "annotations without an area, for which their box's is taken", name)
    else:
        ledger.add("mended", "areas that are none, for which the box's is taken", name)
    return None


def _with_true_crowds(rows: list[Row], ledger: Ledger) -> list[Row]:
    """Take a flag that is set everywhere for no flag: masks are exported so."""
    crowds = [row for row in rows if row.is_crowd]
    if 2 * len(crowds) <= len(rows):
        return rows
    if len(crowds) < len(rows):
        for row in crowds:
            what = "crowds that are more than half of the annotations, perhaps masks of objects"
            ledger.add("doubtful", what, row.name)
        return rows
    for row in rows:
        ledger.add("mended", "'iscrowd' set on every annotation, taken as not set", row.name)
    return [replace(row, is_crowd=False) for row in rows]


def _without_repetition(rows: list[Row], listed: Listed, ledger: Ledger) -> list[Row]:
    """Keep one of annotations that are the same twice over; say of the rest what is odd."""
    merged = {entry.key for entry in listed.entries.images if entry.is_merged}
    names: set[str] = set()
    contents: dict[tuple[object, ...], set[str]] = {}
    kept = []
    for row in rows:
        content = (row.image, row.label, row.numbers, row.is_crowd, row.is_ignored)
        same = contents.setdefault(content, set())
        if same and (row.image in merged or row.name in same):
            ledger.add("mended", "annotations that are there twice, taken as one", row.name)
            continue
        if same:
            what = "objects of one category with the same box, each taken as an object"
            ledger.add("doubtful", what, row.name)
        elif row.name in names:
            ledger.add("mended", "annotation ids that occur twice, numbered anew", row.name)
        same.add(row.name)
        names.add(row.name)
        kept.append(row)
    return kept
