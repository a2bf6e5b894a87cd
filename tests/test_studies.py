"""Studies: resumable run by run, summed up as defined, and shown with nothing made up."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from cornernet.cli import main
from cornernet.evaluation.validation import FIGURES
from cornernet.fast import FastNetwork
from cornernet.presets import PRESETS
from cornernet.studies import runs, speed, training_study
from cornernet.studies.questions import STANDARD, STUDIES
from cornernet.studies.runs import Budget, settings_of
from cornernet.studies.speed import PARTS, SUBJECTS
from cornernet.studies.summary import Spread, at_images, follows, is_ahead, spread_of, summarised
from cornernet.training import schedule
from cornernet.training.log import CsvLog
from cornernet.training.step import Trainer
from cornernet.ui.tabs.studies import _below, not_run_text, study_text
from tests.conftest import detector_of
from tests.tiny import TINY

TRAINED = [study for study in STUDIES.values() if study.kind == "training"]
POINT = {name: 0.5 for name in FIGURES}


def curve(*points: tuple[int, float]) -> list[dict[str, Any]]:
    return [{**POINT, "images": images, "minutes": 1.0, "AP": ap} for images, ap in points]


@pytest.mark.parametrize(
    ("images", "expected"),
    [(100, 0.2), (150, 0.3), (200, 0.4), (400, 0.5), (99, None), (401, None)],
)
def test_a_curve_is_read_on_the_line_between_its_points(
    images: int, expected: float | None
) -> None:
    found = at_images(curve((100, 0.2), (200, 0.4), (400, 0.5)), images, "AP")
    assert found == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("first", "second", "ahead"),
    [
        ((0.50, 0.52), (0.40, 0.42), True),
        ((0.50, 0.52), (0.47, 0.52), False),  # the ranges overlap
        ((0.50, 0.60), (0.45, 0.49), False),  # apart, but by less than the seeds differ
        ((0.60, 0.60), (0.50, 0.50), False),  # no spread known: one seed each
        ((0.40, 0.42), (0.50, 0.52), False),
    ],
)
def test_only_what_the_spread_carries_is_claimed(
    first: tuple[float, float], second: tuple[float, float], ahead: bool
) -> None:
    one, other = spread_of(first), spread_of(second)
    assert one is not None
    assert other is not None
    assert is_ahead(one, other) is ahead


def test_spreads_are_of_all_seeds_or_none() -> None:
    assert spread_of([0.25, 0.75]) == Spread(mean=0.5, least=0.25, most=0.75)
    assert spread_of([0.1, None]) is None
    assert spread_of([]) is None


def test_the_sentences_name_who_is_ahead_of_whom() -> None:
    made = {
        "a": [curve((100, 0.30), (200, 0.50)), curve((100, 0.31), (200, 0.51))],
        "b": [curve((100, 0.10), (400, 0.40)), curve((100, 0.11), (400, 0.41))],
        "c": [curve((100, 0.30), (300, 0.49)), curve((100, 0.31), (300, 0.52))],
    }
    variants = [
        {"words": name, **summarised([{"curve": c} for c in curves], 200)}
        for name, curves in made.items()
    ]
    record = {"minutes": 2.0, "equal_images": 200, "seeds": [1, 2], "variants": variants}
    minutes, images = follows(record)
    assert minutes == (
        "After 2 minutes each, AP is highest with “a”: 50.5 (50.0 to 51.0) over 2 seeds"
        "; ahead of “b” by more than the spread"
        "; no difference from “c” that the spread carries."
    )
    assert "After 200 images each" in images
    assert "ahead of “c”, “b”" in images


@pytest.mark.parametrize("study", TRAINED, ids=lambda s: s.name)
def test_variants_differ_in_what_is_studied_alone(study: Any) -> None:
    budget = Budget()
    assert STANDARD in study.variants
    standard = settings_of(STANDARD, 1, budget)
    for variant in study.variants:
        settings = settings_of(variant, 1, budget)
        assert settings.model == replace(standard.model, **variant.model)
        assert settings.train == replace(standard.train, **variant.train)
        assert variant is STANDARD or settings != standard
    assert len({v.name for s in TRAINED for v in s.variants}) == len(
        {v for v in map(repr, (v for s in TRAINED for v in s.variants))}
    )


def test_the_deeper_network_costs_what_two_hourglasses_do() -> None:
    costs = {}
    for variant in STUDIES["hourglasses"].variants:
        model = settings_of(variant, 1, Budget()).model
        with torch.device("meta"):
            parameters = sum(p.numel() for p in runs.new_network(model, 1).parameters())
        costs[variant.name] = (training_study.gflop_of(model), parameters)
    for standard, deeper in zip(costs["standard"], costs["deeper"], strict=True):
        assert deeper == pytest.approx(standard, rel=0.005)
    assert costs["one"] < costs["standard"] < costs["three"]


@pytest.fixture
def tiny_studies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every run have tiny layers and images."""
    preset = PRESETS["shapes"]
    model = replace(TINY, categories=8, stacks=1)
    monkeypatch.setitem(PRESETS, "shapes", replace(preset, model=model))
    monkeypatch.setattr(runs, "SIDE", 64)
    monkeypatch.setattr(training_study, "SIDE", 64)
    monkeypatch.setattr(training_study, "TIMINGS", 1)
    (deeper,) = (v for v in STUDIES["hourglasses"].variants if v.name == "deeper")
    smaller = replace(deeper, model={"stacks": 1, "hourglass_blocks": (2, 1, 1)})
    study = STUDIES["hourglasses"]
    variants = tuple(smaller if v is deeper else v for v in study.variants)
    monkeypatch.setitem(STUDIES, "hourglasses", replace(study, variants=variants))


