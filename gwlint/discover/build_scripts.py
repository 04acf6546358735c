"""The files of a project that say how it is built, and whether they say something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

_NAMES = re.compile(
    r"(?i)(?:gnu)?makefile|.*\.mk|(?:taskfile|buildspec.*|bitbucket-pipelines|azure-pipelines|\.gitlab-ci)\.ya?ml"
    r"|dockerfile.*|justfile|jenkinsfile|(?:tox|noxfile|tasks|fabfile|dodo|build|deploy|package)\.(?:ini|py)"
    r"|samconfig\.(?:toml|ya?ml)|package\.json|pyproject\.toml|.*\.(?:sh|bash|ps1)"
)
_FOLDERS = ("", ".github/workflows", ".circleci", ".gitlab", "bin", "build-scripts", "ci", "scripts", "tools")
_WORKFLOWS = ("workflows", ".circleci", ".gitlab")
_IN_WORKFLOWS = re.compile(r".*\.ya?ml")
_MOST_FILES = 200
_MOST_BYTES = 1 << 20


class Scripts(NamedTuple):
    """The files that may say how a project is built, and the folders that were looked into for them."""

    files: tuple[Path, ...]
    folders: tuple[Path, ...]


def build_scripts(project: Path, more: Sequence[str]) -> Scripts:
    """Return what may say how a project is built, in its usual places and some more folders."""
    folders = tuple(dict.fromkeys(project / folder for folder in (*_FOLDERS, *more)))
    found = (file for folder in folders for file in _inside(folder))
    return Scripts(tuple(islice(found, _MOST_FILES)), folders)


def _inside(folder: Path) -> Iterator[Path]:
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return
    is_workflow = folder.name in _WORKFLOWS
    for name in names:
        if _NAMES.fullmatch(name) or (is_workflow and _IN_WORKFLOWS.fullmatch(name)):
            yield folder / name


def mentions(file: Path, words: Sequence[str]) -> bool:
    """Tell whether a file has one of some words in it; one that can't be read has none."""
    try:
        # Opening a FIFO would wait for ever.
        if not file.is_file() or file.stat().st_size > _MOST_BYTES:
            return False
        text = file.read_bytes().decode(errors="replace")
    except OSError:
        return False
    return any(word in text for word in words)
