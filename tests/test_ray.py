"""Replicas behind Ray Serve, where Ray is installed: pip install "ray[serve]==2.60.0"."""

import importlib.util
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from cornernet.detector import Detector, load_detector
from cornernet.replicas.options import checked_replicas
from cornernet.replicas.ray_serve import Asking, start
from cornernet.replicas.remote import load_remote
from tests.load import kill_replica, replicas

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        importlib.util.find_spec("ray") is None,
        reason='Ray is not installed: pip install "ray[serve]==2.60.0"',
    ),
    pytest.mark.filterwarnings("ignore"),  # Ray's own
]


@pytest.fixture(scope="module")
def ask() -> Iterator[Asking]:
    import ray

    found = start(checked_replicas("ray", "2", 0.5, 0.0), "shapes", "cpu")
    assert isinstance(found, Asking)
    yield found
    ray.shutdown()


@pytest.fixture(scope="module")
def here() -> Detector:
    return load_detector("shapes", device="cpu")


@pytest.fixture(scope="module")
def there(ask: Asking) -> Detector:
    return load_remote("shapes", ask)


def image(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (90, 120, 3), np.uint8)


def assert_same(one: Any, other: Any) -> None:
    for name in ("boxes_xyxy_px", "scores", "labels"):
        assert torch.equal(getattr(one, name), getattr(other, name))


def test_answers_have_the_bits_of_the_embedded_way(here: Detector, there: Detector) -> None:
    mine, theirs = here.observe(image(0)), there.observe(image(0))
    assert torch.equal(mine.features, theirs.features)
    for first, second in zip(mine.both, theirs.both, strict=True):
        assert torch.equal(first.maps.logits, second.maps.logits)
        assert torch.equal(first.pool.features, second.pool.features)
    assert_same(here.decode(mine).detections, there.decode(theirs).detections)


def at_once(there: Detector, count: int, meanwhile: Any = lambda: None) -> list[Any]:
    answers: list[Any] = [None] * count

    def run(number: int) -> None:
        answers[number] = there.detect(image(number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    meanwhile()
    for thread in threads:
        thread.join()
    return answers


def test_images_that_come_together_have_the_bits_of_each_alone(
    here: Detector, there: Detector
) -> None:
    for number, answer in enumerate(at_once(there, 12)):
        assert_same(answer, here.detect(image(number)))


def test_a_killed_replica_is_replaced_and_its_questions_are_asked_again(
    here: Detector, there: Detector
) -> None:
    before = replicas()
    assert len(before) == 2
    answers = at_once(there, 40, kill_replica)
    for number, answer in enumerate(answers):
        assert_same(answer, here.detect(image(number)))
    end = time.monotonic() + 120
    while len(replicas()) < 2 or set(replicas()) == set(before):
        assert time.monotonic() < end
        time.sleep(0.5)


def test_an_unknown_model_gets_the_sentence_of_the_embedded_way(ask: Asking) -> None:
    with pytest.raises(ValueError, match="nonesuch") as told:
        ask("facts", "nonesuch")
    assert "\n" not in str(told.value)


def test_a_cluster_that_is_not_there_gets_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    elsewhere = checked_replicas(f"ray://127.0.0.1:{port}", "1", 1.0, 0.0)
    with pytest.raises(ValueError, match=r"Expected a Ray cluster at 127\.0\.0\.1") as told:
        start(elsewhere, "shapes", "cpu")
    assert "\n" not in str(told.value)
