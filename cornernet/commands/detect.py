"""`detect`: find objects in images; one that cannot be used keeps none of the others back."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cornernet.commands.options import add_model, add_views, views_of, write_json
from cornernet.commands.results import add_results, check_results, write_results

if TYPE_CHECKING:  # imported where needed: a list of models should not wait for PyTorch's kernels
    from cornernet.config import ViewsConfig
    from cornernet.decode import Detections
    from cornernet.detector import Detector
    from cornernet.image_reading import RgbArray


def add_detect(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    add_model(parser)
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    parser.add_argument("--json", metavar="FILE|-", help="where to write detections; - prints them")
    parser.add_argument(
        "--figures",
        type=Path,
        metavar="DIR",
        help="draw boxes and heatmaps into DIR, and write the explorer of each image there",
    )
    add_results(parser)
    parser.add_argument("--min-score", type=float, help="0 to 1")
    add_views(parser)
    parser.set_defaults(command=_detect)


def _detect(options: argparse.Namespace) -> int:
    from cornernet.detector import load_detector
    from cornernet.image_reading import ImageError, open_image, to_rgb
    from cornernet.records import as_records

    check_results(options)
    detector = load_detector(options.model, device=options.device, precision=options.precision)
    if options.min_score is not None:
        config = replace(detector.decode_config, min_score=options.min_score)
        detector = replace(detector, decode_config=config)
    views = views_of(options)
    if options.figures:
        _warn_of_unwritable(detector.categories)
    results, found, status = [], [], 0
    for path in options.images:
        try:
            image = to_rgb(open_image(path))
            detections = _answer(detector, (path, image), views, options.figures)
        except ImageError as error:
            print(f"cornernet: {_naming(path, error)}", file=sys.stderr)
            status = 2
            continue
        _warn_of_misfit(path, image, detections, detector.categories)
        records = as_records(detections)
        found.append((path, detections))
        results.append({"image": str(path), "detections": records})
        if options.json != "-":
            _print_detections(path, records)
    if options.json:
        write_json(results, options.json)
    if options.coco_results:
        written = write_results(
            found, detector.categories, options.annotations, options.coco_results
        )
        status = max(status, written)
    return status


def _answer(
    detector: "Detector",
    given: tuple[Path, "RgbArray"],
    views: "ViewsConfig",
    figures: Path | None,
) -> "Detections":
    """Detect in one image and, given a folder for them, draw the figures of a single view."""
    path, image = given
    if figures is None:
        return detector.detect(image, views=views)
    from cornernet.figures.files import save_figures
    from cornernet.figures.plate import all_panels
    from cornernet.ui.explorer.standalone import observed_page

    observation = detector.observe(image)
    if observation.notice:
        print(f"cornernet: {observation.notice}", file=sys.stderr)
    decoding = detector.decode(observation)
    panels, explorer = all_panels(observation, decoding), observed_page(detector, observation)
    save_figures(panels, explorer, figures, path)
    return decoding.detections if views.is_single else detector.detect(image, views=views)


def _warn_of_unwritable(names: tuple[str, ...]) -> None:
    from cornernet.figures.fonts import unwritable

    if lacking := unwritable(names):
        shown = lacking[:8] + ("..." if len(lacking) > 8 else "")
        print(
            f"cornernet: no font on this machine has {shown}, so the figures spell such signs as "
            f"{ascii(lacking[0])[1:-1]}; a font for them, such as Noto's, mends that",
            file=sys.stderr,
        )


def _warn_of_misfit(
    path: Path, image: "RgbArray", found: "Detections", categories: tuple[str, ...]
) -> None:
    """Warn where the image does not look like what the model knows."""
    from cornernet.analysis.misfit import misfit_of
    from cornernet.analysis.suitability import looks_like

    misfit = misfit_of(categories, looks_like(image), lambda: not found.names)
    if misfit:
        print(
            f"cornernet: {path}: {misfit.why} `--model {misfit.model}` would suit better "
            f"({misfit.knows}).",
            file=sys.stderr,
        )


def _naming(path: Path, error: Exception) -> str:
    """Describe what is wrong, and with which of the images."""
    reason = str(error)
    return reason if str(path) in reason else f"{reason.rstrip('.')} ({path})."


def _print_detections(path: Path, records: list[dict[str, Any]]) -> None:
    print(f"{path}: {len(records) or 'no'} object{'' if len(records) == 1 else 's'}")
    for record in records:
        print(f"  {record['label']} {record['score']:.2f} at {record['box_xyxy']}")
