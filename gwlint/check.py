"""A check, on one screen: look at the files, ask the rules that are on, silence, grade, sort, drop what is known."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import fields
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from gwlint.analysis import Survey
from gwlint.cache import Cache
from gwlint.codebase import Codebase
from gwlint.components import Component
from gwlint.config import BASELINE, Config
from gwlint.finding import FIRST_LINE, Finding, Silenced
from gwlint.model import Cycle, Fact, Layout, Part, Span
from gwlint.project import Account, Project, imports_of
from gwlint.read import Progress
from gwlint.report import Report
from gwlint.rules import RULES
from gwlint.rules.gw006_stale_baseline import StaleBaseline
from gwlint.selection import Selection
from gwlint.suppress import Comment, Terms, comments, cutting, silence

if TYPE_CHECKING:
    from gwlint.baseline import Baseline, Entry

_RUN = "check"
_DIGEST_BYTES = 16
_UNSEEN = {"project", "sources", "fail_on", "per_file_ignores", "baseline", "docs_url", "issues_url"}
"""Settings that no rule goes by."""


class _Answer(Fact, frozen=True):
    """What rules have found, before anything is silenced or graded.

    It holds for what `key` stands for, and as long as the `cuts` are in force: the suppressions that take imports out
    of the search for cycles, each with those of its codes that concern a cycle.
    """

    key: bytes
    account: Account
    layout: Layout
    roots: tuple[str, ...]
    modules: tuple[str, ...]
    components: tuple[Component, ...]
    notices: tuple[str, ...]
    findings: tuple[Finding, ...]
    comments: tuple[Comment, ...]
    cuts: tuple[tuple[Comment, tuple[str, ...]], ...]


def check(
    config: Config,
    cache: Cache,
    jobs: int,
    progress: Progress,
    *,
    today: date,
    overlay: Mapping[str, bytes] | None = None,
    noqa: bool = True,
) -> Report:
    """Return what a check of a project comes to on a day.

    `overlay` has content by path that stands for that of the files there, which need not exist: a buffer of an editor.
    Nothing of such a check is kept. Without `noqa`, findings stay that such a comment would silence. Raises
    `ConfigError` where the settings don't fit the files, or where the baseline can't be used.
    """
    if overlay:
        with closing(cache.as_it_is()) as unchanged:
            return _checked(config, unchanged, Survey(config, unchanged, jobs, progress, overlay), today, noqa=noqa)
    return _checked(config, cache, Survey(config, cache, jobs, progress), today, noqa=noqa)


def _checked(config: Config, cache: Cache, survey: Survey, today: date, *, noqa: bool) -> Report:
    baseline = _baseline(config)
    selection = Selection(config)
    asked = {rule.id: rule for rule in RULES if selection.has(rule)}
    key = _key(survey, config, asked)
    answer = _known(cache, key, config, today)
    if answer is None:
        with cache.turn():
            # Another process may have found it out by now.
            answer = _known(cache, key, config, today) or _found(survey, cache, config, asked, today)

    def is_judged(code: str, path: str) -> bool:
        return code in asked and selection.has_in(code, path)

    wanted = (one for one in answer.findings if selection.has_in(one.rule, one.path))
    terms = Terms(today, config.require_reason, is_judged, noqa)
    silent = silence(wanted, answer.comments, dict(answer.cuts), terms)
    # What is left to another tool, or silenced, changes the fingerprint of nothing else.
    named = _Fingerprints().given
    kept, left = (
        [named(one) for one in _sorted(selection.graded(one, asked[one.rule]) for one in some)]
        for some in (silent.kept, silent.left)
    )
    reasons = {_said(one.finding): one.reason for one in silent.silenced}
    silenced = _sorted(selection.graded(one.finding, asked[one.finding.rule]) for one in silent.silenced)
    findings = sorted((*kept, *left), key=lambda finding: finding.order)
    known = 0
    if baseline is not None:
        match = baseline.matched(findings, answer.modules)
        stale = (one for one in _stale(baseline, match.idle, is_judged) if is_judged(one.rule, one.path))
        about = map(named, _sorted(selection.graded(one, asked[one.rule]) for one in stale))
        findings = sorted((*match.new, *about), key=lambda finding: finding.order)
        known = len(match.known)
    globs = (
        f"{config.source}: `per-file-ignores`: nothing matches `{glob}`"
        for glob in selection.meaningless((*answer.modules, *((baseline.name,) if baseline else ())))
    )
    return Report(
        account=answer.account,
        layout=answer.layout,
        roots=answer.roots,
        findings=tuple(findings),
        suppressed=len(silent.silenced),
        components=answer.components,
        notices=(*answer.notices, *globs),
        modules=answer.modules,
        known=known,
        silenced=tuple(Silenced(named(one), reasons[_said(one)]) for one in silenced),
    )


def codebase(config: Config, cache: Cache, jobs: int, progress: Progress) -> Codebase:
    """Return what rules ask, for those who ask something else. Raises `ConfigError`."""
    survey = Survey(config, cache, jobs, progress)
    project = survey.project()
    return Codebase(config, project, project.cycles, lambda path: _parts(survey, path), survey.duplication)


def _known(cache: Cache, key: bytes, config: Config, today: date) -> _Answer | None:
    """Return the answer of the last check, if it is that to this one."""
    content = cache.run(_RUN)
    if content is None:
        return None
    try:
        answer = msgspec.msgpack.decode(content, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    cuts = cutting(answer.comments, today, require_reason=config.require_reason)
    return answer if answer.key == key and tuple(cut for cut, _ in answer.cuts) == cuts else None


def _found(survey: Survey, cache: Cache, config: Config, asked: Iterable[str], today: date) -> _Answer:
    """Ask the rules, and keep what they say."""
    project = survey.project()
    found = comments(project)
    cuts = cutting(found, today, require_reason=config.require_reason)
    cycles, used = _cycles(project, cuts)
    codebase = Codebase(config, project, cycles, lambda path: _parts(survey, path), survey.duplication)
    findings = [finding for rule in RULES if rule.id in asked for finding in rule.check(codebase)]
    answer = _Answer(
        key=_key(survey, config, asked),
        account=project.account,
        layout=project.layout,
        roots=project.roots,
        modules=tuple(sorted((*(one.path for one in project.modules), *(one.path for one in project.unreadable)))),
        components=codebase.components.all,
        notices=project.notices,
        findings=tuple(sorted(findings, key=lambda finding: finding.order)),
        comments=found,
        cuts=tuple((cut, tuple(sorted(used.get(cut, ())))) for cut in cuts),
    )
    if survey.is_settled:
        cache.keep_run(_RUN, msgspec.msgpack.encode(answer))
    return answer


def _cycles(project: Project, cuts: tuple[Comment, ...]) -> tuple[tuple[Cycle, ...], dict[Comment, set[str]]]:
    """Return the cycles that the cuts leave, and what each cut was good for."""
    if not cuts:
        return project.cycles, {}
    # A run without cuts, which is nearly every one, has its cycles from before.
    from gwlint.forgive import forgiveness, needed
    from gwlint.graph import cycles

    edges = list(imports_of(project.modules, ancestors=False))
    return cycles(edges, forgiveness(cuts)), needed(cuts, edges, project.cycles)


def _parts(survey: Survey, path: str) -> tuple[Part, ...]:
    """Read a module once more, as the few that have to be pure gateways."""
    from gwlint.parse import parts

    return parts(survey.content(path))


def _key(survey: Survey, config: Config, asked: Iterable[str]) -> bytes:
    settings = [(one.name, getattr(config, one.name)) for one in fields(config) if one.name not in _UNSEEN]
    parts = (survey.schema, survey.whole, settings, sorted(asked))
    return blake2b(msgspec.msgpack.encode(parts), digest_size=_DIGEST_BYTES).digest()


def _baseline(config: Config) -> Baseline | None:
    if config.baseline == BASELINE and not os.path.lexists(config.project / BASELINE):
        return None
    # Most projects have none, and don't wait for what reads it.
    from gwlint.baseline import load

    return load(config)


def _stale(baseline: Baseline, idle: Collection[Entry], is_judged: Callable[[str, str], bool]) -> Iterator[Finding]:
    """Yield a finding for every idle entry whose rule ran for its file."""
    stale = [entry for entry in idle if is_judged(entry.rule, entry.path)]
    lines = baseline.lines() if stale else {}
    for entry in stale:
        at = lines.get(entry.fingerprint, FIRST_LINE)
        yield StaleBaseline().complaint(baseline.name, at, entry.rule, entry.path, entry.identity)


class _Fingerprints:
    """Gives findings their fingerprints; those of one name are counted."""

    def __init__(self) -> None:
        self._times: Counter[tuple[str, str, str]] = Counter()

    def given(self, finding: Finding) -> Finding:
        name = (finding.rule, finding.path, finding.identity)
        encoded = msgspec.msgpack.encode((*name, self._times[name]))
        self._times[name] += 1
        fingerprint = blake2b(encoded, digest_size=_DIGEST_BYTES).hexdigest()
        return msgspec.structs.replace(finding, fingerprint=fingerprint)


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings, and leave out what is said twice."""
    distinct = {_said(one): one for one in findings}
    return sorted(distinct.values(), key=lambda finding: finding.order)


def _said(finding: Finding) -> tuple[str, str, Span, str]:
    return finding.rule, finding.path, finding.at, finding.message
