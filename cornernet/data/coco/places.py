"""From a file name in annotations to the image that it means."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from tqdm import tqdm

from cornernet.data.coco.entries import Entry
from cornernet.data.coco.heads import Head, read_head
from cornernet.data.coco.report import Ledger
from cornernet.data.coco.store import ImageFile, ImageStore
from cornernet.image_reading import ImageError


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an entry's image lies, and what its head says."""

    file: ImageFile
    head: Head


def find_places(
    entries: tuple[Entry, ...], store: ImageStore, ledger: Ledger
) -> list[tuple[Entry, Place]]:
    """Find the images; the missing, the damaged and those found for two entries are left out."""
    files = [(entry, _find(entry.file_name, store, ledger)) for entry in entries]
    wanted: dict[ImageFile, int] = {}
    for _, file in files:
        if file is not None:
            wanted[file] = wanted.get(file, 0) + 1
    places = []
    # A large set takes a minute: after two seconds the bar shows that something happens.
    for entry, file in tqdm(files, desc="look at images", unit="image", delay=2, leave=False):
        if file is None:
            ledger.add("left out", "images that are not there", entry.file_name)
        elif wanted[file] > 1:
            what = "images whose names all lead to one file"
            ledger.add("left out", what, f"{entry.file_name} to {file.name}")
        else:
            try:
                places.append((entry, Place(file=file, head=read_head(file))))
            except ImageError:
                ledger.add("left out", "images that are damaged, or none", entry.file_name)
    return places


def _find(file_name: str, store: ImageStore, ledger: Ledger) -> ImageFile | None:
    for name, how in _readings(file_name):
        file = store.find(name)
        if file is not None:
            if how:
                ledger.add("note", f"file names {how}", f"{file_name} is {name}")
            return file
    return None


def _readings(file_name: str) -> Iterator[tuple[str, str]]:
    """Return what a name can mean, the plainest first, and what was odd about it."""
    yield file_name, ""
    slashed = file_name.replace("\\", "/")
    if slashed != file_name:
        yield slashed, "with backslashes"
    decoded = unquote(slashed)
    if decoded != slashed:
        yield decoded, "that are URL-encoded"
    for text in dict.fromkeys((slashed, decoded)):
        parts = [part for part in text.split("/") if part not in ("", ".")]
        for first in range(1 if text == file_name else 0, len(parts)):
            yield "/".join(parts[first:]), "with folders before that are not there"
