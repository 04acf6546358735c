"""What one check comes to: what reporters render, and what decides the exit code."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from gwlint.components import Component
from gwlint.discover.files import below
from gwlint.finding import SEVERITIES, Finding, Severity
from gwlint.model import Fact, Layout
from gwlint.project import Account


class Report(Fact, frozen=True):
    """The findings of one check, sorted, with the account of the files they are about.

    `suppressed` counts the findings that comments silenced. `components` are all that there are, declared and inferred.
    `notices` are for people to read. `modules` are the paths of all modules, of those that can't be read, too.
    """

    account: Account
    layout: Layout
    roots: tuple[str, ...]
    findings: tuple[Finding, ...]
    suppressed: int
    components: tuple[Component, ...]
    notices: tuple[str, ...]
    modules: tuple[str, ...] = ()

    def touching(self, paths: Collection[str]) -> Report:
        """Keep the findings that have one of their places in some files or folders."""
        places = ((one, (one.path, *(related.path for related in one.related))) for one in self.findings)
        kept = (one for one, touched in places if any(below(path, paths) for path in touched))
        return msgspec.structs.replace(self, findings=tuple(kept))

    def fails(self, at: Severity) -> bool:
        """Tell whether there is a finding of this severity or a graver one."""
        grave = SEVERITIES[SEVERITIES.index(at) :]
        return any(finding.severity in grave for finding in self.findings)
