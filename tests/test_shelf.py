"""Models in memory: loaded once, two at most, and whole."""

import threading
import time

import pytest

from cornernet.detector import Detector
from cornernet.ui.shelf import MOST, Shelf


class Loader:
    """Count what is loaded; a name beginning with "bad" fails."""

    def __init__(self, detector: Detector) -> None:
        self.detector, self.loaded = detector, list[str]()

    def __call__(self, name: str) -> Detector:
        time.sleep(0.02)
        if name.startswith("bad"):
            raise ValueError(f"Expected a model, but {name}.")
        self.loaded.append(name)
        return self.detector


def test_nothing_is_loaded_before_it_is_asked_for(tiny_detector: Detector) -> None:
    loader = Loader(tiny_detector)
    shelf = Shelf("a", loader)
    assert loader.loaded == []
    assert shelf.get() is tiny_detector
    assert loader.loaded == ["a"]


def test_two_models_stay_the_one_used_longest_ago_goes(tiny_detector: Detector) -> None:
    shelf = Shelf("a", Loader(tiny_detector))
    for name in ("a", "b", "a", "c"):
        shelf.get(name)
    assert shelf.names == ("a", "c")
    assert len(shelf.names) == MOST


def test_many_at_once_load_a_model_once(tiny_detector: Detector) -> None:
    loader = Loader(tiny_detector)
    shelf = Shelf("a", loader)
    threads = [threading.Thread(target=shelf.get, args=(name,)) for name in "abababab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(loader.loaded) == ["a", "b"]


def test_a_model_that_fails_leaves_nothing(tiny_detector: Detector) -> None:
    shelf = Shelf("a", Loader(tiny_detector))
    shelf.get("a")
    for _ in range(2):
        with pytest.raises(ValueError, match="Expected a model"):
            shelf.get("bad")
    assert shelf.names == ("a",)
    assert shelf.get("a") is tiny_detector
