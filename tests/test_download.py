"""Downloads against a real server that breaks off, redirects and lies; nothing else is reached."""

import errno
import re
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from filelock import FileLock

from cornernet.checkpoints import KNOWN_MODELS, KnownModel, load_checkpoint
from cornernet.checkpoints import download as module
from cornernet.checkpoints.download import DownloadError, download
from cornernet.cli import main
from tests.server import FILE_NAME, Server, at


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    "path", ["good", "redirect", "breaks-once", "breaks-and-knows-no-ranges", "wrong-range"]
)
def test_a_download_succeeds_and_leaves_one_file(
    model: KnownModel, server: Server, content: bytes, tmp_path: Path, path: str
) -> None:
    seen: list[tuple[int, int | None]] = []
    folder = tmp_path / "new" / "folder"
    wanted = at(model, server, path)
    found = download(wanted, folder, on_progress=lambda *step: seen.append(step))
    assert found == folder / FILE_NAME
    assert found.read_bytes() == content
    assert names(folder) == [FILE_NAME]
    assert seen[-1] == (len(content), len(content))
    assert load_checkpoint(found).layout == "official"


def test_the_hub_directory_is_the_default(
    model: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.hub.get_dir", lambda: str(tmp_path / "hub"))
    assert download(model) == tmp_path / "hub" / "checkpoints" / FILE_NAME == model.file


def test_what_is_there_is_verified_and_not_fetched_again(
    model: KnownModel, server: Server, tmp_path: Path
) -> None:
    download(model, tmp_path)
    asked = len(server.requests)
    assert download(model, tmp_path) == tmp_path / FILE_NAME
    assert len(server.requests) == asked
    damaged = bytearray((tmp_path / FILE_NAME).read_bytes())
    damaged[5000] ^= 255
    (tmp_path / FILE_NAME).write_bytes(damaged)
    with pytest.raises(DownloadError, match=r"SHA-256 begins with .* remove that file"):
        download(model, tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == damaged


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("page", "a web page came in place of the file"),
        ("truncated", "SHA-256 begins with"),
        ("tampered", "SHA-256 begins with"),
        ("nothing-there", "the server answered 404"),
        ("broken", "the server answered 503"),
        ("silent", "nothing came for"),
    ],
)
def test_a_failed_download_says_why_and_leaves_nothing(
    model: KnownModel,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    reason: str,
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.3)
    bad = at(model, server, path)
    with pytest.raises(DownloadError, match=reason) as told:
        download(bad, tmp_path)
    sentence = str(told.value)
    assert sentence.startswith(f"Expected {FILE_NAME}, but ")
    assert f"By hand: save {bad.url} as {tmp_path / FILE_NAME}." in sentence
    assert "\n" not in sentence
    assert names(tmp_path) == []


@pytest.mark.parametrize("path", ["page", "truncated", "tampered"])
def test_without_a_published_hash_the_strict_load_decides(
    model: KnownModel, server: Server, tmp_path: Path, path: str
) -> None:
    unhashed = replace(at(model, server, path), sha256=None)
    if path == "tampered":  # one bit of one weight: only a hash could tell; other sizes are seen
        unhashed = replace(unhashed, parameters=unhashed.parameters + 1)
    with pytest.raises(DownloadError, match=r"web page|cannot be read|parameters instead of"):
        download(unhashed, tmp_path)
    assert names(tmp_path) == []


def test_no_connection(model: KnownModel, tmp_path: Path) -> None:
    closed = replace(model, url="http://127.0.0.1:9/weights.pkl")
    with pytest.raises(DownloadError, match="there is no connection to the server"):
        download(closed, tmp_path)
    assert names(tmp_path) == []


def test_a_broken_download_is_kept_and_gone_on_with(
    model: KnownModel, server: Server, content: bytes, tmp_path: Path
) -> None:
    with pytest.raises(DownloadError, match=r"broke off; what came is kept"):
        download(at(model, server, "breaks-always"), tmp_path)
    (part,) = names(tmp_path)
    assert re.fullmatch(r"weights\.pkl\.new.{8}\.part", part)
    kept = (tmp_path / part).stat().st_size
    assert 0 < kept < len(content)
    assert download(model, tmp_path).read_bytes() == content
    assert names(tmp_path) == [FILE_NAME]
    ranges = [asked for _, asked in server.requests if asked]
    assert ranges[-1] == f"bytes={kept}-"


