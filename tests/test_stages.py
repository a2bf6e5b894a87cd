"""Stages tell how long they took, to those alone who listen."""

import threading
from contextvars import copy_context

import numpy as np
import pytest

from cornernet.detector import Detector
from cornernet.stages import listening, stage


def test_a_stage_is_told_to_who_listens_and_to_no_one_else() -> None:
    with stage("before"):
        pass
    with listening() as outer:
        with listening() as inner, stage("in"):
            pass
        with stage("out"):
            pass
    assert (set(inner), set(outer)) == ({"in"}, {"out"})


def test_what_runs_twice_is_added_up_and_what_fails_is_not_told() -> None:
    with listening() as spent:
        with stage("twice"):
            pass
        once = spent["twice"]
        with stage("twice"):
            pass
        with pytest.raises(ValueError, match="no"), stage("failed"):
            raise ValueError("no")
    assert spent["twice"] > once > 0
    assert "failed" not in spent


def test_threads_that_are_started_here_are_heard() -> None:
    def run() -> None:
        with stage("there"):
            pass

    with listening() as spent:
        thread = threading.Thread(target=copy_context().run, args=(run,))
        thread.start()
        thread.join()
    assert "there" in spent


def test_a_detector_tells_its_stages(tiny_detector: Detector) -> None:
    with listening() as spent:
        tiny_detector.decode(tiny_detector.observe(np.zeros((30, 40, 3), np.uint8)))
    assert set(spent) == {"preprocess", "network", "decode"}
