"""The command line: detect, models, train, evaluate.

Results go to standard output, messages to standard error. Exit status: 0 done, 2 bad usage or
bad input, 130 stopped by Ctrl-C.
"""

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

from cornernet.commands.benchmark import add_benchmark
from cornernet.commands.data import add_data_command
from cornernet.commands.detect import add_detect
from cornernet.commands.evaluate import add_evaluate
from cornernet.commands.models import add_models
from cornernet.presets import PRESETS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    _let_every_name_be_printed()
    options = build_parser().parse_args(arguments)
    try:
        status: int = options.command(options)
    except ValueError as error:
        print(f"cornernet: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("cornernet: stopped", file=sys.stderr)
        return 130
    return status


def _let_every_name_be_printed() -> None:
    """Write what a console's encoding lacks as escapes, instead of ending there."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
            stream.reconfigure(errors="backslashreplace")


def build_parser() -> argparse.ArgumentParser:
    """Describe all commands."""
    parser = argparse.ArgumentParser(prog="cornernet", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add_detect(commands.add_parser("detect", help="find objects in images"))
    add_models(commands.add_parser("models", help="list, download and check models"))
    _add_train(commands.add_parser("train", help="train a model"))
    add_evaluate(commands.add_parser("evaluate", help="measure a model's average precision"))
    add_data_command(commands.add_parser("data", help="check annotations before they are used"))
    add_benchmark(commands.add_parser("benchmark", help="measure how fast this machine answers"))
    return parser


def _add_train(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--preset", choices=sorted(PRESETS), default="shapes")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="how long to train (default 90)")
    length.add_argument("--steps", type=int, help="how many steps to train instead")
    parser.add_argument("--data", default="shapes", metavar="shapes|ANNOTATIONS.json")
    parser.add_argument("--image-root", type=Path, metavar="DIR", help="folder of the images")
    parser.add_argument("--out", type=Path, default=Path("runs/shapes"), metavar="DIR")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
    parser.add_argument("--batch-size", type=int, help="images in a step")
    parser.add_argument("--learning-rate", type=float, help="at its peak")
    parser.add_argument("--workers", type=int, help="processes that make samples")
    parser.add_argument("--seed", type=int, help="of the weights and the data")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.set_defaults(command=_train)


def _train(options: argparse.Namespace) -> int:
    from cornernet.training.session import train_model

    minutes = options.minutes
    if minutes is None and options.steps is None:
        minutes = 90.0
    given = {
        "minutes": minutes,
        "steps": options.steps,
        "batch_size": options.batch_size,
        "learning_rate": options.learning_rate,
        "workers": options.workers,
        "seed": options.seed,
    }
    try:
        weights = train_model(
            preset=options.preset,
            settings={k: v for k, v in given.items() if v is not None},
            data=(options.data, options.image_root),
            folder=options.out,
            is_resumed=options.resume,
            device_name=options.device,
        )
    except KeyboardInterrupt:
        print(f"\nStopped and saved; go on with --resume --out {options.out}", file=sys.stderr)
        return 130
    print(weights)
    return 0
