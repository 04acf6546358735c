"""Small projects whose functions have an agreed price, and what the rules about budgets say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from gwlint.analysis import Survey
from gwlint.budgets import Budgets
from gwlint.cache import Cache
from gwlint.calls import Calls
from gwlint.codebase import Codebase
from gwlint.config import load
from gwlint.finding import Finding
from gwlint.footprint.appraisals import Appraisal, Deployed
from gwlint.footprint.estimates import Amount, Contributor, Estimate
from gwlint.parse import courses
from gwlint.rules import RULES
from tests.projects import write


def amount(low: float, high: float, *, base: float = 0, runtime: float = 0) -> Amount:
    return Amount(low, (low + high) / 2, high, base, runtime)


def exactly(value: float) -> Amount:
    return amount(value, value)


def contributor(name: str, line: str, *, mb: float = 1, ms: float = 1, saving: float = 0) -> Contributor:
    return Contributor(name, "package", mb * 1024, ms, (line,), "table", mb * 1024, saving)


def estimate(mb: Amount, ms: Amount, *contributors: Contributor) -> Estimate:
    return Estimate(mb, ms, contributors, ())


@dataclass(frozen=True)
class Prices:
    """Appraises by a list: functions and lost time by the name of the function, later imports by that of the module."""

    functions: Mapping[str, Appraisal] = field(default_factory=dict)
    later: Mapping[str, float] = field(default_factory=dict)
    lost: Mapping[str, float] = field(default_factory=dict)

    def appraise(self, function: Deployed) -> Appraisal:
        return self.functions.get(function.unit.name, Appraisal())

    def later_ms(self, function: Deployed, modules: Sequence[str]) -> Amount | None:
        return exactly(sum(self.later.get(module, 0) for module in modules))

    def compiled_ms(self, function: Deployed) -> Amount | None:
        return exactly(self.lost[function.unit.name]) if function.unit.name in self.lost else None


def budgeted(folder: Path, files: Mapping[str, str], prices: Prices, *, compiles: bool = False) -> Codebase:
    config = load(write(folder, files))
    with closing(Cache(None)) as cache:
        survey = Survey(config, cache, 1, lambda _done, _total: None)
        project = survey.project()
    calls = Calls(project, lambda path: courses((folder / path).read_bytes()))
    budgets = Budgets(config, project, calls, survey.deployed, lambda: prices, lambda: compiles)
    return Codebase(config, project, project.cycles, lambda _path: (), budgets=lambda _basis, _bytecode: budgets)


def ask(code: str, asked: Codebase) -> list[Finding]:
    (rule,) = (rule for rule in RULES if rule.id == code)
    return sorted(rule.check(asked), key=lambda finding: finding.order)


def told(code: str, asked: Codebase) -> list[str]:
    """Return what one rule finds, on a line each."""
    return [f"{one.path}:{one.at.line}: {one.severity}: {one.message}" for one in ask(code, asked)]
