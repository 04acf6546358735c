"""Reading shared libraries."""

import _struct
import math
import shutil
import struct
import subprocess
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.footprint.binaries import Binary, read_binary, shipped_with

_NAMES = b"\0.text\0.data\0.bss\0.dynstr\0.dynamic\0.shstrtab\0"
_STRINGS = b"\0libfirst.so.1\0libsecond.so\0$ORIGIN/../libs:/opt/lib\0"


def _binary() -> bytes:
    """Return a shared library with hardly anything in it."""
    dynamic = struct.pack("<qQqQqQqQ", 1, 1, 1, 15, 29, _STRINGS.index(b"$"), 0, 0)
    contents = [(b"", 0, 0), (b".text", 1, 100), (b".data", 1, 40), (b".bss", 8, 3000)]
    body, sections = b"\0" * 140, b""
    offsets = {b".text": 64, b".data": 164, b".bss": 204}
    for name, kind, size in contents:
        sections += _section(name, kind, offsets.get(name, 0), size)
    for name, kind, content in ((b".dynstr", 3, _STRINGS), (b".dynamic", 6, dynamic), (b".shstrtab", 3, _NAMES)):
        sections += _section(name, kind, 64 + len(body), len(content))
        body += content
    head = b"\x7fELF\x02\x01\x01" + b"\0" * 33 + struct.pack("<Q", 64 + len(body)) + b"\0" * 10
    return head + struct.pack("<HHH", 64, 7, 6) + body + sections


def _section(name: bytes, kind: int, offset: int, size: int) -> bytes:
    named = _NAMES.index(b"\0" + name + b"\0") + 1 if name else 0
    return struct.pack("<IIQQQQIIQQ", named, kind, 3, 0, offset, size, 0, 0, 0, 0)


def test_sections_and_needs_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.so"
    path.write_bytes(_binary())

    assert read_binary(str(path)) == Binary(
        code=100,
        constant=0,
        data=40,
        relocated=0,
        zeroed=3000,
        linking=len(_STRINGS),
        needed=("libfirst.so.1", "libsecond.so"),
        paths=("$ORIGIN/../libs", "/opt/lib"),
    )


def test_libraries_are_found_where_the_binary_looks_for_them(tmp_path: Path) -> None:
    for name in ("package/a.so", "libs/libsecond.so"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(_binary())
    path = str(tmp_path / "package" / "a.so")
    binary = read_binary(path)

    assert binary is not None
    assert shipped_with(path, binary) == (str(tmp_path / "libs" / "libsecond.so"),)


@pytest.mark.parametrize("content", [b"", b"MZ", b"\x7fELF\x01\x01", b"\x7fELF\x02\x01" + b"\xff" * 90])
def test_anything_else_is_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.so"
    path.write_bytes(content)

    assert read_binary(str(path)) is None


def test_a_missing_file_is_none(tmp_path: Path) -> None:
    assert read_binary(str(tmp_path / "a.so")) is None


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=8))
def test_damage_is_survived(tmp_path_factory: pytest.TempPathFactory, place: int, noise: bytes) -> None:
    content = _binary()
    place %= len(content)
    path = tmp_path_factory.getbasetemp() / "damaged.so"
    path.write_bytes((content[:place] + noise + content[place + len(noise) :])[: len(content)])

    binary = read_binary(str(path))

    assert binary is None or binary.code >= 0


@pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf is not installed")
@pytest.mark.skipif(not hasattr(_struct, "__file__"), reason="no extension module at hand")
def test_readelf_says_the_same() -> None:
    path = _struct.__file__
    listed = subprocess.run(["readelf", "-SW", path], capture_output=True, text=True, check=True).stdout
    sizes = {line[6:].split()[0]: int(line[6:].split()[4], 16) for line in listed.splitlines() if " PROGBITS " in line}
    binary = read_binary(path)

    assert binary is not None
    assert (binary.code, binary.data) == (sizes[".text"], sizes.get(".data", 0))


def test_extension_modules_of_this_environment_are_read() -> None:
    extension = next(Path(msgspec.__file__).parent.glob("_core*.so"), None)
    binary = read_binary(str(extension)) if extension else Binary(1, 0, 0, 0, 0, 0, (), ())

    assert binary is None or (binary.code > 0 and math.isfinite(binary.code))
