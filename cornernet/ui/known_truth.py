"""What is known to be true of the shown image, and words on it."""

from dataclasses import dataclass
from pathlib import Path

from cornernet.analysis.matching import LabelledBoxes
from cornernet.analysis.truth import AnnotatedTruth, annotated_truth
from cornernet.data.coco import CocoFolder, read_coco_alone
from cornernet.ui.lessons import LESSONS
from cornernet.ui.view import View, plain

NO_IMAGE = "No image is kept here: choose one, or draw a scene."


@dataclass(frozen=True, eq=False, kw_only=True)
class KnownTruth:
    """The true boxes of the shown image, if they are known, and what is to be said of them."""

    boxes: LabelledBoxes | None  # in pixels of the shown image
    words: str  # Markdown


def known_truth(shown: View | None, annotations: CocoFolder | None) -> KnownTruth:
    """Take the truth that came with a scene or an example, or else a visitor's annotations."""
    if shown is None:
        return KnownTruth(boxes=None, words=NO_IMAGE)
    if shown.truth is not None:
        return _in_shown_pixels(shown.truth, shown)
    if annotations is None:
        text = (LESSONS / "tabs" / "no_truth.md").read_text(encoding="utf-8")
        return KnownTruth(boxes=None, words=text)
    try:
        found = annotated_truth(annotations, shown.observation.categories, _original_wh(shown))
    except ValueError as error:
        return KnownTruth(boxes=None, words=f"**{plain(str(error))}**")
    known = _in_shown_pixels(found.boxes, shown)
    return KnownTruth(boxes=known.boxes, words=" ".join([known.words, *_left_out(found)]))


def read_annotations(file: str) -> CocoFolder:
    """Read a visitor's annotations. Raise ValueError with one sentence that names the file."""
    path = Path(file)
    if not path.exists():
        raise ValueError("These annotations are no longer kept here: choose them again.")
    try:
        return read_coco_alone(path)
    except ValueError as error:
        raise ValueError(str(error).replace(file, path.name)) from error


def _in_shown_pixels(truth: LabelledBoxes, shown: View) -> KnownTruth:
    boxes, labels = truth
    ratio = boxes.new_tensor(shown.original_per_shown_xy * 2)
    count = "1 object" if len(labels) == 1 else f"{len(labels)} objects"
    return KnownTruth(boxes=(boxes / ratio, labels), words=f"**The truth is known:** {count}.")


def _left_out(truth: AnnotatedTruth) -> list[str]:
    words = []
    if truth.unknown:
        names = plain(", ".join(truth.unknown))
        words.append(f"Left out, since the model does not know them: {names}.")
    if truth.crowds:
        words.append(f"Left out: {truth.crowds} regions of uncounted objects.")
    return words


def _original_wh(shown: View) -> tuple[int, int]:
    height, width = shown.observation.image.shape[:2]
    ratio_x, ratio_y = shown.original_per_shown_xy
    return round(width * ratio_x), round(height * ratio_y)
