"""The tab of studies: each question with its plot, figures, the paper's, and the command."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from cornernet.studies.questions import STUDIES, PaperTable, Study, command_of
from cornernet.studies.record import STUDIES_FOLDER, read_record
from cornernet.studies.summary import spread_in
from cornernet.ui.lessons import lesson

_FIGURES = ("AP", "AP50", "AP75", "AP_small", "AP_medium", "AP_large")
NOT_RUN = (
    "### Not run yet\n\nOf these questions there are no figures of our own. The paper's stand "
    "here, where it has any."
)


def make_studies_tab(folder: Path = STUDIES_FOLDER) -> None:
    """Lay out the studies that were run, then the others; nothing here asks the server anything."""
    lesson("tabs/studies")
    not_run = []
    for study in STUDIES.values():
        record = read_record(folder / f"{study.name}.json")
        if record is None:
            not_run.append(study)
            continue
        _say(study_text(study, record))
        _plot(study, folder / f"{study.name}.png")
        _say(_below(study, record))
    if not_run:
        _say(not_run_text(not_run))


def _say(text: str) -> None:
    gr.Markdown(text, elem_classes="lesson study", container=False)


def _plot(study: Study, file: Path) -> None:
    gr.Image(
        str(file),
        alt_text=f"Plot of the study “{study.title}”; its figures are in the table below",
        interactive=False,
        show_label=False,
        container=False,
        buttons=["fullscreen"],
        format="png",
        elem_classes="study-plot",
    )


def study_text(study: Study, record: Mapping[str, Any]) -> str:
    """Return the question, and what follows."""
    return f"### {study.title}\n\n{study.question}\n\n{' '.join(record['follows'])}"


def _below(study: Study, record: Mapping[str, Any]) -> str:
    parts = [_TABLES[study.kind](record), _made(record)]
    if study.paper is not None:
        parts.append(_paper(study.paper))
    parts.append(f"Made by `{command_of(study)}`")
    return "\n\n".join(parts)


def not_run_text(studies: Sequence[Study]) -> str:
    """Return questions without figures of our own: the paper's, and, folded, how to make ours."""
    parts = [NOT_RUN]
    for study in studies:
        paper = [] if study.paper is None else [_paper(study.paper)]
        parts += [f"#### {study.title}", study.question, *paper]
    commands = "\n".join(f"- {study.title} `{command_of(study)}`" for study in studies)
    summary = "<summary>How to run them</summary>"
    parts.append(f"<details>{summary}\n\n{commands}\n\n</details>")
    return "\n\n".join(parts)


def _made(record: Mapping[str, Any]) -> str:
    """Say on what the figures rest."""
    first = record["variants"][0]["runs"][0] if "variants" in record else record
    runs = ""
    if "variants" in record:
        seeds = ", ".join(map(str, record["seeds"]))
        runs = (
            f"{record['minutes']:g} minutes a run, seeds {seeds}, measured on "
            f"{record['val_images']} held-out scenes; "
        )
    return f"*Ours: {runs}{first['device']}, PyTorch {first['torch']}, commit {first['commit']}.*"


def _training_table(record: Mapping[str, Any]) -> str:
    head = (
        *("ours, on drawn scenes", "M parameters", "GFLOP", "ms"),
        *("AP at equal minutes", "AP at equal images", "small", "medium", "large"),
    )
    rows = [
        (
            variant["words"],
            f"{variant['parameters'] / 1e6:.2f}",
            f"{variant['gflop']:.2f}",
            f"{variant['milliseconds']:.1f}",
            _spread(variant, "at_equal_minutes", "AP"),
            _spread(variant, "at_equal_images", "AP"),
            *(
                _spread(variant, "at_equal_minutes", f"AP_{s}")
                for s in ("small", "medium", "large")
            ),
        )
        for variant in record["variants"]
    ]
    return _table(head, rows)


def _spread(variant: Mapping[str, Any], budget: str, figure: str) -> str:
    spread = spread_in(dict(variant), budget, figure)
    return "none" if spread is None else spread.words()


def _errors_table(record: Mapping[str, Any]) -> str:
    head = ("ours", "AP", "AP50", "AP75", "AP small", "AP medium", "AP large")
    rows = [
        (f"{subject['model']}, {step['name']}", *(_percent(step["figures"][f]) for f in _FIGURES))
        for subject in record["subjects"]
        for step in subject["steps"]
    ]
    return _table(head, rows)


def _percent(value: float | None) -> str:
    return "none" if value is None else f"{100 * value:.1f}"


def _speed_table(record: Mapping[str, Any]) -> str:
    parts = tuple(record["subjects"][0]["milliseconds"])
    head = ("ours, ms an image", "input", "weights", *parts, "all (least to most)")
    rows = [
        (
            subject["model"],
            subject["input"],
            subject["weights"],
            *(f"{subject['milliseconds'][part]:.1f}" for part in parts),
            f"{subject['total']:.0f} ({subject['least']:.0f} to {subject['most']:.0f})",
        )
        for subject in record["subjects"]
    ]
    return _table(head, rows)


_TABLES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "training": _training_table,
    "errors": _errors_table,
    "speed": _speed_table,
}


def _paper(paper: PaperTable) -> str:
    rows = [(name, *(f"{figure:.1f}" for figure in figures)) for name, figures in paper.rows]
    return f"{_table(('the paper', *paper.columns), rows)}\n\n*{paper.source}.*"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
