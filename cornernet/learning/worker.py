"""A live training in a process of its own: commands come in as lines, moments go out as JSON.

The first line holds the choices; then "go", "pause", "step" and
other choices follow. It ends when its input does,
so that none outlives the server.
"""

import json
import os
import queue
import sys
import threading
import time
from typing import IO, Any

import torch

from cornernet.config import config_from
from cornernet.learning.choices import Choices
from cornernet.learning.live import LiveTraining
from cornernet.training.health import DivergedError

NICE = 10  # visitors' answers go first, and yet it comes to its turn on a busy machine
EVERY_SECONDS = 1.0  # between moments, and signs of life
MOST_WANTED = 50  # single steps that may wait
MEASURE_SECONDS = 8.0  # of training between measurements


class Worker:
    """Follow commands, and tell what became of them."""

    def __init__(self, training: LiveTraining, commands: "queue.Queue[str | None]") -> None:
        self.training, self._commands = training, commands
        self.is_going, self.wanted = True, 0
        self._shown, self._measured = -1, 0.0
        self._shown_at = -EVERY_SECONDS

    def run(self, out: IO[str]) -> None:
        """Train and tell until the commands end. Raise DivergedError if the training is lost."""
        _write(out, {"facts": self.training.shown.facts(), **self._moment()})
        while self._follow():
            if self.is_going or self.wanted > 0:
                self.training.step()
                self.wanted = max(0, self.wanted - 1)
            if self._is_due():
                _write(out, self._moment())

    def _follow(self) -> bool:
        """Take the commands that came, waiting where there is nothing to do; False at their end."""
        is_idle = not self.is_going and self.wanted == 0
        try:
            while True:
                command = self._commands.get(is_idle, EVERY_SECONDS if is_idle else None)
                is_idle = False
                if command is None:
                    return False
                self._obey(command)
        except queue.Empty:
            return True

    def _obey(self, command: str) -> None:
        if command.startswith("{"):
            self.training.adjust(config_from(Choices, json.loads(command)))
            return
        self.is_going = command == "go"
        self.wanted = min(MOST_WANTED, self.wanted + (command == "step"))
        self._shown_at = -EVERY_SECONDS  # tell at once

    def _is_due(self) -> bool:
        return time.monotonic() - self._shown_at >= EVERY_SECONDS

    def _moment(self) -> dict[str, Any]:
        """Return the moment; without its scenes where no step was made since the last one."""
        training, self._shown_at = self.training, time.monotonic()
        now = {"steps": training.steps, "isGoing": self.is_going}
        if training.steps == self._shown:
            return now
        self._shown = training.steps
        if training.seconds - self._measured >= MEASURE_SECONDS:
            training.measure()
            self._measured = training.seconds
        return {**now, "moment": training.moment()}


def _write(out: IO[str], values: dict[str, Any]) -> None:
    out.write(json.dumps(values, allow_nan=False) + "\n")
    out.flush()


def _read(lines: IO[str], commands: "queue.Queue[str | None]") -> None:
    for line in lines:
        commands.put(line.strip())
    commands.put(None)


def main() -> None:
    """Train as standard input says."""
    os.nice(NICE)
    torch.set_num_threads(1)
    choices = config_from(Choices, json.loads(sys.stdin.readline()))
    commands: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_read, args=(sys.stdin, commands), daemon=True).start()
    try:
        Worker(LiveTraining(choices), commands).run(sys.stdout)
    except ValueError as error:  # DivergedError, or JSON's of a value that is no number
        reason = error if isinstance(error, DivergedError) else "its values are no numbers any more"
        sentence = f"The training is lost: {reason}. A lower learning rate helps."
        _write(sys.stdout, {"ended": sentence})


if __name__ == "__main__":
    main()
