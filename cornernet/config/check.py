"""Checks of settings."""

import math
from dataclasses import fields
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Config = TypeVar("Config")
LONGEST_SHOWN = 300  # signs of a value that is none


def expect(condition: bool, expected: str, given: object) -> None:
    """Raise ValueError, in one sentence, unless the condition holds."""
    if not condition:
        text = repr(given)
        shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
        raise ValueError(f"Expected {expected}, but {shown} was given.")


def config_from(kind: type[Config], values: object) -> Config:
    """Build a config from JSON values; lists become tuples.

    Raise ValueError on an unknown key or a value of another type.
    """
    if not isinstance(values, dict):
        raise ValueError(f"Expected the values of {kind.__name__} by their names.")
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - known)
    expect(not unknown, f"keys of {kind.__name__} ({', '.join(sorted(known))})", unknown)
    frozen = {name: _frozen(value) for name, value in values.items()}
    hints = get_type_hints(kind)
    for name, value in frozen.items():
        expect(_fits(value, hints[name]), f"another type of value for {name}", value)
    return kind(**frozen)


def _fits(value: Any, hint: Any) -> bool:  # noqa: ANN401
    """Return whether a value is of a field's type; of numbers, only finite ones are any."""
    kind, parts = get_origin(hint), get_args(hint)
    if kind is Literal:
        return isinstance(value, str) and value in parts
    if kind in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if kind is tuple:
        if not isinstance(value, tuple):
            return False
        wanted = parts[:1] * len(value) if parts[-1] is Ellipsis else parts
        return len(value) == len(wanted) and all(map(_fits, value, wanted))
    if isinstance(value, bool) or hint is bool:
        return isinstance(value, bool) and hint is bool
    if hint is float:
        return isinstance(value, int | float) and abs(value) < math.inf
    return isinstance(value, hint)


def _frozen(value: Any) -> Any:  # noqa: ANN401
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value
