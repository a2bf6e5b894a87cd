"""The examples: photographs for the model of photographs, drawings for that of drawings."""

from dataclasses import dataclass
from pathlib import Path

import torch

from cornernet.boxes import LabelledBoxes
from cornernet.checkpoints.known import KNOWN_MODELS
from cornernet.data.coco import read_coco
from cornernet.paths import EXAMPLES
from cornernet.ui.address import whole_number
from cornernet.ui.photographs import PHOTOGRAPHS, Photograph, photograph_file

ANNOTATIONS = EXAMPLES / "annotations.json"
DRAWN_MODEL = "shapes"  # answers whatever is drawn: scenes, the sandbox, drawn examples
PHOTO_MODEL = "photos"


@dataclass(frozen=True, kw_only=True)
class Example:
    """An image that is offered, and the model that it is meant for."""

    name: str  # its value in an address: "example=2", "example=coffee"
    file: Path
    model: str
    note: str = ""  # for visitors
    title: str = ""

    @property
    def source(self) -> str:
        """Return the part of an address that leads here."""
        return f"example={self.name}"


def examples() -> tuple[Example, ...]:
    """List what is offered, in the strip's order: photographs first, where their model is here."""
    return (*_photographs(), *drawings())


def find_example(name: str, model: str) -> Example | None:
    """Find what an address asks for, else what a page with this model opens with.

    A number counts the drawings; one that is too large means the last one.
    """
    offered, drawn = examples(), drawings()
    number = whole_number(name)
    if number is not None and drawn:
        return drawn[min(max(number, 1), len(drawn)) - 1]
    fitting = (one for one in offered if one.name == name)
    opening = (one for one in offered if one.model == model)
    return next(fitting, None) or next(opening, None) or next(iter(drawn), None)


def note_of(source: str) -> str:
    """Describe what a visitor should know of an image; "" where nothing is to be said."""
    return next((one.note for one in examples() if one.source == source), "")


def _photographs() -> tuple[Example, ...]:
    if not KNOWN_MODELS[PHOTO_MODEL].file.is_file():
        return ()
    found = ((one, photograph_file(one)) for one in PHOTOGRAPHS)
    return tuple(
        Example(name=one.name, file=file, model=PHOTO_MODEL, note=one.note, title=one.title)
        for one, file in found
        if file is not None
    )


def drawings() -> tuple[Example, ...]:
    """List the drawings, by their numbers."""
    return tuple(
        Example(name=str(number), file=file, model=DRAWN_MODEL, title=f"Drawing {number}")
        for number, file in enumerate(example_files(), 1)
    )


def example_files() -> list[Path]:
    """List the drawings that ship with the code, in the order of their names."""
    return sorted(p for p in EXAMPLES.glob("*") if p.suffix in (".png", ".jpg", ".webp"))


def true_boxes(example: Example, categories: tuple[str, ...]) -> LabelledBoxes | None:
    """Return what an example holds, with a model's labels; None where that is not known."""
    photograph = photograph_shown(example.source)
    if photograph is None:
        return example_truth(example.file, categories)
    boxes = torch.tensor([box for _, box in photograph.objects], dtype=torch.float32)
    labels = torch.arange(len(photograph.objects))
    names = tuple(name for name, _ in photograph.objects)
    return LabelledBoxes(boxes_xyxy_px=boxes.reshape(-1, 4), labels=labels).relabelled(
        names, categories
    )


def photograph_shown(source: str) -> Photograph | None:
    """Return the photograph that a part of an address leads to; None for anything else."""
    return next((one for one in PHOTOGRAPHS if source == f"example={one.name}"), None)


def example_truth(file: Path, categories: tuple[str, ...]) -> LabelledBoxes | None:
    """Read an example's true boxes, with a model's labels; None where it has no annotation."""
    if not ANNOTATIONS.is_file():
        return None
    folder = read_coco(ANNOTATIONS, EXAMPLES)
    found = next((image for image in folder.images if image.name == file.name), None)
    return None if found is None else found.boxes.relabelled(folder.categories, categories)
