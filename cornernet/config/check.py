"""Checks of settings."""

from dataclasses import fields
from typing import Any, TypeVar

Config = TypeVar("Config")


def expect(condition: bool, expected: str, given: object) -> None:
    """Raise ValueError, in one sentence, unless the condition holds."""
    if not condition:
        raise ValueError(f"Expected {expected}, but {given!r} was given.")


def config_from(kind: type[Config], values: dict[str, Any]) -> Config:
    """Build a config from JSON values; lists become tuples. Raise ValueError on an unknown key."""
    known = {f.name for f in fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(values) - known)
    expect(not unknown, f"keys of {kind.__name__} ({', '.join(sorted(known))})", unknown)
    return kind(**{k: _frozen(v) for k, v in values.items()})


def _frozen(value: Any) -> Any:  # noqa: ANN401
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value
