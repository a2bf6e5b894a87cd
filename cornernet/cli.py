"""The command line: detect, models, train, evaluate, data, benchmark, study.

Results go to standard output, messages to standard error. Exit status: 0 done, 2 bad usage or
bad input, 130 stopped by Ctrl-C, 143 by SIGTERM.
"""

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from cornernet.commands.benchmark import add_benchmark
from cornernet.commands.data import add_data_command
from cornernet.commands.detect import add_detect
from cornernet.commands.evaluate import add_evaluate
from cornernet.commands.models import add_models
from cornernet.commands.options import tell
from cornernet.commands.study import add_study
from cornernet.commands.train import add_train


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    _let_every_name_be_printed()
    options = build_parser().parse_args(arguments)
    try:
        status: int = options.command(options)
    except ValueError as error:
        tell(str(error))
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        tell("stopped")
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
    add_train(commands.add_parser("train", help="train a model"))
    add_evaluate(commands.add_parser("evaluate", help="measure a model's average precision"))
    add_data_command(commands.add_parser("data", help="check annotations before they are used"))
    add_benchmark(commands.add_parser("benchmark", help="measure how fast this machine answers"))
    add_study(commands.add_parser("study", help="answer an open question with runs of its own"))
    return parser
