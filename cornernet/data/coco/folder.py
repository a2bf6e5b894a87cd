"""A data set as it was read."""

from dataclasses import dataclass

import torch

from cornernet.boxes import LabelledBoxes
from cornernet.data.coco.report import DataReport, Finding
from cornernet.data.coco.store import ImageFile
from cornernet.data.coco.values import Id
from cornernet.data.samples import Sample
from cornernet.image_reading import ImageError


@dataclass(frozen=True, kw_only=True)
class CocoImage:
    """An image and its objects; labels index the folder's categories."""

    id: Id
    name: str  # without its folders
    file: ImageFile | None  # None where only the annotations are at hand
    size_wh: tuple[int, int] | None  # in pixels, if it is known
    boxes_xyxy_px: tuple[tuple[float, float, float, float], ...]
    areas_px2: tuple[float, ...]  # of the objects' outlines, if annotated, else of their boxes
    labels: tuple[int, ...]
    is_crowd: tuple[bool, ...]
    is_ignored: tuple[bool, ...]  # to be found or not, neither right nor wrong; so is every crowd
    known_labels: frozenset[int] | None  # None: every category was looked for

    @property
    def boxes(self) -> LabelledBoxes:
        """Return the boxes with their labels."""
        boxes = torch.tensor(self.boxes_xyxy_px, dtype=torch.float32).reshape(-1, 4)
        return LabelledBoxes(
            boxes_xyxy_px=boxes, labels=torch.tensor(self.labels, dtype=torch.int64)
        )


@dataclass(frozen=True, kw_only=True)
class CocoFolder:
    """A data set; categories in the order of their ids, or as a model has them."""

    source: str  # the annotation file
    categories: tuple[str, ...]
    category_ids: tuple[Id | None, ...]  # None for a model's category that the file lacks
    images: tuple[CocoImage, ...]
    findings: tuple[Finding, ...]

    @property
    def report(self) -> DataReport:
        """Return what was read and what was not."""
        ignored = [flag for image in self.images for flag in image.is_ignored]
        crowds = sum(flag for image in self.images for flag in image.is_crowd)
        return DataReport(
            source=self.source,
            images=len(self.images),
            categories=sum(key is not None for key in self.category_ids),
            objects=len(ignored) - sum(ignored),
            crowds=crowds,
            ignored=sum(ignored) - crowds,
            findings=self.findings,
        )

    def sample(self, index: int) -> Sample:
        """Read one image. Raise ImageError if it cannot be read."""
        entry = self.images[index]
        if entry.file is None:
            raise ValueError(f"Expected the image {entry.name}, but only its annotations are here.")
        image = entry.file.read()
        if entry.size_wh is not None and image.shape[1::-1] != entry.size_wh:
            width, height = entry.size_wh
            raise ImageError(
                f"Expected {entry.file.name} to have {width} x {height} pixels as its head says, "
                f"but it has {image.shape[1]} x {image.shape[0]}."
            )
        boxes = entry.boxes
        return Sample(
            image=image,
            boxes_xyxy_px=boxes.boxes_xyxy_px,
            labels=boxes.labels,
            is_crowd=entry.is_crowd,
            is_ignored=entry.is_ignored,
            areas_px2=entry.areas_px2,
            known_labels=entry.known_labels,
        )
