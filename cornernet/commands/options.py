"""Options and output that several commands share."""

import argparse
import json
from pathlib import Path

from cornernet.config import ViewsConfig
from cornernet.writing import expect_writable, unwritable, whole_file
from cornernet.writing import tell as tell_plainly


def add_model(parser: argparse.ArgumentParser) -> None:
    """Let a command take a model, and where and how precisely it computes."""
    parser.add_argument("--model", default="shapes", metavar="NAME|PATH")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--precision", default="auto", help="auto, fp32, bf16 or fp16")


def add_data(parser: argparse.ArgumentParser) -> None:
    """Let a command take labelled images."""
    parser.add_argument("--data", default="shapes", metavar="shapes|ANNOTATIONS.json")
    parser.add_argument("--image-root", type=Path, metavar="DIR", help="folder of the images")
    parser.add_argument(
        "--strict", action="store_true", help="refuse annotations with any doubt, mend nothing"
    )


def add_views(parser: argparse.ArgumentParser) -> None:
    """Let a command look at an image several times."""
    parser.add_argument("--flip", action="store_true", help="look at the mirror image, too")
    parser.add_argument(
        "--scales",
        default="1",
        metavar="S,S,...",
        help="look at several sizes: 0.5,0.75,1,1.25,1.5",
    )


def views_of(options: argparse.Namespace) -> ViewsConfig:
    """Read what `add_views` added. Raise ValueError for scales that are none."""
    try:
        scales = tuple(float(scale) for scale in options.scales.split(","))
    except ValueError as error:
        raise ValueError(
            f"Expected scales such as 0.5,1,1.5, but {options.scales!r} was given."
        ) from error
    return ViewsConfig(flip=options.flip, scales=scales)


def tell(line: str) -> None:
    """Print a message, which is no result, as this program's."""
    tell_plainly(f"cornernet: {line}")


def expect_destinations(*destinations: str | None) -> None:
    """Raise ValueError before anything is computed unless each result can be written."""
    for destination in destinations:
        if destination not in (None, "-"):
            expect_writable(Path(destination))


def write_json(value: object, destination: str) -> None:
    """Print a value on one line where the destination is "-", else write it to that file.

    Raise ValueError if it cannot be written.
    """
    if destination == "-":
        print(json.dumps(value))
        return
    path, text = Path(destination), json.dumps(value, indent=2) + "\n"
    if path.exists() and not path.is_file():  # a device or a pipe is written to, not replaced
        try:
            path.write_text(text)
        except OSError as error:
            raise unwritable(path, error) from error
        return
    with whole_file(path) as new:
        new.write_text(text)
