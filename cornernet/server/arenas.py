"""Keep glibc from holding a heap for every thread, which fragments and grows."""

import ctypes
import sys

_M_ARENA_MAX = -8  # malloc.h
_ARENAS = 2


def limit_arenas() -> bool:
    """Bound the number of heaps, as MALLOC_ARENA_MAX=2 does; tell whether that could be done.

    To be called before threads are started.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    return bool(mallopt(_M_ARENA_MAX, _ARENAS))
