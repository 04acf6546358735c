"""What a rule reports: a finding, at the smallest piece of source that causes it."""

from typing import Literal, get_args

from gwlint.model import Fact, Span

Severity = Literal["note", "warning", "error"]
Level = Literal["off", "note", "warning", "error"]

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""From the mildest to the gravest."""

FIRST_LINE = Span(1, 1, 1, 1)
"""Where a finding sits that is about a whole file."""


class Related(Fact, frozen=True):
    """Another place that a finding is about, and what it has to do with it.

    Places that are steps lead around a cycle, one import to the next, in their order.
    """

    path: str
    at: Span
    message: str
    is_step: bool = False


class Finding(Fact, frozen=True):
    """Something a rule objects to.

    `identity` tells the finding from others of its rule in its file without saying where in the file it is: it stays
    the same when lines move. `fingerprint` is made of it once all findings are known. `elsewhere` has the paths of
    other files that it is about, which need not exist.
    """

    rule: str
    severity: Severity
    message: str
    path: str
    at: Span
    identity: str
    related: tuple[Related, ...] = ()
    fingerprint: str = ""
    elsewhere: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, Span, str, str, str]:
        """Where the finding comes in a report: by place, then by rule."""
        return self.path, self.at, self.rule, self.identity, self.message

    @property
    def touches(self) -> tuple[str, ...]:
        """The paths of all files that the finding is about."""
        return self.path, *(one.path for one in self.related), *self.elsewhere


class Silenced(Fact, frozen=True):
    """A finding that a comment silences, and the reason that the comment gives; empty if it gives none."""

    finding: Finding
    reason: str


def shortened(text: str, longest: int = 40) -> str:
    """Return a piece of source that fits into a message."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
