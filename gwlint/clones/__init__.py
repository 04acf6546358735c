"""Copies of functions: which bodies may be alike, which of these are, and what belongs together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gwlint.clones.candidates import candidates
from gwlint.clones.company import Company
from gwlint.clones.judge import CloneKind, Limits, counts, distinction, similarity
from gwlint.clones.linkage import Link, linked
from gwlint.clones.profile import Member, Profile

__all__ = ["CloneClass", "CloneKind", "Limits", "Member", "classes"]


class CloneClass(NamedTuple):
    """Functions that are copies of one another, sorted by place.

    `similarity` is that of the least similar pair that was compared; `kind` says what may differ.
    """

    kind: CloneKind
    similarity: float
    members: tuple[Member, ...]


def classes(members: Iterable[Member], limits: Limits) -> list[CloneClass]:
    """Return the classes of copies among some functions, sorted by their first members."""
    bodies: dict[tuple[bytes, bool], list[Member]] = {}
    for member in sorted((one for one in members if counts(one.function, limits)), key=lambda one: one.order):
        key = (member.function.tokens, "async" in member.function.traits)
        bodies.setdefault(key, []).append(member)
    holders = list(bodies.values())
    profiles = [Profile(held[0].function) for held in holders]
    links: list[Link] = []
    for candidate in candidates(profiles) if "near" in limits.kinds else ():
        score = similarity(profiles[candidate.one], profiles[candidate.other], candidate, limits)
        if score:
            links.append(Link(candidate.one, candidate.other, score))
    scores = {(link.one, link.other): link.similarity for link in links}
    found: list[CloneClass] = []
    grouped: set[int] = set()
    for numbers in linked(links):
        grouped.update(numbers)
        pairs = [scores[pair] for pair in _pairs(numbers) if pair in scores]
        found += _made([one for number in numbers for one in holders[number]], min(pairs), limits)
    for number, held in enumerate(holders):
        if number not in grouped and len(held) > 1:
            found += _made(held, 1.0, limits)
    wanted = (one for one in found if one.kind in limits.kinds)
    return _outermost(sorted(wanted, key=lambda one: [member.order for member in one.members]))


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
