"""GW006: an entry of the baseline without a finding."""

from __future__ import annotations

from gwlint.finding import Finding
from gwlint.model import Span
from gwlint.rule import Rule

_LONGEST = 100
"""How much of an entry is quoted: a cycle can have a thousand modules."""


class StaleBaseline(Rule):
    """Reports what a baseline still forgives although it has been put right."""

    id = "GW006"
    name = "stale-baseline"
    summary = "The baseline has a finding that there is no more."
    severity = "warning"
    precision = "very-high"
    tags = ("baseline",)

    def complaint(self, file: str, at: Span, code: str, path: str, identity: str) -> Finding:
        """Return the finding for an entry at a place of the baseline: what it says of a path."""
        what = f"`{code}` in `{path}`" + (f" ({_shortened(identity)})" if identity else "")
        message = f"{what} is not found any more; `gwlint baseline prune` removes it from the baseline"
        return self.finding(file, at, message, identity=f"{code} {path} {identity}", elsewhere=(path,))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
