"""The numbers of a server that are there to be read: its line, its visitors, what it keeps."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from prometheus_client.core import CounterMetricFamily

from cornernet.server.metrics import Reading
from cornernet.server.presence import Presence
from cornernet.server.uploads import Uploads


@runtime_checkable
class Counts(Protocol):
    """What a keeper tells of itself since its start."""

    restored: int  # values made again
    thinned: int  # values that were made smaller
    dropped: int  # values of which nothing was left


def readings(
    keeper: Counts, uploads: Uploads, presence: Presence, waiting: Callable[[], int]
) -> tuple[Reading, ...]:
    """List what is read; `waiting` counts the questions in the line."""
    return (
        Reading(name="cornernet_waiting", words="Questions in the line.", read=waiting),
        Reading(name="cornernet_visitors", words="Visitors who are here.", read=presence.count),
        Reading(name="cornernet_stored_bytes", words="Visitors' files.", read=uploads.size),
        _counter("thinned", "Images of which only the picture was kept.", lambda: keeper.thinned),
        _counter("dropped", "Images of which nothing was kept.", lambda: keeper.dropped),
        _counter("restored", "Images that were answered again.", lambda: keeper.restored),
    )


def _counter(name: str, words: str, read: Callable[[], float]) -> Reading:
    return Reading(name=f"cornernet_{name}", words=words, read=read, kind=CounterMetricFamily)
