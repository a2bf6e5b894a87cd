"""A whole training, written down to be played back: fixed scenes and figures at some moments."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from cornernet.data.samples import Sample, sample_of
from cornernet.data.shapes.scenes import draw_scene
from cornernet.device import describe
from cornernet.learning.moments import MOMENTS, chosen, is_moment, ratio_of
from cornernet.learning.watched import DIGITS, Watched, watch
from cornernet.model.network import CornerNet
from cornernet.training.log import CsvLog
from cornernet.training.losses import Losses
from cornernet.training.settings import RunSettings
from cornernet.training.state import Progress
from cornernet.writing import expect_folder, tell, whole_file

FILE = "replay.json"
SEED = 20263  # of scenes that no training and no evaluation by default looks at
SHOWN = (18, 2, 0, 12)  # which of them are shown: mixed kinds, a row of one kind, clutter, colours
FIRST_MEASURED, MEASURED = 100, 32
SIDE = 256  # pixels
MOST_POINTS = 600  # of the curves


class Recorder:
    """Write a replay of a run into a folder, anew after each moment; it is whole at any time."""

    def __init__(self, settings: RunSettings, device: torch.device, log: Path, path: Path) -> None:
        self._settings, self._device = settings, device
        self._log, self._path = CsvLog(log), path
        self._ratio = ratio_of(settings.train.steps)
        self._shown = self._watched([_scene(index) for index in SHOWN])
        measured = range(FIRST_MEASURED, FIRST_MEASURED + MEASURED)
        self._measured = self._watched([_scene(index) for index in measured])
        self._moments: list[dict[str, Any]] = []

    def after_step(self, network: CornerNet, progress: Progress, losses: Losses | None) -> None:
        """Add a moment if it is time for one; first go back to where the run goes on from."""
        if losses is None:
            self._go_back_to(progress.steps)
        if is_moment(progress.steps, self._ratio):
            self._add(network, progress, losses)

    def finish(self, network: CornerNet, progress: Progress) -> None:
        """Add the last moment, and keep a few of all, evenly spaced in log scale."""
        self._add(network, progress, None)
        kept = set(chosen([moment["steps"] for moment in self._moments], MOMENTS))
        self._moments = [moment for moment in self._moments if moment["steps"] in kept]
        self._write(network)
        tell(f"The replay of it: {self._path}")

    def _go_back_to(self, steps: int) -> None:
        """Take over the moments of earlier sessions of this run."""
        earlier = read_replay(self._path)["moments"] if steps and self._path.exists() else []
        self._moments = [moment for moment in earlier if moment["steps"] <= steps]

    def _add(self, network: CornerNet, progress: Progress, losses: Losses | None) -> None:
        if self._moments and self._moments[-1]["steps"] == progress.steps:
            return
        items = {} if losses is None else dict(losses.items())
        moment = {
            "steps": progress.steps,
            "seconds": round(progress.seconds, 1),
            "losses": {name: round(value.item(), DIGITS) for name, value in items.items()},
            "ap50": self._measured.ap50(network),
            "scenes": self._shown.moment(network),
        }
        self._moments.append(moment)
        self._write(network)

    def _watched(self, samples: list[Sample]) -> Watched:
        settings = self._settings
        configs = (settings.preprocess, settings.decode)
        return watch(samples, settings.categories, configs, settings.model.heatmap_stride)

    def _write(self, network: CornerNet) -> None:
        settings = self._settings
        content = {
            "run": {
                "preset": settings.preset,
                "parameters": sum(p.numel() for p in network.parameters()),
                "batchSize": settings.train.batch_size,
                "device": describe(self._device),
                "measured": MEASURED,
            },
            "categories": settings.categories,
            "decode": asdict(settings.decode),
            "facts": self._shown.facts(),
            "points": _points(self._log.rows()),
            "moments": self._moments,
        }
        with whole_file(self._path) as new:
            text = json.dumps(content, allow_nan=False, separators=(",", ":"))
            new.write_text(text, encoding="utf-8")


def recorder_of(settings: RunSettings, device: torch.device, folder: Path) -> Recorder | None:
    """Return what records a run into the folder that its settings name; None if they name none.

    Raise ValueError if the run is not of drawn scenes, or the folder cannot be written.
    """
    if settings.replay is None:
        return None
    if settings.data != "shapes":
        raise ValueError(
            "Expected --replay with drawn scenes (--data shapes), of which the four are that it "
            f"shows, but the run is of {settings.data}."
        )
    place = Path(settings.replay)
    expect_folder(place)
    place.mkdir(parents=True, exist_ok=True)
    return Recorder(settings, device, folder / "log.csv", place / FILE)


def read_replay(path: Path) -> dict[str, Any]:
    """Read a replay. Raise ValueError if there is none."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        content["moments"], content["points"], content["facts"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"Expected a replay in {path}, but: {error}") from error
    return content


def _scene(index: int) -> Sample:
    return sample_of(draw_scene("evaluation", SEED, index, (SIDE, SIDE)))


def _points(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return the losses of the logged steps."""
    kept = set(chosen([int(row["steps"]) for row in rows], MOST_POINTS))
    known = (*vars(Progress()), "learning_rate", "gradient_norm")
    return [
        {
            "steps": int(row["steps"]),
            "seconds": round(float(row["seconds"]), 1),
            "losses": {name: float(value) for name, value in row.items() if name not in known},
            "ap50": None,
        }
        for row in rows
        if int(row["steps"]) in kept
    ]
