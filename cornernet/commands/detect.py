"""`detect`: find objects in images; one that cannot be used keeps none of the others back."""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from cornernet.analysis.misfit import misfit_of
from cornernet.analysis.suitability import looks_like
from cornernet.commands.options import (
    add_model,
    add_views,
    expect_destinations,
    tell,
    views_of,
    write_json,
)
from cornernet.commands.results import Found, add_results, check_results, write_results
from cornernet.config import ViewsConfig
from cornernet.decode import Detections
from cornernet.detector import Detector, load_detector
from cornernet.figures.files import save_figures
from cornernet.figures.fonts import unwritable
from cornernet.figures.plate import all_panels
from cornernet.image_reading import ImageError, RgbArray, open_image, to_rgb
from cornernet.records import as_records
from cornernet.writing import expect_folder, visible


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


@dataclass(frozen=True, eq=False, kw_only=True)
class _Request:
    """How every image is to be answered."""

    detector: Detector
    views: ViewsConfig
    figures: Path | None  # where boxes, heatmaps and the explorer go


def _detect(options: argparse.Namespace) -> int:
    check_results(options)
    expect_destinations(options.json, options.coco_results)
    request = _request(options)
    found, status = _answers(request, options.images, is_printed=options.json != "-")
    if options.json:
        results = [{"image": str(p), "detections": as_records(answer)} for p, answer in found]
        write_json(results, options.json)
    if options.coco_results:
        categories = request.detector.categories
        written = write_results(found, categories, options.annotations, options.coco_results)
        status = max(status, written)
    return status


def _request(options: argparse.Namespace) -> _Request:
    views = views_of(options)
    if options.figures is not None:
        expect_folder(options.figures)
    detector = load_detector(options.model, device=options.device, precision=options.precision)
    if options.min_score is not None:
        config = replace(detector.decode_config, min_score=options.min_score)
        detector = replace(detector, decode_config=config)
    if options.figures is not None:
        _warn_of_unwritable(detector.categories)
    return _Request(detector=detector, views=views, figures=options.figures)


def _answers(request: _Request, paths: list[Path], *, is_printed: bool) -> tuple[list[Found], int]:
    """Answer every image that can be read; give the exit status, too."""
    found, status = [], 0
    for path in paths:
        try:
            image = to_rgb(open_image(path))
            detections = _answer(request, path, image)
        except ImageError as error:
            tell(_naming(path, error))
            status = 2
            continue
        _warn_of_misfit(path, image, detections)
        if is_printed:
            _print_detections(path, detections)
        found.append((path, detections))
    return found, status


def _answer(request: _Request, path: Path, image: RgbArray) -> Detections:
    """Detect in one image; where figures are wanted, they are of the image as it is."""
    detector = request.detector
    if request.figures is not None:
        # It brings Gradio along, which takes a second that only figures are worth.
        from cornernet.ui.explorer.standalone import observed_page

        observation = detector.observe(image)
        if observation.notice:
            tell(observation.notice)
        decoding = detector.decode(observation)
        explorer = observed_page(detector, observation)
        save_figures(all_panels(observation, decoding), explorer, request.figures, path)
        if request.views.is_single:
            return decoding.detections
    return detector.detect(image, views=request.views)


def _warn_of_unwritable(names: tuple[str, ...]) -> None:
    if lacking := unwritable(names):
        shown = lacking[:8] + ("..." if len(lacking) > 8 else "")
        tell(
            f"no font on this machine has {shown}, so the figures spell such signs as "
            f"{ascii(lacking[0])[1:-1]}; a font for them, such as Noto's, mends that"
        )


def _warn_of_misfit(path: Path, image: RgbArray, found: Detections) -> None:
    """Warn where the image does not look like what the model knows."""
    misfit = misfit_of(found.categories, looks_like(image), lambda: not found.names)
    if misfit:
        tell(f"{path}: {misfit.why} `--model {misfit.model}` would suit better ({misfit.knows}).")


def _naming(path: Path, error: Exception) -> str:
    """Describe what is wrong, and with which of the images."""
    reason = str(error)
    return reason if str(path) in reason else f"{reason.rstrip('.')} ({path})."


def _print_detections(path: Path, detections: Detections) -> None:
    records = as_records(detections)
    count = f"{len(records) or 'no'} object{'' if len(records) == 1 else 's'}"
    print(visible(f"{path}: {count}"))
    for record in records:
        score = f"{record['score']:.2f}"
        print(visible(f"  {record['label']} {score} at {record['box_xyxy']}"))
