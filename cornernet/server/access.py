"""Who is let in, as the command line says it, and what is said of that; how the server ends."""

import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from cornernet.server.names import Access

_NAME = re.compile(r"(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_ORIGIN = re.compile(r"\*|https?://(\*\.)?[A-Za-z0-9._-]+(:(\d+|\*))?")
Account = tuple[str, str]  # a name and a password


def checked_access(
    host: str, root_path: str, names: Sequence[str], embedders: Sequence[str]
) -> Access:
    """Put together who may come. Raise ValueError, in one sentence, for what is no name."""
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(
                "Expected a name such as course.example.org or *.example.org (--allow-host), "
                f"but {name!r} was given."
            )
    for origin in embedders:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(
                "Expected the start of an address such as https://course.example.org, or * "
                f"(--embed), but {origin!r} was given."
            )
    return Access(host=host, names=tuple(names), embedders=tuple(embedders), root_path=root_path)


def read_account(given: str) -> Account | None:
    """Read USER:PASSWORD-FILE, whose first line is the password; None for "".

    A password on the command line could be read by every user of the machine. Raise ValueError, in
    one sentence.
    """
    if not given:
        return None
    user, _, name = given.partition(":")
    if not (user and name):
        raise ValueError(f"Expected USER:PASSWORD-FILE (--auth), but {given!r} was given.")
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(
            f"Expected a file whose first line is the password (--auth), but {name} cannot be read."
        ) from error
    if not lines or not lines[0].strip():
        raise ValueError(f"Expected a password in the first line of {name} (--auth); it is empty.")
    return user, lines[0].strip()


def who_can_come(access: Access, account: Account | None) -> str:
    """Return who can reach the page; "" where that is this machine only."""
    if not access.is_public:
        return ""
    who = "everyone who can reach this machine over the network"
    if account is not None:
        return f"Listening on {access.host}: {who}, and knows the password, can use this page."
    return (
        f"Listening on {access.host}: {who} can use this page, without a password "
        "(--auth USER:PASSWORD-FILE sets one, --host 127.0.0.1 keeps others out)."
    )


def end_on_sigterm() -> None:
    """Let SIGTERM end the program as any other end does, so that visitors' files go."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


def checked_root_path(path: str) -> str:
    """Return the path without a slash at its end. Raise ValueError unless it begins at the root."""
    if path and not path.startswith(("/", "http://", "https://")):
        raise ValueError(
            "Expected a path such as /course or a whole address (--root-path, GRADIO_ROOT_PATH), "
            f"but {path!r} was given."
        )
    return path.rstrip("/")
