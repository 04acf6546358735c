"""What the rules that are on find in a project: asked now, or known from the last check."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from hashlib import blake2b

import msgspec

from gwlint.analysis import Survey
from gwlint.budgets import FunctionBudget
from gwlint.cache import Cache
from gwlint.codebase import Codebase
from gwlint.comparison import Comparison
from gwlint.components import Component
from gwlint.config import Config
from gwlint.finding import Finding
from gwlint.footprint.appraisals import Bytecode
from gwlint.footprint.estimates import Basis
from gwlint.model import Cycle, Fact, Layout, Part
from gwlint.project import Account, Project, imports_of
from gwlint.read import Progress
from gwlint.rules import RULES
from gwlint.suppress import Comment, comments, cutting
from gwlint.surroundings import Looked, Surroundings

_RUN = "check"
_BUDGETS = "budget"
_DIGEST_BYTES = 16
_UNSEEN = {"project", "sources", "fail_on", "per_file_ignores", "baseline", "docs_url", "issues_url"}
"""Settings that no rule goes by."""


class Answer(Fact, frozen=True):
    """What rules have found, before anything is silenced or graded.

    It holds for what `key` stands for, and as long as the `cuts` are in force: the suppressions that take imports out
    of the search for cycles, each with those of its codes that concern a cycle, and what was `looked` at is as it was.
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
    templates: tuple[str, ...] = ()
    looked: Looked | None = None


class Budgeted(Fact, frozen=True):
    """What functions take. It holds for what `key` stands for, and as long as what was `looked` at is as it was."""

    key: bytes
    functions: tuple[FunctionBudget, ...]
    looked: Looked | None


def answered(survey: Survey, cache: Cache, config: Config, asked: Collection[str], today: date) -> Answer:
    """Return what the rules of some codes find. Raises `ConfigError` where the settings don't fit the files."""
    key = _key(survey, config, asked)
    known = _known(cache, key, config, today)
    if known is not None:
        return known
    with cache.turn():
        # Another process may have found it out by now.
        return _known(cache, key, config, today) or _found(survey, cache, config, asked, today)


def codebase(config: Config, cache: Cache, jobs: int, progress: Progress) -> Codebase:
    """Return what rules ask, for those who ask something else. Raises `ConfigError`."""
    survey = Survey(config, cache, jobs, progress)
    project = survey.project()
    return _codebase(survey, cache, Surroundings(survey, config, project), config, project, project.cycles)


def budgeted(
    config: Config, cache: Cache, jobs: int, progress: Progress, basis: Basis, bytecode: Bytecode
) -> tuple[FunctionBudget, ...]:
    """Return what the functions of a project take, found out now or known from the last time. Raises `ConfigError`."""
    survey = Survey(config, cache, jobs, progress)
    key = _key(survey, config, (basis, bytecode))
    known = cache.run_of(_BUDGETS, Budgeted)
    if known is not None and known.key == key and (known.looked is None or known.looked.is_current(config)):
        return known.functions
    project = survey.project()
    surroundings = Surroundings(survey, config, project)
    functions = surroundings.budgets(basis, bytecode).functions
    if survey.is_settled:
        cache.keep_run(_BUDGETS, msgspec.msgpack.encode(Budgeted(key, functions, surroundings.looked())))
    return functions


def _codebase(
    survey: Survey,
    cache: Cache,
    surroundings: Surroundings,
    config: Config,
    project: Project,
    cycles: tuple[Cycle, ...],
) -> Codebase:
    return Codebase(
        config,
        project,
        cycles,
        lambda path: _parts(survey, path),
        Comparison(survey, cache, config),
        survey.conduct,
        surroundings.budgets,
    )


def _known(cache: Cache, key: bytes, config: Config, today: date) -> Answer | None:
    """Return the answer of the last check, if it is that to this one."""
    answer = cache.run_of(_RUN, Answer)
    if answer is None:
        return None
    cuts = cutting(answer.comments, today, require_reason=config.require_reason)
    if answer.key != key or tuple(cut for cut, _ in answer.cuts) != cuts:
        return None
    return answer if answer.looked is None or answer.looked.is_current(config) else None


def _found(survey: Survey, cache: Cache, config: Config, asked: Collection[str], today: date) -> Answer:
    """Ask the rules, and keep what they say."""
    project = survey.project()
    found = comments(project)
    cuts = cutting(found, today, require_reason=config.require_reason)
    cycles, used = _cycles(project, cuts)
    surroundings = Surroundings(survey, config, project)
    codebase = _codebase(survey, cache, surroundings, config, project, cycles)
    findings = [finding for rule in RULES if rule.id in asked for finding in rule.check(codebase)]
    answer = Answer(
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
        templates=tuple(sorted({function.template for function in survey.functions})),
        looked=surroundings.looked(),
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


def _key(survey: Survey, config: Config, asked: Collection[str]) -> bytes:
    settings = [(one.name, getattr(config, one.name)) for one in fields(config) if one.name not in _UNSEEN]
    parts = (survey.schema, survey.whole, settings, sorted(asked))
    return blake2b(msgspec.msgpack.encode(parts), digest_size=_DIGEST_BYTES).digest()
