"""Third-party packages that an installer put beside a project's own code, as `pip install -t .` does."""

import posixpath
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

Installed: TypeAlias = "dict[str, Installed]"
"""What installers recorded in a folder: names, each with what is recorded below it. A file has nothing below it."""

METADATA_SUFFIXES = (".dist-info", ".egg-info")
"""How the names of the folders end that describe a distribution."""


def recorded_files(metadata: str, lines: Callable[[str], list[str]]) -> Iterable[str]:
    """Return the paths, relative to the folder that holds the metadata folder, of what was installed with it.

    `lines` reads a file of the metadata folder; a missing one has none. Metadata as such is no evidence: that of
    the project itself stands beside its source after `setup.py develop`, and in an unpacked wheel. What only an
    installer writes is: `INSTALLER` in a dist-info, `installed-files.txt` in an egg-info.
    """
    if metadata.endswith(".egg-info"):
        return [posixpath.normpath(f"{metadata}/{line}") for line in lines("installed-files.txt")]
    if not lines("INSTALLER"):
        return []
    # A path with a comma is quoted; hash and size, the other two columns, hold no comma.
    record = [line.rsplit(",", 2)[0].strip('"') for line in lines("RECORD")]
    return record or _likely_files(lines("top_level.txt") or [metadata.partition("-")[0]])


def add(installed: Installed, paths: Iterable[str]) -> None:
    """Add recorded paths. Those that lead out of the folder, like scripts in `../../bin`, are left out."""
    for path in paths:
        parts = path.split("/")
        below = installed
        for part in parts if ".." not in parts else ():
            below = below.setdefault(part, {})


def is_third_party(installed: Installed, name: str) -> bool:
    """Say whether all that goes by a name was installed: a recorded file, or a folder whose `__init__` is recorded.

    Any other folder is a namespace, in which a project may have modules of its own.
    """
    below = installed.get(name)
    return below is not None and (not below or any(file.partition(".")[0] == "__init__" for file in below))


def _likely_files(names: Iterable[str]) -> Iterator[str]:
    """Yield what is there when a distribution provides these names and doesn't say as what."""
    for name in names:
        yield f"{name}/__init__.py"
        yield f"{name}.py"
