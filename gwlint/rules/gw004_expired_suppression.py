"""GW004: a suppression whose time is over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from gwlint.finding import Finding
from gwlint.model import Suppression
from gwlint.rule import Rule


class ExpiredSuppression(Rule):
    """Reports suppressions past their date, or with a date that is none."""

    id = "GW004"
    name = "expired-suppression"
    summary = "A suppression is past its date, or has a date that is none."
    severity = "error"
    precision = "very-high"
    tags = ("maintainability", "suppression")

    def complaints(self, path: str, said: Suppression, today: date) -> Iterator[Finding]:
        """Yield a finding where a suppression has run out by a day."""
        if said.until is None:
            return
        last = last_day(said.until)
        if last is None:
            message = f"`until={said.until}` is no date, and nothing is suppressed; write it like `until=2027-01-31`"
            yield self.finding(path, said.at, message, identity=said.until)
        elif last < today:
            message = f"this suppression ran out on {said.until}; mend what it suppressed, or give it a new date"
            yield self.finding(path, said.at, message, identity=said.until)


def last_day(until: str) -> date | None:
    """Return the last day on which a suppression counts; None where what is written is no date."""
    # Newer Pythons read other forms, too, but the answer must not depend on the interpreter.
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", until):
        return None
    try:
        return date.fromisoformat(until)
    except ValueError:
        return None
