"""Who trains: one network a visitor, few in all, for a while, and only while it is watched."""

import json
import math
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from cornernet.learning.choices import Choices, adjusted
from cornernet.learning.process import StartTraining, Training, WorkerProcess

MOST_POINTS = 1200  # of the curves: ten minutes hold half as many
COMMANDS = ("go", "pause", "step")


class FullError(ValueError):
    """No place for another training, told in one sentence."""


@dataclass(frozen=True, kw_only=True)
class ClassroomLimits:
    """What all trainings together may take."""

    places: int = 2
    longest_seconds: float = 600.0  # of one training, pauses included
    unwatched_seconds: float = 60.0  # until one that nobody asks about ends


@dataclass(eq=False, kw_only=True)
class Seat:
    """One visitor's training, and what it last told."""

    training: Training
    choices: Choices
    started: float
    watched: float  # when its page last asked
    facts: list[dict[str, Any]] | None = None
    moment: dict[str, Any] | None = None
    points: list[dict[str, Any]] = field(default_factory=list)
    is_going: bool = True
    ended: str = ""  # why, in a sentence


class Classroom:
    """All live trainings of a server."""

    def __init__(
        self,
        limits: ClassroomLimits | None = None,
        start: StartTraining = WorkerProcess,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits, self._start, self._clock = limits or ClassroomLimits(), start, clock
        self._seats: dict[str, Seat] = {}
        self._lock = threading.RLock()

    def begin(self, visitor: str, choices: Choices) -> None:
        """Start a training, in place of the visitor's own. Raise FullError if there is no place."""
        with self._lock:
            self.sweep()
            self._end(visitor, "Begun anew.")
            if self.free() == 0:
                raise FullError(self._full())
            now = self._clock()
            seat = Seat(training=self._start(choices), choices=choices, started=now, watched=now)
            self._seats[visitor] = seat
        threading.Thread(target=self._listen, args=(seat,), daemon=True).start()

    def order(self, visitor: str, command: str) -> None:
        """Let a visitor's training go on, pause, or make a step."""
        if command not in COMMANDS:
            raise ValueError(f"Expected one of {', '.join(COMMANDS)}, but {command!r} was given.")
        with self._lock:
            seat = self._seats.get(visitor)
            if seat is not None and not seat.ended:
                seat.training.order(command)

    def adjust(self, visitor: str, wanted: Choices) -> None:
        """Take over what may change while a training goes on: weights and learning rate."""
        with self._lock:
            seat = self._seats.get(visitor)
            if seat is not None and not seat.ended:
                seat.choices = adjusted(seat.choices, wanted)
                seat.training.order(json.dumps(asdict(seat.choices)))

    def look(self, visitor: str, last: int, known: int) -> dict[str, Any]:
        """Return what is new since the moment of `last` steps and `known` points of the curves."""
        with self._lock:
            self.sweep()
            seat = self._seats.get(visitor)
            if seat is None:
                free = self.free()
                return {"state": "none", "free": free, "words": "" if free else self._full()}
            seat.watched = self._clock()
            moment = seat.moment
            return {
                "state": _state_of(seat),
                "words": seat.ended,
                "secondsLeft": max(0, round(self._left(seat))),
                "kinds": seat.choices.kinds,
                "facts": seat.facts if last < 0 else None,
                "moment": moment if moment is not None and moment["steps"] != last else None,
                "points": seat.points[known:],
            }

    def leave(self, visitor: str) -> None:
        """End and forget a visitor's training."""
        with self._lock:
            self._end(visitor, "Left.")
            self._seats.pop(visitor, None)

    def close(self) -> None:
        """End all trainings."""
        with self._lock:
            for visitor in list(self._seats):
                self.leave(visitor)

    def free(self) -> int:
        """Count the places that are free."""
        return self.limits.places - sum(not seat.ended for seat in self._seats.values())

    def sweep(self) -> None:
        """End what has had its time or is not watched; forget what nobody asks about."""
        for visitor, seat in list(self._seats.items()):
            is_watched = self._clock() - seat.watched <= self.limits.unwatched_seconds
            if self._left(seat) <= 0:
                minutes = self.limits.longest_seconds / 60
                self._end(visitor, f"The {minutes:g} minutes of a training are over.")
            if not is_watched:
                self.leave(visitor)

    def _left(self, seat: Seat) -> float:
        return self.limits.longest_seconds - (self._clock() - seat.started)

    def _full(self) -> str:
        left = min(self._left(seat) for seat in self._seats.values() if not seat.ended)
        return (
            f"{self.limits.places} visitors train a network here just now, which is all that this "
            f"machine takes on: a place is free in at most {math.ceil(left / 60)} min."
        )

    def _end(self, visitor: str, why: str) -> None:
        seat = self._seats.get(visitor)
        if seat is not None and not seat.ended:
            seat.ended, seat.is_going = why, False
            seat.training.end()

    def _listen(self, seat: Seat) -> None:
        """Note what a training tells; with each word, look whether somebody's time is over."""
        for news in seat.training.news():
            with self._lock:
                _note(seat, news)
                self.sweep()
        with self._lock:
            if not seat.ended:
                seat.ended, seat.is_going = "The training ended: its process was stopped.", False
                seat.training.end()


def _state_of(seat: Seat) -> str:
    if seat.ended:
        return "ended"
    if seat.moment is None:
        return "starting"
    return "going" if seat.is_going else "paused"


def _note(seat: Seat, news: dict[str, Any]) -> None:
    """Write down what a training told."""
    if seat.ended:
        return
    seat.facts = news.get("facts", seat.facts)
    seat.is_going = news.get("isGoing", False)
    seat.ended = news.get("ended", "")
    moment = news.get("moment")
    if moment is not None:
        seat.moment = moment
        if moment["losses"] and len(seat.points) < MOST_POINTS:
            seat.points.append({name: moment[name] for name in _POINT})


_POINT = ("steps", "seconds", "losses", "ap50")