def test_a_part_of_another_file_is_thrown_away(
    model: KnownModel, content: bytes, tmp_path: Path
) -> None:
    (tmp_path / f"{FILE_NAME}.newabcdefgh.part").write_bytes(b"\x00" * 1000)
    (tmp_path / f"{FILE_NAME}.newbcdefghi.part").write_bytes(content + b"too long")
    assert download(model, tmp_path).read_bytes() == content
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / f"{FILE_NAME}.newbcdefghi.part").write_bytes(content + b"too long")
    assert download(model, tmp_path).read_bytes() == content
    assert names(tmp_path) == [FILE_NAME]


@pytest.mark.parametrize("how", ["cancelled", "interrupted"])
def test_a_stopped_download_can_be_gone_on_with(
    model: KnownModel, content: bytes, tmp_path: Path, how: str
) -> None:
    cancel = threading.Event()

    def stop(done: int, total: int | None) -> None:
        assert total is not None
        if done < total:
            cancel.set()
            if how == "interrupted":
                raise KeyboardInterrupt

    expected = DownloadError if how == "cancelled" else KeyboardInterrupt
    with pytest.raises(expected, match="kept" if how == "cancelled" else None):
        download(model, tmp_path, on_progress=stop, cancel=cancel)
    (part,) = names(tmp_path)
    assert part.endswith(".part")
    assert download(model, tmp_path).read_bytes() == content
    assert names(tmp_path) == [FILE_NAME]


def test_no_space_is_seen_before_and_while_writing(
    model: KnownModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(done: int, total: int | None) -> None:
        assert total is not None
        if done == total:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DownloadError, match=r"MiB of free space in .* --to"):
        download(model, tmp_path, on_progress=fail)
    assert names(tmp_path) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(DownloadError, match=r"MiB of free space in .* --to"):
        download(model, tmp_path)
    assert names(tmp_path) == []


def test_a_folder_that_cannot_be_written(model: KnownModel, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DownloadError, match="Expected a folder that can be written"):
        download(model, tmp_path / "file")


def test_only_one_download_of_a_file_at_a_time(model: KnownModel, tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / f"{FILE_NAME}.lock"),
        pytest.raises(DownloadError, match="another one is under way"),
    ):
        download(model, tmp_path)


@pytest.fixture
def drive(model: KnownModel, server: Server, monkeypatch: pytest.MonkeyPatch) -> KnownModel:
    """Send requests for Google Drive to the server here."""
    get = requests.Session.get

    def rerouted(session: requests.Session, url: str, **options: object) -> requests.Response:
        assert re.match(r"https://drive\.(usercontent\.)?google\.com/", url), url
        return get(session, server.url(url.split("/", 3)[3]), **options)  # type: ignore[arg-type]

    monkeypatch.setattr(requests.Session, "get", rerouted)
    return replace(model, url="https://drive.google.com/uc?id=abc", sha256=None)


def test_google_drives_question_is_answered(
    drive: KnownModel, server: Server, content: bytes, tmp_path: Path
) -> None:
    assert download(drive, tmp_path).read_bytes() == content
    assert [path for path, _ in server.requests] == ["uc", "download"]


def test_google_drives_quota_page_is_told(
    drive: KnownModel, server: Server, tmp_path: Path
) -> None:
    server.is_over_quota = True
    with pytest.raises(DownloadError, match="quota") as told:
        download(drive, tmp_path)
    assert "By hand: save https://drive.google.com/uc?id=abc as" in str(told.value)
    assert "\n" not in str(told.value)
    assert names(tmp_path) == []


def test_the_command_shows_progress_and_gives_the_path(
    model: KnownModel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(KNOWN_MODELS, "tiny", model)
    assert main(["models", "download", "tiny", "--to", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{tmp_path / FILE_NAME}\n"
    assert "100%" in printed.err
    assert "B/s" in printed.err
    monkeypatch.setattr("torch.hub.get_dir", lambda: str(tmp_path / "hub"))
    assert main(["models", "check", "tiny"]) == 2
    assert "models download tiny" in capsys.readouterr().err
    assert main(["models", "download", "tiny"]) == 0
    assert main(["models", "check", "tiny"]) == 0
    assert "the official code's" in capsys.readouterr().out


@pytest.mark.parametrize("path", ["page", "tampered", "nothing-there"])
def test_the_command_fails_with_status_2(
    model: KnownModel,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    path: str,
) -> None:
    monkeypatch.setitem(KNOWN_MODELS, "tiny", at(model, server, path))
    assert main(["models", "download", "tiny", "--to", str(tmp_path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[-1].startswith(f"cornernet: Expected {FILE_NAME}, but ")
    assert names(tmp_path) == []
