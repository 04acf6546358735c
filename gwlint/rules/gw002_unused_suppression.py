"""GW002: a suppression that suppresses nothing."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.finding import Finding
from gwlint.model import Suppression
from gwlint.rule import Rule

_NOWHERE = 0


class UnusedSuppression(Rule):
    """Reports codes in suppressions that have no finding to silence."""

    id = "GW002"
    name = "unused-suppression"
    summary = "A suppression suppresses nothing."
    severity = "warning"
    precision = "very-high"
    tags = ("maintainability", "suppression")

    def powerless(self, path: str, said: Suppression, *, lacks_reason: bool) -> Iterator[Finding]:
        """Yield a finding for a suppression that can have no effect: without a needed reason, or in the wrong place."""
        if lacks_reason:
            message = "this suppression gives no reason and suppresses nothing; say why after the codes"
            yield self.finding(path, said.at, message, identity=" ".join(said.codes))
        elif is_misplaced(said):
            message = "`ignore-file` stands after the first statement and suppresses nothing; move it to the top"
            yield self.finding(path, said.at, message, identity=" ".join(said.codes))

    def idle(self, path: str, said: Suppression, code: str) -> Finding:
        """Return the finding for one code of a suppression that suppresses nothing."""
        return self.finding(path, said.at, f"`{code}` suppresses nothing here; remove it", identity=code)


def is_misplaced(said: Suppression) -> bool:
    """Tell whether a suppression of a whole file stands too late for that."""
    return said.form == "ignore-file" and said.first_line == _NOWHERE
