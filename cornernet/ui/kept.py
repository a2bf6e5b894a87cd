"""Answers to examples, kept: the same image and the same model give the same answer."""

import secrets
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cornernet.detector import Detector
from cornernet.ui.shown import ShownImage

MOST = 16  # answers kept, a few MB each; the one used longest ago goes

Answer = tuple[ShownImage, dict[str, Any]]  # and the explorer's payload of it


class KeptAnswers:
    """Remember answers by the image's source, for as long as its detector lives."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, tuple[weakref.ref[Detector], Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, detector: Detector, source: str, make: Callable[[], Answer]) -> Answer:
        """Return the answer to an image that every visitor may choose, with a new key each time."""
        name = f"{detector.name} {source}"
        with self._lock:
            maker, answer = self._answers.get(name, (None, None))
            if maker is not None and maker() is detector:
                self._answers.move_to_end(name)
            else:
                answer = None
        if answer is None:
            answer = make()
            with self._lock:
                self._answers[name] = (weakref.ref(detector), answer)
                while len(self._answers) > MOST:
                    self._answers.popitem(last=False)
        return _renewed(*answer)


def _renewed(shown: ShownImage, payload: dict[str, Any]) -> Answer:
    key = secrets.token_urlsafe(12)
    return replace(shown, key=key), {**payload, "key": key}
