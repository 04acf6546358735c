"""Which functions of a project a function calls whenever it is called, and which only when something asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from gwlint.model import Bound, Course, ImportEdge, Span
from gwlint.project import Module, Project

Courses = Callable[[str], tuple[Course, ...]]
"""Gives the functions of the module at a path, and before them what the module does by itself."""


class Place(NamedTuple):
    """A function, and the module that it is in."""

    path: str
    course: Course


class Calls:
    """The calls of a project. Modules are read when a question leads there."""

    def __init__(self, project: Project, courses: Courses) -> None:
        """Take what is known, and what reads a module once more."""
        self._modules = {module.path: module for module in project.modules}
        self._importers = _importers(project.modules)
        self._read = courses
        self._known: dict[str, Mapping[str, Course]] = {}

    def course(self, path: str, name: str) -> Course | None:
        """Return a function by its name, or what a module does by itself by an empty one."""
        return self._courses(path).get(name)

    def certain(self, path: str, name: str) -> tuple[Place, ...]:
        """Return a function and all that are called whenever it is, or the first time at least; nothing if unknown."""
        first = self.course(path, name)
        found = [Place(path, first)] if first is not None else []
        seen = {(path, name)}
        for place in found:
            for callee in place.course.calls:
                called = self._called(place, callee)
                if called is not None and (called.path, called.course.name) not in seen:
                    seen.add((called.path, called.course.name))
                    found.append(called)
        return tuple(found)

    def occasional(self, path: str, at: Span, handler: tuple[str, str]) -> tuple[str, ...]:
        """Return the functions that use what a statement imports, if all of them are called only now and then.

        That is so where they are called in the arm of a choice by name that has others, and in no other way. Nothing is
        returned where that is not certain, where a `handler`, by path and name, is among them, or where none uses it.
        """
        module = self.course(path, "")
        names = {one.name for one in module.bound if one.at == at} if module is not None else set()
        if not names or self._is_handed_on(path, names):
            return ()
        spread = {path: set(names)}
        followed: set[tuple[str, str]] = set()
        while (user := self._unfollowed(spread, followed)) is not None:
            if not user.course.name or (user.path, user.course.name) == handler or not _is_plain(user.course):
                return ()
            followed.add((user.path, user.course.name))
            if not self._spread(user, spread):
                return ()
        deciding = [course for where, used in spread.items() for course in self._deciding(where, used)]
        if not deciding or any(_is_usual(choice, used) for course, used in deciding for choice in course.choices):
            return ()
        users = [one for one in self._courses(path).values() if one.name and _mentions(one, _used(one, names))]
        return tuple(one.name for one in users)

    def _unfollowed(self, spread: Mapping[str, set[str]], followed: set[tuple[str, str]]) -> Place | None:
        """Return a function that uses some of the names by path in any case, and that nobody has followed yet."""
        for path, names in spread.items():
            for course in self._courses(path).values():
                if (path, course.name) not in followed and not _used(course, names).isdisjoint(course.mentions):
                    return Place(path, course)
        return None

    def _spread(self, user: Place, spread: dict[str, set[str]]) -> bool:
        """Add the names by which a function is called; False if nobody calls it."""
        spread[user.path].add(user.course.name)
        is_called = any(
            _mentions(one, {user.course.name})
            for one in self._courses(user.path).values()
            if one.name != user.course.name
        )
        for edge in self._importers.get(user.path, ()):
            bound = self._bound_to(edge, user.course.name)
            if bound:
                is_called = is_called or any(_mentions(one, bound) for one in self._courses(edge.path).values())
                spread.setdefault(edge.path, set()).update(bound)
        return is_called

    def _deciding(self, path: str, names: set[str]) -> Iterator[tuple[Course, frozenset[str]]]:
        """Yield the functions that use names in some arms of a choice."""
        for course in self._courses(path).values():
            used = _used(course, names)
            if any(not used.isdisjoint(arm) for choice in course.choices for arm in choice):
                yield course, used

    def _bound_to(self, edge: ImportEdge, name: str) -> frozenset[str]:
        """Return the names by which a module reaches a function of another one that it imports."""
        if "*" in edge.names:
            return frozenset({name})
        bound = {one.name for course in self._courses(edge.path).values() for one in course.bound if one.at == edge.at}
        if not edge.names:
            return frozenset(bound)
        original = dict(edge.renamed)
        return frozenset(one for one in bound if original.get(one, one) == name)

    def _is_handed_on(self, path: str, names: set[str]) -> bool:
        """Tell whether another module takes names from this one that it has from elsewhere itself."""
        return any(not names.isdisjoint(edge.names) or "*" in edge.names for edge in self._importers.get(path, ()))

    def _called(self, caller: Place, callee: str) -> Place | None:
        """Return the function that is meant by what is called, if it is one of the project."""
        root, _, rest = callee.partition(".")
        if root == "self" and "." in caller.course.name and rest:
            return self._place(caller.path, f"{caller.course.name.rpartition('.')[0]}.{rest}")
        module = self.course(caller.path, "")
        for bound in (*caller.course.bound, *(module.bound if module is not None else ())):
            if bound.name == root:
                return self._imported(caller.path, bound, rest)
        return self._place(caller.path, callee)

    def _imported(self, path: str, bound: Bound, rest: str) -> Place | None:
        """Return the function that an imported name means, or what is reached through it."""
        holder, _, name = f"{bound.meaning}.{rest}".strip(".").rpartition(".")
        for edge in self._modules[path].resolution.edges:
            if edge.at != bound.at:
                continue
            original = {renamed: name for renamed, name in edge.renamed if name}.get(bound.name, bound.name)
            if original in edge.names:
                return self._place(edge.target_path, f"{original}.{rest}".rstrip("."))
            if not edge.names and rest and f".{edge.target}".endswith(f".{holder}"):
                return self._place(edge.target_path, name)
        return None

    def _place(self, path: str, name: str) -> Place | None:
        """Return a function, or what makes an object of the class that is meant."""
        course = self.course(path, name) or self.course(path, f"{name}.__init__")
        return Place(path, course) if name and course is not None else None

    def _courses(self, path: str) -> Mapping[str, Course]:
        if path not in self._known:
            found = self._read(path) if path in self._modules else ()
            # Of several functions of one name, the last one holds.
            self._known[path] = {one.name: one for one in found}
        return self._known[path]


def _used(course: Course, names: Collection[str]) -> frozenset[str]:
    """Return those of a module's names that a function does not bind itself."""
    return frozenset(names) - ({one.name for one in course.bound} if course.name else set())


def _mentions(course: Course, names: Collection[str]) -> bool:
    said = (course.mentions, *(arm for choice in course.choices for arm in choice))
    return any(not {*names}.isdisjoint(one) for one in said)


def _is_plain(course: Course) -> bool:
    """Tell whether a function is called by its name, rather than by an object or by what its decorator makes of it."""
    return "." not in course.name and not course.is_decorated


def _is_usual(choice: Sequence[tuple[str, ...]], names: frozenset[str]) -> bool:
    """Tell whether more than half of the arms of a choice use some names."""
    return 2 * sum(1 for arm in choice if not names.isdisjoint(arm)) > len(choice)


def _importers(modules: Sequence[Module]) -> dict[str, list[ImportEdge]]:
    """Return the imports of each module, by its path, apart from those of tests."""
    found: dict[str, list[ImportEdge]] = {}
    for edge in _imports(modules):
        found.setdefault(edge.target_path, []).append(edge)
    return found


def _imports(modules: Sequence[Module]) -> Iterator[ImportEdge]:
    for module in modules:
        if not module.is_test:
            yield from module.resolution.edges
