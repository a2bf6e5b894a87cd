"""Keep glibc from holding a heap for every thread, and what is free in them, for ever."""

import ctypes
import sys

_M_ARENA_MAX = -8  # malloc.h
_ARENAS = 2


def limit_arenas() -> bool:
    """Bound the number of heaps, as MALLOC_ARENA_MAX=2 does; tell whether that could be done.

    To be called before threads are started.
    """
    return _told("mallopt", _M_ARENA_MAX, _ARENAS)


def give_back() -> bool:
    """Return free pages of all heaps to the system; tell whether there were some.

    By itself glibc returns only what is free at a heap's very end.
    """
    return _told("malloc_trim", 0)


def _told(name: str, *numbers: int) -> bool:
    """Call a function of glibc's, if this is glibc."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        function = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):  # another C library
        return False
    return bool(function(*numbers))
