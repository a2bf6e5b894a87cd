"""The models in memory: those used last, each loaded once, whoever asks."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from cornernet.detector import Detector

MOST = 2  # models in memory; the one used longest ago goes


class Shelf:
    """Give detectors by name, loading them at their first use.

    Nothing is kept of a model that fails to load, and no one is given one that is half loaded.
    """

    def __init__(self, default: str, load: Callable[[str], Detector]) -> None:
        self.default = default
        self._load = load
        self._detectors: OrderedDict[str, Detector] = OrderedDict()
        self._lock = threading.Lock()
        self._loading = threading.Lock()  # one at a time: memory may not be there for two

    def get(self, name: str | None = None) -> Detector:
        """Return a model, by default the one that the app was started with.

        Raise ValueError, in one sentence, as `load` does.
        """
        name = name or self.default
        known = self._known(name)
        if known is not None:
            return known
        with self._loading:
            known = self._known(name)  # somebody else may have loaded it meanwhile
            if known is not None:
                return known
            self._make_room()
            detector = self._load(name)
            with self._lock:
                self._detectors[name] = detector
            return detector

    @property
    def names(self) -> tuple[str, ...]:
        """Name the models in memory, the one used longest ago first."""
        with self._lock:
            return tuple(self._detectors)

    def _known(self, name: str) -> Detector | None:
        with self._lock:
            if name in self._detectors:
                self._detectors.move_to_end(name)
            return self._detectors.get(name)

    def _make_room(self) -> None:
        with self._lock:
            while len(self._detectors) >= MOST:
                self._detectors.popitem(last=False)
