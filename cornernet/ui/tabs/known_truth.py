"""What is known to be true of the shown image, and words on it."""

from dataclasses import dataclass, replace
from pathlib import Path

from cornernet.analysis.truth import AnnotatedTruth, annotated_truth, find_entries
from cornernet.boxes import LabelledBoxes
from cornernet.data.coco import CocoFolder, read_coco_alone
from cornernet.data.coco.content import GZIP_START
from cornernet.paths import LESSONS
from cornernet.ui.examples import photograph_shown
from cornernet.ui.shown import ShownImage, plain

NO_IMAGE = "No image is kept here: choose one, or draw a scene."


@dataclass(frozen=True, eq=False, kw_only=True)
class KnownTruth:
    """The true boxes of the shown image, if they are known, and what is to be said of them."""

    boxes: LabelledBoxes | None  # in pixels of the shown image
    words: str  # Markdown
    choices: tuple[tuple[str, str], ...] = ()  # annotated images that it may be: what to show, key


def known_truth(
    shown: ShownImage | None, annotations: CocoFolder | None, chosen: str | None = None
) -> KnownTruth:
    """Take the truth that came with a scene or an example, or else a visitor's annotations.

    `chosen` is the key of a choice that was offered; one for another image counts for nothing.
    """
    if shown is None:
        return KnownTruth(boxes=None, words=NO_IMAGE)
    if shown.truth is not None:
        known = _in_shown_pixels(shown.truth, shown)
        by_hand = _by_hand(shown.source) if len(shown.truth) else ""
        return replace(known, words=known.words + by_hand)
    if annotations is None:
        text = (LESSONS / "tabs" / "no_truth.md").read_text(encoding="utf-8")
        return KnownTruth(boxes=None, words=text)
    return _annotated(shown, annotations, chosen)


def _by_hand(source: str) -> str:
    photograph = photograph_shown(source)
    if photograph is None:
        return ""
    unsure = f" {photograph.unsure}: a false alarm may be one." if photograph.unsure else ""
    return f" Its boxes were drawn by hand, for this page.{unsure}"


def _annotated(shown: ShownImage, annotations: CocoFolder, chosen: str | None) -> KnownTruth:
    size_wh, note = _original_wh(shown), _report(annotations)
    try:
        found = find_entries(annotations, size_wh, shown.name)
    except ValueError as error:
        return KnownTruth(boxes=None, words=f"**{plain(str(error))}**{note}")
    keys = {f"{shown.key}:{entry.id}": entry for entry in found.possible}
    choices = tuple((entry.name, key) for key, entry in keys.items())
    entry = found.sure or keys.get(chosen or "")
    if entry is None:
        name = f"called {plain(shown.name)}" if shown.name else "whose name is known here"
        words = (
            f"**Which image is it?** The annotations list none {name}, "
            f"but {len(choices)} of {size_wh[0]} x {size_wh[1]} pixels: choose one.{note}"
        )
        return KnownTruth(boxes=None, words=words, choices=choices)
    truth = annotated_truth(annotations, shown.observation.categories, entry, size_wh)
    known = _in_shown_pixels(truth.boxes, shown)
    sentences = [known.words, f"Taken from {plain(entry.name)}.", *_left_out(truth)]
    return KnownTruth(boxes=known.boxes, words=" ".join(sentences) + note, choices=choices)


def _report(annotations: CocoFolder) -> str:
    """Return what was read of the file, if anything about it was odd."""
    if not annotations.findings:
        return ""
    return "\n\n" + "\n".join(f"- {plain(line)}" for line in annotations.report.lines())


def read_annotations(file: str) -> CocoFolder:
    """Read a visitor's annotations. Raise ValueError with one sentence that names the file."""
    path = Path(file)
    if not path.exists():
        raise ValueError("These annotations are no longer kept here: choose them again.")
    try:
        with path.open("rb") as stored:
            if stored.read(2) == GZIP_START:  # a small file could unpack to any size
                raise ValueError(f"Expected {path.name} to be unpacked, but it is gzipped.")
        return replace(read_coco_alone(path), source=path.name)
    except ValueError as error:
        raise ValueError(str(error).replace(file, path.name)) from error


def _in_shown_pixels(truth: LabelledBoxes, shown: ShownImage) -> KnownTruth:
    boxes = truth.boxes_xyxy_px
    shrunk = boxes / boxes.new_tensor(shown.original_per_shown_xy * 2)
    count = "1 object" if len(truth) == 1 else f"{len(truth)} objects"
    if len(truth) == 0:
        count = "nothing here is of a kind that this model knows"
    return KnownTruth(
        boxes=replace(truth, boxes_xyxy_px=shrunk), words=f"**The truth is known:** {count}."
    )


def _left_out(truth: AnnotatedTruth) -> list[str]:
    words = []
    if truth.respelled:
        pairs = plain(", ".join(f"{given} as {own}" for given, own in truth.respelled))
        words.append(f"Names taken for the model's: {pairs}.")
    if truth.unknown:
        names = plain(", ".join(truth.unknown))
        words.append(f"Left out, since the model does not know them: {names}.")
    if truth.crowds:
        words.append(f"Left out: {truth.crowds} regions of uncounted objects.")
    if truth.ignored:
        words.append(f"Left out: {truth.ignored} objects that are marked to be ignored.")
    if not truth.is_exhaustive:
        words.append(
            "Not all of the model's categories were looked for: what is called a false alarm here "
            "may be an object."
        )
    return words


def _original_wh(shown: ShownImage) -> tuple[int, int]:
    height, width = shown.observation.image.shape[:2]
    ratio_x, ratio_y = shown.original_per_shown_xy
    return round(width * ratio_x), round(height * ratio_y)
