"""A check, on one screen: look at the files, ask the rules that are on, silence, grade, sort, drop what is known."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import date
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from gwlint.analysis import Survey
from gwlint.answer import answered
from gwlint.cache import Cache
from gwlint.config import BASELINE, Config
from gwlint.finding import FIRST_LINE, Finding, Silenced
from gwlint.model import Span
from gwlint.read import Progress
from gwlint.report import Report
from gwlint.rules import RULES
from gwlint.rules.gw006_stale_baseline import StaleBaseline
from gwlint.selection import Selection
from gwlint.suppress import Terms, silence

if TYPE_CHECKING:
    from gwlint.baseline import Baseline, Entry

_DIGEST_BYTES = 16


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
    answer = answered(survey, cache, config, asked, today)

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
        match = baseline.matched(findings, (*answer.modules, *answer.templates))
        stale = (one for one in _stale(baseline, match.idle, is_judged) if is_judged(one.rule, one.path))
        about = map(named, _sorted(selection.graded(one, asked[one.rule]) for one in stale))
        findings = sorted((*match.new, *about), key=lambda finding: finding.order)
        known = len(match.known)
    globs = (
        f"{config.source}: `per-file-ignores`: nothing matches `{glob}`"
        for glob in selection.meaningless((*answer.modules, *answer.templates, *((baseline.name,) if baseline else ())))
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
