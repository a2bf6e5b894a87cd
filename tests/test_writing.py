"""Names are shown as they are, and files are whole or not there."""

import errno
import os
from pathlib import Path

import pytest

from cornernet.writing import (
    expect_folder,
    expect_writable,
    unwritable,
    visible,
    whole_file,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("chat été 猫 🐈.png", "chat été 猫 🐈.png"),
        ("red\x1b[31m", r"red\x1b[31m"),
        ("two\nlines\r", r"two\nlines\r"),
        ("bell\x07 \x9b2J", r"bell\x07 \x9b2J"),
        ("txt.\u202egnp", r"txt.\u202egnp"),
        ("line\u2028end", r"line\u2028end"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\udcff.png", "\udcff.png"),  # a console's own escapes are for these
    ],
)
def test_what_would_move_a_cursor_is_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_file_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with whole_file(path) as new:
        new.write_text("first")
    for error in (KeyboardInterrupt(), RuntimeError("full")):
        with pytest.raises(type(error)):
            _write_half(path, error)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.txt", "first")]


def _write_half(path: Path, error: BaseException) -> None:
    with whole_file(path) as new:
        new.write_text("half of the sec")
        raise error


def test_what_the_system_said_is_found_behind_another_error(tmp_path: Path) -> None:
    def save() -> None:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        finally:
            raise RuntimeError("unexpected pos 64 vs 0")

    with (
        pytest.raises(ValueError, match=r"^Expected room for .*a\.txt, but the disk"),
        whole_file(tmp_path / "a.txt"),
    ):
        save()
    assert not list(tmp_path.iterdir())


def test_other_reasons_are_told() -> None:
    told = str(unwritable(Path("a"), OSError(errno.EROFS, "Read-only file system")))
    assert told == "Expected a file that can be written, but a: Read-only file system."


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("new.json", None),
        ("old.json", None),
        ("/dev/null", None),
        (".", "is a folder"),
        ("none/new.json", "there is no folder"),
        ("old.json/new.json", "there is no folder"),
    ],
)
def test_places_for_files(place: str, told: str | None, tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text("{}")
    if told is None:
        expect_writable(tmp_path / place)
    else:
        with pytest.raises(ValueError, match=f"^Expected a file .*{told}"):
            expect_writable(tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["old.json"]


@pytest.mark.parametrize(
    ("place", "told"),
    [(".", None), ("new/newer", None), ("file", "is a file"), ("file/new", "is a file")],
)
def test_places_for_folders(place: str, told: str | None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    if told is None:
        expect_folder(tmp_path / place)
    else:
        with pytest.raises(ValueError, match=f"^Expected a folder that can be written, .*{told}"):
            expect_folder(tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may write anywhere")
def test_places_that_are_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    for expect in (expect_writable, expect_folder):
        with pytest.raises(ValueError, match="may not be"):
            expect(tmp_path / "new")
    tmp_path.chmod(0o700)
