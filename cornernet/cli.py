"""The command line: detect, models, train, evaluate.

Results go to standard output, messages to standard error. Exit status: 0 done, 2 bad usage or
bad input, 130 stopped by Ctrl-C.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cornernet.commands.benchmark import add_benchmark
from cornernet.commands.models import add_models
from cornernet.presets import PRESETS

if TYPE_CHECKING:  # imported where needed: a list of models should not wait for PyTorch's kernels
    from PIL import Image

    from cornernet.config import DecodeConfig, ViewsConfig
    from cornernet.decode import Detections
    from cornernet.detector import Detector


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
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


def build_parser() -> argparse.ArgumentParser:
    """Describe all commands."""
    parser = argparse.ArgumentParser(prog="cornernet", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_detect(commands.add_parser("detect", help="find objects in images"))
    add_models(commands.add_parser("models", help="list, download and check models"))
    _add_train(commands.add_parser("train", help="train a model"))
    _add_evaluate(commands.add_parser("evaluate", help="measure a model's average precision"))
    add_benchmark(commands.add_parser("benchmark", help="measure how fast this machine answers"))
    return parser


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="shapes", metavar="NAME|PATH")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--precision", default="auto", help="auto, fp32, bf16 or fp16")


def _add_detect(parser: argparse.ArgumentParser) -> None:
    _add_model(parser)
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    parser.add_argument("--json", metavar="FILE|-", help="where to write detections; - prints them")
    parser.add_argument("--figures", type=Path, metavar="DIR", help="draw every stage into DIR")
    parser.add_argument("--min-score", type=float, help="0 to 1")
    _add_views(parser)
    parser.set_defaults(command=_detect)


def _detect(options: argparse.Namespace) -> int:
    from cornernet.detector import load_detector
    from cornernet.preprocess import open_image
    from cornernet.report import as_records

    detector = load_detector(options.model, device=options.device, precision=options.precision)
    config = detector.decode_config
    if options.min_score is not None:
        config = replace(config, min_score=options.min_score)
    views = _views(options)
    results = []
    for path in options.images:
        image = open_image(path)
        if options.figures:
            detections = _draw(detector, image, config, (options.figures, path.stem))
        if not (options.figures and views.is_single):
            detections = detector.detect(image, config, views)
        records = as_records(detections)
        results.append({"image": str(path), "detections": records})
        if options.json != "-":
            _print_detections(path, records)
    if options.json:
        _write_json(results, options.json)
    return 0


def _draw(
    detector: "Detector", image: "Image.Image", config: "DecodeConfig", where: tuple[Path, str]
) -> "Detections":
    from cornernet.figures.plate import save_figures

    observation = detector.observe(image)
    if observation.notice:
        print(f"cornernet: {observation.notice}", file=sys.stderr)
    decoding = detector.decode(observation, config)
    save_figures(observation, decoding, *where)
    return decoding.detections


def _add_views(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--flip", action="store_true", help="look at the mirror image, too")
    parser.add_argument(
        "--scales",
        default="1",
        metavar="S,S,...",
        help="look at several sizes: 0.5,0.75,1,1.25,1.5",
    )


def _views(options: argparse.Namespace) -> "ViewsConfig":
    from cornernet.config import ViewsConfig

    try:
        scales = tuple(float(scale) for scale in options.scales.split(","))
    except ValueError as error:
        raise ValueError(
            f"Expected scales such as 0.5,1,1.5, but {options.scales!r} was given."
        ) from error
    return ViewsConfig(flip=options.flip, scales=scales)


def _print_detections(path: Path, records: list[dict[str, object]]) -> None:
    print(f"{path}: {len(records) or 'no'} object{'' if len(records) == 1 else 's'}")
    for record in records:
        print(f"  {record['label']} {record['score']:.2f} at {record['box_xyxy']}")


def _write_json(value: object, destination: str) -> None:
    text = json.dumps(value, indent=None if destination == "-" else 2)
    if destination == "-":
        print(text)
    else:
        try:
            Path(destination).write_text(text + "\n")
        except OSError as error:
            raise ValueError(f"Expected a file that can be written, but: {error}.") from error


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


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    _add_model(parser)
    parser.add_argument("--data", default="shapes", metavar="shapes|ANNOTATIONS.json")
    parser.add_argument("--image-root", type=Path, metavar="DIR", help="folder of the images")
    parser.add_argument("--images", type=int, help="how many images (shapes: 500, else all)")
    parser.add_argument("--seed", type=int, default=20261, help="of the held-out scenes")
    _add_views(parser)
    parser.add_argument("--json", metavar="FILE|-", help="where to write the report; - prints it")
    parser.set_defaults(command=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    from cornernet.data.sources import evaluation_samples
    from cornernet.detector import load_detector
    from cornernet.evaluation.evaluate import evaluate

    detector = load_detector(options.model, device=options.device, precision=options.precision)
    samples, total = evaluation_samples(
        (options.data, options.image_root), detector.categories, options.images, options.seed
    )
    report = evaluate(detector, samples, total, _views(options)).as_json()
    if options.json:
        _write_json(report, options.json)
    else:
        print(json.dumps(report, indent=2))
    return 0
