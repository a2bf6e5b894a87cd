"""Ids, numbers and flags as label tools write them."""

import math
import re
from typing import Any

Key = int | str  # an id, the same however it is written
Id = int | float | str  # as the file writes it
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_FLAGS = {"0": False, "false": False, "": False, "no": False, "1": True, "true": True, "yes": True}


def key_of(value: Any) -> Key | None:  # noqa: ANN401 - whatever JSON holds
    """Return an id that is the same for 7, 7.0 and "7"; None if it is no id."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, str):
        text = value.strip()
        return int(text) if _WHOLE.fullmatch(text) else text or None
    return None


def number_of(value: Any) -> float | None:  # noqa: ANN401
    """Read a number, also from a text; None if it is none. May be infinite or NaN."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
    except OverflowError:
        return math.inf


def flag_of(value: Any) -> bool | None:  # noqa: ANN401
    """Return a flag, also of a text that holds one; None if it is none."""
    if value is None:
        return False
    if isinstance(value, bool | int | float):
        return bool(value) if math.isfinite(value) else None
    return _FLAGS.get(value.strip().lower()) if isinstance(value, str) else None
