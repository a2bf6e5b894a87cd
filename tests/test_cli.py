"""The command line as a user meets it: what it prints, where, and its exit status."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cornernet.analysis.misfit import suitable_model
from cornernet.checkpoints import KNOWN_MODELS, save_checkpoint
from cornernet.cli import main
from cornernet.config import DecodeConfig
from cornernet.data.samples import held_out_scene
from cornernet.model.network import CornerNet
from cornernet.ui.photographs import PHOTOGRAPHS, photograph_file
from tests.tiny import tiny_checkpoint


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    path = tmp_path / "drawing.png"
    Image.fromarray(held_out_scene(5, 3).image).save(path)
    return path


def test_detect_prints_json_and_nothing_else(
    drawing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["detect", str(drawing), "--json", "-", "--min-score", "0.0"]) == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert result["image"] == str(drawing)
    assert result["detections"]
    for record in result["detections"]:
        assert set(record) == {"box_xyxy", "score", "label"}
    scores = [record["score"] for record in result["detections"]]
    assert scores == sorted(scores, reverse=True)


def test_detect_writes_json_figures_and_the_explorer(
    drawing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, figures = tmp_path / "found.json", tmp_path / "figures"
    command = ["detect", str(drawing), "--json", str(out), "--figures", str(figures)]
    assert main([*command, "--min-score", "0.65"]) == 0
    (result,) = json.loads(out.read_text())
    assert result["image"] == str(drawing)
    pictures = ("plate", "input", "boxes", "top-left-corners", "bottom-right-corners")
    names = {f"drawing-{name}.png" for name in pictures} | {"drawing-explorer.html"}
    assert {path.name for path in figures.iterdir()} == names
    page = (figures / "drawing-explorer.html").read_text(encoding="utf-8")
    data = re.search(r'type="application/json" id="payload">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    payload = json.loads(data[1])["payload"]
    assert payload["settings"]["minScore"] == 0.65
    corners = {"topLeft", "bottomRight"}
    assert {a["side"] for a in payload["answers"]} == (corners if result["detections"] else set())
    assert str(drawing) in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["detect", "nothing.png"],
        ["detect", __file__],
        ["detect", "{drawing}", "--model", "nothing"],
        ["detect", "{drawing}", "--model", __file__],
        ["detect", "{drawing}", "--device", "abacus"],
        ["detect", "{drawing}", "--min-score", "7"],
        ["detect", "{drawing}", "--scales", "1,two"],
        ["detect", "{drawing}", "--scales", "0"],
        ["detect", "{drawing}", "--json", "/nowhere/at/all.json"],
        ["models", "download", "nothing"],
        ["models", "download", "shapes"],
        ["models", "check", "nothing.pkl"],
        ["models", "check", __file__],
        ["benchmark", "--model", "nothing"],
        ["benchmark", "--preset", "nothing"],
        ["benchmark", "--preset", "shapes", "--model", "shapes"],
        ["benchmark", "--size", "640"],
        ["benchmark", "--runs", "0"],
        ["benchmark", "--accuracy", "0"],
        ["evaluate", "--images", "0"],
        ["evaluate", "--seed", "-1", "--images", "1"],
        ["evaluate", "--data", "nothing.json"],
        ["train", "--minutes", "-1", "--out", "{folder}"],
        ["train", "--data", "nothing.json", "--steps", "1", "--out", "{folder}"],
        ["train", "--resume", "--steps", "1", "--out", "{folder}"],
    ],
    ids=" ".join,
)
def test_bad_input_is_one_sentence_and_status_2(
    arguments: list[str], drawing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [a.format(drawing=drawing, folder=tmp_path / "run") for a in arguments]
    assert main(filled) == 2
    captured = capsys.readouterr()
    assert captured.out == "" or "detect" in arguments[0]
    lines = captured.err.strip().splitlines()
    assert lines[-1].startswith("cornernet: Expected ")
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    "bad",
    [b"", b"GIF89a\x00\x00\x00\x00", None],
    ids=["empty", "broken", "missing"],
)
def test_a_bad_image_keeps_no_other_back(
    bad: bytes | None, drawing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "bad" / "drawing.png", tmp_path / "found.json"
    path.parent.mkdir()
    if bad is not None:
        path.write_bytes(bad)
    assert main(["detect", str(drawing), str(path), str(drawing), "--json", str(out)]) == 2
    results = json.loads(out.read_text())
    assert [result["image"] for result in results] == [str(drawing)] * 2
    assert results[0]["detections"]
    captured = capsys.readouterr()
    assert captured.out.count(f"{drawing}: ") == 2
    (line,) = captured.err.splitlines()
    assert line.startswith("cornernet: Expected an image")
    assert str(path) in line


def test_detect_says_where_the_model_does_not_suit(
    drawing: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photograph = photograph_file(PHOTOGRAPHS[0])
    assert main(["detect", str(photograph), str(drawing), "--model", "shapes", "--json", "-"]) == 0
    captured = capsys.readouterr()
    (line,) = captured.err.splitlines()
    assert line.startswith(f"cornernet: {photograph}: This looks like a photograph")
    assert f"`--model {suitable_model('photograph')}` would suit better" in line
    assert len(json.loads(captured.out)) == 2


def test_figures_say_which_names_no_font_can_write(
    drawing: Path, tmp_path: Path, tiny_network: CornerNet, capsys: pytest.CaptureFixture[str]
) -> None:
    names, weights = ("cat", "\U0010fffd", "кошка"), tmp_path / "tiny.safetensors"
    save_checkpoint(weights, tiny_checkpoint(tiny_network, names, DecodeConfig(min_score=0.0)))
    command = ["detect", str(drawing), "--model", str(weights), "--json", "-"]
    assert main([*command, "--figures", str(tmp_path / "figures")]) == 0
    assert r"spell such signs as \U0010fffd;" in capsys.readouterr().err
    assert main(command) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_console_loses_no_name(
    encoding: str, drawing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = tmp_path / "chat été 猫 \udcff.png"
    shutil.copy(drawing, image)
    console = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", console)
    assert main(["detect", str(image), str(drawing)]) == 0
    console.flush()
    printed = console.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    assert str(image).encode(encoding, "backslashreplace").decode(encoding) in printed
    assert str(drawing) in printed


@pytest.mark.parametrize(
    "arguments",
    [
        ["detect", "none.png", "--json", "{folder}/none/a.json"],
        ["detect", "none.png", "--coco-results", "{folder}"],
        ["detect", "none.png", "--figures", "{file}"],
        ["evaluate", "--json", "{folder}/none/a.json"],
        ["evaluate", "--coco-results", "{folder}/none/a.json"],
        ["benchmark", "--json", "{file}/a.json"],
        ["benchmark", "--accuracy", "2", "--json", "{file}/a.json"],
        ["data", "none.json", "--figures", "{file}"],
    ],
    ids=" ".join,
)
def test_where_results_go_is_checked_before_anything_is_computed(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The model and the data do not exist either, and would be told of first."""
    (tmp_path / "file").write_text("mine")
    filled = [a.format(folder=tmp_path, file=tmp_path / "file") for a in arguments]
    model = [] if arguments[0] == "data" else ["--model", "nothing"]
    assert main([*filled, *model]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.match("cornernet: Expected a (file|folder) ", captured.err)
    assert captured.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_names_move_no_cursor(
    drawing: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = tmp_path / "a\x1b[2J\nb.png"
    shutil.copy(drawing, image)
    assert main(["detect", str(image), str(tmp_path / "no\rne.png")]) == 2
    captured = capsys.readouterr()
    assert r"a\x1b[2J\nb.png: " in captured.out
    assert r"no\rne.png" in captured.err
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", captured.out + captured.err)


@pytest.mark.parametrize("arguments", [[], ["paint"], ["detect"], ["train", "--steps", "many"]])
def test_bad_usage_is_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


def test_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    assert re.search(r"^shapes +small hourglass +4,811,468 +9\.3 MiB +yes$", listed, re.MULTILINE)
    for model in KNOWN_MODELS.values():
        for fact in (model.name, model.detects, model.ap, model.ap_source, model.licence):
            assert fact in listed


def test_detect_looks_at_several_views(drawing: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {}
    for views in ([], ["--flip"], ["--scales", "0.75,1"], ["--flip", "--scales", "0.75,1"]):
        assert main(["detect", str(drawing), "--json", "-", *views]) == 0
        (result,) = json.loads(capsys.readouterr().out)
        found[" ".join(views)] = result["detections"]
    boxes = [[record["box_xyxy"] for record in records] for records in found.values()]
    assert all(len(b) > 0 for b in boxes)
    assert len({str(b) for b in boxes}) == 4


def test_evaluate_prints_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--images", "4", "--seed", "5", "--json", "-"]) == 0
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert report["images"] == 4
    assert 0 <= report["AP"] <= report["AP50"] <= 1
    assert main(["evaluate", "--images", "4", "--seed", "5", "--flip", "--json", "-"]) == 0
    flipped: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert flipped["AP"] != report["AP"]
    assert flipped["true_pairs_within_threshold"] == report["true_pairs_within_threshold"]


@pytest.mark.slow
def test_train_resume_detect_as_programs(tmp_path: Path, drawing: Path) -> None:
    folder = tmp_path / "run"
    train = ["train", "--batch-size", "2", "--workers", "1", "--out", str(folder)]

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "cornernet", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    weights = run(*train, "--steps", "2").strip()
    assert (
        run("train", "--resume", "--out", str(folder), "--steps", "4", "--change").strip()
        == weights
    )
    answer = run("detect", str(drawing), "--model", weights, "--json", "-")
    assert json.loads(answer)[0]["image"] == str(drawing)
    rows = (folder / "log.csv").read_text().splitlines()
    assert rows[-1].startswith("4,8,")


@pytest.mark.slow
def test_any_name_is_used_in_a_plain_locale(tmp_path: Path, drawing: Path) -> None:
    image = tmp_path / "été 猫.png"
    shutil.copy(drawing, image)
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "cornernet", *arguments]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env={**os.environ, **plain}
        )

    out = tmp_path / "gefunden ä.json"
    run("detect", str(image), "--json", str(out), "--figures", str(tmp_path / "bücher"))
    assert len(json.loads(out.read_text())) == 1
    train = ["train", "--steps", "1", "--batch-size", "2", "--workers", "0"]
    weights = run(*train, "--out", str(tmp_path / "lauf ü")).stdout
    assert weights.isascii()
    assert (tmp_path / "lauf ü" / "lauf ü.safetensors").is_file()
