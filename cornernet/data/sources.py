"""Which data set a name on the command line means."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cornernet.categories import SHAPES
from cornernet.data.coco import CocoSource, read_coco
from cornernet.data.samples import Sample, SampleSource, ShapesSource, held_out_scene, sample_of

# ("shapes" or the path of COCO-format annotations, the folder of their images)
DataSpec = tuple[str, Path | None]


def training_source(data: DataSpec, seed: int) -> tuple[SampleSource, tuple[str, ...]]:
    """Give samples to train on, and their categories."""
    name, image_root = data
    if name == "shapes":
        return ShapesSource(seed), SHAPES
    folder = read_coco(Path(name), image_root)
    return CocoSource(folder, seed), folder.categories


def evaluation_samples(
    data: DataSpec, categories: tuple[str, ...], images: int | None, seed: int
) -> tuple[Iterable[Sample], int]:
    """Give labelled images, and how many, with labels that index the model's `categories`."""
    if images is not None and images < 1:
        raise ValueError(f"Expected at least 1 image, but {images} was given.")
    if seed < 0:
        raise ValueError(f"Expected a seed of at least 0, but {seed} was given.")
    name, image_root = data
    if name == "shapes":
        total = images or 500
        labels = _labels_of(SHAPES, categories)
        scenes = (sample_of(held_out_scene(seed, index)) for index in range(total))
        return (_relabelled(sample, labels) for sample in scenes), total
    folder = read_coco(Path(name), image_root)
    labels = _labels_of(folder.categories, categories)
    total = min(images or len(folder.images), len(folder.images))
    return (_relabelled(folder.sample(i), labels) for i in range(total)), total


def _labels_of(names: tuple[str, ...], categories: tuple[str, ...]) -> dict[int, int]:
    labels = {i: categories.index(name) for i, name in enumerate(names) if name in categories}
    if not labels:
        raise ValueError(
            f"Expected data with some of the model's categories ({', '.join(categories[:8])}, ...),"
            f" but it has {', '.join(names[:8])}."
        )
    return labels


def _relabelled(sample: Sample, labels: dict[int, int]) -> Sample:
    """Translate labels; objects of categories that the model does not know are left out."""
    kept = [i for i, label in enumerate(sample.labels.tolist()) if label in labels]
    chosen = sample.chosen(kept)
    new = [labels[label] for label in chosen.labels.tolist()]
    known = sample.known_labels
    return replace(
        chosen,
        labels=sample.labels.new_tensor(new),
        known_labels=known and frozenset(labels[label] for label in known if label in labels),
    )
