"""Which functions the files of a project declare: templates are read anew only where something of them has changed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from msgspec import structs

from gwlint.config import Config, DeclaredFunction
from gwlint.discover.files import TOP, SourceFile, Stat, Unread, reason_of, stat_of
from gwlint.discover.tree import Tree
from gwlint.model import Fact
from gwlint.templates import FunctionTemplate, Setting, Template, is_terraform, looks_like_template, read

_HEAD_BYTES = 65_536
_MOST_BYTES = 1 << 20
"""Larger files are no templates, and nothing that one includes."""

_ROUNDS = 5
"""How deep stacks in stacks are given the parameters that these set."""

T = TypeVar("T")

Given = tuple[tuple[str, str | None], ...]


class Declaration(Fact, frozen=True):
    """Files that are read as one, and the templates they are; none, where they are something else.

    `given` are the parameters that others set. `consulted` are further files that were asked for on the way, by path;
    the state of one that was not there is `None`.
    """

    files: tuple[SourceFile, ...]
    given: Given
    consulted: tuple[tuple[str, Stat | None], ...]
    templates: tuple[Template, ...]

    def states(self) -> Iterator[Stat]:
        """Yield the states of all files that it goes by."""
        yield from (file.stat for file in self.files)
        yield from (state for _, state in self.consulted if state is not None)


class Found(NamedTuple):
    """What was found: the templates, all that they were found by, to be known next time, and what can't be read."""

    templates: tuple[Template, ...]
    known: tuple[Declaration, ...]
    unread: tuple[Unread, ...]


def declarations(tree: Tree, last: Iterable[Declaration]) -> Found:
    """Return what the templates of a project say; what is known from the last run is not read again."""
    return _Search(tree, last).found()


class _Search:
    """One look at all templates."""

    def __init__(self, tree: Tree, last: Iterable[Declaration]) -> None:
        self._project = tree.project
        self._last = {(one.files, one.given): one for one in last}
        self._known: dict[tuple[tuple[SourceFile, ...], Given], Declaration] = {}
        self._unread: dict[str, Unread] = {}
        terraform = tuple(file for file in tree.template_candidates if is_terraform(file.path))
        single = [(file,) for file in tree.template_candidates if not is_terraform(file.path)]
        self._groups = [*single, terraform] if terraform else single

    def found(self) -> Found:
        given: dict[str, Given] = {}
        for _ in range(_ROUNDS):
            read_now = [self._declaration(files, given.get(files[0].path, ())) for files in self._groups]
            templates = tuple(template for one in read_now if one is not None for template in one.templates)
            before, given = given, _given(templates)
            if before == given:
                break
        return Found(_in_order(templates), tuple(self._known.values()), tuple(self._unread.values()))

    def _declaration(self, files: tuple[SourceFile, ...], given: Given) -> Declaration | None:
        key = (files, given)
        if key in self._known:
            return self._known[key]
        if any(file.path in self._unread for file in files):
            return None
        last = self._last.get(key)
        if last is not None and all(_state(self._project / path) == state for path, state in last.consulted):
            self._known[key] = last
            return last
        made = self._made(files, given)
        if made is not None:
            self._known[key] = made
        return made

    def _made(self, files: tuple[SourceFile, ...], given: Given) -> Declaration | None:
        if is_terraform(files[0].path):
            return self._terraform(files)
        (file,) = files
        others = _Others(self._project)
        try:
            with (self._project / file.path).open("rb") as stream:
                head = stream.read(_HEAD_BYTES)
                if not looks_like_template(file.path, head):
                    return Declaration(files, given, (), ())
                template = read(file.path, head + stream.read(), others, given)
        except OSError as error:
            self._unread[file.path] = Unread(file.path, reason_of(error))
            return None
        return Declaration(files, given, tuple(sorted(others.asked.items())), (template,))

    def _terraform(self, files: tuple[SourceFile, ...]) -> Declaration:
        from gwlint.templates.terraform import read_terraform

        contents = {file.path: self._content(file.path) for file in files}
        return Declaration(files, (), (), read_terraform(contents))

    def _content(self, path: str) -> bytes:
        try:
            return (self._project / path).read_bytes()
        except OSError as error:
            self._unread[path] = Unread(path, reason_of(error))
            return b""


class _Others:
    """Reads other files of the project, and notes the state in which each was."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self.asked: dict[str, Stat | None] = {}

    def __call__(self, path: str) -> bytes:
        place = self._project / path
        state = self.asked[path] = _state(place)
        if state is None or state.size > _MOST_BYTES:
            return b""
        try:
            return place.read_bytes()
        except OSError:
            return b""


def _state(place: Path) -> Stat | None:
    """Return the state of a regular file. Nothing else is ever opened: a FIFO would make us wait."""
    try:
        found = os.lstat(place)
    except (OSError, ValueError):
        return None
    return stat_of(found) if stat.S_ISREG(found.st_mode) else None


def _given(templates: Sequence[Template]) -> dict[str, Given]:
    """Return what is set for every template that others deploy; what two of them set differently is unknown."""
    given: dict[str, dict[str, str | None]] = {}
    for template in templates:
        for stack in template.stacks:
            known = given.setdefault(stack.path, dict(stack.parameters))
            for name, value in stack.parameters:
                known[name] = value if known.get(name, value) == value else None
    return {path: tuple(sorted(known.items())) for path, known in given.items()}


def _in_order(templates: Iterable[Template]) -> tuple[Template, ...]:
    return tuple(sorted(templates, key=lambda one: one.path))


def with_settings(templates: Sequence[Template], config: Config) -> tuple[Template, ...]:
    """Return the templates with what the settings say of their functions, and those that the settings add."""
    said = {function.name: function for function in config.functions}
    source = config.source or ""
    changed = tuple(_changed(template, said, source) for template in templates) if said else tuple(templates)
    names = {function.name for template in templates for function in template.functions}
    added = tuple(_added(function, source) for name, function in said.items() if name not in names)
    return (*changed, Template(source, added)) if added else changed


def _changed(template: Template, said: Mapping[str, DeclaredFunction], source: str) -> Template:
    if said.keys().isdisjoint(function.name for function in template.functions):
        return template
    functions = tuple(
        _overridden(function, said[function.name], source) if function.name in said else function
        for function in template.functions
    )
    return structs.replace(template, functions=functions)


def _added(said: DeclaredFunction, source: str) -> FunctionTemplate:
    plain = FunctionTemplate(said.name, source, 1, None, TOP, (), None, "gwlint")
    return _overridden(plain, said, source)


def _overridden(function: FunctionTemplate, said: DeclaredFunction, source: str) -> FunctionTemplate:
    changes: dict[str, object] = {
        "handler": said.handler,
        "code": said.root,
        "layers": said.layers,
        "runtime": said.runtime,
        "memory_mb": _setting(said.memory_mb, source),
        "timeout_s": _setting(said.timeout_s, source),
        "architecture": _setting(said.architecture, source),
        "ephemeral_mb": _setting(said.ephemeral_mb, source),
        "environment_bytes": _setting(said.environment_bytes, source),
        "environment_least": said.environment_bytes,
        "layer_count": None if said.layers is None else _setting(len(said.layers), source),
    }
    return structs.replace(function, **{field: value for field, value in changes.items() if value is not None})


def _setting(value: T | None, source: str) -> Setting[T] | None:
    return None if value is None else Setting(value, 1, source)
