"""What links do to a tree: one that stays in the project gives another name, one that leaves it is not followed."""

import os
from pathlib import Path
from typing import NamedTuple

from gwlint.discover.files import path_in
from gwlint.discover.tree import Draft, Folder


class Link(NamedTuple):
    """A link as a walk came by it. `location` is its absolute path."""

    folder: Folder
    name: str
    location: str


def follow(link: Link, project: str, draft: Draft) -> None:
    """Give the target of a link its other name, or note why it gets none.

    `project` is the absolute path of the project, free of links. The draft has all its folders and files by now.
    """
    is_source = link.name.endswith(".py")
    try:
        target = os.path.realpath(link.location, strict=True)
    except OSError:
        if is_source:
            draft.refuse(link.folder, link.name, "a broken link")
        return
    path = path_in(project, target)
    if path in draft.folders:
        draft.add_folder(link.folder, link.name, draft.folders[path])
    elif is_source and path in draft.files:
        draft.name_source(link.folder, link.name, path)
    elif is_source and path != target and not path.endswith(".py"):
        draft.refuse(link.folder, link.name, "a link to something that is no .py file")
    elif "." in link.name or Path(target).is_dir():
        draft.leave_out_file(link.folder, link.name)
