"""Where in its repository a project is."""

import os
from pathlib import Path

from gwlint.discover.files import TOP, printable


def folder_in_repository(project: Path) -> str:
    """Return the way from the top of the git repository around a project to the project; `TOP` where there is none.

    git need not be there: its own folder, or the file that a worktree has in its place, tells.
    """
    place = Path(os.path.realpath(project))
    for folder in (place, *place.parents):
        if os.path.lexists(folder / ".git"):
            return printable(place.relative_to(folder).as_posix())
    return TOP
