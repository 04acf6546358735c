"""GW204: an import of a module of the project that does not exist."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gwlint.codebase import Codebase
from gwlint.discover.files import TOP
from gwlint.finding import FIRST_LINE, Finding, Related, Severity
from gwlint.model import UnresolvedImport
from gwlint.project import Module, Project
from gwlint.rule import Rule

_ALIKE = 0.75


class UnresolvedImports(Rule):
    """Reports imports that will fail when they run."""

    id = "GW204"
    name = "unresolved-import"
    summary = "A module of the project is imported that does not exist."
    severity = "error"
    precision = "high"
    tags = ("correctness", "imports")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding for every import that fails, unless somebody catches that."""
        modules = codebase.project.modules
        failing = [(module, one) for module in modules for one in module.resolution.unresolved if not one.guarded]
        if not failing:
            return
        names = _Names(codebase.project)
        for module, one in failing:
            yield self._finding(codebase, module, one, names)

    def _finding(self, codebase: Codebase, module: Module, one: UnresolvedImport, names: _Names) -> Finding:
        missing = names.missing(module, one)
        what = f"`{codebase.called(module.path)}` imports `{missing.written}`"
        elsewhere = names.path(missing.name, but=module.root)
        related: tuple[Related, ...] = ()
        if _leads_out(module, one):
            top = "the project" if module.root == TOP else f"`{module.root}`"
            message = f"{what}, which leads beyond the top of {top}; import it by its full name"
        elif elsewhere:
            message = f"{what}, but `{elsewhere}` is not deployed with it; move that where both can see it"
            related = (Related(elsewhere, FIRST_LINE, "is deployed elsewhere"),)
        else:
            near = names.near(missing.name, but=module.name)
            message = (
                f"{what}, which does not exist; {f'did you mean `{near}`?' if near else 'create it or remove this'}"
            )
        return self.finding(
            module.path,
            one.at,
            message,
            identity=one.text,
            severity=_severity(one, is_test=module.is_test),
            related=related,
            elsewhere=tuple(_places(missing.name, codebase.project.roots)),
        )


def _places(name: str, roots: Sequence[str]) -> Iterator[str]:
    """Yield the files that a missing module may have been."""
    inside = name.replace(".", "/")
    for root in roots:
        for path in (f"{inside}.py", f"{inside}/__init__.py"):
            yield posixpath.normpath(posixpath.join(root, path))


def _severity(one: UnresolvedImport, *, is_test: bool) -> Severity:
    """Grade a missing import: certain to fail when its module is loaded, or not."""
    runs_at_load = one.kind == "eager" or (one.kind == "dynamic" and not one.deferred)
    return "error" if runs_at_load and not one.recovered and not is_test else "warning"


def _leads_out(module: Module, one: UnresolvedImport) -> bool:
    """Tell whether a relative import climbs out of the root that its module is imported from."""
    inside = module.path if module.root == TOP else posixpath.relpath(module.path, module.root)
    return one.level - 1 > inside.count("/")


class _Missing(NamedTuple):
    """What is missing: as one reads it in the import, and its full name."""

    written: str
    name: str


class _Names:
    """The names of the modules of a project, and what looks like them."""

    def __init__(self, project: Project) -> None:
        self._is_flat = project.layout == "flat"
        self._modules = {module.name: module for module in project.modules}
        self._inside: dict[str, set[str]] = {}
        self._called: dict[str, list[str]] = {}
        for name in self._modules:
            self._called.setdefault(name.rpartition(".")[2], []).append(name)
            while name:
                package, _, last = name.rpartition(".")
                self._inside.setdefault(package, set()).add(last)
                name = package

    def path(self, name: str, but: str) -> str:
        """Return the path of a module that lies in another root, empty if there is none."""
        module = self._modules.get(name)
        return module.path if module is not None and module.root != but else ""

    def missing(self, module: Module, one: UnresolvedImport) -> _Missing:
        """Return what an import asks for in vain: the module, or what should be a module in it."""
        written, name = "." * one.level + one.module, self._absolute(module, one)
        # A folder that only a relative import can mean has no names of its own.
        is_folder = one.level > 0 and (not one.module or name in self._inside)
        if is_folder and one.names and one.names != ("*",):
            inner = one.names[0]
            separator = "" if written.endswith(".") else "."
            return _Missing(f"{written}{separator}{inner}", f"{name}.{inner}" if name else inner)
        return _Missing(written, name)

    def near(self, name: str, but: str) -> str:
        """Return the name of a module that may be meant, empty if there is none."""
        parts = name.split(".")
        known = 0
        while known < len(parts) and ".".join(parts[: known + 1]) in self._inside:
            known += 1
        package = parts[:known]
        alike = self._alike(parts[known], ".".join(package)) if known < len(parts) else ""
        same = [one for one in self._called.get(parts[-1], ()) if one != but]
        candidates = [".".join([*package, alike, *parts[known + 1 :]])] if alike else []
        candidates += same if len(same) == 1 else []
        return next((one for one in candidates if one in self._modules and one != but), "")

    def _alike(self, name: str, package: str) -> str:
        import difflib  # takes longer to load than this module, and is for mistakes only

        near = difflib.get_close_matches(name, sorted(self._inside.get(package, ())), n=1, cutoff=_ALIKE)
        return near[0] if near else ""

    def _absolute(self, module: Module, one: UnresolvedImport) -> str:
        if self._is_flat:
            return one.module.rpartition(".")[2]
        if not one.level:
            return one.module
        package = module.name.split(".")
        climbed = one.level - (posixpath.basename(module.path) == "__init__.py")
        return ".".join(filter(None, (*package[: max(len(package) - climbed, 0)], one.module)))
