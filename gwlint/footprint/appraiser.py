"""Functions appraised by the files at hand: those of the project, its layers, and the packages that are installed."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gwlint.footprint import requirements
from gwlint.footprint.appraisals import Appraisal, Bytecode, Deployed
from gwlint.footprint.closure import deep_enough, prefetch
from gwlint.footprint.environment import Environment, Installed, SearchFolder, Seen, Target, state_of
from gwlint.footprint.estimates import Amount, Basis, Estimate
from gwlint.footprint.estimator import Estimator, Runtime
from gwlint.footprint.execution import Execution
from gwlint.footprint.kept import Modules
from gwlint.footprint.loads import Closure
from gwlint.footprint.package_size import PackageSize, Shipped, shipped, size_of
from gwlint.footprint.sources import Sources
from gwlint.footprint.tables import Tables

_MIB = 1 << 20
_NEWEST = (3, 12)
"""The version of Python that is taken for granted where nothing says which."""

_OLDEST, _LATEST = 10, 14
"""The runtimes that were measured."""

_PARTS = 10
_RUNTIME = "python3."


@dataclass(slots=True)
class _Loading:
    """A handler as it is loaded: what that comes to, and what it has come to `later`, with more imports."""

    execution: Execution
    environment: Environment
    closure: Closure
    later: Closure
    version: tuple[int, int]
    architecture: str


class FileAppraiser:
    """Appraises functions. What was read for one of them is not read again for another."""

    def __init__(
        self,
        project: Path,
        installed: Installed | None,
        sources: Sources,
        *,
        basis: Basis = "table",
        bytecode: Bytecode = "auto",
    ) -> None:
        """Look at nothing yet. `installed` is where packages are installed, if that is known."""
        self._project = project
        self._installed = installed
        self._sources = sources
        self._basis = basis
        self._bytecode = bytecode
        self._tables = Tables()
        self._estimators: dict[tuple[tuple[int, int], Bytecode], Estimator] = {}
        self._environments: dict[tuple[tuple[str, ...], tuple[int, int]], Environment] = {}
        # What packages do is found out once for all functions of a version.
        self._modules: dict[tuple[int, int], Modules] = {}
        self._loadings: dict[tuple[object, ...], _Loading] = {}
        self._estimates: dict[tuple[object, ...], Estimate] = {}
        self._later: dict[tuple[object, ...], Amount] = {}
        self._sizes: dict[tuple[object, ...], PackageSize] = {}

    def appraise(self, function: Deployed) -> Appraisal:
        """Tell what a function takes."""
        size = self._size(function)
        estimate = self._estimate(function, self._bytecode)
        parts = tuple((part.name, part.estimate / _MIB) for part in size.parts[:_PARTS])
        return Appraisal(estimate, size.amount, parts, size.notes)

    def later_ms(self, function: Deployed, modules: Sequence[str]) -> Amount | None:
        """Tell how much CPU it takes to import modules once a function is loaded; None if unknown.

        What was imported so before counts as loaded.
        """
        loading = self._loading(function)
        if loading is None:
            return None
        key = (self._key(function), tuple(modules))
        if key not in self._later:
            self._later[key] = self._imported_later(loading, modules)
        return self._later[key]

    def _imported_later(self, loading: _Loading, modules: Sequence[str]) -> Amount:
        there = {load.module for load in loading.later.loads}
        wanted = [module for module in modules if module not in there]
        if not wanted:
            return Amount(0, 0, 0, 0, 0)
        before = loading.later
        for module in wanted:
            prefetch(module, loading.environment, self._sources, self._modules[loading.version])
            with deep_enough():
                loading.later = loading.execution.start(module)
        return _difference(self._estimated(loading, before), self._estimated(loading, loading.later))

    def compiled_ms(self, function: Deployed) -> Amount | None:
        """Tell how much longer loading takes where all bytecode is out of date; None if unknown."""
        valid, stale = self._estimate(function, "valid"), self._estimate(function, "stale")
        return _difference(valid, stale) if valid is not None and stale is not None else None

    def seen(self) -> tuple[Seen, ...]:
        """Return all files and folders that were looked at, beside the sources of the project."""
        found = {one.path: one for environment in self._environments.values() for one in environment.seen()}
        for path in self._more_paths():
            found.setdefault(path, Seen(path, state_of(path)))
        return tuple(found[path] for path in sorted(found))

    def _more_paths(self) -> Iterable[str]:
        for size in self._sizes.values():
            yield from size.seen
        for loading in self._loadings.values():
            for load in loading.later.loads:
                if load.file:
                    # Bytecode is replaced by renaming, which changes the folder.
                    yield f"{posixpath.dirname(load.file)}/__pycache__"

    def _estimate(self, function: Deployed, bytecode: Bytecode) -> Estimate | None:
        loading = self._loading(function)
        if loading is None:
            return None
        key = (self._key(function), bytecode)
        if key not in self._estimates:
            self._estimates[key] = self._estimated(loading, loading.closure, bytecode)
        return self._estimates[key]

    def _estimated(self, loading: _Loading, closure: Closure, bytecode: Bytecode | None = None) -> Estimate:
        key = (loading.version, bytecode or self._bytecode)
        if key not in self._estimators:
            self._estimators[key] = Estimator(self._tables, key[0], basis=self._basis, bytecode=key[1])
        return self._estimators[key].estimate(closure, _runtime(self._tables, loading.version, loading.architecture))

    def _loading(self, function: Deployed) -> _Loading | None:
        key = self._key(function)
        if function.unit.handler is None:
            return None
        if key not in self._loadings:
            version = self._version(function)
            environment = self._environment(function.unit.roots, version)
            module = _module(function.unit.roots[0], function.unit.handler)
            modules = self._modules.setdefault(version, Modules())
            prefetch(module, environment, self._sources, modules)
            execution = Execution(environment, self._sources, _asked(self._tables, version), modules)
            with deep_enough():
                closure = execution.start(module)
            self._loadings[key] = _Loading(execution, environment, closure, closure, version, _architecture(function))
        return self._loadings[key]

    def _key(self, function: Deployed) -> tuple[object, ...]:
        """Return what functions have in common that load the same."""
        return (function.unit.roots, function.unit.handler, self._version(function), _architecture(function))

    def _environment(self, roots: tuple[str, ...], version: tuple[int, int]) -> Environment:
        if (roots, version) not in self._environments:
            project = self._project
            folders = [
                SearchFolder(os.path.normpath(project / root), "project", "" if root == "." else root, precedes=True)
                for root in roots
            ]
            if self._installed is not None:
                folders.append(SearchFolder(self._installed.folder, "package"))
            is_complete = self._installed is not None and Path(self._installed.folder).is_dir()
            self._environments[roots, version] = Environment(folders, Target(version), is_complete=is_complete)
        return self._environments[roots, version]

    def _version(self, function: Deployed) -> tuple[int, int]:
        name = (function.template.runtime or "") if function.template is not None else ""
        minor = name.removeprefix(_RUNTIME)
        if name.startswith(_RUNTIME) and minor.isdecimal():
            return 3, int(minor)
        return (self._installed.python if self._installed is not None else None) or _NEWEST

    def _size(self, function: Deployed) -> PackageSize:
        project = self._project
        template, unit = function
        what = shipped(project, template) if template is not None else Shipped(project, project / unit.roots[0])
        version, architecture = self._version(function), _architecture(function)
        key = (what, version, architecture)
        if key not in self._sizes:
            folders = [Path(self._installed.folder)] if self._installed is not None else []
            self._sizes[key] = size_of(what, folders, requirements.Target(version[1], architecture))
        return self._sizes[key]


def _asked(tables: Tables, version: tuple[int, int]) -> Callable[[str], tuple[str, ...] | None]:
    """Return what tells which modules another one imports that no source shows, as it was observed."""

    def asked(module: str) -> tuple[str, ...] | None:
        row = tables.standard(version).rows.get(module)
        if row is None:
            table = tables.package(tables.providers.get(module.partition(".")[0], ""))
            row = table.rows.get(module) if table is not None else None
        return row.imports if row is not None else None

    return asked


def _runtime(tables: Tables, version: tuple[int, int], architecture: str) -> Runtime:
    """Return what a runtime takes by itself, or the nearest one that is known."""
    known = (tables.runtime(f"{_RUNTIME}{minor}", architecture) for minor in _nearest(version[1]))
    found = next(filter(None, known))
    return Runtime(found.memory_mb, found.init_ms, found.modules)


def _nearest(minor: int) -> list[int]:
    return sorted(range(_OLDEST, _LATEST + 1), key=lambda one: (abs(one - minor), one))


def _module(root: str, path: str) -> str:
    """Return the name by which a file is imported from a folder of the project."""
    inside = path if root == "." else posixpath.relpath(path, root)
    return inside.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _architecture(function: Deployed) -> str:
    declared = function.template.architecture.value if function.template is not None else None
    return "arm64" if declared == "arm64" else "x86_64"


def _difference(one: Estimate, other: Estimate) -> Amount:
    """Return how much longer the second of two estimates is than the first."""
    low, estimate, high = (
        getattr(other.init_ms, bound) - getattr(one.init_ms, bound) for bound in ("low", "estimate", "high")
    )
    return Amount(max(min(low, estimate), 0.0), max(estimate, 0.0), max(high, estimate, 0.0), 0, 0)
