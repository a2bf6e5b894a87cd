"""`train`: a preset's network, on drawn scenes or on your own data."""

import argparse
import shlex
import signal
import sys
from pathlib import Path
from typing import Any

from cornernet.commands.options import tell
from cornernet.data.sources import annotations_in
from cornernet.evaluation.validation import measure_of
from cornernet.learning.replay import recorder_of
from cornernet.presets import PRESETS
from cornernet.training.begin import begin
from cornernet.training.interrupt import Terminated
from cornernet.training.plan import plan
from cornernet.training.resume import resume
from cornernet.training.session import Observers
from cornernet.training.state import holds_run
from cornernet.training.world import joined
from cornernet.writing import visible

# The name of each setting is that of its option, with underscores.
_SETTINGS = (
    "preset",
    "weights",
    "pretrained",
    "data",
    "image_root",
    "strict",
    "val",
    "val_image_root",
    "val_images",
    "validate_minutes",
    "replay",
    "minutes",
    "steps",
    "batch_size",
    "accumulate",
    "learning_rate",
    "workers",
    "seed",
)

_IN_ROOT = ("data", "image_root", "val", "val_image_root")


def add_train(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("--preset", choices=sorted(PRESETS), help="(default: shapes)")
    parser.add_argument(
        "--weights", metavar="NAME|PATH", help="start from a model: each layer that fits"
    )
    parser.add_argument(
        "--pretrained", metavar="PATH|none", help="photos: NanoDet-Plus-m's weights to start from"
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="how long to train (default 90)")
    length.add_argument("--steps", type=int, help="how many steps to train instead")
    _add_data(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="(default: runs/PRESET)")
    parser.add_argument(
        "--resume", action="store_true", help="go on with the run in --out; nothing else is needed"
    )
    parser.add_argument(
        "--change", action="store_true", help="with --resume: take over what is given anew"
    )
    parser.add_argument("--batch-size", type=int, help="images in a step, over all processes")
    parser.add_argument(
        "--accumulate", type=int, metavar="PARTS", help="divide each step's images: saves memory"
    )
    parser.add_argument("--learning-rate", type=float, help="at its peak")
    parser.add_argument("--workers", type=int, help="processes that make samples")
    parser.add_argument("--seed", type=int, help="of the weights and the data")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument(
        "--plan", action="store_true", help="measure what the run would cost, and train nothing"
    )
    parser.add_argument(
        "--replay",
        metavar="DIR",
        help="drawn scenes: write there what the network makes of four scenes at sixteen moments",
    )
    parser.set_defaults(command=_train)


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="shapes|ANNOTATIONS.json", help="(default: shapes)")
    parser.add_argument("--image-root", metavar="DIR", help="folder of the images")
    parser.add_argument(
        "--data-root",
        type=Path,
        metavar="DIR",
        help="folder with train.json and val.json (or .json.gz) and the images, or zips of them",
    )
    # None unless given, so that --resume can tell what was given anew.
    parser.add_argument(
        "--strict",
        action="store_true",
        default=None,
        help="refuse annotations with any doubt, mend nothing",
    )
    parser.add_argument(
        "--val", metavar="shapes|ANNOTATIONS.json", help="measure on these images while training"
    )
    parser.add_argument("--val-image-root", metavar="DIR", help="folder of these images")
    parser.add_argument("--val-images", type=int, help="how many (shapes: 500, else all)")
    parser.add_argument(
        "--validate-minutes", type=float, help="of training between measurements (default 10)"
    )


def _train(options: argparse.Namespace) -> int:
    given = {name: getattr(options, name) for name in _SETTINGS}
    given = {name: value for name, value in given.items() if value is not None}
    given = {**_data_in(options.data_root, given), **given}
    folder: Path = options.out or Path("runs", options.preset or "shapes")
    if options.change and not options.resume:
        raise ValueError("Expected --change with --resume, but it was given alone.")
    if options.plan and options.resume:
        raise ValueError("Expected --plan or --resume, but both were given.")
    if options.plan:
        for line in plan(given, options.device).lines():
            print(visible(line))
        return 0
    with joined(options.device):
        return _run(options, given, folder)


def _run(options: argparse.Namespace, given: dict[str, Any], folder: Path) -> int:
    observers = Observers(measure_of=measure_of, watcher_of=recorder_of)
    try:
        if options.resume:
            weights = resume(given, folder, options.device, observers, may_change=options.change)
        else:
            weights = begin(given, folder, options.device, observers)
    except KeyboardInterrupt as stop:
        _tell_stopped(folder)
        return 128 + (signal.SIGTERM if isinstance(stop, Terminated) else signal.SIGINT)
    print(visible(str(weights)))
    return 0


def _tell_stopped(folder: Path) -> None:
    print(file=sys.stderr)  # below the bar
    if holds_run(folder):
        go_on = f"python -m cornernet train --resume --out {shlex.quote(str(folder))}"
        tell(f"stopped and saved; go on with {go_on}")
    else:
        tell("stopped; nothing to save")


def _data_in(root: Path | None, given: dict[str, Any]) -> dict[str, Any]:
    """Name what is to be trained on, and measured with, in a folder of both."""
    if root is None:
        return {}
    named = [f"--{name.replace('_', '-')}" for name in _IN_ROOT if name in given]
    if named:
        raise ValueError(f"Expected --data-root or {named[0]}, but both were given.")
    folder = str(root)
    return {
        "data": str(annotations_in(root, "train")),
        "image_root": folder,
        "val": str(annotations_in(root, "val")),
        "val_image_root": folder,
    }
