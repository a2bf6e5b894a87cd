"""What goes in and out of handlers, looked at as plain values."""

from collections.abc import Callable, Iterator
from typing import Any


def paths_in(values: object) -> Iterator[str]:
    """Find every file that inputs or outputs name, however deep."""
    waiting = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            path = value.get("path")
            if isinstance(path, str):
                yield path
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)


def exchanged(predictions: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401
    """Change each of a handler's outputs, in the form in which it gave them."""
    if isinstance(predictions, dict):
        return {part: change(value) for part, value in predictions.items()}
    if isinstance(predictions, list | tuple):
        return [change(value) for value in predictions]
    return change(predictions)
