"""What the names that functions call mean among the modules of a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from gwlint.model import Conduct, ImportEdge, Procedure, Variable
from gwlint.project import Module

_FARTHEST = 8
"""How often a name may be handed on before nobody follows it any more."""


class Meaning(NamedTuple):
    """What a name means: something of the project at `path`, or something `outside` of it, by its name written out.

    The name of a method has its class before it. What an instance is one of is a class of the project.
    """

    kind: Literal["module", "procedure", "class", "instance", "variable", "outside"]
    path: str
    name: str


class Callees:
    """The names of some modules, and what they mean."""

    def __init__(self, modules: Iterable[Module], conducts: Mapping[str, Conduct]) -> None:
        """Take the modules in question, and what they do."""
        self._conducts = conducts
        self._imports = {module.path: _Imports(module.resolution.edges) for module in modules}
        self._procedures = {(path, one.name): one for path, said in conducts.items() for one in said.procedures}
        self._bases = {(path, name): bases for path, said in conducts.items() for name, bases in said.bases}
        self._variables: dict[tuple[str, str], Variable] = {}
        for path, said in conducts.items():
            for one in said.variables:
                self._variables.setdefault((path, one.name), one)
        self._known: dict[tuple[str, str], Meaning | None] = {}

    def procedure(self, path: str, name: str) -> Procedure | None:
        """Return a function of a module."""
        return self._procedures.get((path, name))

    def variable(self, path: str, name: str) -> Variable | None:
        """Return a variable of a module, of a class or of its objects."""
        return self._variables.get((path, name))

    def bases(self, path: str, name: str) -> tuple[str, ...]:
        """Return the bases of a class, as they are written."""
        return self._bases.get((path, name), ())

    def meant(self, path: str, name: str) -> Meaning | None:
        """Return what a dotted name of a file means, `()` in it standing for the results of calls."""
        key = path, name
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._meant(path, name, 0)
        return self._known[key]

    def method(self, path: str, owner: str, name: str) -> Meaning | None:
        """Return the method of a class, its own or that of a base in the project."""
        for above, base in self.ancestors(path, owner):
            if (above, f"{base}.{name}") in self._procedures:
                return Meaning("procedure", above, f"{base}.{name}")
        return None

    def _meant(self, path: str, name: str, depth: int) -> Meaning | None:
        if "?" in name or depth > _FARTHEST:
            return None
        pieces = name.split(".")
        found, used = self._begin(path, pieces, depth)
        for place in range(used, len(pieces)):
            if found is None or found.kind == "outside":
                break
            found = self._next(found, pieces[place], depth)
            used = place + 1
        if found is not None and found.kind == "outside":
            return Meaning("outside", "", ".".join((found.name, *pieces[used:])))
        return found

    def _begin(self, path: str, pieces: list[str], depth: int) -> tuple[Meaning | None, int]:
        modules = self._imports[path].modules if path in self._imports else {}
        for used in range(len(pieces), 1, -1):
            target = modules.get(".".join(pieces[:used]))
            if target is not None:
                return Meaning("module", target, ""), used
        return self._next(Meaning("module", path, ""), pieces[0], depth), 1

    def _next(self, found: Meaning, piece: str, depth: int) -> Meaning | None:
        """Return what a piece of a dotted name means, coming from what the pieces before it mean."""
        name = piece.removesuffix("()")
        inner = self._of(found, name, depth)
        if not piece.endswith("()") or inner is None:
            return inner
        if inner.kind == "class":
            return Meaning("instance", inner.path, inner.name)
        return Meaning("outside", "", f"{inner.name}()") if inner.kind == "outside" else None

    def _of(self, found: Meaning, name: str, depth: int) -> Meaning | None:
        if found.kind == "module":
            return self._of_module(found.path, name, depth)
        if found.kind == "variable":
            variable = self._variables[found.path, found.name]
            made = self._made(found.path, variable, depth)
            return None if made is None else self._of_made(made, name, depth)
        if found.kind in ("class", "instance"):
            return self._of_class(found, name)
        return None

    def _of_made(self, made: Meaning, name: str, depth: int) -> Meaning | None:
        if made.kind == "outside":
            return Meaning("outside", "", f"{made.name}.{name}")
        return self._of(made, name, depth + 1) if depth < _FARTHEST else None

    def _of_class(self, found: Meaning, name: str) -> Meaning | None:
        method = self.method(found.path, found.name, name)
        if method is not None:
            return method
        for owner in (f"{found.name}()", found.name) if found.kind == "instance" else (found.name,):
            if (found.path, f"{owner}.{name}") in self._variables:
                return Meaning("variable", found.path, f"{owner}.{name}")
        inner = f"{found.name}.{name}"
        return Meaning("class", found.path, inner) if (found.path, inner) in self._bases else None

    def _made(self, path: str, variable: Variable, depth: int) -> Meaning | None:
        """Return what a variable is bound to."""
        if not variable.local:
            return None
        inner = self._meant(path, variable.local, depth + 1)
        if inner is not None:
            return inner
        is_imported = variable.made != variable.local
        return Meaning("outside", "", variable.made) if is_imported or "." in variable.made else None

    def _of_module(self, path: str, name: str, depth: int) -> Meaning | None:
        if (path, name) in self._procedures:
            return Meaning("procedure", path, name)
        if (path, name) in self._bases:
            return Meaning("class", path, name)
        variable = self._variables.get((path, name))
        if variable is not None:
            if variable.local and not variable.local.endswith("()") and variable.local != name:
                return self._meant(path, variable.local, depth + 1) or Meaning("variable", path, name)
            return Meaning("variable", path, name)
        imports = self._imports.get(path)
        return None if imports is None or depth > _FARTHEST else self._imported(imports, name, depth)

    def _imported(self, imports: _Imports, name: str, depth: int) -> Meaning | None:
        taken = imports.names.get(name)
        if taken is not None:
            target, original = taken
            return self._of_module(target, original, depth + 1)
        if name in imports.modules:
            return Meaning("module", imports.modules[name], "")
        return next(filter(None, (self._of_module(one, name, depth + 1) for one in imports.stars)), None)

    def ancestors(self, path: str, name: str) -> list[tuple[str, str]]:
        """Return a class and its bases in the project, the nearest first."""
        found = [(path, name)]
        for above, owner in found:
            for base in self.bases(above, owner):
                meaning = self.meant(above, base)
                if meaning is not None and meaning.kind == "class" and (meaning.path, meaning.name) not in found:
                    found.append((meaning.path, meaning.name))
        return found


class _Imports:
    """What the imports of a file bind to parts of the project."""

    def __init__(self, edges: Iterable[ImportEdge]) -> None:
        self.names: dict[str, tuple[str, str]] = {}
        self.modules: dict[str, str] = {}
        self.stars: list[str] = []
        for edge in edges:
            self._bind(edge)

    def _bind(self, edge: ImportEdge) -> None:
        originals = dict(edge.renamed)
        for bound, original in originals.items():
            if original:
                self.names[bound] = edge.target_path, original
            else:
                self.modules[bound] = edge.target_path
        for name in edge.names:
            if name == "*":
                self.stars.append(edge.target_path)
            elif name not in originals.values():
                self.names[name] = edge.target_path, name
        if not edge.names and not originals:
            self.modules.setdefault(edge.target, edge.target_path)
            self.modules.setdefault(edge.target.rpartition(".")[2], edge.target_path)
