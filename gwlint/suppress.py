"""What comments silence, and what is wrong with the comments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from gwlint.finding import Finding
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


@dataclass(frozen=True, slots=True)
class Silence:
    """What comments leave of findings: those that are `kept`, theirs included, and how many they `silenced`."""

    kept: list[Finding] = field(default_factory=list)
    silenced: int = 0


def silence(
    findings: Iterable[Finding],
    found: Sequence[Comment],
    today: date,
    *,
    require_reason: bool,
    is_judged: Callable[[str, str], bool],
    used: Mapping[Comment, Collection[str]],
) -> Silence:
    """Apply the suppressions of a project, and add what is to be said of them.

    `is_judged` tells whether a rule, by code, ran for a file; `used` has the codes of suppressions that are known to
    have had an effect.
    """
    effective = Spoken(one for one in found if in_force(one.said, today, require_reason=require_reason))
    effects = {comment: set(codes) for comment, codes in used.items()}
    first = _applied(findings, effective, effects)
    about = _complaints(found, effects, today, require_reason=require_reason, is_judged=is_judged)
    second = _applied((one for one in about if is_judged(one.rule, one.path)), effective, effects)
    unneeded = _idle(found, effects, _ABOUT_COMMENTS, today, require_reason, is_judged)
    last = [one for one in unneeded if is_judged(one.rule, one.path)]
    return Silence([*first.kept, *second.kept, *last], first.silenced + second.silenced)


def _applied(findings: Iterable[Finding], effective: Spoken, effects: dict[Comment, set[str]]) -> Silence:
    kept: list[Finding] = []
    silenced = 0
    for finding in findings:
        there = effective.at(finding.path, finding.at.line)
        silencing = [comment for comment in there if _silences(comment.said, finding)]
        for comment in silencing:
            effects.setdefault(comment, set()).add(finding.rule)
        silenced += bool(silencing)
        if not silencing:
            kept.append(finding)
    return Silence(kept, silenced)


def _silences(said: Suppression, finding: Finding) -> bool:
    return finding.rule in said.codes if said.codes else finding.rule not in _ABOUT_COMMENTS


# What is wrong with the comments themselves.


def _complaints(
    found: Iterable[Comment],
    effects: Mapping[Comment, Collection[str]],
    today: date,
    *,
    require_reason: bool,
    is_judged: Callable[[str, str], bool],
) -> Iterator[Finding]:
    known = {rule.id: rule.name for rule in RULES}
    for comment in found:
        path, said = comment.path, comment.said
        codes = own_codes(said)
        yield from UnknownCode().complaints(path, said, codes, known)
        if codes or said.form != "noqa":
            yield from ExpiredSuppression().complaints(path, said, today)
    for comment in _current(found, today):
        path, said = comment.path, comment.said
        yield from UnusedSuppression().powerless(path, said, lacks_reason=require_reason and _lacks_reason(said))
    yield from _idle(found, effects, known.keys() - _ABOUT_COMMENTS, today, require_reason, is_judged)


def _idle(
    found: Iterable[Comment],
    effects: Mapping[Comment, Collection[str]],
    codes: Collection[str],
    today: date,
    require_reason: bool,
    is_judged: Callable[[str, str], bool],
) -> Iterator[Finding]:
    """Yield a finding for every one of some codes that suppresses nothing, where it could."""
    for comment in _current(found, today):
        path, said = comment.path, comment.said
        if is_misplaced(said) or (require_reason and _lacks_reason(said)):
            continue
        for code in dict.fromkeys(own_codes(said)):
            if code in codes and code not in effects.get(comment, ()) and is_judged(code, path):
                yield UnusedSuppression().idle(path, said, code)


def _current(found: Iterable[Comment], today: date) -> Iterator[Comment]:
    """Yield the suppressions that have not run out: those that have are another rule's to report."""
    return (comment for comment in found if in_force(comment.said, today, require_reason=False))


def _lacks_reason(said: Suppression) -> bool:
    return bool(own_codes(said)) and not said.reason


def own_codes(said: Suppression) -> list[str]:
    """Return the codes that are ours to judge: those of other tools stand in a `noqa`, too."""
    return [code for code in said.codes if said.form != "noqa" or code.startswith(_OURS)]
