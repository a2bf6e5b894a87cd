"""What is studied: each question, its variants, and what the paper measured on COCO."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["training", "errors", "speed"]


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One network, and how it is trained: what differs from the standard."""

    name: str
    words: str
    model: Mapping[str, Any] = field(default_factory=dict)  # fields of ModelConfig
    train: Mapping[str, Any] = field(default_factory=dict)  # fields of TrainConfig


@dataclass(frozen=True, kw_only=True)
class PaperTable:
    """What the paper printed of the same question."""

    source: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Study:
    """One question."""

    name: str
    title: str
    question: str
    kind: Kind
    variants: tuple[Variant, ...] = ()  # of training; the standard is shared between studies
    paper: PaperTable | None = None


STANDARD = Variant(name="standard", words="2 hourglasses, corner pooling, radius by object")
_AP = ("AP", "AP50", "AP75", "AP small", "AP medium", "AP large")
_PAPER = "Law & Deng, {}, COCO validation, Hourglass-104 after 250,000 iterations"

STUDIES = {
    study.name: study
    for study in (
        Study(
            name="hourglasses",
            title="How many hourglasses?",
            question="Do more hourglasses in a row find more, for what they cost?",
            kind="training",
            variants=(
                Variant(name="one", words="1 hourglass", model={"stacks": 1}),
                STANDARD,
                Variant(name="three", words="3 hourglasses", model={"stacks": 3}),
                # 1.77 GFLOP and 4.80 million parameters at 128 pixels: 2 hourglasses have 1.78
                # and 4.81.
                Variant(
                    name="deeper",
                    words="1 hourglass, deeper, at the cost of 2",
                    model={"stacks": 1, "hourglass_blocks": (3, 2, 2, 2, 2)},
                ),
            ),
        ),
        Study(
            name="corner-pooling",
            title="What does corner pooling bring?",
            question=(
                "Is it the scan to the border that helps, any maximum of a neighbourhood, or "
                "would the convolutions alone do?"
            ),
            kind="training",
            variants=(
                STANDARD,
                Variant(
                    name="window-pooling",
                    words="the maximum of a 9 x 9 window instead",
                    model={"pooling": "window", "pool_window": 9},
                ),
                Variant(name="no-pooling", words="no pooling", model={"pooling": "none"}),
            ),
            paper=PaperTable(
                source=_PAPER.format("table 1"),
                columns=_AP,
                rows=(
                    ("with corner pooling", (38.4, 53.8, 40.9, 18.6, 40.5, 51.8)),
                    ("without corner pooling", (36.5, 52.0, 38.8, 17.5, 38.9, 49.4)),
                ),
            ),
        ),
        Study(
            name="penalty",
            title="Should near misses cost less?",
            question=(
                "Does it help that false corners near a true one cost less while training, and "
                "that the radius follows the object's size?"
            ),
            kind="training",
            variants=(
                STANDARD,
                Variant(
                    name="fixed-radius",
                    words="one radius of 2 cells",
                    train={"penalty_reduction": "fixed", "fixed_radius": 2},
                ),
                Variant(
                    name="no-reduction",
                    words="no reduction",
                    train={"penalty_reduction": "none"},
                ),
            ),
            paper=PaperTable(
                source=_PAPER.format("table 2"),
                columns=_AP,
                rows=(
                    ("radius by object", (38.4, 53.8, 40.9, 18.6, 40.5, 51.8)),
                    ("fixed radius of 2.5", (35.6, 52.5, 37.7, 18.7, 38.5, 46.0)),
                    ("no reduction", (32.9, 49.1, 34.8, 19.0, 37.0, 40.7)),
                ),
            ),
        ),
        Study(
            name="errors",
            title="Which part errs?",
            question=(
                "How good would the boxes be if the heatmaps, and then the offsets too, were "
                "replaced by the truth?"
            ),
            kind="errors",
            paper=PaperTable(
                source=_PAPER.format("table 6"),
                columns=_AP,
                rows=(
                    ("as predicted", (38.4, 53.8, 40.9, 18.6, 40.5, 51.8)),
                    ("true heatmaps", (73.1, 87.7, 78.4, 60.9, 81.2, 81.8)),
                    ("true heatmaps and offsets", (86.1, 88.9, 85.5, 84.8, 87.2, 82.0)),
                ),
            ),
        ),
        Study(
            name="speed",
            title="Where do the milliseconds go?",
            question="Which part of the network takes the time of an answer?",
            kind="speed",
            paper=PaperTable(
                source="Law & Deng: an image and its mirror image on a Titan X (Pascal)",
                columns=("ms",),
                rows=(("Hourglass-104", (244.0,)),),
            ),
        ),
    )
}


def command_of(study: Study) -> str:
    """Return what makes a study anew."""
    photos = " --photos-root DIR" if study.kind == "errors" else ""
    resumable = " --resume" if study.kind == "training" else ""
    return f"python -m cornernet study {study.name}{resumable}{photos}"
