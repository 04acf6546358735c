"""Measuring what handlers take to load: the one thing here that runs the code of a project."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from gwlint.cli.refusal import Refusal
from gwlint.reporters.controls import harmless
from gwlint.reporters.measured import Measured

if TYPE_CHECKING:
    from gwlint.budgets import FunctionBudget
    from gwlint.footprint.appraisals import Bytecode
    from gwlint.footprint.measuring import Bytecode as MeasuredBytecode

_RUNS = 3
_KB = 1024
_ENVIRONMENTS = (".venv", "venv")
_IN_ENVIRONMENT = ("bin/python", "Scripts/python.exe")


class Import(NamedTuple):
    """A module to import, and the folders it is imported from, besides those of the interpreter."""

    module: str
    folders: tuple[Path, ...]


class Laboratory(NamedTuple):
    """An interpreter, and where the packages are that it does not have by itself.

    `version` is what a function has to run on, `python3.12`; empty where any will do, for the user has chosen.
    """

    project: Path
    python: Path
    version: str
    site_packages: Path | None

    @classmethod
    def of(cls, project: Path, python: Path | None, site_packages: Path | None) -> Laboratory:
        """Return the laboratory of a project: with the interpreter that is asked for, its own, or this one."""
        if python is not None:
            if not python.is_file():
                raise Refusal(f"--python: {python} is no interpreter; name its file")
            return cls(project, python.absolute(), "", site_packages)
        own = _own(project)
        if own is not None:
            return cls(project, own, "", site_packages)
        return cls(project, Path(sys.executable), f"python{sys.version_info[0]}.{sys.version_info[1]}", site_packages)

    def measured(self, functions: Sequence[FunctionBudget], bytecode: Bytecode) -> Mapping[int, Measured]:
        """Return what the handlers of some functions take, by place; says first what it is going to run."""
        asked = {place: self._import(one) for place, one in enumerate(functions) if one.path}
        self._announce([functions[place] for place in asked], list(asked.values()))
        return {place: self._measured(functions[place], one, bytecode) for place, one in asked.items()}

    def _import(self, function: FunctionBudget) -> Import | None:
        from gwlint.templates import handler_module

        module = handler_module(function.handler)
        steps = module.replace(".", "/")
        for end in (f"{steps}.py", f"{steps}/__init__.py"):
            if module and f"/{function.path}".endswith(f"/{end}"):
                root = self.project / function.path[: -len(end)]
                return Import(module, (root, *([self.site_packages.absolute()] if self.site_packages else [])))
        return None

    def _announce(self, functions: Sequence[FunctionBudget], imports: Sequence[Import | None]) -> None:
        runnable = [
            (function, one) for function, one in zip(functions, imports, strict=True) if one and self._suits(function)
        ]
        if not runnable:
            return
        click.echo(f"running with {harmless(str(self.python))}, {_RUNS} times each:", err=True)
        for _, one in runnable:
            folders = os.pathsep.join(map(str, one.folders))
            click.echo(harmless(f"  import {one.module}  (from {folders})"), err=True)

    def _suits(self, function: FunctionBudget) -> bool:
        return not self.version or not function.runtime or function.runtime == self.version

    def _measured(self, function: FunctionBudget, asked: Import | None, bytecode: Bytecode) -> Measured:
        from gwlint.footprint.measuring import MeasuringError, measure

        if asked is None:
            return Measured(0, 0, f"`{function.handler}` is not the name of the module in {function.path}")
        if not self._suits(function):
            return Measured(0, 0, f"it is for {function.runtime}, and this is {self.version}; name one with --python")
        kept: MeasuredBytecode = "kept" if bytecode == "auto" else bytecode
        try:
            found = measure(
                self.python,
                module=asked.module,
                path=asked.folders,
                runs=_RUNS,
                bytecode=kept,
                folder=asked.folders[0],
            )
        except MeasuringError as error:
            return Measured(0, 0, str(error))
        return Measured(found.memory_kb / _KB, found.cpu_ms)


def _own(project: Path) -> Path | None:
    """Return the interpreter of the environment that lies in a project."""
    for name in _ENVIRONMENTS:
        if (project / name / "pyvenv.cfg").is_file():
            for place in _IN_ENVIRONMENT:
                if (project / name / place).is_file():
                    return project / name / place
    return None
