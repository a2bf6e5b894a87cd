"""Visitors' files: which may be read, who uses them, and when they go."""

import stat
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable
from pathlib import Path

from cornernet.server.folder import LOCK
from cornernet.server.limits import Limits

NOT_STORED = (
    "Expected an image that was given to this page and is still kept, but none is there: "
    "please choose it again."
)


class NotStoredError(ValueError):
    """A file that may not be read, or is not there: the same sentence for both."""

    def __init__(self) -> None:
        super().__init__(NOT_STORED)


class Uploads:
    """The files in a server's folder."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder, self.limits = folder.resolve(), limits
        self._users: defaultdict[Path, set[str]] = defaultdict(set)
        self._recent: defaultdict[str, deque[tuple[float, int]]] = defaultdict(deque)
        self._kept: set[Path] = set()  # the page's own pictures
        self._lock = threading.Lock()

    def find(self, path: str) -> Path:
        """Return the regular file of this folder that a visitor names. Raise NotStoredError.

        Links are followed first, so that none leads out; a pipe or a device is never opened.
        """
        try:
            found = Path(path).resolve(strict=True)
            if found.is_relative_to(self.folder) and stat.S_ISREG(found.lstat().st_mode):
                return found
        except (OSError, ValueError, RuntimeError):
            pass
        raise NotStoredError

    def use(self, path: Path, session: str | None) -> None:
        """Write down who looks at a file, and that it was used now."""
        with self._lock:
            if session:
                self._users[path].add(session)
        path.touch()

    def keep(self, paths: Iterable[str]) -> None:
        """Keep the page's own pictures for good."""
        self._kept |= {Path(path).resolve() for path in paths}

    def leave(self, session: str) -> None:
        """Delete the files that only this visitor looked at."""
        with self._lock:
            left = [path for path, users in self._users.items() if session in users]
            for path in left:
                self._users[path].discard(session)
            alone = [path for path in left if not self._users[path]]
        for path in alone:
            self._delete(path)

    def sweep(self, now: float | None = None) -> None:
        """Delete the files that nobody used for as long as files are kept."""
        oldest = (time.time() if now is None else now) - self.limits.kept_seconds
        for path in self._files():
            if _changed(path) < oldest:
                self._delete(path)
        with self._lock:
            for address in [a for a, sizes in self._recent.items() if not _after(sizes, oldest)]:
                del self._recent[address]

    def size(self) -> int:
        """Count the bytes of all files."""
        return sum(_size(path) for path in self._files())

    def has_room(self, address: str, size: int, now: float | None = None) -> bool:
        """Return whether an address may store so many bytes more; if so, count them to it."""
        now = time.time() if now is None else now
        total = self.size()
        with self._lock:
            recent = self._recent[address]
            _after(recent, now - self.limits.kept_seconds)
            own = sum(taken for _, taken in recent)
            if own + size > self.limits.stored_per_address:
                return False
            if total + size > self.limits.stored_in_all:
                return False
            recent.append((now, size))
        return True

    def _delete(self, path: Path) -> None:
        with self._lock:
            self._users.pop(path, None)
        path.unlink(missing_ok=True)
        if path.parent != self.folder and not any(path.parent.iterdir()):
            path.parent.rmdir()

    def _files(self) -> list[Path]:
        """List visitors' files."""
        own = self._kept | {self.folder / LOCK}
        return [path for path in self.folder.rglob("*") if path not in own and path.is_file()]


def _after(sizes: deque[tuple[float, int]], oldest: float) -> bool:
    """Forget what is older; tell whether anything is left."""
    while sizes and sizes[0][0] < oldest:
        sizes.popleft()
    return bool(sizes)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
