"""`models`: the table of known models, their download, and the check of a file."""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from cornernet.checkpoints.check import check
from cornernet.checkpoints.download import download
from cornernet.checkpoints.known import KNOWN_MODELS, KnownModel, known_by_name_only
from cornernet.writing import visible


def add_models(parser: argparse.ArgumentParser) -> None:
    """Describe the command and what can follow it."""
    parser.set_defaults(command=_list)
    actions = parser.add_subparsers(metavar="download|check")
    fetch = actions.add_parser("download", help="fetch a model's published weights")
    fetch.add_argument("name", metavar="NAME")
    fetch.add_argument("--to", type=Path, metavar="DIR", help="instead of torch.hub's directory")
    fetch.set_defaults(command=_download)
    verify = actions.add_parser("check", help="verify a file: layout, hash, values, one run")
    verify.add_argument("model", metavar="NAME|PATH")
    verify.set_defaults(command=_check)


def _list(_: argparse.Namespace) -> int:
    wide = max(len(model.architecture) for model in KNOWN_MODELS.values())
    print(f"{'name':<15} {'network':<{wide}} {'parameters':>12} {'file':>8}  on this machine")
    for model in KNOWN_MODELS.values():
        here = "yes" if model.file.is_file() else "no"
        print(
            f"{model.name:<15} {model.architecture:<{wide}} {model.parameters:>12,} "
            f"{_size(model):>8}  {here}"
        )
        print(f"    detects {model.detects}")
        print(f"    AP {model.ap}; source: {model.ap_source}")
        if weak := known_by_name_only(model.name):
            print(f"    known by name only: {', '.join(weak)}")
        print(f"    code: {model.licence}")
    return 0


def _size(model: KnownModel) -> str:
    return f"{model.megabytes:.{0 if model.megabytes > 100 else 1}f} MiB"


def _download(options: argparse.Namespace) -> int:
    model = KNOWN_MODELS.get(options.name)
    if model is None or model.url is None:
        names = ", ".join(name for name, known in KNOWN_MODELS.items() if known.url)
        raise ValueError(f"Expected a model to download ({names}), but {options.name!r} was given.")
    print(f"{model.name}: {_size(model)} from {model.url}", file=sys.stderr)
    with tqdm(unit="B", unit_scale=True, unit_divisor=1024, desc=model.name) as bar:

        def show(done: int, total: int | None) -> None:
            bar.total = total
            bar.update(done - bar.n)

        path = download(model, options.to, on_progress=show)
    print(path)
    return 0


def _check(options: argparse.Namespace) -> int:
    for line in check(options.model).lines():
        print(visible(line))
    return 0
