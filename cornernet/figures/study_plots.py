"""Plots of studies, from their records: on white, so that they are read on any page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

Record = Mapping[str, Any]

# Okabe and Ito's, told apart without colour vision, too; with each a mark.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_MARKS = ("o", "s", "^", "D")
_DPI = 150
_AP = "AP on held-out scenes (%)"


def save_plot(figure: Figure, path: Path) -> None:
    """Write a plot as PNG, the same bytes for the same figures."""
    figure.savefig(path, format="png", dpi=_DPI, metadata={"Software": None}, facecolor="white")


def draw_training(record: Record) -> Figure:
    """Draw AP over minutes, images and milliseconds: seeds thin, their mean thick."""
    figure = Figure(figsize=(9.6, 3.9), layout="constrained")
    minutes, images, cost = figure.subplots(1, 3, sharey=True)
    for k, variant in enumerate(record["variants"]):
        look = {"color": _COLOURS[k], "marker": _MARKS[k % len(_MARKS)]}
        _draw_curves(minutes, variant["runs"], "minutes", 1.0, look)
        _draw_curves(images, variant["runs"], "images", 1e-3, look)
        ends = [100 * (run["curve"][-1]["AP"] or 0.0) for run in variant["runs"]]
        at = [variant["milliseconds"]] * len(ends)
        label = f"{variant['words']} ({variant['parameters'] / 1e6:.1f} M parameters)"
        cost.plot(at, ends, linestyle="none", label=label, **look)
    images.axvline(1e-3 * record["equal_images"], color="#777777", linestyle=":")
    for axes, words in ((minutes, "minutes"), (images, "thousand images"), (cost, "ms an image")):
        axes.set_xlabel(words)
        axes.grid(alpha=0.3)
        axes.set_xlim(left=0)
    minutes.set_ylabel(_AP)
    figure.legend(*cost.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def _draw_curves(
    axes: Axes, runs: Sequence[Record], place: str, unit: float, look: Mapping[str, Any]
) -> None:
    for run in runs:
        points = [(unit * p[place], 100 * p["AP"]) for p in run["curve"] if p["AP"] is not None]
        axes.plot(*zip(*points, strict=True), markersize=3, linewidth=1, **look)


def draw_errors(record: Record, paper: Sequence[tuple[str, Sequence[float]]]) -> Figure:
    """Draw AP by what was replaced: a group of bars each for the paper and our models."""
    groups = [("paper, COCO", [figures[0] for _, figures in paper])]
    groups += [
        (subject["model"], [100 * (step["figures"]["AP"] or 0.0) for step in subject["steps"]])
        for subject in record["subjects"]
    ]
    figure = Figure(figsize=(7.2, 3.6), layout="constrained")
    axes = figure.subplots()
    for k, (name, _) in enumerate(paper):
        places = [group + 0.26 * (k - 1) for group in range(len(groups))]
        heights = [values[k] for _, values in groups]
        bars = axes.bar(places, heights, width=0.25, color=_COLOURS[k], label=name)
        axes.bar_label(bars, fmt="%.1f", fontsize=8)
    axes.set_xticks(range(len(groups)), [name for name, _ in groups])
    axes.set_ylabel("AP (%)")
    axes.set_ylim(0, 105)
    figure.legend(loc="outside lower center", ncols=3)
    return figure


def draw_speed(record: Record) -> Figure:
    """Draw for each network which parts its time goes to, as shares of the whole."""
    figure = Figure(figsize=(8.4, 3.4), layout="constrained")
    axes = figure.subplots()
    subjects = list(record["subjects"])[::-1]
    names = [f"{s['model']}\n{s['total']:.0f} ms, {s['input']}" for s in subjects]
    start = [0.0] * len(subjects)
    for k, part in enumerate(subjects[0]["milliseconds"]):
        sums = [sum(s["milliseconds"].values()) for s in subjects]
        shares = [
            100 * s["milliseconds"][part] / whole for s, whole in zip(subjects, sums, strict=True)
        ]
        bars = axes.barh(names, shares, left=start, color=_COLOURS[k], label=part)
        words = [f"{share:.0f}" if share >= 4 else "" for share in shares]
        axes.bar_label(bars, words, label_type="center", fontsize=8, color="white")
        start = [a + b for a, b in zip(start, shares, strict=True)]
    axes.set_xlabel("share of an answer's time (%)")
    axes.set_xlim(0, 100)
    figure.legend(loc="outside lower center", ncols=6)
    return figure
