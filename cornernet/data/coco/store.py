"""Where images lie: files of a folder, or members of zip files, which are read in place."""

import os
from dataclasses import dataclass
from functools import cache, cached_property
from io import BufferedReader, BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from cornernet.image_reading import ImageError, RgbArray, open_image, to_rgb


@dataclass(frozen=True, kw_only=True)
class ImageFile:
    """An image's place: the file at `path`, or a member of the zip there."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """Name the place in a message."""
        return self.path.name if self.member is None else f"{self.path.name}/{self.member}"

    def open(self) -> BufferedReader | BytesIO:
        """Open the bytes as they are stored. Raise ImageError if they cannot be read."""
        try:
            if self.member is None:
                return self.path.open("rb")
            return BytesIO(_opened(self.path, os.getpid()).read(self.member))
        # zlib.error is no OSError; an encrypted member is a RuntimeError.
        except Exception as error:
            raise ImageError(
                f"Expected an image, but {self.name} cannot be read: {error}."
            ) from error

    def read(self) -> RgbArray:
        """Decode the image, upright. Raise ImageError with its name if it cannot be used."""
        with self.open() as stored:
            file = BytesIO(stored.read())
        try:
            return to_rgb(open_image(file, name=self.name))
        except ImageError as error:
            reason = str(error)
            if self.name in reason:
                raise
            raise ImageError(f"{reason.rstrip('.')} ({self.name}).") from error


@cache
def _opened(path: Path, _process: int) -> ZipFile:
    # A process that was forked shares its parent's place in an open file: each opens its own.
    return ZipFile(path)


@dataclass(frozen=True)
class ImageStore:
    """The images under a folder, or in a zip; zips at the folder's top level are looked into."""

    root: Path

    def find(self, file_name: str) -> ImageFile | None:
        """Find an image by its path below the root, or in a zip."""
        path = self.root / file_name
        try:
            if path.is_file():
                return ImageFile(path=path)
        except (OSError, ValueError):  # a name that is too long, or holds a zero byte
            return None
        archive = self._archive_of.get(file_name)
        return None if archive is None else ImageFile(path=archive, member=file_name)

    @cached_property
    def _archive_of(self) -> dict[str, Path]:
        archives = [self.root] if self.root.is_file() else sorted(self.root.glob("*.zip"))
        found: dict[str, Path] = {}
        for archive in archives:
            try:
                names = _opened(archive, os.getpid()).namelist()
            except (OSError, BadZipFile) as error:
                raise ValueError(
                    f"Expected a zip file of images, but {archive} cannot be read as one: {error}."
                ) from error
            for name in names:
                found.setdefault(name, archive)
        return found
