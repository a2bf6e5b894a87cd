"""What is known to be true of an image: a scene was drawn, an example or an image is annotated."""

import re
from dataclasses import dataclass
from pathlib import Path

from cornernet.analysis.matching import LabelledBoxes
from cornernet.analysis.truth import AnnotatedTruth, annotated_truth
from cornernet.data.coco import CocoFolder, read_coco
from cornernet.preprocess import RgbArray
from cornernet.ui.inputs import EXAMPLES, example_files, read_example
from cornernet.ui.lessons import LESSONS
from cornernet.ui.view import View

_FRIENDLY = re.compile(r"([^\w\s.,'])")  # all else could be Markdown, a link or a picture
NO_IMAGE = "No image is kept here: choose one, or draw a scene."


@dataclass(frozen=True, eq=False, kw_only=True)
class KnownTruth:
    """The true boxes of the shown image, if they are known, and words on where they come from."""

    boxes: LabelledBoxes | None  # in pixels of the shown image
    words: str  # Markdown


def known_truth(shown: View | None, annotations: CocoFolder | None) -> KnownTruth:
    """Take the truth of a drawn scene, of an example, or of a visitor's annotations."""
    if shown is None:
        return KnownTruth(boxes=None, words=NO_IMAGE)
    if shown.truth is not None:
        count = len(shown.truth[1])
        return KnownTruth(boxes=shown.truth, words=f"The truth: {_objects(count)} drawn here.")
    categories, size_wh = shown.observation.categories, _original_wh(shown)
    example = _example_name(shown.observation.image)
    try:
        if example is not None:
            folder = read_coco(EXAMPLES / "annotations.json", None)
            return _found(annotated_truth(folder, categories, size_wh, example), shown, "drawn")
        if annotations is not None:
            return _found(annotated_truth(annotations, categories, size_wh), shown, "annotated")
    except ValueError as error:
        return KnownTruth(boxes=None, words=f"**{plain(str(error))}**")
    text = (LESSONS / "tabs" / "no_truth.md").read_text(encoding="utf-8")
    return KnownTruth(boxes=None, words=text)


def read_annotations(file: str) -> CocoFolder:
    """Read a visitor's annotations. Raise ValueError with one sentence that names the file."""
    path = Path(file)
    if not path.exists():
        raise ValueError("These annotations are no longer kept here: choose them again.")
    try:
        return read_coco(path, None)
    except ValueError as error:
        raise ValueError(str(error).replace(file, path.name)) from error


def plain(text: str) -> str:
    """Escape text from a file, so that Markdown shows it as it is."""
    return _FRIENDLY.sub(r"\\\1", " ".join(text.split()))


def _found(truth: AnnotatedTruth, shown: View, verb: str) -> KnownTruth:
    boxes, labels = truth.boxes
    words = f"The truth: {_objects(len(labels))} {verb} here."
    if truth.unknown:
        names = plain(", ".join(truth.unknown))
        words += f" Left out, since the model does not know them: {names}."
    if truth.crowds:
        words += f" Left out: {truth.crowds} regions of uncounted objects."
    ratio = boxes.new_tensor(shown.original_per_shown_xy * 2)
    return KnownTruth(boxes=(boxes / ratio, labels), words=words)


def _objects(count: int) -> str:
    return "1 object was" if count == 1 else f"{count} objects were"


def _original_wh(shown: View) -> tuple[int, int]:
    height, width = shown.observation.image.shape[:2]
    ratio_x, ratio_y = shown.original_per_shown_xy
    return round(width * ratio_x), round(height * ratio_y)


def _example_name(image: RgbArray) -> str | None:
    """Tell which example an image is, pixel by pixel."""
    for index, path in enumerate(example_files()):
        example = read_example(index)
        if example.shape == image.shape and bool((example == image).all()):
            return path.name
    return None
