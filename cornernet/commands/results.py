"""Detections in COCO's result format: options, ids, and the file."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from cornernet.commands.options import tell, write_json
from cornernet.data.coco import CocoFolder, read_coco_alone
from cornernet.data.coco.matching import for_model
from cornernet.data.sources import print_report
from cornernet.decode import Detections
from cornernet.evaluation.coco_results import coco_results

Found = tuple[Path, Detections]  # an image's file, and what was found in it
RESULTS_HELP = "where to write detections in COCO's result format"


def add_results(parser: argparse.ArgumentParser) -> None:
    """Let a command write results of images that no annotation file came with."""
    parser.add_argument("--coco-results", metavar="FILE", help=RESULTS_HELP)
    parser.add_argument(
        "--annotations",
        type=Path,
        metavar="FILE",
        help="with --coco-results: take the ids of images and categories from this file",
    )


def check_results(options: argparse.Namespace) -> None:
    """Raise ValueError if `--annotations` was given without results to write."""
    if options.annotations is not None and not options.coco_results:
        raise ValueError("Expected --annotations with --coco-results, but it was given alone.")


def write_results(
    found: Sequence[Found],
    categories: tuple[str, ...],
    annotations: Path | None,
    destination: str,
) -> int:
    """Write the file and give the exit status: 2 if an image has no id of its own."""
    if annotations is None:
        tell(
            "image ids count the images found in from 1, in their order, and category "
            f"ids count the model's categories from 1 ({categories[0]}: 1); "
            "--annotations FILE takes them from a file"
        )
        numbered = ((number, detections) for number, (_, detections) in enumerate(found, 1))
        write_json(coco_results(numbered, tuple(range(1, len(categories) + 1))), destination)
        return 0
    folder = for_model(read_coco_alone(annotations), categories)
    print_report(folder.report)
    known = [(ids[0], d) for path, d in found if len(ids := _ids(folder, path)) == 1]
    write_json(coco_results(known, folder.category_ids), destination)
    return 0 if len(known) == len(found) else 2


def _ids(folder: CocoFolder, path: Path) -> list[int | float | str]:
    ids = [image.id for image in folder.images if image.name == path.name]
    if len(ids) != 1:
        tell(
            f"Expected one image called {path.name} in {folder.source}, but there are "
            f"{len(ids) or 'none'}; its detections are not among the results."
        )
    return ids
