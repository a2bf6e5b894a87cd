"""What is written: names as they may be shown, and files that are whole or not there."""

import errno
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

_JOINERS = "\u200c\u200d"  # within words of some scripts, and within signs


def visible(text: str) -> str:
    """Escape what would move a console's cursor, begin a line, or turn the direction of writing."""
    return "".join(_escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    is_hidden = unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp") and sign not in _JOINERS
    return sign.encode("unicode_escape").decode("ascii") if is_hidden else sign


def tell(line: str) -> None:
    """Print a message, which is no result, above a progress bar if there is one."""
    tqdm.write(visible(line), file=sys.stderr)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Return where to write; that becomes the file if all went well, and else is removed.

    Raise ValueError, in one sentence, if the disk is full or the place cannot be written.
    """
    new = path.with_name(f"{path.name}.new")
    try:
        yield new
        new.replace(path)
    except BaseException as error:
        _remove(new)
        if (reason := _system_error(error)) is not None:
            raise unwritable(path, reason) from error
        raise


def _system_error(error: BaseException | None) -> OSError | None:
    """Find what the system said; PyTorch raises an error of its own while it handles that."""
    while error is not None and not isinstance(error, OSError):
        error = error.__context__
    return error


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # where nothing can be written, nothing was
        return


def unwritable(path: Path, error: OSError) -> ValueError:
    """Describe in one sentence why a file was not written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ValueError(f"Expected room for {path}, but the disk, or a limit on it, is full.")
    reason = error.strerror or str(error)
    return ValueError(f"Expected a file that can be written, but {path}: {reason}.")


def expect_writable(path: Path) -> None:
    """Raise ValueError, in one sentence, unless a file can be written there; write nothing."""
    if path.is_dir():
        raise ValueError(f"Expected a file that can be written, but {path} is a folder.")
    parent = path.parent
    if not path.exists() and not parent.is_dir():
        raise ValueError(f"Expected a file in a folder, but there is no folder {parent}.")
    if not os.access(path if path.exists() else parent, os.W_OK):
        raise ValueError(f"Expected a file that can be written, but {path} may not be.")


def expect_folder(path: Path) -> None:
    """Raise ValueError, in one sentence, unless a folder is there or can be made; make none."""
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    if not there.is_dir():
        raise ValueError(f"Expected a folder that can be written, but {there} is a file.")
    if not os.access(there, os.W_OK):
        raise ValueError(f"Expected a folder that can be written, but {there} may not be.")
