"""Files on disk: what tells that one has changed, and how to read a small one that may be hostile."""

import os
import stat
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from gwlint.model import Fact

TOP = "."
"""The path of the project itself."""

_KINDS = {
    stat.S_IFREG: "a regular file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
}


class Stat(Fact, frozen=True):
    """What changes when a file does. `inode` is 0 on file systems without such numbers."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class SourceFile(Fact, frozen=True):
    """A regular file as it was found. `path` is POSIX, relative to the project; absolute when outside of it."""

    path: str
    stat: Stat


class Unread(NamedTuple):
    """Something that can't be read, and why. `path` is like that of a file, and printable whatever the name is."""

    path: str
    reason: str


class Reader:
    """Reads small files and keeps account: `read` were there, `unread` refused."""

    def __init__(self, project: str) -> None:
        self.read: list[SourceFile] = []
        self.unread: list[Unread] = []
        self._project = project

    def content(self, location: str) -> bytes:
        """Return what is in a regular file, nothing when there is none. No link is followed, no FIFO opened."""
        path = printable(path_in(self._project, location))
        try:
            found = os.lstat(location)
            if not stat.S_ISREG(found.st_mode):
                return b""
            content = Path(location).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            self.unread.append(Unread(path, reason_of(error)))
            return b""
        self.read.append(SourceFile(path, stat_of(found)))
        return content


def stat_of(found: os.stat_result) -> Stat:
    """Return the part of a file's state that tells a change."""
    return Stat(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)


def kind_of(found: os.stat_result) -> str:
    """Say what a directory entry is."""
    return _KINDS.get(stat.S_IFMT(found.st_mode), "a device")


def reason_of(error: OSError) -> str:
    """Say why the system refused, in its own words."""
    return error.strerror or type(error).__name__


def path_in(project: str, location: str) -> str:
    """Return a location as paths are written: POSIX, relative to the project when it is inside."""
    if location == project:
        return TOP
    return location.replace(os.sep, "/").removeprefix(project.replace(os.sep, "/").rstrip("/") + "/")


def named_in(project: Path, path: Path) -> str | None:
    """Return a path, from the working directory, as the project calls it: links in it make no other file of it."""
    try:
        return Path(os.path.realpath(path)).relative_to(os.path.realpath(project)).as_posix()
    except ValueError:
        return None


def below(path: str, above: Collection[str]) -> bool:
    """Tell whether a path is one of some files, or lies in one of some folders; without any, every path does."""
    return not above or TOP in above or path in above or path.startswith(tuple(f"{folder}/" for folder in above))


def is_text(name: str) -> bool:
    """Say whether a name can be encoded, as it can't when it holds bytes that are no UTF-8."""
    return printable(name) == name


def printable(path: str) -> str:
    """Return a path that can be encoded: bytes that are no UTF-8 become backslash escapes."""
    return path.encode("utf-8", "backslashreplace").decode()
