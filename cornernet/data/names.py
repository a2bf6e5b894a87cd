"""Which names of a data set mean a model's categories."""

import re
import unicodedata
from dataclasses import dataclass

_BETWEEN = re.compile(r"[\s_-]+")


@dataclass(frozen=True, kw_only=True)
class NameMatch:
    """Which of a model's labels each of a data set's labels means."""

    labels: dict[int, int]
    spelled: tuple[str, ...]  # the data's names, where the model has them, as the model writes them
    respelled: tuple[tuple[str, str], ...]  # names of the data and of the model, plainly the same
    unknown: tuple[str, ...]  # names that the model does not have
    missing: tuple[str, ...]  # the model's, which the data does not have


def match_names(data: tuple[str, ...], model: tuple[str, ...]) -> NameMatch:
    """Match names that are the same, or else the same but for case, blanks, and - and _.

    A spelling that more than one name has on either side matches nothing but itself.
    """
    by_spelling = {spelling(name): label for label, name in enumerate(model)}
    counts = [[spelling(name) for name in names] for names in (data, model)]
    labels, respelled = {}, []
    for label, name in enumerate(data):
        word = spelling(name)
        if name in model:
            labels[label] = model.index(name)
        elif all(count.count(word) == 1 for count in counts):
            labels[label] = by_spelling[word]
            respelled.append((name, model[by_spelling[word]]))
    return NameMatch(
        labels=labels,
        spelled=tuple(
            model[labels[label]] if label in labels else name for label, name in enumerate(data)
        ),
        respelled=tuple(respelled),
        unknown=tuple(name for label, name in enumerate(data) if label not in labels),
        missing=tuple(n for label, n in enumerate(model) if label not in set(labels.values())),
    )


def spelling(name: str) -> str:
    """Return what is the same for all ways to write a name."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", name).casefold())
