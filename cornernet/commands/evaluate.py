"""`evaluate`: measure a model's average precision, and say what each figure rests on."""

import argparse
import json
import sys
from pathlib import Path

from cornernet.commands.options import (
    add_data,
    add_model,
    add_views,
    expect_destinations,
    tell,
    views_of,
    write_json,
)
from cornernet.commands.results import RESULTS_HELP
from cornernet.data.sources import LabelledImages, evaluation_samples
from cornernet.detector import load_detector
from cornernet.evaluation.coco_results import coco_results
from cornernet.evaluation.evaluate import Report, evaluate
from cornernet.evaluation.worst import Worst
from cornernet.writing import expect_folder


def add_evaluate(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    add_model(parser)
    add_data(parser)
    parser.add_argument("--images", type=int, help="how many images (shapes: 500, else all)")
    parser.add_argument("--seed", type=int, default=20261, help="of the held-out scenes")
    add_views(parser)
    parser.add_argument("--json", metavar="FILE|-", help="where to write the report; - prints it")
    parser.add_argument("--coco-results", metavar="FILE", help=RESULTS_HELP)
    parser.add_argument(
        "--figures", type=Path, metavar="DIR", help="draw the worst misses and false boxes, and why"
    )
    parser.set_defaults(command=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    expect_destinations(options.json, options.coco_results)
    if options.figures is not None:
        expect_folder(options.figures)
    views = views_of(options)
    detector = load_detector(options.model, device=options.device, precision=options.precision)
    data = evaluation_samples(
        (options.data, options.image_root),
        detector.categories,
        options.images,
        options.seed,
        is_strict=options.strict,
    )
    if options.coco_results and data.folder is None:
        raise ValueError(
            "Expected --data ANNOTATIONS.json with --coco-results, since drawn scenes have no ids."
        )
    worst = None if options.figures is None else Worst(detector.decode_config)
    report = evaluate(detector, data.samples, data.total, views, worst)
    _tell_figures(report)
    if worst is not None:
        _draw(worst, options.figures)
    if options.json:
        write_json(report.as_values(), options.json)
    else:
        print(json.dumps(report.as_values(), indent=2))
    if options.coco_results:
        _write_results(report, data, options.coco_results)
    return 0


def _tell_figures(report: Report) -> None:
    for name, part in {"": report.precision, **report.parts}.items():
        counts = part.as_values()
        print(
            f"AP {_percent(counts['AP'])}, AP50 {_percent(counts['AP50'])} over "
            f"{counts['categories']} categories with {counts['objects']} objects in "
            f"{counts['images']} images{name and ': ' + name.replace('_', ' ')}",
            file=sys.stderr,
        )
    corners = map(_percent, report.corner_precisions)
    print("AP of corners, unpaired: top-left {}, bottom-right {}".format(*corners), file=sys.stderr)


def _draw(worst: Worst, folder: Path) -> None:
    worst.draw(folder)
    for line in worst.sentences():
        tell(f"{line} (in one view, at the model's own thresholds)")


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _write_results(report: Report, data: LabelledImages, destination: str) -> None:
    assert data.folder is not None
    images = data.folder.images[: data.total]
    pairs = zip(images, report.answers, strict=True)
    found = ((image.id, answer.detections) for image, answer in pairs)
    write_json(coco_results(found, data.folder.category_ids), destination)
    if data.folder.report.doubts:
        tell(
            "the results' boxes lie in the pixels of the upright images; where the annotation file "
            "was mended (see above), its own boxes do not"
        )
