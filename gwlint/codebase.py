"""What rules ask: a project, what its settings say of it, and the views that several rules share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Literal

from gwlint.clones import Member
from gwlint.comparison import UNCOMPARED, Comparison, Uncompared
from gwlint.components import Components
from gwlint.config import Config
from gwlint.duplication import Duplicate, duplicates
from gwlint.judgement import Judgement, Offers
from gwlint.layering import Layers, layerings
from gwlint.model import Cycle, Part, Redefinition, SourceError, Span
from gwlint.project import Project

Parts = Callable[[str], tuple[Part, ...]]
"""Gives the parts of the module at a path: see `Codebase.parts`."""


class Codebase:
    """A project under its settings. Views are made when a rule first asks for them."""

    def __init__(
        self,
        config: Config,
        project: Project,
        cycles: tuple[Cycle, ...],
        parts: Parts,
        comparison: Comparison | Uncompared = UNCOMPARED,
    ) -> None:
        """`cycles` are those that no suppression has taken apart; `parts` reads a module again."""
        self.config = config
        self.project = project
        self.cycles = cycles
        self._parts = parts
        self._comparison = comparison

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

    def called(self, path: str) -> str:
        """Return what a module is called in messages: its name, or its path where another one has that name, too."""
        return self._called.get(path, path)

    def function_called(self, member: Member) -> str:
        """Return what a function is called in messages."""
        module = self.called(member.path)
        return f"{module}:{member.function.name}" if module == member.path else f"{module}.{member.function.name}"

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
