"""The paper's error analysis over a data set: AP once heads are replaced by the truth."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from tqdm import tqdm

from cornernet.analysis.truth import error_analysis
from cornernet.data.sources import DataSpec, LabelledImages, annotations_in, evaluation_samples
from cornernet.detector import Detector, load_detector
from cornernet.evaluation.answers import Answer, answer_of
from cornernet.evaluation.average_precision import average_precision, rounded
from cornernet.studies.questions import Study
from cornernet.studies.record import Record, provenance

EVALUATION_SEED = 20261  # of the scenes that `evaluate` looks at, too
FIGURES = ("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A model, and labelled images that it has not seen."""

    model: str
    data: DataSpec
    words: str


def subjects(photos_root: Path | None) -> tuple[Subject, ...]:
    """Return what is studied: `photos` only where its images are given."""
    drawn = Subject(model="shapes", data=("shapes", None), words="held-out drawn scenes")
    if photos_root is None:
        return (drawn,)
    path = str(annotations_in(photos_root, "val"))
    photos = Subject(model="photos", data=(path, photos_root), words="validation photographs")
    return drawn, photos


def run_error_study(
    study: Study, chosen: Sequence[Subject], images: int, device: torch.device
) -> Record:
    """Measure each subject."""
    made = provenance(device)  # first: files may change while it runs
    rows = [_measured(subject, images, device) for subject in chosen]
    record: Record = {"study": study.name, "subjects": rows, **made}
    return {**record, "follows": [_sentence(row) for row in rows]}


def _measured(subject: Subject, images: int, device: torch.device) -> Record:
    detector = load_detector(subject.model, device=str(device))
    data = evaluation_samples(subject.data, detector.categories, images, EVALUATION_SEED)
    answers: dict[str, list[Answer]] = {}
    for name, answer in _answers(detector, data):
        answers.setdefault(name, []).append(answer)
    labels, names = _known_everywhere(next(iter(answers.values()))), detector.categories
    found = {name: average_precision(each, names, labels) for name, each in answers.items()}
    steps = [
        {"name": name, "figures": {f: rounded(one.figures[f]) for f in FIGURES}}
        for name, one in found.items()
    ]
    objects = sum(next(iter(found.values())).objects_by_category.values())
    return {
        "model": subject.model,
        "images_are": subject.words,
        "images": data.total,
        "objects": objects,
        "categories": len(names if labels is None else labels),
        "steps": steps,
    }


def _known_everywhere(answers: Sequence[Answer]) -> frozenset[int] | None:
    """Return the categories that were looked for in every image; None for all."""
    known = [answer.known_labels for answer in answers if answer.known_labels is not None]
    return frozenset.intersection(*known) if known else None


def _answers(detector: Detector, data: LabelledImages) -> Iterator[tuple[str, Answer]]:
    """Yield each image's answers by the name of what was replaced."""
    config = replace(detector.decode_config, min_score=0.0)
    for sample in tqdm(data.samples, total=data.total, unit="image", desc=detector.name):
        counted = sample.chosen(sample.is_counted.nonzero().flatten().tolist()).boxes
        observation = detector.observe(sample.image)
        for step in error_analysis(observation, counted, config):
            yield step.name, answer_of(sample, step.decoding.detections)


def _sentence(row: Record) -> str:
    predicted, heat, both = (step["figures"]["AP"] for step in row["steps"])
    if None in (predicted, heat, both):
        return f"“{row['model']}” has no figure: its images have no object to be found."
    gains = {"the heatmaps": heat - predicted, "the offsets": both - heat, "the pairing": 1 - both}
    largest = max(gains, key=lambda name: gains[name])
    return (
        f"“{row['model']}”, on {row['images']} {row['images_are']} with {row['categories']} "
        f"categories: true heatmaps bring "
        f"{100 * gains['the heatmaps']:+.1f} AP, true offsets {100 * gains['the offsets']:+.1f} "
        f"more, and {100 * gains['the pairing']:.1f} are still lost to pairing and suppression; "
        f"replaced in this order, the most lies in {largest}."
    )