def given(name: str, tmp_path: Path, *more: str) -> list[str]:
    folders = ["--out", str(tmp_path / "runs"), "--to", str(tmp_path / "found")]
    few = ["--minutes", "0.01", "--images", "2", "--batch-size", "2", "--workers", "0"]
    return ["study", name, *folders, *few, "--device", "cpu", *more]


@pytest.mark.slow
@pytest.mark.parametrize("study", TRAINED, ids=lambda s: s.name)
@pytest.mark.usefixtures("tiny_studies")
def test_a_training_study_goes_on_run_by_run_to_its_end(study: Any, tmp_path: Path) -> None:
    assert main(given(study.name, tmp_path, "--runs", "1")) == 0
    assert not (tmp_path / "found").exists()
    first = tmp_path / "runs" / f"{study.variants[0].name}-seed1" / "found.json"
    before = first.read_bytes()
    assert main(given(study.name, tmp_path)) == 2  # there are runs, and no --resume
    assert main(given(study.name, tmp_path, "--resume")) == 0
    assert first.read_bytes() == before
    record = json.loads((tmp_path / "found" / f"{study.name}.json").read_text())
    assert record["seeds"] == [1, 2]
    assert [v["name"] for v in record["variants"]] == [v.name for v in study.variants]
    for variant in record["variants"]:
        assert [run["seed"] for run in variant["runs"]] == [1, 2]
        for run in variant["runs"]:
            images = [point["images"] for point in run["curve"]]
            assert all(a < b for a, b in pairwise(images))
            assert {"commit", "device", "minutes", "parameters"} <= set(run)
    assert (tmp_path / "found" / f"{study.name}.png").read_bytes().startswith(b"\x89PNG")
    table = _below(study, record)
    assert all(variant.words in table for variant in study.variants)
    assert record["follows"][0] in study_text(study, record)


