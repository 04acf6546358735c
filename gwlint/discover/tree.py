"""A project on disk: its folders with what an import sees in them, and its files by what becomes of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path

from gwlint.discover.files import TOP, SourceFile, Unread

_IMPORTABLE = re.compile(r"([^.]+)(?:\.py[cix]?|(?:\.[^.]+)?\.(?:so|pyd))?")


@dataclass(frozen=True, slots=True, eq=False)
class Folder:
    """What an import can see in one folder.

    `path` is POSIX, relative to the project. `modules` maps names to the paths of their sources. `opaque` are names
    that exist without a source to analyse: compiled modules and stubs, and whatever is excluded, unreadable or a
    link out of the project. `third_party` are the names that an installer put there. A link to a folder is the
    same object as that folder, so there may be loops.
    """

    path: str
    folders: dict[str, "Folder"] = field(default_factory=dict, repr=False)
    modules: dict[str, str] = field(default_factory=dict)
    opaque: set[str] = field(default_factory=set)
    third_party: set[str] = field(default_factory=set)

    def path_of(self, name: str) -> str:
        """Return the path of an entry."""
        return name if self.path == TOP else f"{self.path}/{name}"

    def at(self, path: str) -> "Folder | None":
        """Return the folder at a path from here, unless it is missing or left out."""
        folder: Folder | None = self
        for name in path.split("/") if path != TOP else ():
            folder = folder.folders.get(name) if folder else None
        return folder


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """What a walk through a project found. The tuples are sorted; paths are POSIX, relative to the project.

    Everything called `*.py` is in `files`, `excluded` or `unreadable`, but for folders, and for links that give
    another name to one of `files`. Folders that are left out are not entered, and nothing in them counts.
    `unopened` are folders that can't be listed and small files, like a .gitignore, that can't be read.
    `template_candidates` are regular files that may be templates by their names, `metadata` every `pyproject.toml`,
    `setup.cfg` and `setup.py`. `consulted` are the ignore files and installers' records that were read on the way.
    """

    project: Path
    top: Folder
    files: tuple[SourceFile, ...]
    excluded: tuple[str, ...]
    unreadable: tuple[Unread, ...]
    unopened: tuple[Unread, ...]
    template_candidates: tuple[SourceFile, ...]
    metadata: tuple[SourceFile, ...]
    consulted: tuple[SourceFile, ...]
    unmatched_excludes: tuple[str, ...]

    @property
    def found(self) -> int:
        """How many `.py` files there are, analysed or not."""
        return len(self.files) + len(self.excluded) + len(self.unreadable)


@dataclass(frozen=True, slots=True)
class Draft:
    """A tree in the making: what has been found so far, in any order. `folders` and `files` are by path."""

    folders: dict[str, Folder] = field(default_factory=dict)
    files: dict[str, SourceFile] = field(default_factory=dict)
    excluded: list[str] = field(default_factory=list)
    unreadable: list[Unread] = field(default_factory=list)
    unopened: list[Unread] = field(default_factory=list)
    template_candidates: list[SourceFile] = field(default_factory=list)
    metadata: list[SourceFile] = field(default_factory=list)

    def add_folder(self, parent: Folder | None, name: str, folder: Folder) -> None:
        """Take a folder in; without a parent, as the project."""
        self.folders[folder.path] = folder
        if parent:
            parent.folders[name] = folder

    def add_source(self, folder: Folder, name: str, file: SourceFile) -> None:
        """Take a `.py` file in, even one that no import can name."""
        self.files[file.path] = file
        self.name_source(folder, name, file.path)

    def name_source(self, folder: Folder, name: str, path: str) -> None:
        """Let a file, or a link, of this name stand for the source at a path."""
        module = name.removesuffix(".py")
        if module and "." not in module:
            folder.modules[module] = path

    def leave_out_folder(self, parent: Folder, name: str, third_party: bool = False) -> None:
        """Note that a folder is not entered."""
        if name != "__pycache__" and "." not in name:
            _hide(parent, name, third_party)

    def leave_out_file(self, folder: Folder, name: str, third_party: bool = False) -> None:
        """Note that a file, or a link to whatever, is not analysed."""
        if name.endswith(".py"):
            self.excluded.append(folder.path_of(name))
        _hide(folder, name, third_party)

    def refuse(self, folder: Folder, name: str, reason: str) -> None:
        """Note that a `.py` file can't be read. An import of it is not one of something missing."""
        self.unreadable.append(Unread(folder.path_of(name), reason))
        _hide(folder, name, third_party=False)

    def finished(self, project: Path, consulted: Iterable[SourceFile], unmatched_excludes: tuple[str, ...]) -> Tree:
        """Return the tree, in order. Where a stub or a compiled twin lies beside a source, the source counts."""
        for folder in self.folders.values():
            folder.opaque.difference_update(folder.modules)
        return Tree(
            project=project,
            top=self.folders[TOP],
            files=_by_path(self.files.values()),
            excluded=tuple(sorted(self.excluded)),
            unreadable=tuple(sorted(self.unreadable)),
            unopened=tuple(sorted(self.unopened)),
            template_candidates=_by_path(self.template_candidates),
            metadata=_by_path(self.metadata),
            consulted=_by_path(consulted),
            unmatched_excludes=unmatched_excludes,
        )


def _hide(folder: Folder, name: str, third_party: bool) -> None:
    """Note the name by which an import reaches an entry that isn't in the tree, if it can."""
    importable = _IMPORTABLE.fullmatch(name)
    if importable:
        (folder.third_party if third_party else folder.opaque).add(importable[1])


def _by_path(files: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
    return tuple(sorted(files, key=attrgetter("path")))
