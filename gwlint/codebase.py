"""What rules ask: a project, what its settings say of it, and the views that several rules share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal

from gwlint.budgets import Budgets
from gwlint.calls import Calls
from gwlint.clones import Member
from gwlint.comparison import UNCOMPARED, Comparison, Uncompared
from gwlint.components import Components
from gwlint.config import Config
from gwlint.duplication import Duplicate, duplicates
from gwlint.footprint.appraisals import Bytecode, Unappraised
from gwlint.footprint.estimates import Basis
from gwlint.handlers import Handlers
from gwlint.invocations import Invocations
from gwlint.judgement import Judgement, Offers
from gwlint.layering import Layers, layerings
from gwlint.model import Conduct, Cycle, Part, Redefinition, SourceError, Span
from gwlint.project import Project
from gwlint.reference import Reimplementation, reimplementations

Parts = Callable[[str], tuple[Part, ...]]
"""Gives the parts of the module at a path: see `Codebase.parts`."""

AllBudgets = Callable[[Basis, Bytecode], Budgets]
"""Gives the Lambda functions, what they take and what they may take, by what is known and deployed."""

Conducts = Callable[[Sequence[str]], Mapping[str, Conduct]]
"""Gives what the functions of some modules do when they are called, by path."""


class Codebase:
    """A project under its settings. Views are made when a rule first asks for them."""

    def __init__(
        self,
        config: Config,
        project: Project,
        cycles: tuple[Cycle, ...],
        parts: Parts,
        comparison: Comparison | Uncompared = UNCOMPARED,
        conducts: Conducts = lambda _paths: {},
        budgets: AllBudgets | None = None,
    ) -> None:
        """`cycles` are those that no suppression has taken apart; `parts` reads a module again.

        `conducts` reads what some modules do, and `budgets` what functions take, once that is asked for; without
        `budgets`, there are no functions.
        """
        self.config = config
        self.project = project
        self.cycles = cycles
        self._parts = parts
        self._comparison = comparison
        self._budgets = budgets
        self._read_conducts = conducts

    @cached_property
    def components(self) -> Components:
        """The components of the project, and the role of every module. Raises `ConfigError`."""
        return Components(self.config, self.project)

    @cached_property
    def layerings(self) -> tuple[Layers, ...]:
        """The orders of layers that hold. Raises `ConfigError`."""
        return layerings(self.config, self.project, self.components)

    @cached_property
    def judgement(self) -> Judgement:
        """Which imports are not allowed, and why. Raises `ConfigError`."""
        return Judgement(self.config, self.project, self.components, self.layerings)

    @property
    def redefinitions(self) -> Mapping[str, tuple[Redefinition, ...]]:
        """The definitions that get lost in every module, by path."""
        return self._comparison.redefinitions

    @cached_property
    def clones(self) -> tuple[Duplicate, ...]:
        """The functions that are copies of one another, each class of them once. Raises `ConfigError`."""
        return duplicates(self.config, self.project, self.components, self._comparison.classes, self._parts)

    @cached_property
    def reimplementations(self) -> tuple[Reimplementation, ...]:
        """The functions that do again what the reference runtime has. Raises `ConfigError`."""
        offered = [member for one in self.clones if one.offer is not None for member in one.members]
        return reimplementations(self.config, self.project, self.components, self._comparison, offered)

    def is_reimplemented(self, duplicate: Duplicate) -> bool:
        """Tell whether all the members of a class do again what the reference runtime has."""
        known = {one.member for one in self.reimplementations}
        return bool(known) and all(member in known for member in duplicate.members)

    @cached_property
    def budgets(self) -> Budgets:
        """The Lambda functions, what they take and what they may take."""
        return self.budgets_by("table", "auto")

    def budgets_by(self, basis: Basis, bytecode: Bytecode) -> Budgets:
        """Return the Lambda functions by what estimates may rest on, and by what becomes of bytecode."""
        if self._budgets is not None:
            return self._budgets(basis, bytecode)
        return Budgets(self.config, self.project, Calls(self.project, lambda _path: ()), (), Unappraised)

    @cached_property
    def handlers(self) -> Handlers:
        """What Lambda calls, and what it loads for that."""
        return Handlers(self.project)

    @cached_property
    def invocations(self) -> Invocations:
        """What runs when Lambda calls a handler."""
        return Invocations(self.handlers, self._read_conducts)

    def called(self, path: str) -> str:
        """Return what a module is called in messages: its name, or its path where another one has that name, too."""
        return self._called.get(path, path)

    def function_called(self, member: Member) -> str:
        """Return what a function is called in messages."""
        return self.named(member.path, member.function.name)

    def named(self, path: str, name: str) -> str:
        """Return what something in a module is called in messages."""
        module = self.called(path)
        return f"{module}:{name}" if module == path else f"{module}.{name}"

    def is_test(self, path: str) -> bool:
        """Tell whether a module is a test."""
        return self.components.place(path).role == "test"

    @cached_property
    def offers(self) -> Offers:
        """What modules hand on."""
        return Offers(self.project)

    def unassigned(self) -> list[str]:
        """Return the modules that have no part in the architecture: no role but that of application code, no layer.

        What only marks a package needs none.
        """
        placed = {path for layers in self.layerings for path in layers.layer_of}
        return [
            module.path
            for module in self.project.modules
            if module.path not in placed
            and self.components.place(module.path).role == "external"
            and not module.only_marks
        ]

    @cached_property
    def _called(self) -> dict[str, str]:
        times = Counter(module.name for module in self.project.modules)
        return {module.path: module.name for module in self.project.modules if times[module.name] == 1}

    def errors(self, kind: Literal["syntax", "decode"]) -> Iterator[tuple[str, SourceError, Span]]:
        """Yield the errors of one kind: the path of the module, the error, and the character it is at."""
        for module in self.project.modules:
            error = module.error
            if error is not None and error.kind == kind:
                yield module.path, error, Span(error.line, error.column, error.line, error.column + 1)

    def parts(self, path: str) -> tuple[Part, ...]:
        """Return what a module consists of, statement by statement: for the few modules that are to be pure."""
        return self._parts(path)
