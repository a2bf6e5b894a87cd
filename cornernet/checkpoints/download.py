"""Fetch a known model's weights: resumed, verified, and put in place in one step."""

import errno
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gdown
import requests
from filelock import FileLock, Timeout

from cornernet.checkpoints.known import MEBIBYTE, KnownModel
from cornernet.checkpoints.published import published_fault

Progress = Callable[[int, int | None], None]  # bytes so far, and in all if the server said it
TRIES = 4  # more, after a connection broke off; each goes on where the last one stopped
TIMEOUT_SECONDS = 30.0  # without a byte
# What the disk must hold beside the file.
SPARE_BYTES = 50 * MEBIBYTE

_NO_RANGES = "the server cannot go on with a download that broke off"


class DownloadError(ValueError):
    """A download that did not succeed, told in one sentence."""


def download(
    model: KnownModel,
    folder: Path | None = None,
    *,
    on_progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Path:
    """Fetch a model into torch.hub's directory, or another one, and give its path.

    A file that is already there is verified. What an interrupted download got is kept for the next
    one; all else that fails leaves nothing behind. `cancel` stops it from another thread. Raise
    DownloadError in one sentence.
    """
    target = model.file if folder is None else folder / model.file_name
    if model.url is None:
        raise DownloadError(f"Expected a model to download, but {model.name!r} is already here.")
    if target.exists():
        _verify_existing(model, target)
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _only_download_of(target):
            _fetch_verified(model, target, on_progress, cancel)
    except OSError as error:
        if target.parent.is_dir():
            _remove(target)
        raise DownloadError(_of_system(error, model, target)) from error
    return target


@contextmanager
def _only_download_of(target: Path) -> Iterator[None]:
    path = _named(target, ".lock")
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise DownloadError(
            f"Expected to be the only download of {target.name}, but another one is under way."
        ) from error
    try:
        yield
    finally:
        lock.release()
        path.unlink(missing_ok=True)


def _named(target: Path, ending: str) -> Path:
    return target.with_name(target.name + ending)


def _parts(target: Path) -> list[Path]:
    # gdown puts eight random characters before ".part".
    return sorted(target.parent.glob(f"{target.name}.new????????.part"))


def _remove(target: Path) -> None:
    for path in (_named(target, ".new"), *_parts(target)):
        path.unlink(missing_ok=True)


def _verify_existing(model: KnownModel, target: Path) -> None:
    fault = published_fault(model, target)
    if fault:
        raise DownloadError(
            f"Expected the weights of {model.name!r} at {target}, but {fault}; "
            "remove that file, then download again."
        )


def _fetch_verified(
    model: KnownModel,
    target: Path,
    on_progress: Progress | None,
    cancel: threading.Event | None,
) -> None:
    parts = _parts(target)
    for surplus in parts[1:]:
        surplus.unlink()
    new = _named(target, ".new")
    fault = _fetch(model, new, on_progress, cancel) or published_fault(model, new)
    # What was there before may be of another file, or of no use: once more, from the start.
    if fault and (parts or fault == _NO_RANGES):
        _remove(target)
        fault = _fetch(model, new, on_progress, cancel) or published_fault(model, new)
    if fault:
        _remove(target)
        raise DownloadError(_by_hand(f"Expected {target.name}, but {fault}", model, target))
    new.replace(target)


def _fetch(
    model: KnownModel,
    new: Path,
    on_progress: Progress | None,
    cancel: threading.Event | None,
) -> str | None:
    """Download to `new`; give the fault if what is on disk cannot be gone on with."""

    def watch(done: int, total: int | None) -> None:
        if total and shutil.disk_usage(new.parent).free < total - done + SPARE_BYTES:
            raise OSError(errno.ENOSPC, "No space left")
        if on_progress:
            on_progress(done, total)

    try:
        gdown.download(
            model.url,
            str(new),
            quiet=True,
            use_cookies=False,  # they would be written into the home folder
            resume=True,
            retries=TRIES,
            timeout=TIMEOUT_SECONDS,
            progress=watch,
            cancel=cancel,
        )
    except (gdown.DownloadError, gdown.FileURLRetrievalError, gdown.DownloadCancelled) as error:
        if "byte range" in str(error):
            return _NO_RANGES
        raise DownloadError(_of_network(error, model, new.with_suffix(""))) from error
    except requests.RequestException as error:
        raise DownloadError(_of_network(error, model, new.with_suffix(""))) from error
    return None


def _of_network(error: Exception, model: KnownModel, target: Path) -> str:
    is_kept = any(part.stat().st_size for part in _parts(target))
    if not is_kept:
        _remove(target)
    kept = "; what came is kept, and the next download goes on with it" if is_kept else ""
    if isinstance(error, gdown.DownloadCancelled):
        return f"Stopped the download of {target.name}{kept}."
    return _by_hand(f"Expected {target.name}, but {_reason(error)}{kept}", model, target)


def _reason(error: Exception) -> str:
    # After its last try, gdown wraps what the connection raised.
    cause = error.__cause__ if isinstance(error.__cause__, requests.RequestException) else error
    if isinstance(error, gdown.FileURLRetrievalError):
        return "Google Drive gave a page in place of the file, as it does over its quota"
    if isinstance(cause, requests.HTTPError) and cause.response is not None:
        return f"the server answered {cause.response.status_code} {cause.response.reason}"
    if isinstance(cause, requests.Timeout):
        return f"nothing came for {TIMEOUT_SECONDS:.0f} seconds"
    if isinstance(cause, requests.ConnectionError):
        return "there is no connection to the server"
    return "the connection broke off"


def _of_system(error: OSError, model: KnownModel, target: Path) -> str:
    if error.errno == errno.ENOSPC:
        return (
            f"Expected {model.megabytes:.0f} MiB of free space in {target.parent}, "
            "but there is less; free some, or choose another folder with --to."
        )
    return f"Expected a folder that can be written, but {target.parent}: {error.strerror}."


def _by_hand(what: str, model: KnownModel, target: Path) -> str:
    return f"{what}. By hand: save {model.url} as {target}."
