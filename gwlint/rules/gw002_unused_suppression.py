"""GW002: a suppression that suppresses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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

    def complaints(self, path: str, said: Suppression, idle: Sequence[str], *, lacks_reason: bool) -> Iterator[Finding]:
        """Yield a finding for each idle code of a suppression, and one for a suppression that can have no effect."""
        if said.codes and lacks_reason:
            message = "this suppression gives no reason and suppresses nothing; say why after the codes"
            yield self.finding(path, said.at, message, identity=" ".join(said.codes))
        elif said.form == "ignore-file" and said.first_line == _NOWHERE:
            message = "`ignore-file` stands after the first statement and suppresses nothing; move it to the top"
            yield self.finding(path, said.at, message, identity=" ".join(said.codes))
        else:
            for code in idle:
                yield self.finding(path, said.at, f"`{code}` suppresses nothing here; remove it", identity=code)
