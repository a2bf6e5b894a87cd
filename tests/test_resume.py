"""`train --resume --out DIR` needs nothing else, and goes on with what the run was."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cornernet.checkpoints import load_checkpoint
from cornernet.cli import main
from cornernet.data.samples import Sample, SampleSource
from cornernet.training import begin as beginning
from cornernet.training.settings import read_settings
from tests.runs import CATEGORIES, begin, write_annotations

pytestmark = pytest.mark.usefixtures("tiny_preset")


def stop_at(monkeypatch: pytest.MonkeyPatch, image: int) -> None:
    """Press Ctrl-C while an image is read."""
    original = beginning.training_source

    def stopping(*given: object, **more: object) -> tuple[SampleSource, tuple[str, ...]]:
        source, categories = original(*given, **more)

        def read(index: int, longer_side: int) -> Sample:
            if index == image:
                raise KeyboardInterrupt
            return source(index, longer_side)

        return read, categories

    monkeypatch.setattr(beginning, "training_source", stopping)


def test_resuming_needs_only_the_folder(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    annotations: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    relative = annotations.relative_to(tmp_path)
    assert begin(Path("whole"), relative) == 0
    with monkeypatch.context() as patch:
        stop_at(patch, 8)
        assert begin(Path("stopped run"), relative) == 130
    said = capsys.readouterr().err
    assert said.endswith("go on with python -m cornernet train --resume --out 'stopped run'\n")
    before = (tmp_path / "stopped run" / "settings.json").read_text()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["train", "--resume", "--out", "../stopped run"]) == 0
    capsys.readouterr()
    assert (tmp_path / "stopped run" / "settings.json").read_text() == before
    whole = load_checkpoint(tmp_path / "whole" / "whole.safetensors")
    resumed = load_checkpoint(tmp_path / "stopped run" / "stopped run.safetensors")
    assert resumed.categories == whole.categories == ("kite", "boat")
    for name, tensor in whole.network.state_dict().items():
        assert tensor.equal(resumed.network.state_dict()[name]), name


def test_what_is_stopped_before_the_first_step_leaves_nothing_to_resume(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    annotations: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monkeypatch.context() as patch:
        stop_at(patch, 1)
        assert begin(tmp_path / "run", annotations) == 130
    assert capsys.readouterr().err.endswith("cornernet: stopped; nothing to save\n")
    assert begin(tmp_path / "run", annotations) == 0


@pytest.fixture
def stopped(tmp_path: Path, annotations: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Give the folder of a run that can go on."""
    assert begin(tmp_path / "run", annotations) == 0
    capsys.readouterr()
    return tmp_path / "run"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--steps", "8"], "steps: 6 -> 8"),
        (["--minutes", "2"], "minutes: None -> 2.0"),
        (["--batch-size", "4"], "batch_size: 2 -> 4"),
        (["--learning-rate", "0.1"], "learning_rate: 0.002 -> 0.1"),
        (["--workers", "1"], "workers: 0 -> 1"),
        (["--seed", "4"], "seed: 3 -> 4"),
        (["--data", "shapes"], "annotations.json -> shapes"),
        (["--image-root", "/tmp"], "images -> /tmp"),
        (["--strict"], "strict: False -> True"),
        (["--preset", "shapes"], "the preset that the run"),
        (["--weights", "shapes"], "the weights that the run"),
    ],
    ids=" ".join,
)
def test_what_contradicts_the_run_is_refused(
    stopped: Path, given: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path.name: path.read_bytes() for path in stopped.iterdir()}
    assert main(["train", "--resume", "--out", str(stopped), *given]) == 2
    said = capsys.readouterr().err
    assert said.startswith("cornernet: Expected the ")
    assert told in said
    assert said.count("\n") == 1
    assert {path.name: path.read_bytes() for path in stopped.iterdir()} == before


def test_what_agrees_with_the_run_is_no_contradiction(stopped: Path, annotations: Path) -> None:
    assert begin(stopped, annotations, "--resume") == 0


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        (["--steps", "8"], {"steps": 8}),
        (["--minutes", "0.01"], {"steps": None, "minutes": 0.01}),
        (["--seed", "4", "--batch-size", "1"], {"seed": 4, "batch_size": 1}),
    ],
    ids=" ".join,
)
def test_an_option_takes_changes_over(
    stopped: Path,
    given: list[str],
    changed: dict[str, object],
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = read_settings(stopped)
    assert main(["train", "--resume", "--change", "--out", str(stopped), *given]) == 0
    assert f"changed {given[0][2:].replace('-', '_')}: " in capsys.readouterr().err
    assert read_settings(stopped) == replace(before, train=replace(before.train, **changed))


def test_data_that_changed_is_refused_unless_said(
    stopped: Path, annotations: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_annotations(annotations.parent, CATEGORIES, images=4)
    resume = ["train", "--resume", "--out", str(stopped)]
    assert main(resume) == 2
    assert "annotations.json as it is now" in capsys.readouterr().err
    assert main([*resume, "--change"]) == 0
    assert main(resume) == 0


def test_data_that_is_gone_is_told(
    stopped: Path, annotations: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    annotations.unlink()
    assert main(["train", "--resume", "--out", str(stopped)]) == 2
    assert f"there is no {annotations}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "categories",
    [
        [{"id": 2, "name": "kite"}, {"id": 1, "name": "boat"}],  # two ids exchanged
        [*CATEGORIES, {"id": 3, "name": "bird"}],
        [{"id": 1, "name": "kite"}, {"id": 2, "name": "ship"}],
    ],
    ids=("exchanged", "more", "renamed"),
)
def test_labels_never_change_their_meaning(
    stopped: Path,
    annotations: Path,
    categories: list[dict[str, object]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_annotations(annotations.parent, categories)
    assert main(["train", "--resume", "--change", "--out", str(stopped)]) == 2
    assert "categories in their order (kite, boat)" in capsys.readouterr().err
    assert read_settings(stopped).categories == ("kite", "boat")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "there is no"),
        ("{", "in .*settings.json, but"),
        ("[]", "in .*settings.json, but"),
        ('{"model": {}}', "lacks 'train'"),
        ('{"train": {"speed": 1}, "model": {}, "preprocess": {}, "decode": {}}', "keys of"),
    ],
)
def test_a_folder_without_a_whole_run_is_refused(
    stopped: Path, content: str | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = stopped / "settings.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    assert main(["train", "--resume", "--out", str(stopped)]) == 2
    said = capsys.readouterr().err
    assert re.search(told, said)


def test_a_run_is_not_written_over(
    stopped: Path, annotations: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert begin(stopped, annotations) == 2
    assert "already holds a run" in capsys.readouterr().err
    shutil.rmtree(stopped)
    stopped.write_text("a file")
    assert begin(stopped, annotations) == 2
    assert "folder that can be written" in capsys.readouterr().err


def test_change_alone_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--change", "--out", str(tmp_path / "run")]) == 2
    assert "--change with --resume" in capsys.readouterr().err
