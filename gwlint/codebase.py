"""What rules ask: a project, what its settings say of it, and the views that several rules share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property

from gwlint.components import Components
from gwlint.config import Config
from gwlint.judgement import Judgement, Offers
from gwlint.layering import Layers, layerings
from gwlint.model import Cycle, Part
from gwlint.project import Project

Parts = Callable[[str], tuple[Part, ...]]
"""Gives the parts of the module at a path: see `Codebase.parts`."""


class Codebase:
    """A project under its settings. Views are made when a rule first asks for them."""

    def __init__(self, config: Config, project: Project, cycles: tuple[Cycle, ...], parts: Parts) -> None:
        """`cycles` are those that no suppression has taken apart; `parts` reads a module again."""
        self.config = config
        self.project = project
        self.cycles = cycles
        self._parts = parts

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

    def called(self, path: str) -> str:
        """Return what a module is called in messages: its name, or its path where another one has that name, too."""
        return self._called.get(path, path)

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

    def parts(self, path: str) -> tuple[Part, ...]:
        """Return what a module consists of, statement by statement: for the few modules that are to be pure."""
        return self._parts(path)
