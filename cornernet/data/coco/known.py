"""Which categories were looked for in an image."""

from typing import Any

from cornernet.categories import COCO, PASCAL_VOC

# What an image's `labelled` names; every object of these categories is annotated there.
SETS = {"coco80": frozenset(COCO), "voc20": frozenset(PASCAL_VOC)}


def known_labels(image: dict[str, Any], categories: tuple[str, ...]) -> frozenset[int] | None:
    """Return the labels that are annotated exhaustively; None for all categories.

    An image's `labelled` is a known set's name or a list of category names. Raise ValueError
    with a clause that says what it should be.
    """
    given = image.get("labelled")
    if given is None or given is True:
        return None
    names = SETS.get(given) if isinstance(given, str) else None
    if isinstance(given, list) and all(isinstance(name, str) for name in given):
        names = frozenset(given)
    if names is None:
        raise ValueError(
            f"'labelled' is not {' or '.join(SETS)} or a list of category names, but {given!r}"
        )
    known = frozenset(label for label, name in enumerate(categories) if name in names)
    return None if len(known) == len(categories) else known
