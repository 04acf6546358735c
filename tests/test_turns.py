"""Processes that would find out the same at the same time."""

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from gwlint.cache import Cache
from tests.projects import REPOSITORY

HOLDING = "import sys; from pathlib import Path; from gwlint.cache import Cache\n"
HOLDING += "with Cache(Path(sys.argv[1]), patience=9).turn(): print('mine', flush=True); sys.stdin.read()"


class Other:
    """Another process, which has its turn until it is told to end."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLDING, str(folder)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout
        self._process.stdout.readline()

    def end(self) -> None:
        self._process.communicate(timeout=30)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=30)


def waited(folder: Path | None, *, patience: float, is_kept: bool = True) -> float:
    """Return for how long one waits for one's turn."""
    start = time.monotonic()
    with closing(Cache(folder, patience=patience, is_kept=is_kept)) as cache, cache.turn():
        return time.monotonic() - start


def test_one_waits_for_the_turn_of_another_process_and_no_longer_than_patience_lasts(tmp_path: Path) -> None:
    other = Other(tmp_path)
    patient, impatient = waited(tmp_path, patience=0.3), waited(tmp_path, patience=0.0)
    other.end()

    assert patient >= 0.3 > impatient
    assert waited(tmp_path, patience=9) < 9


def test_nobody_waits_for_a_process_that_is_dead(tmp_path: Path) -> None:
    Other(tmp_path).kill()

    assert waited(tmp_path, patience=9) < 9


def test_who_keeps_nothing_waits_for_nobody(tmp_path: Path) -> None:
    other = Other(tmp_path)
    times = [waited(tmp_path, patience=9, is_kept=False), waited(None, patience=9)]
    other.end()

    assert max(times) < 9


def test_without_patience_nothing_is_written(tmp_path: Path) -> None:
    waited(tmp_path / "new", patience=0)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no database"])
def test_where_no_turn_can_be_had_work_goes_on(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "turn.sqlite").write_bytes(content)
    (tmp_path / "file").write_bytes(content)

    assert max(waited(tmp_path, patience=9), waited(tmp_path / "file", patience=9)) < 9


def test_a_folder_in_the_place_of_the_lock_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "turn.sqlite").mkdir()

    assert waited(tmp_path, patience=9) < 9


def test_an_error_ends_a_turn(tmp_path: Path) -> None:
    with pytest.raises(KeyError), closing(Cache(tmp_path, patience=9)) as cache, cache.turn():
        raise KeyError

    assert waited(tmp_path, patience=9) < 9
