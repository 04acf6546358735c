"""What one check comes to: what reporters render, and what decides the exit code."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

from gwlint.components import Component
from gwlint.discover.files import TOP, below
from gwlint.finding import SEVERITIES, Finding, Severity, Silenced
from gwlint.model import Fact, Layout
from gwlint.project import Account


class Report(Fact, frozen=True):
    """The findings of one check, sorted, with the account of the files they are about.

    `suppressed` counts the findings that comments silenced, `silenced` has them in their order; `known` counts those
    that the baseline has. `components` are all that there are, declared and inferred. `notices` are for people to read.
    `modules` are the paths of all modules, of those that can't be read, too.
    """

    account: Account
    layout: Layout
    roots: tuple[str, ...]
    findings: tuple[Finding, ...]
    suppressed: int
    components: tuple[Component, ...]
    notices: tuple[str, ...]
    modules: tuple[str, ...] = ()
    known: int = 0
    silenced: tuple[Silenced, ...] = ()

    def touching(self, paths: Collection[str]) -> Report:
        """Keep the findings that have one of their places in some files or folders."""
        return self._keeping(lambda path: below(path, paths))

    def touching_any_of(self, files: Collection[str]) -> Report:
        """Keep the findings that have one of their places in some files; none where there are no files."""
        return self._keeping(lambda path: path in files)

    def seen_from(self, folder: str) -> Report:
        """Return the same with paths from a folder above the project; `folder` is the way from there to the project."""
        if folder == TOP:
            return self
        return msgspec.structs.replace(
            self,
            findings=tuple(_below(folder, one) for one in self.findings),
            silenced=tuple(Silenced(_below(folder, one.finding), one.reason) for one in self.silenced),
        )

    def fails(self, at: Severity) -> bool:
        """Tell whether there is a finding of this severity or a graver one."""
        grave = SEVERITIES[SEVERITIES.index(at) :]
        return any(finding.severity in grave for finding in self.findings)

    def _keeping(self, is_meant: Callable[[str], bool]) -> Report:
        def touched(finding: Finding) -> bool:
            return any(map(is_meant, finding.touches))

        return msgspec.structs.replace(
            self,
            findings=tuple(one for one in self.findings if touched(one)),
            silenced=tuple(one for one in self.silenced if touched(one.finding)),
        )


def _below(folder: str, finding: Finding) -> Finding:
    places = (msgspec.structs.replace(one, path=f"{folder}/{one.path}") for one in finding.related)
    return msgspec.structs.replace(finding, path=f"{folder}/{finding.path}", related=tuple(places))
