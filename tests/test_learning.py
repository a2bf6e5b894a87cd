"""A network that learns while one watches: what is shown, who may, and for how long."""

import base64
import io
import json
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from cornernet.config import config_from
from cornernet.learning.choices import Choices
from cornernet.learning.classroom import Classroom, ClassroomLimits, FullError
from cornernet.learning.live import LiveTraining
from cornernet.learning.process import WorkerProcess

LIMITS = ClassroomLimits(places=2, longest_seconds=600.0, unwatched_seconds=60.0)


class Clock:
    """Time that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Told:
    """A training that tells what a test lets it tell."""

    def __init__(self, choices: Choices) -> None:
        self.choices, self.orders, self.is_ended = choices, [], False
        self._news: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def order(self, command: str) -> None:
        self.orders.append(command)

    def tell(self, **news: Any) -> None:
        self._news.put(news)

    def news(self) -> Iterator[dict[str, Any]]:
        while (news := self._news.get()) is not None:
            yield news

    def end(self) -> None:
        self.is_ended = True
        self._news.put(None)


class Room:
    """A classroom of such trainings, at a time that stands still."""

    def __init__(self) -> None:
        self.clock, self.begun = Clock(), []
        self.classroom = Classroom(LIMITS, self.start, self.clock)

    def start(self, choices: Choices) -> Told:
        self.begun.append(Told(choices))
        return self.begun[-1]

    def begin(self, *visitors: str) -> None:
        for visitor in visitors:
            self.classroom.begin(visitor, Choices())

    def state(self, visitor: str) -> str:
        return str(self.classroom.look(visitor, -1, 0)["state"])

    def wait_for(self, visitor: str, state: str) -> dict[str, Any]:
        """Look until what was told has been noted by the other thread."""
        for _ in range(500):
            found = self.classroom.look(visitor, -1, 0)
            if found["state"] == state:
                return found
            time.sleep(0.01)
        raise AssertionError(found)


@pytest.fixture
def room() -> Iterator[Room]:
    room = Room()
    yield room
    room.classroom.close()


def moment(steps: int) -> dict[str, Any]:
    return {"steps": steps, "seconds": 1.0 * steps, "losses": {"total": 1.0}, "ap50": None,
            "scenes": []}  # fmt: skip


# Who may train.


def test_two_train_and_a_third_is_told_when_a_place_is_free(room: Room) -> None:
    room.begin("a", "b")
    for room.clock.now in (50.0, 100.0, 150.0, 200.0, 245.0):
        assert {room.state("a"), room.state("b")} == {"starting"}
    with pytest.raises(FullError, match=r"2 visitors train .* free in at most 6 min"):
        room.begin("c")
    found = room.classroom.look("c", -1, 0)
    assert (found["state"], found["free"]) == ("none", 0)
    assert "free in at most 6 min" in found["words"]
    room.classroom.leave("a")
    assert room.classroom.look("c", -1, 0)["free"] == 1
    room.begin("c")
    assert [t.is_ended for t in room.begun] == [True, False, False]


def test_a_visitor_has_one_and_begins_it_anew(room: Room) -> None:
    room.begin("a", "a", "b", "a")
    assert [t.is_ended for t in room.begun] == [True, True, False, False]


def test_ten_minutes_are_the_most(room: Room) -> None:
    room.begin("a")
    room.begun[0].tell(isGoing=True, moment=moment(7))
    assert room.wait_for("a", "going")["secondsLeft"] == 600
    for room.clock.now in range(50, 600, 50):
        assert room.state("a") == "going"
    room.clock.now = 600.0
    found = room.classroom.look("a", -1, 0)
    assert (found["state"], room.begun[0].is_ended) == ("ended", True)
    assert found["words"] == "The 10 minutes of a training are over."
    assert found["moment"]["steps"] == 7  # what it had learnt stays in sight
    room.begin("b", "c")  # its place is free


@pytest.mark.parametrize("way", ["leaves", "looks no more", "looks no more, and nobody else asks"])
def test_it_ends_with_its_visitor(room: Room, way: str) -> None:
    room.begin("a")
    if way == "leaves":
        room.classroom.leave("a")
    elif way == "looks no more":
        room.clock.now = 61.0
        room.classroom.look("b", -1, 0)
    else:
        room.clock.now = 61.0
        room.begun[0].tell(isGoing=True)
        for thread in threading.enumerate():
            if "_listen" in thread.name:
                thread.join(5)
    assert room.begun[0].is_ended
    assert room.state("a") == "none"


def test_what_is_new_is_given_once(room: Room) -> None:
    room.begin("a")
    assert room.state("a") == "starting"
    room.begun[0].tell(facts=["scene"], isGoing=True, moment=moment(3))
    room.wait_for("a", "going")
    room.begun[0].tell(isGoing=False, moment=moment(5))
    first = room.wait_for("a", "paused")
    assert (first["facts"], first["moment"]["steps"]) == (["scene"], 5)
    assert [point["steps"] for point in first["points"]] == [3, 5]
    again = room.classroom.look("a", 5, 2)
    assert (again["facts"], again["moment"], again["points"]) == (None, None, [])


def test_orders_reach_the_visitors_own(room: Room) -> None:
    room.begin("a", "b")
    for command in ("pause", "step", "go"):
        room.classroom.order("b", command)
    room.classroom.order("c", "step")  # has none
    assert [t.orders for t in room.begun] == [[], ["pause", "step", "go"]]
    with pytest.raises(ValueError, match="Expected one of go, pause, step, but 'stop'"):
        room.classroom.order("a", "stop")


def test_weights_change_while_it_goes_on_and_nothing_else(room: Room) -> None:
    room.begin("a")
    wanted = Choices(push=0.0, pull=1.0, learning_rate=1e-3, stacks=2, most_shapes=6)
    room.classroom.adjust("a", wanted)
    (line,) = room.begun[0].orders
    changed = config_from(Choices, json.loads(line))
    assert changed == replace(Choices(), push=0.0, pull=1.0, learning_rate=1e-3)


def test_a_lost_training_says_why(room: Room) -> None:
    room.begin("a")
    room.begun[0].tell(ended="The training is lost: the loss is nan.")
    assert "the loss is nan" in room.wait_for("a", "ended")["words"]


def test_a_process_that_dies_frees_its_place(room: Room) -> None:
    room.begin("a", "b")
    room.begun[0].end()
    assert "its process" in room.wait_for("a", "ended")["words"]
    room.begin("c")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"pull": -1.0}, "a weight from 0 to 10 for pull"),
        ({"push": 11}, "a weight from 0 to 10 for push"),
        ({"learning_rate": 1.0}, "a learning rate from 0.00001 to 0.1"),
        ({"stacks": 3}, "1 or 2 hourglasses"),
        ({"most_shapes": 0}, "1 to 6 shapes"),
        ({"kinds": []}, "some of circle"),
        ({"kinds": ["circle", "circle"]}, "some of circle"),
        ({"kinds": ["dog"]}, "some of circle"),
        ({"steps": 5}, "keys of Choices"),
        ({"pull": "1"}, "another type of value for pull"),
    ],
)
def test_choices_that_cannot_be_are_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        config_from(Choices, values)


# What is shown.


def trained(steps: int, **choices: Any) -> LiveTraining:
    training = LiveTraining(Choices(**choices))
    for _ in range(steps):
        training.step()
    return training


def spread(training: LiveTraining) -> float:
    """Tell how far apart the objects of a scene lie on the line."""
    scenes = training.moment()["scenes"]
    return float(np.mean([np.ptp(scene["embeddings"]) for scene in scenes]))


def test_a_moment_shows_every_scene_at_once() -> None:
    training = trained(1)
    shown, facts = training.moment(), training.shown.facts()
    assert (shown["steps"], shown["ap50"]) == (1, None)
    assert set(shown["losses"]) == {"heatmap", "pull", "push", "offset", "total"}
    for scene, fact in zip(shown["scenes"], facts, strict=True):
        assert len(scene["embeddings"]) == len(fact["truth"]["boxes"]) >= 1
        for side in ("topLeft", "bottomRight"):
            picture = Image.open(io.BytesIO(base64.b64decode(scene[side]["heat"].split(",")[1])))
            assert picture.size == (fact["cells"]["width"], fact["cells"]["height"]) == (24, 24)


@pytest.mark.slow
def test_it_learns_to_find_most_shapes_and_pull_alone_collapses_the_line() -> None:
    training = trained(200)
    training.measure()
    assert training.ap50 is not None
    assert training.ap50 > 0.6
    before = spread(training)
    training.adjust(replace(training.choices, push=0.0))
    for _ in range(120):  # half a minute: the averaged weights lag behind
        training.step()
    assert spread(training) < before / 4


@pytest.mark.slow
def test_a_process_trains_pauses_steps_and_ends() -> None:
    worker = WorkerProcess(Choices())
    news = worker.news()
    first = next(news)
    assert len(first["facts"]) == len(first["moment"]["scenes"]) == 4
    worker.order("pause")
    paused = next(one for one in news if not one["isGoing"])
    worker.order("step")
    assert next(one for one in news if one["steps"] > paused["steps"])["steps"] == (
        paused["steps"] + 1
    )
    worker.end()
    list(news)
    assert worker.has_ended()
