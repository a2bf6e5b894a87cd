"""Checks of settings."""


def expect(condition: bool, expected: str, given: object) -> None:
    """Raise ValueError, in one sentence, unless the condition holds."""
    if not condition:
        raise ValueError(f"Expected {expected}, but {given!r} was given.")
