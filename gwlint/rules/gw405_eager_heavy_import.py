"""GW405: a library that every cold start pays for, and few invocations need."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.budgets import FULL_PROCESSOR_MB, IdleImport
from gwlint.codebase import Codebase
from gwlint.finding import Finding
from gwlint.rule import Rule
from gwlint.rules.budget_rule import figure

_WORTHWHILE_MS = 50
_FEW = 3


class EagerHeavyImport(Rule):
    """Reports expensive imports at module level that only now and then serve a purpose."""

    id = "GW405"
    name = "eager-heavy-import"
    summary = "An expensive library is loaded at every cold start, though few invocations need it."
    severity = "warning"
    precision = "medium"
    tags = ("budget", "cold-start")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every such import that spoils a cold start; of several functions, for the slowest."""
        found: dict[tuple[str, int], IdleImport] = {}
        for one in codebase.budgets.idle_imports:
            place = (one.path, one.at.line)
            if _matters(one) and (place not in found or one.least_ms > found[place].least_ms):
                found[place] = one
        for one in found.values():
            yield self._finding(one)

    def _finding(self, one: IdleImport) -> Finding:
        users = " and ".join(filter(None, (", ".join(f"`{user}`" for user in one.users[:-1]), f"`{one.users[-1]}`")))
        saved = f"{figure(one.saving.saving_ms)} ms and {figure(one.saving.saving_kb / 1024)} MB"
        return self.finding(
            one.path,
            one.at,
            f"`{one.name}` takes {saved} of every cold start of `{one.function.name}`, and only {users}"
            f" {'uses' if len(one.users) == 1 else 'use'} it, now and then; import it there{_warning(one)}",
            identity=one.name,
        )


def _matters(one: IdleImport) -> bool:
    estimate, limit = one.function.estimate, one.function.limits.init_ms
    if estimate is None or limit is None or len(one.users) > _FEW:
        return False
    is_within = estimate.init_ms.high - estimate.init_ms.runtime <= limit
    return one.least_ms >= _WORTHWHILE_MS and not is_within


def _warning(one: IdleImport) -> str:
    """Say what importing it later takes, where that is more."""
    memory_mb = one.function.limits.memory_mb
    if memory_mb is None or memory_mb >= FULL_PROCESSOR_MB:
        return ""
    return f", where it takes {figure(FULL_PROCESSOR_MB / memory_mb)} times as long at {figure(memory_mb)} MB"
