"""The measurement of load counts what it says."""

import signal
import subprocess
import sys
import time

import pytest

from tests import load
from tests.attacks.conftest import served_with
from tests.load import Round, kill_replica, main, replicas, table
from tests.page import loops_closed


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_every_answer_is_counted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "LEAST_ANSWERS", 4)  # so one visitor asks more often
    with loops_closed(), served_with() as served:
        assert main([served.address, "--visitors", "1,3", "--asks", "2"]) == 0
    out = capsys.readouterr().out
    assert "| 1 | 4 | 0 |" in out
    assert "| 3 | 6 | 0 |" in out


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_a_question_without_an_answer_is_an_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with loops_closed(), served_with() as served:
        monkeypatch.setattr(load, "photograph", lambda _: b"no image")
        monkeypatch.setattr(load, "LEAST_ANSWERS", 4)
        assert main([served.address, "--visitors", "1", "--asks", "2"]) == 1
    assert "| 1 | 0 | 4 |" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("count", "expected"), [(1, 1.0), (19, 19.0), (20, 19.0), (21, 20.0), (100, 95.0)]
)
def test_p95_is_not_exceeded_by_95_of_100(count: int, expected: float) -> None:
    seconds = tuple(float(k) for k in range(count, 0, -1))
    assert Round(visitors=1, seconds=seconds, errors=()).p95 == expected


def test_visitors_are_compared_with_one_after_another() -> None:
    one = Round(visitors=1, seconds=(0.5,), errors=())
    ten = Round(visitors=10, seconds=(5.5,) * 3, errors=("x",))
    assert "| 10 | 3 | 1 | 5.50 | 5.50 | 1.10 |" in table([one, ten])


@pytest.mark.skipif(sys.platform != "linux", reason="processes are listed in /proc")
def test_a_replica_is_found_by_its_name_and_killed() -> None:
    assert replicas() == []
    with pytest.raises(ValueError, match="Expected a replica"):
        kill_replica()
    name = load.REPLICA.decode() + "model"
    command = ["bash", "-c", f"exec -a {name} sleep 60"]
    with subprocess.Popen(command) as sleeper:
        end = time.monotonic() + 30
        while sleeper.pid not in replicas():  # bash has yet to become it
            assert time.monotonic() < end
            time.sleep(0.01)
        kill_replica()
        assert sleeper.wait(10) == -signal.SIGKILL
