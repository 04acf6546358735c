"""The templates in what the CDK has synthesised: the folder is build output, of which nothing else is looked at."""

import os
import stat
from collections.abc import Iterator

from gwlint.discover.files import SourceFile, is_text, stat_of

SYNTHESISED = "cdk.out"
_SUFFIX = ".template.json"
_STAGE = "assembly-"
"""What the folders are called that hold the stacks of a stage."""

_DEPTH = 3


def synthesised(location: str, path: str, depth: int = 0) -> Iterator[SourceFile]:
    """Yield the templates in the output at `location`, those of its stages, too. What can't be listed has none."""
    try:
        with os.scandir(location) as entries:
            found = sorted((entry.name, entry) for entry in entries if is_text(entry.name))
    except OSError:
        return
    for name, entry in found:
        if name.startswith(_STAGE) and depth < _DEPTH and entry.is_dir(follow_symlinks=False):
            yield from synthesised(entry.path, f"{path}/{name}", depth + 1)
        elif name.endswith(_SUFFIX):
            yield from _regular(entry, f"{path}/{name}")


def _regular(entry: os.DirEntry[str], path: str) -> Iterator[SourceFile]:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return
    if stat.S_ISREG(found.st_mode):
        yield SourceFile(path, stat_of(found))
