"""Which data set a name on the command line means."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from cornernet.categories import SHAPES
from cornernet.config.train import CropOf
from cornernet.data.coco import CocoFolder, CocoSource, DataReport, read_coco
from cornernet.data.names import match_names
from cornernet.data.samples import Sample, SampleSource, ShapesSource, held_out_scene, sample_of
from cornernet.writing import tell

# ("shapes" or the path of COCO-format annotations, the folder of their images)
DataSpec = tuple[str, Path | None]


def training_source(
    data: DataSpec,
    seed: int,
    *,
    rare_share: float = 0.0,
    is_strict: bool = False,
    crop_of: CropOf = "image",
) -> tuple[SampleSource, tuple[str, ...]]:
    """Return samples to train on, and their categories; tell what was read of annotations.

    Of annotated images, ones with a category that is in less than `rare_share` come more often.
    """
    name, image_root = data
    if name == "shapes":
        return ShapesSource(seed), SHAPES
    folder = read_coco(Path(name), image_root, is_strict=is_strict, report_to=print_report)
    return CocoSource(folder, seed, rare_share, crop_of), folder.categories


def annotations_in(folder: Path, part: str) -> Path:
    """Return a folder's annotations of "train" or "val". Raise ValueError if it has none."""
    for name in (f"{part}.json", f"{part}.json.gz"):
        if (folder / name).is_file():
            return folder / name
    raise ValueError(f"Expected {part}.json or {part}.json.gz in {folder}, but it has neither.")


def print_report(report: DataReport) -> None:
    """Print a report among the messages."""
    for line in report.lines():
        tell(line)


@dataclass(frozen=True, kw_only=True)
class LabelledImages:
    """Images to measure a model with; labels index its categories."""

    samples: Iterable[Sample]  # once
    total: int
    folder: CocoFolder | None  # None for drawn scenes


def evaluation_samples(
    data: DataSpec,
    categories: tuple[str, ...],
    images: int | None,
    seed: int,
    *,
    is_strict: bool = False,
) -> LabelledImages:
    """Return labelled images, with labels that index the model's `categories`.

    Tell what was read of annotations. Raise ValueError if nothing can be measured with them.
    """
    if images is not None and images < 1:
        raise ValueError(f"Expected at least 1 image, but {images} was given.")
    if seed < 0:
        raise ValueError(f"Expected a seed of at least 0, but {seed} was given.")
    name, image_root = data
    if name == "shapes":
        total = images or 500
        names = _names_of_shapes(categories)
        scenes = (sample_of(held_out_scene(seed, index)) for index in range(total))
        samples = (_relabelled(sample, names, categories) for sample in scenes)
        return LabelledImages(samples=samples, total=total, folder=None)
    folder = read_coco(
        Path(name), image_root, categories=categories, is_strict=is_strict, report_to=print_report
    )
    total = min(images or len(folder.images), len(folder.images))
    samples = (folder.sample(index) for index in range(total))
    return LabelledImages(samples=samples, total=total, folder=folder)


def _names_of_shapes(categories: tuple[str, ...]) -> tuple[str, ...]:
    match = match_names(SHAPES, categories)
    if not match.labels:
        raise ValueError(
            f"Expected data with some of the model's categories ({', '.join(categories[:8])}, ...),"
            f" but it has {', '.join(SHAPES)}."
        )
    return match.spelled


def _relabelled(scene: Sample, names: tuple[str, ...], categories: tuple[str, ...]) -> Sample:
    boxes = scene.boxes.relabelled(names, categories)
    return replace(scene, boxes_xyxy_px=boxes.boxes_xyxy_px, labels=boxes.labels)
