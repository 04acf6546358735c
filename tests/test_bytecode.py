"""Whether bytecode can be used, by the files."""

import importlib.util
import os
import py_compile
import sys
from pathlib import Path

import pytest

from gwlint.footprint.bytecode import bytecode_of, compiled_size

_HERE = sys.version_info[:2]
_MODE = py_compile.PycInvalidationMode


def _module(folder: Path) -> Path:
    path = folder / "a.py"
    path.write_text("X = [1, 2, 3]\n\n\ndef f(a):\n    return a\n")
    return path


def _valid(path: Path, version: tuple[int, int] = _HERE) -> bool | None:
    kept = bytecode_of(str(path), path.stat(), version)
    return kept.valid if kept else None


@pytest.mark.parametrize("mode", [_MODE.TIMESTAMP, _MODE.CHECKED_HASH, _MODE.UNCHECKED_HASH])
def test_fresh_bytecode_is_valid(tmp_path: Path, mode: py_compile.PycInvalidationMode) -> None:
    path = _module(tmp_path)
    py_compile.compile(str(path), invalidation_mode=mode)

    assert _valid(path) is True


@pytest.mark.parametrize(
    ("mode", "valid"), [(_MODE.TIMESTAMP, False), (_MODE.CHECKED_HASH, True), (_MODE.UNCHECKED_HASH, True)]
)
def test_another_date_makes_only_dated_bytecode_stale(
    tmp_path: Path, mode: py_compile.PycInvalidationMode, valid: bool
) -> None:
    path = _module(tmp_path)
    py_compile.compile(str(path), invalidation_mode=mode)
    os.utime(path, (315532800, 315532800))

    assert _valid(path) is valid


@pytest.mark.parametrize(
    ("mode", "valid"), [(_MODE.TIMESTAMP, False), (_MODE.CHECKED_HASH, False), (_MODE.UNCHECKED_HASH, True)]
)
def test_another_content_makes_checked_bytecode_stale(
    tmp_path: Path, mode: py_compile.PycInvalidationMode, valid: bool
) -> None:
    path = _module(tmp_path)
    py_compile.compile(str(path), invalidation_mode=mode)
    path.write_text("X = [1, 2, 3, 4]\n\n\ndef f(a):\n    return a\n")

    assert _valid(path) is valid


def test_no_bytecode_is_none(tmp_path: Path) -> None:
    assert _valid(_module(tmp_path)) is None


def test_that_of_another_python_is_none(tmp_path: Path) -> None:
    path = _module(tmp_path)
    py_compile.compile(str(path))

    assert _valid(path, (3, 9)) is None


@pytest.mark.parametrize("content", [b"", b"\0" * 16, b"x" * 40])
def test_something_else_in_its_place_is_none(tmp_path: Path, content: bytes) -> None:
    path = _module(tmp_path)
    cached = Path(importlib.util.cache_from_source(str(path)))
    cached.parent.mkdir()
    cached.write_bytes(content)

    assert _valid(path) is None


def test_the_guessed_size_grows_with_the_code_and_not_with_comments() -> None:
    plain = compiled_size(b"def f(a):\n    return a.b(1)\n")
    commented = compiled_size(b"# why\ndef f(a):  # what\n    return a.b(1)\n")
    longer = compiled_size(b"def f(a):\n    return a.b(1)\n" * 2)

    assert plain == commented < longer
