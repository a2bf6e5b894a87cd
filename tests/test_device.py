"""How many threads and which precision fit the machine."""

import math
import os
from pathlib import Path

import pytest
import torch

from cornernet import load_detector
from cornernet.cli import main
from cornernet.device import (
    PRECISION_VARIABLE,
    available_cores,
    choose_precision,
    describe,
    fast_precision,
    limit_threads,
    training_precision,
)

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("files", "quota"),
    [
        ({}, math.inf),
        ({"cpu.max": "max 100000\n"}, math.inf),
        ({"cpu.max": "100000 100000\n"}, 1),
        ({"cpu.max": "50000 100000\n"}, 0.5),
        ({"cpu.max": "250000 100000\n"}, 2.5),
        ({"cpu.max": "nonsense"}, math.inf),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, math.inf),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
    ],
)
def test_cores_are_those_of_the_container(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], quota: float
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    (tmp_path / "cpu").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert available_cores(tmp_path) == min(8, max(1, math.ceil(quota) if quota < 8 else 8))


@pytest.mark.parametrize(("threads", "words"), [(1, "CPU (1 thread)"), (2, "CPU (2 threads)")])
def test_a_processor_is_named_with_its_threads(
    monkeypatch: pytest.MonkeyPatch, threads: int, words: str
) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    assert describe(CPU) == words


def test_threads_are_lowered_and_never_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads()
    try:
        monkeypatch.setattr("cornernet.device.available_cores", lambda: 1)
        torch.set_num_threads(3)
        limit_threads()
        assert torch.get_num_threads() == 1
        monkeypatch.setattr("cornernet.device.available_cores", lambda: 8)
        limit_threads()
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("has_instructions", [True, False])
def test_auto_takes_bf16_where_the_processor_has_it(
    monkeypatch: pytest.MonkeyPatch, has_instructions: bool
) -> None:
    monkeypatch.delenv(PRECISION_VARIABLE, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has_instructions)
    expected = torch.bfloat16 if has_instructions else torch.float32
    assert choose_precision("auto", CPU) == fast_precision(CPU) == expected
    assert choose_precision("fp32", CPU) == torch.float32
    assert choose_precision("bf16", CPU) == torch.bfloat16


@pytest.mark.parametrize(
    ("value", "expected", "in_training"),
    [
        ("fp32", torch.float32, torch.float32),
        ("bf16", torch.bfloat16, torch.bfloat16),
        ("fp16", torch.float16, torch.float32),  # too small a range for gradients
    ],
)
def test_the_environment_decides_what_auto_means(
    monkeypatch: pytest.MonkeyPatch, value: str, expected: torch.dtype, in_training: torch.dtype
) -> None:
    monkeypatch.setenv(PRECISION_VARIABLE, value)
    assert choose_precision("auto", CPU) == expected
    assert training_precision(CPU) == in_training
    assert load_detector("shapes", device="cpu").precision == expected
    assert choose_precision("fp32", CPU) == torch.float32
    assert choose_precision("bf16", CPU) == torch.bfloat16


@pytest.mark.parametrize("value", ["", "auto"])
def test_without_a_word_the_processor_decides(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(PRECISION_VARIABLE, value)
    assert choose_precision("auto", CPU) == fast_precision(CPU)


@pytest.mark.parametrize("value", ["float32", "BF16", "int8"])
def test_another_word_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    monkeypatch.setenv(PRECISION_VARIABLE, value)
    words = f"Expected CORNERNET_PRECISION to be auto, fp32, bf16, fp16, but it is {value!r}."
    with pytest.raises(ValueError, match=f"^{words}$"):
        choose_precision("auto", CPU)
    assert main(["detect", "none.png"]) == 2
    assert capsys.readouterr().err == f"cornernet: {words}\n"
