"""What a rule is: a question to a codebase, with the findings for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from gwlint.codebase import Codebase
from gwlint.finding import Finding, Level, Related, Severity
from gwlint.model import Span

Precision = Literal["low", "medium", "high", "very-high"]


class Rule:
    """One rule. It knows no syntax tree, file, option or output.

    `id` is its code, `name` names the offence, `summary` is one sentence, `severity` the default one: `off` for a rule
    that has to be asked for. `precision` says how seldom it objects to what is fine, `tags` what it is about, for those
    who filter findings. Rules about the run itself, such as unused suppressions, have nothing to ask: `check.py`
    makes their findings.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    summary: ClassVar[str]
    severity: ClassVar[Level]
    precision: ClassVar[Precision]
    tags: ClassVar[tuple[str, ...]]

    def check(self, codebase: Codebase) -> Iterator[Finding]:  # noqa: ARG002  for those who ask
        """Yield what is wrong, in any order."""
        return iter(())

    def finding(
        self,
        path: str,
        at: Span,
        message: str,
        *,
        identity: str,
        severity: Severity | None = None,
        related: tuple[Related, ...] = (),
        elsewhere: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding of this rule, of its own severity unless another one is given."""
        own: Severity = "warning" if self.severity == "off" else self.severity
        return Finding(self.id, severity or own, message, path, at, identity, related, elsewhere=elsewhere)
