"""Which project some paths on the command line mean, and what it calls them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gwlint.cli.refusal import Refusal


def project_of(paths: Sequence[Path]) -> Path:
    """Return the folder of the project that some files or folders belong to.

    Refuses what is not there, unless it has been deleted since the last commit: who names the files of a commit names
    those, too, and has not mistyped them.
    """
    for path in paths:
        _refuse_unless_there(path)
    return project_around(paths)


def project_around(paths: Sequence[Path]) -> Path:
    """Return the folder of the project that some files, which need not exist, would belong to."""
    from gwlint.config import find_project

    try:
        root = find_project(paths)
        next(root.iterdir(), None)
    except OSError as error:
        raise _not_there(error) from None
    return root


def _refuse_unless_there(path: Path) -> None:
    try:
        path.stat()
    except OSError as error:
        from gwlint.cli.revisions import is_deleted  # only for those who name what is not there

        if not is_deleted(path):
            raise _not_there(error) from None


def _not_there(error: OSError) -> Refusal:
    if isinstance(error, FileNotFoundError):
        return Refusal(f"{error.filename}: there is no such file or folder")
    return Refusal(f"{error.filename}: {error.strerror}")


def inside(root: Path, path: Path) -> str:
    """Return a path as the project calls it. Refuses one of another project."""
    from gwlint.discover.files import named_in

    named = named_in(root, path)
    if named is None:
        raise Refusal(f"{path}: is not in the project {root}; check one project at a time")
    return named
