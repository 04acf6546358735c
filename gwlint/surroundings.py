"""What functions take depends on more than the files of a walk: on installed packages, bytecode, and how one builds."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from gwlint.analysis import Survey
from gwlint.budgets import Budgets
from gwlint.calls import Calls
from gwlint.config import Config
from gwlint.discover.files import Stat
from gwlint.footprint.appraisals import Bytecode
from gwlint.footprint.estimates import Basis
from gwlint.model import Course, Fact
from gwlint.project import Project

if TYPE_CHECKING:
    from gwlint.footprint.appraiser import FileAppraiser
    from gwlint.footprint.sources import Sources

_COMPILING = ("unchecked-hash", "UNCHECKED_HASH", "SOURCE_DATE_EPOCH")
"""What a build says that makes bytecode that goes by no date."""


class Looked(Fact, frozen=True):
    """Where packages were found, and the state of all that was looked at, by path; `None` where there was nothing."""

    installed: str
    seen: tuple[tuple[str, Stat | None], ...]

    def is_current(self, config: Config) -> bool:
        """Tell whether everything is still as it was."""
        from gwlint.footprint.environment import state_of

        return self.installed == _installed(config) and all(state_of(path) == state for path, state in self.seen)


class Surroundings:
    """Makes the view of budgets, and remembers what is looked at for it."""

    def __init__(self, survey: Survey, config: Config, project: Project) -> None:
        """Look at nothing yet."""
        self._survey = survey
        self._config = config
        self._project = project
        self._appraisers: list[FileAppraiser] = []
        self._sources: list[Sources] = []
        self._paths: list[Path] = []

    def budgets(self, basis: Basis, bytecode: Bytecode) -> Budgets:
        """Return the functions of the project. What they take is found out when that is asked for."""
        return Budgets(
            self._config,
            self._project,
            Calls(self._project, self._courses),
            self._survey.deployed,
            lambda: self._appraiser(basis, bytecode),
            self._compiles,
        )

    def looked(self) -> Looked | None:
        """Return what was looked at, once all is done; None where nothing was, for nothing was asked for."""
        if not self._appraisers and not self._paths:
            return None
        from gwlint.footprint.environment import state_of

        for sources in self._sources:
            sources.forget_others()
        seen = {one.path: one.stat for appraiser in self._appraisers for one in appraiser.seen()}
        seen |= {str(path): state_of(str(path)) for path in self._paths}
        return Looked(_installed(self._config), tuple(sorted(seen.items(), key=lambda item: item[0])))

    def _appraiser(self, basis: Basis, bytecode: Bytecode) -> FileAppraiser:
        # Few projects have functions, and fewer runs ask what these take.
        from gwlint.footprint.appraiser import FileAppraiser
        from gwlint.footprint.environment import detect

        installed = detect(self._config.project, self._config.budgets.site_packages or "", os.environ)
        sources = self._survey.sources()
        made = FileAppraiser(self._config.project, installed, sources, basis=basis, bytecode=bytecode)
        self._sources.append(sources)
        self._appraisers.append(made)
        return made

    def _courses(self, path: str) -> tuple[Course, ...]:
        """Read a module once more, as the few that functions consist of."""
        from gwlint.parse import courses

        return courses(self._survey.content(path))

    def _compiles(self) -> bool:
        """Tell whether a build makes bytecode that goes by no date, as far as its scripts say."""
        from gwlint.discover.build_scripts import build_scripts, mentions

        folders = sorted({posixpath.dirname(template.template) for template, _ in self._survey.deployed})
        scripts = build_scripts(self._config.project, folders)
        # A folder changes when a file comes or goes.
        self._paths += (*scripts.files, *scripts.folders)
        return any(mentions(file, _COMPILING) for file in scripts.files)


def _installed(config: Config) -> str:
    from gwlint.footprint.environment import detect

    found = detect(config.project, config.budgets.site_packages or "", os.environ)
    return "" if found is None else f"{found.folder} {found.python}"
