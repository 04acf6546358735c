"""Which rules are on, for which files, and how grave their findings are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from gwlint.config import Config
from gwlint.discover.ignore import Patterns
from gwlint.finding import SEVERITIES, Finding, Level, Severity
from gwlint.rule import Rule

_EXHAUSTIVE = "GW005"
"""The rule that a contract asks for by being exhaustive."""


class Selection:
    """What the settings say of rules."""

    def __init__(self, config: Config) -> None:
        """Take settings whose codes have been checked."""
        self._config = config
        self._levels = dict(config.severity)
        self._ignored_in = [(Patterns([glob]), codes) for glob, codes in config.per_file_ignores]

    def has(self, rule: Rule) -> bool:
        """Tell whether a rule is on: the longest of the codes that mean it decides."""
        config = self._config
        chosen = _longest(rule.id, (*config.select, *config.extend_select))
        if len(_longest(rule.id, config.ignore)) >= len(chosen) or self.level(rule) == "off":
            return False
        is_asked_for = rule.severity != "off" or rule.id in (chosen, *self._levels)
        return is_asked_for or (rule.id == _EXHAUSTIVE and any(one.exhaustive for one in config.contracts))

    def level(self, rule: Rule) -> Level | None:
        """Return what the settings say of a rule's severity, if anything."""
        return self._levels.get(_longest(rule.id, self._levels))

    def severity(self, rule: Rule) -> Severity:
        """Return how grave the findings of a rule that is on are, if nothing makes them milder."""
        level = self.level(rule) or rule.severity
        return "warning" if level == "off" else level

    def has_in(self, code: str, path: str) -> bool:
        """Tell whether findings of a rule in a file are wanted."""
        return not any(_longest(code, codes) and patterns.cover(path) for patterns, codes in self._ignored_in)

    def graded(self, finding: Finding, rule: Rule) -> Finding:
        """Return a finding with the severity that the settings give it: one that is milder than its rule stays so."""
        level = self.level(rule)
        if level is None or level == "off":
            return finding
        default = "warning" if rule.severity == "off" else rule.severity
        is_milder = SEVERITIES.index(finding.severity) < SEVERITIES.index(default)
        severity = min(finding.severity, level, key=SEVERITIES.index) if is_milder else level
        return msgspec.structs.replace(finding, severity=severity)

    def meaningless(self, paths: Sequence[str]) -> list[str]:
        """Return the globs of `per-file-ignores` that mean no file."""
        return [
            glob
            for (patterns, _), (glob, _) in zip(self._ignored_in, self._config.per_file_ignores, strict=True)
            if not any(patterns.cover(path) for path in paths)
        ]


def _longest(code: str, beginnings: Iterable[str]) -> str:
    """Return the longest of some beginnings of codes that a code has, empty if it has none."""
    return max((one for one in beginnings if code.startswith(one)), key=len, default="")
