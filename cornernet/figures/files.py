"""Figures as files; those of one image never take the place of another's."""

import hashlib
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from cornernet.figures.typesetting import Panel, compose_plate

QUICK = 1  # zlib's level: a third of the default's time for a tenth more bytes
OWNER = "Image"  # the PNG text that tells which image a figure is of
PLATE = "plate"
EXPLORER = "explorer.html"


def save_figures(
    panels: tuple[Panel, ...], explorer: str, folder: Path, image_path: Path
) -> list[Path]:
    """Write panels to `<stem>-plate.png` and `<stem>-<title>.png`, and `<stem>-explorer.html`.

    The stem is the image's own; where figures of another image have that name, the names of its
    folders, then a number, are put to it. Figures of the same path are written over. The folder is
    made if need be. Raise ValueError if it cannot be written.
    """
    owner = hashlib.sha256(bytes(image_path.resolve())).hexdigest()[:16]  # no folder is given away
    text, paths = PngInfo(), []
    text.add_text(OWNER, owner)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stem = next(s for s in _stems(image_path) if _is_free(_plate(folder, s), owner))
        pictures = {PLATE: compose_plate(panels, stem)}  # first: it holds the place
        pictures |= {_slug(panel.title): panel.image for panel in panels}
        for slug, picture in pictures.items():
            path = folder / f"{stem}-{slug}.png"
            Image.fromarray(picture).save(path, compress_level=QUICK, pnginfo=text)
            paths.append(path)
        paths.append(folder / f"{stem}-{EXPLORER}")
        paths[-1].write_text(explorer, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise ValueError(
            f"Expected a folder that can be written, but {folder} cannot: {reason}."
        ) from error
    return paths


def _stems(image_path: Path) -> Iterator[str]:
    """Return what an image's figures may be called, the shortest first."""
    stem = image_path.stem
    yield stem
    for folder in image_path.resolve().parents:
        if folder.name:
            stem = f"{folder.name}-{stem}"
            yield stem
    yield from (f"{image_path.stem}-{number}" for number in count(2))


def _plate(folder: Path, stem: str) -> Path:
    return folder / f"{stem}-{PLATE}.png"


def _is_free(plate: Path, owner: str) -> bool:
    """Return whether no plate has that name, or only an older one of the same image."""
    if not plate.exists():
        return True
    try:
        with Image.open(plate) as image:
            return image.info.get(OWNER) == owner
    except OSError:  # whatever it is, it is not ours
        return False


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
