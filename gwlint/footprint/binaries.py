"""What a shared library weighs, read from its headers: nothing is loaded, and no file is trusted."""

import os
import struct
from pathlib import Path
from typing import Final

from gwlint.model import Fact

_MAGIC: Final = b"\x7fELF"
_WIDE, _LITTLE = 2, 1
_SECTION = struct.Struct("<IIQQQQIIQQ")
_DYNAMIC = struct.Struct("<qQ")
_NO_BITS = 8
_WRITABLE = 0x1
_NEEDED, _RUNPATH, _RPATH = 1, 29, 15
_MOST_SECTIONS = 4096
_MOST_BYTES = 16 * 1024 * 1024


class Binary(Fact, frozen=True):
    """Sizes in bytes: `code` that runs, `constant` data that is read, `data` that is written, `relocated` pointers.

    `zeroed` takes no space in the file. `linking` is what binds it: symbols, their names, relocations.
    `needed` are the libraries that it asks for, and `paths` where it wants them to be looked for first.
    """

    code: int
    constant: int
    data: int
    relocated: int
    zeroed: int
    linking: int
    needed: tuple[str, ...]
    paths: tuple[str, ...]


def read_binary(path: str) -> Binary | None:
    """Read an ELF file of 64 bits, little endian, which is all that Lambda runs; None if it is anything else."""
    try:
        with Path(path).open("rb") as file:
            return _read(file.fileno(), os.fstat(file.fileno()).st_size)
    except (OSError, struct.error, ValueError, OverflowError):
        return None


def shipped_with(path: str, binary: Binary) -> tuple[str, ...]:
    """Return the files of the libraries that lie where the binary wants them to be looked for, in order."""
    folder = os.path.dirname(path)  # noqa: PTH120
    places = [place.replace("$ORIGIN", folder).replace("${ORIGIN}", folder) for place in binary.paths]
    candidates = ([os.path.normpath(f"{place}/{name}") for place in places] for name in binary.needed)
    return tuple(found for each in candidates if (found := next(filter(os.path.isfile, each), "")))


def _read(file: int, size: int) -> Binary | None:
    header = os.pread(file, 64, 0)
    if len(header) < 64 or header[:4] != _MAGIC or header[4] != _WIDE or header[5] != _LITTLE:
        return None
    (start,) = struct.unpack_from("<Q", header, 40)
    entry, count, names_at = struct.unpack_from("<HHH", header, 58)
    if entry != _SECTION.size or count > _MOST_SECTIONS or names_at >= count:
        return None
    sections = [_SECTION.unpack_from(_piece(file, size, start, entry * count), entry * n) for n in range(count)]
    names = _content(file, size, sections[names_at])
    return _weighed(file, size, {_text(names, section[0]): section for section in sections})


_Section = tuple[int, ...]


def _weighed(file: int, size: int, sections: dict[str, _Section]) -> Binary:
    def total(*names: str) -> int:
        return sum(sections[name][5] for name in names if name in sections)

    paths, needed = _dynamic(file, size, sections)
    return Binary(
        code=total(".text"),
        constant=total(".rodata", ".eh_frame", ".eh_frame_hdr", ".gcc_except_table"),
        data=total(".data", ".tdata"),
        relocated=total(".data.rel.ro", ".data.rel.ro.local", ".got", ".got.plt", ".init_array"),
        zeroed=sum(section[5] for section in sections.values() if section[1] == _NO_BITS and section[2] & _WRITABLE),
        linking=total(".dynsym", ".dynstr", ".gnu.hash", ".hash", ".rela.dyn", ".rela.plt", ".gnu.version"),
        needed=needed,
        paths=paths,
    )


def _dynamic(file: int, size: int, sections: dict[str, _Section]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if ".dynamic" not in sections or ".dynstr" not in sections:
        return (), ()
    content, names = _content(file, size, sections[".dynamic"]), _content(file, size, sections[".dynstr"])
    whole = content[: len(content) // _DYNAMIC.size * _DYNAMIC.size]
    entries = [(tag, _text(names, value)) for tag, value in _DYNAMIC.iter_unpack(whole) if tag in _ASKED]
    paths = [place for tag, text in entries if tag != _NEEDED for place in text.split(":") if place]
    return tuple(paths), tuple(text for tag, text in entries if tag == _NEEDED)


_ASKED: Final = (_NEEDED, _RUNPATH, _RPATH)


def _content(file: int, size: int, section: _Section) -> bytes:
    return b"" if section[1] == _NO_BITS else _piece(file, size, section[4], section[5])


def _piece(file: int, size: int, start: int, length: int) -> bytes:
    """Read part of a file that may claim anything of itself."""
    if start + length > size or length > _MOST_BYTES:
        raise ValueError
    return os.pread(file, length, start)


def _text(names: bytes, start: int) -> str:
    return names[start : names.index(b"\0", start)].decode("utf-8", "replace") if start < len(names) else ""
