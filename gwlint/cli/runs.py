"""Runs of the pipeline as a command asks for them: with a cache, a bar, and as many processes as there are cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from gwlint.cli.refusal import Refusal
from gwlint.cli.terminal import progress

if TYPE_CHECKING:
    from gwlint.budgets import FunctionBudget
    from gwlint.cache import Cache
    from gwlint.codebase import Codebase
    from gwlint.config import Config
    from gwlint.footprint.appraisals import Bytecode
    from gwlint.footprint.estimates import Basis
    from gwlint.project import Project
    from gwlint.report import Report
    from gwlint.templates import FunctionTemplate


Answer = TypeVar("Answer")


class Means(NamedTuple):
    """What a run may use."""

    jobs: int | None
    use_cache: bool


def analysed(config: Config, means: Means) -> Project:
    """Return all that is known about a project."""
    from gwlint.analysis import analyse

    with _refusing(), _cache(config, means) as cache, progress() as show:
        return analyse(config, cache, means.jobs or _cores(), show)


def surveyed(config: Config, means: Means) -> tuple[Project, tuple[FunctionTemplate, ...]]:
    """Return all that is known about a project, and the functions that its templates declare."""
    from gwlint.analysis import Survey

    with _refusing(), _cache(config, means) as cache, progress() as show:
        survey = Survey(config, cache, means.jobs or _cores(), show)
        return survey.project(), survey.functions


def checked(config: Config, means: Means, overlay: Mapping[str, bytes] | None) -> Report:
    """Return what a check of a project comes to today."""
    from datetime import date

    from gwlint import check

    with _refusing(), _cache(config, means) as cache, progress() as show:
        return check.check(config, cache, means.jobs or _cores(), show, today=date.today(), overlay=overlay)


def asked(config: Config, means: Means, question: Callable[[Codebase], Answer]) -> Answer:
    """Return what a question to a codebase comes to."""
    from gwlint.answer import codebase

    with _refusing(), _cache(config, means) as cache, progress() as show:
        return question(codebase(config, cache, means.jobs or _cores(), show))


def budgeted(config: Config, means: Means, basis: Basis, bytecode: Bytecode) -> tuple[FunctionBudget, ...]:
    """Return what the functions of a project take, and what they may take."""
    from gwlint import answer

    with _refusing(), _cache(config, means) as cache, progress() as show:
        return answer.budgeted(config, cache, means.jobs or _cores(), show, basis, bytecode)


@contextmanager
def _refusing() -> Iterator[None]:
    from gwlint.config import ConfigError

    try:
        yield
    except ConfigError as error:
        raise Refusal(str(error)) from None


def _cache(config: Config, means: Means) -> closing[Cache]:
    from gwlint.cache import FOLDER, Cache

    return closing(Cache(config.project / FOLDER if means.use_cache else None))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
