"""From a file's categories to labels."""

from dataclasses import dataclass
from typing import Any

from cornernet.data.coco.report import Ledger
from cornernet.data.coco.values import Id, Key, key_of


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Categories in the order of their ids, and which label an annotation's category id means."""

    names: tuple[str, ...]
    label_of: dict[Key, int]
    ids: tuple[Id, ...]  # of each label
    text_ids: frozenset[Key]  # that the file writes as text


@dataclass(frozen=True, kw_only=True)
class _Category:
    id: Id
    key: Key
    name: str
    parent: str


def read_labels(
    categories: list[dict[str, Any]], annotations: list[dict[str, Any]], ledger: Ledger
) -> Labels:
    """Return each category a label; those that cannot be told apart are left out."""
    used = {key_of(annotation.get("category_id")) for annotation in annotations}
    found = _named(categories, ledger)
    found = _with_own_ids(found, ledger)
    found = _without_roots(found, used, ledger)
    by_name = _by_name(found, ledger)
    names = list(by_name)
    return Labels(
        names=tuple(names),
        label_of={c.key: names.index(name) for name, group in by_name.items() for c in group},
        ids=tuple(group[0].id for group in by_name.values()),
        text_ids=frozenset(c.key for c in found if isinstance(c.id, str)),
    )


def _named(categories: list[dict[str, Any]], ledger: Ledger) -> list[_Category]:
    found = []
    for entry in categories:
        key, name = key_of(entry.get("id")), entry.get("name")
        words = " ".join(str(name).split()) if isinstance(name, str | int | float) else ""
        if key is None or not words:
            ledger.add("left out", "categories without an id or a name", entry.get("name") or key)
            continue
        parent = " ".join(str(entry.get("supercategory") or "").split())
        found.append(_Category(id=entry["id"], key=key, name=words, parent=parent))
    return sorted(found, key=lambda c: (isinstance(c.key, str), c.key))


def _with_own_ids(found: list[_Category], ledger: Ledger) -> list[_Category]:
    first: dict[Key, _Category] = {}
    shared = set()
    for category in found:
        known = first.setdefault(category.key, category)
        if known.name != category.name:
            shared.add(category.key)
        elif known is not category:
            ledger.add("mended", "categories that are listed twice, taken as one", category.name)
    for category in found:
        if category.key in shared:
            ledger.add("left out", "categories that share an id with another", category.name)
    return [category for key, category in first.items() if key not in shared]


def _without_roots(
    found: list[_Category], used: set[Key | None], ledger: Ledger
) -> list[_Category]:
    kept = []
    for category in found:
        is_parent = any(c.parent == category.name for c in found if c is not category)
        if is_parent and category.key not in used:
            ledger.add("left out", "root categories without objects", category.name)
        else:
            kept.append(category)
    return kept


def _by_name(found: list[_Category], ledger: Ledger) -> dict[str, list[_Category]]:
    by_name: dict[str, list[_Category]] = {}
    for category in found:
        by_name.setdefault(category.name, []).append(category)
    for name, group in list(by_name.items()):
        if len({c.parent for c in group if c.parent}) > 1:
            ledger.add(
                "left out", "categories of one name that belong to different supercategories", name
            )
            del by_name[name]
        elif len(group) > 1:
            ids = " and ".join(str(c.key) for c in group)
            ledger.add("mended", "categories of one name, taken as one", f"{name}: ids {ids}")
    return by_name
