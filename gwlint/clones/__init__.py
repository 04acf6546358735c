"""Copies of functions: which bodies may be alike, which of these are, and what belongs together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from gwlint.clones.company import Company
from gwlint.clones.index import Index, updated
from gwlint.clones.judge import CloneKind, Limits, distinction
from gwlint.clones.linkage import Link, linked
from gwlint.clones.profile import Member, Profile
from gwlint.clones.sketch import Sketch, sketches
from gwlint.model import Function

__all__ = [
    "NO_INDEX",
    "CloneClass",
    "CloneKind",
    "Index",
    "Limits",
    "Member",
    "ReadFunctions",
    "Sketch",
    "Sketches",
    "classes",
    "indexed",
    "sketches",
]

NO_INDEX = Index({}, {}, ())

Sketches = Mapping[str, Sequence[Sketch]]
"""What is kept of the functions of files, by path."""

ReadFunctions = Callable[[Collection[str]], Mapping[str, Sequence[Function]]]
"""Gives the functions of some files, by path."""


class CloneClass(NamedTuple):
    """Functions that are copies of one another, sorted by place.

    `similarity` is that of the least similar pair that was compared; `kind` says what may differ.
    """

    kind: CloneKind
    similarity: float
    members: tuple[Member, ...]


class _Copy(NamedTuple):
    """A function by the path of its file and its place in there."""

    path: str
    place: int


def indexed(before: Index, files: Sketches, functions: ReadFunctions, limits: Limits) -> Index:
    """Return the index of the bodies of some files, made from that of what the files were before."""
    first: dict[int, int] = {}
    copies: dict[int, _Copy] = {}
    for path in sorted(files):
        for sketch in files[path]:
            # For all functions with one body, the first one is compared.
            first.setdefault(sketch.body, sketch.form)
            copies.setdefault(sketch.form, _Copy(path, sketch.place))

    def profiles(forms: Iterable[int]) -> dict[int, Profile]:
        members = _members([copies[form] for form in forms], functions)
        return {form: Profile(members[copies[form]].function) for form in forms}

    return updated(before, set(first.values()), profiles, limits)


def classes(files: Sketches, links: Iterable[Link], functions: ReadFunctions, limits: Limits) -> list[CloneClass]:
    """Return the classes of copies among the functions of some files, sorted by their first members.

    `links` are those of the index of the bodies.
    """
    bodies: dict[int, list[_Copy]] = {}
    numbers: dict[int, int] = {}
    for path in sorted(files):
        for sketch in files[path]:
            if sketch.body not in bodies:
                numbers[sketch.form] = len(numbers)
            bodies.setdefault(sketch.body, []).append(_Copy(path, sketch.place))
    holders = list(bodies.values())
    scores = {tuple(sorted((numbers[link.one], numbers[link.other]))): link.similarity for link in links}
    groups = linked(Link(one, other, score) for (one, other), score in scores.items())
    grouped = {number for group in groups for number in group}
    alone = [(number,) for number, held in enumerate(holders) if number not in grouped and len(held) > 1]
    members = _members([copy for group in (*groups, *alone) for number in group for copy in holders[number]], functions)
    found: list[CloneClass] = []
    for group in (*groups, *alone):
        least = min((scores[pair] for pair in _pairs(group) if pair in scores), default=1.0)
        found += _made([members[copy] for number in group for copy in holders[number]], least, limits)
    wanted = (one for one in found if one.kind in limits.kinds)
    return _outermost(sorted(wanted, key=lambda one: [member.order for member in one.members]))


def _members(copies: Collection[_Copy], functions: ReadFunctions) -> dict[_Copy, Member]:
    known = functions({copy.path for copy in copies})
    return {copy: Member(copy.path, known[copy.path][copy.place]) for copy in copies}


def _pairs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    return [(one, other) for place, one in enumerate(numbers) for other in numbers[place + 1 :]]


def _made(members: Sequence[Member], least: float, limits: Limits) -> list[CloneClass]:
    """Return the classes that members with similar bodies make once those are parted that may not be together."""
    parts: dict[object, list[Company]] = {}
    for member in sorted(members, key=lambda one: one.order):
        companies = parts.setdefault(distinction(member.function, limits), [])
        home = next((company for company in companies if company.admits(member)), None)
        if home is None and not any(company.has_slight(member) for company in companies):
            home = Company()
            companies.append(home)
        if home is not None:
            home.add(member)
    groups = (company.members for companies in parts.values() for company in companies)
    return [_class(group, least) for group in groups if len(group) > 1]


def _class(members: Sequence[Member], least: float) -> CloneClass:
    first = members[0].function
    if all(one.function.exact == first.exact for one in members):
        return CloneClass("exact", 1.0, tuple(members))
    if all(one.function.renamed == first.renamed for one in members):
        return CloneClass("renamed", 1.0, tuple(members))
    return CloneClass("near", least, tuple(members))


def _outermost(found: Sequence[CloneClass]) -> list[CloneClass]:
    """Leave out classes whose members all lie in members of another one."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for one in found:
        for path, function in one.members:
            spans.setdefault(path, []).append((function.at.line, function.end_line))

    def is_inside(member: Member) -> bool:
        line, end = member.function.at.line, member.function.end_line
        return any(first < line and end <= last for first, last in spans[member.path])

    return [one for one in found if not all(map(is_inside, one.members))]
