"""What the rules about import cycles have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from gwlint.codebase import Codebase
from gwlint.finding import Finding, Related
from gwlint.model import Cycle, Step
from gwlint.rule import Rule

_SHOWN = 7
"""How many modules of a chain are named; of a longer one, those at its ends."""


class CycleRule(Rule):
    """A rule that reports the cycles of one kind, each once."""

    precision = "very-high"
    tags = ("architecture", "cycle", "imports")
    kind: ClassVar[Literal["eager", "deferred", "type-only"]]
    how: ClassVar[str]
    remedy: ClassVar[str]

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every cycle, where its cut begins."""
        for cycle in codebase.cycles:
            if cycle.kind == self.kind:
                yield self._finding(codebase, cycle)

    def _finding(self, codebase: Codebase, cycle: Cycle) -> Finding:
        statements = _statements(cycle.cut)
        first = next((step for step in statements if not _is_of_own_gateway(codebase, step)), statements[0])
        chain = _chain([codebase.called(step.path) for step in cycle.witness])
        return self.finding(
            first.path,
            first.at,
            f"{len(cycle.paths)} modules {self.how}: `{chain}`; {self._advice(cycle, len(statements))}",
            identity=" ".join(sorted(cycle.paths)),
            related=(
                *(Related(step.path, step.at, f"imports `{step.target_path}`", is_step=True) for step in cycle.witness),
                *(Related(step.path, step.at, self._too) for step in statements if step is not first),
            ),
        )

    def _advice(self, cycle: Cycle, statements: int) -> str:
        if statements == 1:
            return f"{self.remedy} this import"
        few = "the fewest possible" if cycle.cut_is_minimal else "a set without proof of being smallest"
        return f"{self.remedy} {statements} imports, {few}"

    @property
    def _too(self) -> str:
        return f"{self.remedy} this import, too"


def _statements(cut: Sequence[Step]) -> list[Step]:
    """Return the first step of every statement of a cut."""
    return list({(step.path, step.at): step for step in reversed(cut)}.values())[::-1]


def _is_of_own_gateway(codebase: Codebase, step: Step) -> bool:
    """Tell whether an import is reported by the rules of access already, where it is the one to go."""
    place = codebase.components.place(step.path)
    return place.role == "internal" and place.component is not None and place.component.gateway == step.target_path


def _chain(names: Sequence[str]) -> str:
    shown = list(names)
    if len(shown) > _SHOWN:
        left = _SHOWN // 2
        shown = [*shown[:left], f"… {len(shown) - 2 * left} more …", *shown[-left:]]
    return " → ".join([*shown, names[0]])
