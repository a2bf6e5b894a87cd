"""Values kept for visitors within a bound of memory: whole, then thin, then not at all."""

import threading
import weakref
from collections import OrderedDict
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

Whole = TypeVar("Whole")
Thin = TypeVar("Thin")


@runtime_checkable
class Recipe(Protocol[Whole, Thin]):
    """How a kind of value is made smaller, and whole again."""

    kind: type[Whole]

    def size(self, whole: Whole) -> int:
        """Count a whole value's bytes."""

    def thin(self, whole: Whole) -> Thin:
        """Keep what the value can be made again from."""

    def thin_size(self, thin: Thin) -> int:
        """Count its bytes."""

    def whole(self, thin: Thin) -> Whole:
        """Make the value again."""


class Handle(Generic[Whole, Thin]):
    """Stands for a value in a visitor's session; when it is dropped, so is the value."""

    def __init__(self, whole: Whole) -> None:
        self.whole: Whole | None = whole
        self.thin: Thin | None = None
        self.lock = threading.Lock()  # held by who makes it whole again


class Store(Generic[Whole, Thin]):
    """Keep whole the values used last, and thin those before them; sizes in bytes."""

    def __init__(self, recipe: Recipe[Whole, Thin], *, whole_bytes: int, thin_bytes: int) -> None:
        self._recipe, self._whole_bytes, self._thin_bytes = recipe, whole_bytes, thin_bytes
        self._handles: OrderedDict[int, weakref.ref[Handle[Whole, Thin]]] = OrderedDict()
        self._lock = threading.RLock()
        self.restored = 0  # how often a value was made again
        self.thinned = 0  # and smaller
        self.dropped = 0  # and given up

    def put(self, value: Any) -> Any:  # noqa: ANN401
        """Return what stands for a value of this store's kind; give any other value as it is."""
        if not isinstance(value, self._recipe.kind):
            return value
        handle = Handle[Whole, Thin](value)
        self._use(handle)
        return handle

    def get(self, value: Any) -> Any:  # noqa: ANN401
        """Return back what was put, made again if need be; None if nothing is left of it."""
        if not isinstance(value, Handle):
            return value
        with value.lock:
            whole, thin = value.whole, value.thin
            if whole is None and thin is not None:
                whole = value.whole = self._recipe.whole(thin)
                self.restored += 1
        if whole is not None:
            self._use(value)
        return whole

    def _use(self, handle: Handle[Whole, Thin]) -> None:
        with self._lock:
            self._handles[id(handle)] = weakref.ref(handle)
            self._handles.move_to_end(id(handle))
            self._make_room(spared=handle)

    def _make_room(self, spared: Handle[Whole, Thin]) -> None:
        others = [handle for handle in self._alive() if handle is not spared]
        sizes = self._recipe.size, self._recipe.thin_size
        whole = [(h, sizes[0](h.whole)) for h in others if h.whole is not None]
        for handle in _beyond(whole, self._whole_bytes):
            assert handle.whole is not None
            handle.thin = handle.thin or self._recipe.thin(handle.whole)
            handle.whole = None
            self.thinned += 1
        thin = [(h, sizes[1](h.thin)) for h in others if h.thin is not None]
        for handle in _beyond(thin, self._thin_bytes):
            handle.thin = None
            self.dropped += handle.whole is None

    def _alive(self) -> list[Handle[Whole, Thin]]:
        """Return the handles that sessions still hold, the one used longest ago first."""
        found = [(key, ref()) for key, ref in self._handles.items()]
        for key in [key for key, handle in found if handle is None]:
            del self._handles[key]
        return [handle for _, handle in found if handle is not None]


def _beyond(sized: list[tuple[Any, int]], most: int) -> list[Any]:
    """Choose, from the first on, what must go so that the rest has no more than `most` bytes."""
    total = sum(size for _, size in sized)
    chosen = []
    for one, size in sized:
        if total <= most:
            break
        total -= size
        chosen.append(one)
    return chosen
