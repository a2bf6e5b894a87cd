"""`detect`: find objects in images; one that cannot be used keeps none of the others back."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cornernet.commands.options import add_model, add_views, views_of, write_json

if TYPE_CHECKING:  # imported where needed: a list of models should not wait for PyTorch's kernels
    from PIL import Image

    from cornernet.config import DecodeConfig
    from cornernet.decode import Detections
    from cornernet.detector import Detector


def add_detect(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    add_model(parser)
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    parser.add_argument("--json", metavar="FILE|-", help="where to write detections; - prints them")
    parser.add_argument("--figures", type=Path, metavar="DIR", help="draw every stage into DIR")
    parser.add_argument("--min-score", type=float, help="0 to 1")
    add_views(parser)
    parser.set_defaults(command=_detect)


def _detect(options: argparse.Namespace) -> int:
    from cornernet.detector import load_detector
    from cornernet.preprocess import ImageError, open_image
    from cornernet.report import as_records

    detector = load_detector(options.model, device=options.device, precision=options.precision)
    config = detector.decode_config
    if options.min_score is not None:
        config = replace(config, min_score=options.min_score)
    views, results, status = views_of(options), [], 0
    for path in options.images:
        try:
            image = open_image(path)
            if options.figures:
                detections = _draw(detector, image, config, (options.figures, path))
            if not (options.figures and views.is_single):
                detections = detector.detect(image, config, views)
        except ImageError as error:
            print(f"cornernet: {_naming(path, error)}", file=sys.stderr)
            status = 2
            continue
        records = as_records(detections)
        results.append({"image": str(path), "detections": records})
        if options.json != "-":
            _print_detections(path, records)
    if options.json:
        write_json(results, options.json)
    return status


def _naming(path: Path, error: Exception) -> str:
    """Say what is wrong, and with which of the images."""
    told = str(error)
    return told if str(path) in told else f"{told.rstrip('.')} ({path})."


def _draw(
    detector: "Detector", image: "Image.Image", config: "DecodeConfig", where: tuple[Path, Path]
) -> "Detections":
    from cornernet.figures.files import save_figures

    observation = detector.observe(image)
    if observation.notice:
        print(f"cornernet: {observation.notice}", file=sys.stderr)
    decoding = detector.decode(observation, config)
    save_figures(observation, decoding, *where)
    return decoding.detections


def _print_detections(path: Path, records: list[dict[str, Any]]) -> None:
    print(f"{path}: {len(records) or 'no'} object{'' if len(records) == 1 else 's'}")
    for record in records:
        print(f"  {record['label']} {record['score']:.2f} at {record['box_xyxy']}")
