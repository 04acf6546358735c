"""Which files a project has, and what an import could see: one walk, in which no Python file is opened.

Roots, deployment units and what an import means are for others to say; here are the folders as they are.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gwlint.discover.files import TOP, Reader, SourceFile, Unread, kind_of, printable, reason_of, stat_of
from gwlint.discover.junk import is_environment
from gwlint.discover.links import Link, follow
from gwlint.discover.listing import Entry, Listing, list_folder
from gwlint.discover.selection import Place, Selection
from gwlint.discover.synthesised import SYNTHESISED, synthesised
from gwlint.discover.tree import Draft, Folder, Tree

_METADATA = frozenset({"pyproject.toml", "setup.cfg"})
_TEMPLATES_IN_TOML = frozenset({"zappa_settings.toml"})


def walk(project: Path, exclude: Sequence[str] = ()) -> Tree:
    """Look through a project once. Raises OSError when the project itself can't be listed.

    `exclude` is read like the lines of a .gitignore in the project and has the last word: `!build/` asks back
    what is left out by default, by a .gitignore or as third-party, though not a virtual environment.
    """
    location = os.path.realpath(project)
    reader = Reader(location)
    selection = Selection(location, exclude, reader)
    run = _Walk(selection)
    pending = [_Level(None, "", Folder(TOP), selection.top, in_package=False)]
    while pending:
        pending.extend(run.visit(pending.pop()))
    for link in run.links:
        follow(link, location, run.draft)
    run.draft.unopened.extend(reader.unread)
    return run.draft.finished(project, reader.read, selection.unmatched())


class _Level(NamedTuple):
    """A folder on its way into the tree. `parent` is None for the project."""

    parent: Folder | None
    name: str
    folder: Folder
    place: Place
    in_package: bool

    def below(self, name: str, is_package: bool) -> "_Level":
        """Return a sub-folder; `is_package` says whether this folder is one."""
        # A project with an `__init__.py` at its top is a flat one, whose folders are still those of a project.
        in_package = self.in_package or (is_package and self.parent is not None)
        return _Level(self.folder, name, Folder(self.folder.path_of(name)), self.place.below(name), in_package)


class _Walk:
    """A walk in progress: the draft of the tree, and the links to follow when that is complete."""

    def __init__(self, selection: Selection) -> None:
        self.draft = Draft()
        self.links: list[Link] = []
        self._selection = selection

    def visit(self, level: _Level) -> list[_Level]:
        """Take in a folder with its files, and return its sub-folders, the first one last."""
        try:
            listing = list_folder(level.place.location, level.in_package)
        except OSError as error:
            self._pass_by(level, error)
            return []
        names = listing.names()
        if level.parent and is_environment(names):
            self.draft.leave_out_folder(level.parent, level.name)
            return []
        self.draft.add_folder(level.parent, level.name, level.folder)
        level = level._replace(place=self._selection.settled(level.place, names))
        self._take(level, listing)
        kept = [entry.name for entry in listing.folders if self._keeps_folder(level, entry.name)]
        return [level.below(name, "__init__.py" in names) for name in reversed(kept)]

    def _pass_by(self, level: _Level, error: OSError) -> None:
        """Note that a folder can't be listed; if it is the project itself, there is nothing to check."""
        if level.parent is None:
            raise error
        self.draft.unopened.append(Unread(level.folder.path, reason_of(error)))
        self.draft.leave_out_folder(level.parent, level.name)

    def _take(self, level: _Level, listing: Listing) -> None:
        """Take in what a folder holds, apart from sub-folders."""
        for entry in listing.sources:
            self._take_source(level, entry)
        for entry in listing.sourceless:
            if self._keeps_file(level, entry.name):
                self.draft.leave_out_file(level.folder, entry.name)
        for entry in listing.links:
            if self._keeps_file(level, entry.name):
                self.links.append(Link(level.folder, entry.name, entry.path))
        in_toml = [entry for entry in listing.settings if entry.name in _TEMPLATES_IN_TOML]
        self.draft.template_candidates.extend(self._documents(level, [*listing.templates, *in_toml]))
        metadata = [entry for entry in listing.settings if entry.name in _METADATA]
        self.draft.metadata.extend(self._documents(level, metadata))
        for entry in listing.misnamed:
            self._take_misnamed(level.folder, entry)

    def _take_source(self, level: _Level, entry: Entry) -> None:
        if not self._keeps_file(level, entry.name):
            return
        found = _regular(level.folder, entry)
        if isinstance(found, Unread):
            self.draft.refuse(level.folder, entry.name, found.reason)
            return
        self.draft.add_source(level.folder, entry.name, found)
        if entry.name == "setup.py":
            self.draft.metadata.append(found)

    def _documents(self, level: _Level, entries: Iterable[Entry]) -> Iterator[SourceFile]:
        """Yield those entries that are the project's own and can be read."""
        kept = (_regular(level.folder, entry) for entry in entries if self._keeps_file(level, entry.name))
        return (found for found in kept if isinstance(found, SourceFile))

    def _take_misnamed(self, folder: Folder, entry: Entry) -> None:
        """Note an entry whose name is no text, if it may matter to anybody."""
        unread = Unread(printable(folder.path_of(entry.name)), "its name is not UTF-8")
        if entry.is_dir(follow_symlinks=False):
            self.draft.unopened.append(unread)
        elif entry.name.endswith(".py"):
            self.draft.unreadable.append(unread)

    def _keeps_file(self, level: _Level, name: str) -> bool:
        """Say whether a file or a link is the project's own, and note it if not."""
        fate = self._selection.fate(level.place, name, is_folder=False)
        if fate != "kept":
            self.draft.leave_out_file(level.folder, name, fate == "third-party")
        return fate == "kept"

    def _keeps_folder(self, level: _Level, name: str) -> bool:
        """Say whether a folder is the project's own, and note it if not."""
        fate = self._selection.fate(level.place, name, is_folder=True)
        if fate != "kept":
            self.draft.leave_out_folder(level.folder, name, fate == "third-party")
        if fate == "excluded" and name == SYNTHESISED and not self._selection.is_named(level.place, name):
            path = level.folder.path_of(name)
            self.draft.template_candidates.extend(synthesised(f"{level.place.location}/{name}", path))
        return fate == "kept"


def _regular(folder: Folder, entry: Entry) -> SourceFile | Unread:
    """Return a file with its state, or why it is none that can be read."""
    path = folder.path_of(entry.name)
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError as error:
        return Unread(path, reason_of(error))
    if not stat.S_ISREG(found.st_mode):
        return Unread(path, kind_of(found))
    return SourceFile(path, stat_of(found))
