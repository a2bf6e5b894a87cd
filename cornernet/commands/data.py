"""`data`: what is read of annotations, what is mended or left out, and pictures to check it."""

import argparse
from pathlib import Path

from PIL import Image

from cornernet.commands.options import tell
from cornernet.data.coco import CocoFolder, DataReport, read_coco
from cornernet.figures.labelled import draw_labelled
from cornernet.image_reading import ImageError
from cornernet.writing import expect_folder, unwritable, visible, whole_file

DRAWN = 12  # images, spread over the data set


def add_data_command(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.add_argument("annotations", type=Path, metavar="ANNOTATIONS")
    parser.add_argument("--image-root", type=Path, metavar="DIR", help="folder of the images")
    parser.add_argument("--strict", action="store_true", help="refuse data with any doubt")
    parser.add_argument("--figures", type=Path, metavar="DIR", help="draw a dozen labelled images")
    parser.set_defaults(command=_data)


def _data(options: argparse.Namespace) -> int:
    if options.figures is not None:
        expect_folder(options.figures)
    folder = read_coco(
        options.annotations, options.image_root, is_strict=options.strict, report_to=_print_report
    )
    return 0 if options.figures is None else _draw(folder, options.figures)


def _print_report(report: DataReport) -> None:
    for line in report.lines():
        print(visible(line))


def _draw(folder: CocoFolder, figures: Path) -> int:
    """Draw images that are spread over the data set, those with objects first."""
    places = sorted(range(len(folder.images)), key=lambda place: not folder.images[place].labels)
    some = sum(bool(image.labels) for image in folder.images)
    step = max(1, some // DRAWN)
    status = 0
    try:
        figures.mkdir(parents=True, exist_ok=True)
        for place in places[: step * DRAWN : step]:
            try:
                picture = draw_labelled(folder.sample(place), folder.categories)
            except ImageError as error:
                tell(str(error))
                status = 2
                continue
            name = f"{place:06d}-{Path(folder.images[place].name).stem}.png"
            with whole_file(figures / name) as new:
                Image.fromarray(picture).save(new, format="PNG")
    except OSError as error:
        raise unwritable(figures, error) from error
    return status
