"""A folder for visitors' files: private, of this process alone, and gone with it."""

import atexit
import os
import shutil
import stat
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "cornernet-explorer-"
LOCK = ".lock"  # held as long as the folder's process lives, even if that is killed
_taken: tuple[int, Path] | None = None  # by which process, and which


def take_private_folder() -> Path:
    """Return this process's folder, made at the first call, to which Gradio is told to write.

    To be called before Gradio is imported, which makes another one otherwise.
    """
    global _taken
    if _taken is None or _taken[0] != os.getpid():
        given = os.environ.get("GRADIO_TEMP_DIR", "").strip()
        _taken = os.getpid(), private_folder(Path(given) if given else None)
    os.environ["GRADIO_TEMP_DIR"] = str(_taken[1])
    return _taken[1]


def private_folder(parent: Path | None = None) -> Path:
    """Make a folder that only this user may enter, removed when the process ends.

    What servers left here that were killed is removed first.
    """
    parent = Path(parent or tempfile.gettempdir())
    parent.mkdir(parents=True, exist_ok=True)
    remove_remnants(parent)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)).resolve()  # of mode 700
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire()
        except OSError:  # taken for a remnant by another server that starts
            continue
        if (folder / LOCK).exists():
            break
    atexit.register(_remove_own, folder, lock, os.getpid())
    return folder


def remove_remnants(parent: Path) -> None:
    """Remove this user's folders whose process is dead; others' are not touched."""
    for folder in parent.glob(f"{PREFIX}*"):
        if _is_ours(folder) and (folder / LOCK).is_file():
            _remove_if_dead(folder)


def _is_ours(folder: Path) -> bool:
    try:
        facts = folder.lstat()
    except OSError:
        return False
    owner = os.getuid() if hasattr(os, "getuid") else facts.st_uid
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == owner


def _remove_if_dead(folder: Path) -> None:
    lock = FileLock(folder / LOCK, blocking=False)
    try:
        with lock:
            shutil.rmtree(folder, ignore_errors=True)
    except (Timeout, OSError):
        pass  # its server lives


def _remove_own(folder: Path, lock: FileLock, process: int) -> None:
    if os.getpid() == process:  # not in a child that was forked
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
