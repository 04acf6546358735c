"""The reference runtime as files of somebody's package: what to write, and how what was written has fared since."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from gwlint import __version__
from gwlint.contract import RUNTIME, contract

STAMP = "gwlint-runtime.json"
"""The file in a package that says what was written there."""

_ENTRY = re.compile(rb'^    "(\w+)": "\.\w+",\n', re.MULTILINE)
_FILE = re.compile(r"\w+\.py")

Fault = Literal["missing", "modified", "outdated", "left over"]


class Stamp(msgspec.Struct, frozen=True):
    """What was written: by which version of gwlint, what was asked for, and the SHA-256 of every file."""

    gwlint: str
    gateways: tuple[str, ...]
    files: Mapping[str, str]

    def encoded(self) -> bytes:
        """Return the content of the file that says so."""
        return msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=2) + b"\n"


class Export(NamedTuple):
    """The files of an export by name, and what the stamp says of them."""

    stamp: Stamp
    files: Mapping[str, bytes]


def choices() -> tuple[str, ...]:
    """Return what can be asked for: gateways, and foundations, which are written anyway where a gateway needs them."""
    known = contract()
    return (*(name for name in known.gateways if name in known.needs), *known.foundations)


def exported(chosen: Iterable[str]) -> Export:
    """Return the files of some gateways and foundations, with all that they need, and nothing else."""
    known = contract()
    asked = tuple(sorted(set(chosen)))
    modules = known.closure(asked)
    files = {f"{name}.py": (RUNTIME / f"{name}.py").read_bytes() for name in modules}
    files["__init__.py"] = _initial(modules)
    hashes = {name: _hash(content) for name, content in sorted(files.items())}
    return Export(Stamp(__version__, asked, hashes), files)


def _initial(modules: Iterable[str]) -> bytes:
    """Return the `__init__` of a package that has some of the gateways only."""
    present = {name.encode() for name in modules}
    content = (RUNTIME / "__init__.py").read_bytes()
    return _ENTRY.sub(lambda entry: entry[0] if entry[1] in present else b"", content)


def stamp_in(folder: Path) -> Stamp | None:
    """Return what was written into a folder; None for nothing. Raises `ValueError` where that can't be understood."""
    try:
        content = (folder / STAMP).read_bytes()
    except FileNotFoundError:
        return None
    stamp = msgspec.json.decode(content, type=Stamp)
    # What is left over is removed by these names: none may lead out of the package.
    if not all(_FILE.fullmatch(name) for name in stamp.files):
        raise ValueError(f"{folder / STAMP} names files elsewhere")
    return stamp


def faults(folder: Path, stamp: Stamp) -> Iterator[tuple[str, Fault]]:
    """Yield how the files in a folder differ from what was written, and that from what would be written now."""
    known = set(choices())
    now = exported(name for name in stamp.gateways if name in known).stamp.files
    for name in sorted({*stamp.files, *now}):
        found = _found(folder / name)
        if name not in stamp.files:
            yield name, "missing"
        elif found != stamp.files[name]:
            yield name, "missing" if found is None else "modified"
        elif name not in now:
            yield name, "left over"
        elif found != now[name]:
            yield name, "outdated"


def in_the_way(folder: Path, export: Export, before: Stamp | None) -> Iterator[str]:
    """Yield the names of files that would be lost: changed since they were written, or never written by an export."""
    written = before.files if before is not None else {}
    for name in sorted({*written, *export.files}):
        found = _found(folder / name)
        if found is not None and found not in (written.get(name), export.stamp.files.get(name)):
            yield name


def write(folder: Path, export: Export, before: Stamp | None) -> None:
    """Write an export into a folder, and remove what is left over from the one before. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(before.files.keys() - export.files.keys() if before is not None else ()):
        (folder / name).unlink(missing_ok=True)
    for name, content in sorted(export.files.items()):
        (folder / name).write_bytes(content)
    # Last, so that it never tells of files that are not there.
    (folder / STAMP).write_bytes(export.stamp.encoded())


def _found(file: Path) -> str | None:
    try:
        return _hash(file.read_bytes())
    except FileNotFoundError:
        return None


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()