@pytest.mark.usefixtures("tiny_studies")
def test_a_run_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    original, calls = Trainer.step, []

    def stopping(*arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return original(*arguments)

    # A step takes 0.2 seconds, however busy the machine is.
    clock = SimpleNamespace(monotonic=lambda: 0.2 * len(calls))
    monkeypatch.setattr(schedule, "time", clock)
    one = given("penalty", tmp_path, "--runs", "1", "--minutes", "0.05")
    monkeypatch.setattr(Trainer, "step", stopping)
    assert main(one) == 130
    assert main([*one, "--resume"]) == 0
    rows = CsvLog(tmp_path / "runs" / "standard-seed1" / "validation.csv").rows()
    assert int(rows[-1]["steps"]) == len(calls) - 1 == 15
    capsys.readouterr()
    assert main([*one, "--resume", "--minutes", "0.02"]) == 2
    assert "Expected runs of minutes 0.02" in capsys.readouterr().err


@pytest.mark.slow
def test_the_error_study_measures_the_three_steps(tmp_path: Path) -> None:
    assert main(given("errors", tmp_path, "--images", "6")) == 0
    record = json.loads((tmp_path / "found" / "errors.json").read_text())
    (subject,) = record["subjects"]
    names = [step["name"] for step in subject["steps"]]
    paper = STUDIES["errors"].paper
    assert paper is not None
    assert names == [name for name, _ in paper.rows]
    predicted, _, both = (step["figures"]["AP"] for step in subject["steps"])
    assert predicted < both
    assert f"| shapes, as predicted | {100 * predicted:.1f} |" in _below(STUDIES["errors"], record)
    assert (tmp_path / "found" / "errors.png").stat().st_size > 10_000


def test_the_parts_that_are_timed_are_the_networks_answer() -> None:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = runs.new_network(TINY, 1).eval().requires_grad_(False)
    fast = detector_of(network, "fp32").fast
    assert isinstance(fast, FastNetwork)
    pixels, watch = torch.randn(1, 3, 32, 48), speed._Stopwatch(torch.device("cpu"))
    with torch.inference_mode():
        found, expected = speed.timed_maps(fast, pixels, watch), fast(pixels).maps
    for one, other in zip(found, expected, strict=True):
        assert torch.equal(one.logits, other.logits)
        assert torch.equal(one.features, other.features)
    measured = {part for part, spent in watch.milliseconds.items() if spent > 0}
    assert measured == set(PARTS) - {"preprocess", "decode"}


@pytest.mark.parametrize(("name", "size"), [("hourglass104", (511, 767)), ("shapes", (192, 256))])
def test_each_network_gets_an_image_as_it_is_used_to(name: str, size: tuple[int, int]) -> None:
    (timed,) = (timed for timed in SUBJECTS if timed.name == name)
    pixels = speed._subject(timed).prepare(np.zeros((*speed.SIZE_HW, 3), np.uint8)).pixels
    assert tuple(pixels.shape[1:]) == size


@pytest.mark.slow
def test_the_speed_study_times_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = tuple(timed for timed in SUBJECTS if timed.name == "shapes")
    monkeypatch.setattr(speed, "SUBJECTS", chosen)
    assert main(given("speed", tmp_path, "--times", "1")) == 0
    record = json.loads((tmp_path / "found" / "speed.json").read_text())
    (subject,) = record["subjects"]
    assert list(subject["milliseconds"]) == list(PARTS)
    assert all(spent > 0 for spent in subject["milliseconds"].values())
    assert subject["total"] == pytest.approx(sum(subject["milliseconds"].values()), abs=0.2)
    assert "244" in _below(STUDIES["speed"], record)


def test_studies_that_have_not_been_run_say_so_once_and_show_the_papers_figures() -> None:
    text = not_run_text(tuple(STUDIES.values()))
    assert text.count("Not run yet") == 1
    shown, folded = text.split("<details>")
    assert "| ours" not in text
    for study in STUDIES.values():
        assert f"#### {study.title}" in shown
        assert f"python -m cornernet study {study.name}" not in shown
        assert f"python -m cornernet study {study.name}" in folded
        if study.paper is not None:
            assert study.paper.source in shown


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--seeds", "1,1"], "seeds that differ"),
        (["--seeds", "one"], "seeds such as 1,2"),
        (["--minutes", "0"], "minutes above 0"),
        (["--images", "-1"], "at least 1 image"),
    ],
)
def test_options_are_checked_before_anything_runs(
    options: list[str], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given("penalty", tmp_path, *options)) == 2
    assert problem in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()
