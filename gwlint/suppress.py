"""What comments silence, and what is wrong with the comments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from gwlint.finding import Finding, Silenced
from gwlint.model import Fact, Suppression
from gwlint.project import Project
from gwlint.rules import RULES
from gwlint.rules.gw002_unused_suppression import UnusedSuppression, is_misplaced
from gwlint.rules.gw003_unknown_code import UnknownCode
from gwlint.rules.gw004_expired_suppression import ExpiredSuppression, last_day

CUTTING: Mapping[str, Literal["eager", "deferred", "type-only"]] = {
    "GW201": "eager",
    "GW202": "deferred",
    "GW203": "type-only",
}
"""The codes that take imports out of the search for cycles, with the kind of cycle from which on they do."""

_ABOUT_COMMENTS = frozenset({UnusedSuppression.id, UnknownCode.id, ExpiredSuppression.id})
"""What no bare comment silences: it would silence what is said of itself."""

_OURS = "GW"


class Comment(Fact, frozen=True):
    """A suppression and the file it is in."""

    path: str
    said: Suppression


class Spoken:
    """Comments by the lines that they speak for."""

    def __init__(self, found: Iterable[Comment]) -> None:
        """Index comments: all those on one statement speak for the same lines."""
        together: dict[str, dict[tuple[int, int], list[Comment]]] = {}
        for comment in found:
            lines = comment.said.first_line, comment.said.last_line
            together.setdefault(comment.path, {}).setdefault(lines, []).append(comment)
        self._together = together
        self._by_line: dict[str, dict[int, list[list[Comment]]]] = {}

    def at(self, path: str, line: int) -> Iterator[Comment]:
        """Yield the comments that speak for a line of a file."""
        if path in self._together:
            for some in self._lines(path).get(line, ()):
                yield from some

    def _lines(self, path: str) -> dict[int, list[list[Comment]]]:
        if path not in self._by_line:
            by_line = self._by_line[path] = {}
            for (first, last), some in self._together[path].items():
                for line in range(first, last + 1):
                    by_line.setdefault(line, []).append(some)
        return self._by_line[path]


def comments(project: Project) -> tuple[Comment, ...]:
    """Return all suppressions of a project, by file and line."""
    return tuple(Comment(module.path, said) for module in project.modules for said in module.suppressions)


def in_force(said: Suppression, today: date, *, require_reason: bool) -> bool:
    """Tell whether a suppression silences anything on a day; a date and a reason are asked of our codes alone."""
    if said.form == "noqa" and not own_codes(said):
        return not require_reason
    if require_reason and not said.reason:
        return False
    if said.until is None:
        return True
    last = last_day(said.until)
    return last is not None and today <= last


# Imports that are taken out of the search for cycles.


def cutting(found: Iterable[Comment], today: date, *, require_reason: bool) -> tuple[Comment, ...]:
    """Return the suppressions that take imports out of the search for cycles on a day."""
    return tuple(
        comment
        for comment in found
        if comment.said.form != "noqa"
        and not CUTTING.keys().isdisjoint(comment.said.codes)
        and in_force(comment.said, today, require_reason=require_reason)
    )


# Findings that are silenced.


class Terms(NamedTuple):
    """What suppressions are held to.

    `today` is what their dates are compared with; `is_judged` tells whether a rule, by code, ran for a file. Without
    `noqa`, such comments silence nothing here: another tool goes by them, which takes the beginning of a code for all
    that begin so.
    """

    today: date
    require_reason: bool
    is_judged: Callable[[str, str], bool]
    noqa: bool = True


@dataclass(frozen=True, slots=True)
class Silence:
    """What comments leave of findings: those that are `kept`, theirs included, and those that are `silenced`.

    What only a `noqa` silences is `left` where another tool goes by it.
    """

    kept: list[Finding] = field(default_factory=list)
    silenced: list[Silenced] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)


def silence(
    findings: Iterable[Finding], found: Sequence[Comment], used: Mapping[Comment, Collection[str]], terms: Terms
) -> Silence:
    """Apply the suppressions of a project, and add what is to be said of them.

    `used` has the codes of suppressions that are known to have had an effect.
    """
    today, require_reason = terms.today, terms.require_reason
    effective = Spoken(one for one in found if in_force(one.said, today, require_reason=require_reason))
    effects = {comment: set(codes) for comment, codes in used.items()}
    first = _applied(findings, effective, effects, terms)
    about = (one for one in _complaints(found, effects, terms) if terms.is_judged(one.rule, one.path))
    second = _applied(about, effective, effects, terms)
    unneeded = _idle(found, effects, _ABOUT_COMMENTS, terms)
    last = [one for one in unneeded if terms.is_judged(one.rule, one.path)]
    return Silence(
        kept=[*first.kept, *second.kept, *last],
        silenced=[*first.silenced, *second.silenced],
        left=[*first.left, *second.left],
    )


def _applied(findings: Iterable[Finding], effective: Spoken, effects: dict[Comment, set[str]], terms: Terms) -> Silence:
    after = Silence()
    for finding in findings:
        there = effective.at(finding.path, finding.at.line)
        silencing = [comment for comment in there if _silences(comment.said, finding)]
        for comment in silencing:
            effects.setdefault(comment, set()).add(finding.rule)
        if any(terms.noqa or comment.said.form != "noqa" for comment in silencing):
            reason = next((comment.said.reason for comment in silencing if comment.said.reason), "")
            after.silenced.append(Silenced(finding, reason))
        else:
            (after.left if silencing else after.kept).append(finding)
    return after


def _silences(said: Suppression, finding: Finding) -> bool:
    return finding.rule in said.codes if said.codes else finding.rule not in _ABOUT_COMMENTS


# What is wrong with the comments themselves.


def _complaints(
    found: Iterable[Comment], effects: Mapping[Comment, Collection[str]], terms: Terms
) -> Iterator[Finding]:
    known = {rule.id: rule.name for rule in RULES}
    for comment in found:
        path, said = comment.path, comment.said
        codes = own_codes(said)
        unclear = [code for code in codes if terms.noqa or not _is_understood(code, said, known)]
        yield from UnknownCode().complaints(path, said, unclear, known)
        if codes or said.form != "noqa":
            yield from ExpiredSuppression().complaints(path, said, terms.today)
    for comment in _current(found, terms):
        lacks_reason = terms.require_reason and _lacks_reason(comment.said)
        yield from UnusedSuppression().powerless(comment.path, comment.said, lacks_reason=lacks_reason)
    yield from _idle(found, effects, known.keys() - _ABOUT_COMMENTS, terms)


def _idle(
    found: Iterable[Comment], effects: Mapping[Comment, Collection[str]], codes: Collection[str], terms: Terms
) -> Iterator[Finding]:
    """Yield a finding for every one of some codes that suppresses nothing, where it could."""
    for comment in _current(found, terms):
        path, said = comment.path, comment.said
        if is_misplaced(said) or (terms.require_reason and _lacks_reason(said)):
            continue
        for code in dict.fromkeys(own_codes(said)):
            if code in codes and code not in effects.get(comment, ()) and terms.is_judged(code, path):
                yield UnusedSuppression().idle(path, said, code)


def _current(found: Iterable[Comment], terms: Terms) -> Iterator[Comment]:
    """Yield the suppressions that have not run out: those that have are another rule's to report."""
    return (comment for comment in found if in_force(comment.said, terms.today, require_reason=False))


def _lacks_reason(said: Suppression) -> bool:
    return bool(own_codes(said)) and not said.reason


def own_codes(said: Suppression) -> list[str]:
    """Return the codes that are ours to judge: those of other tools stand in a `noqa`, too."""
    return [code for code in said.codes if said.form != "noqa" or code.startswith(_OURS)]


def _is_understood(code: str, said: Suppression, known: Iterable[str]) -> bool:
    """Tell whether a code means a rule to a tool for which its beginning is enough."""
    return said.form == "noqa" and any(one.startswith(code) for one in known)
