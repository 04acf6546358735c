"""Which imports go against the access matrix and the orders of layers: every import is judged once, by one rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from gwlint.access import CELLS, TYPE_ONLY, table
from gwlint.components import Component, Components, Place
from gwlint.config import Config
from gwlint.finding import Severity
from gwlint.layering import Layers
from gwlint.model import ImportEdge, Span, is_private
from gwlint.project import Project

_ABOUT_NAMES = ("GW106", "GW113")
"""The rules that object to a name that is taken, whatever there is to say of the import of its module."""


class Violation(NamedTuple):
    """An import that a rule objects to.

    `component` is the one whose gateway is passed by, or that has what it should not have. `definers` are the internals
    that a name really comes from, by name; `more` are further places of the same offence in the file. `severity` is
    given where it is milder than the rule's. `verb` says what the importer does, `objection` what is wrong, and
    what to do instead, where the rule alone does not say it.
    """

    rule: str
    edge: ImportEdge
    importer: Place
    imported: Place
    component: Component | None = None
    severity: Severity | None = None
    definers: tuple[tuple[str, str], ...] = ()
    verb: Literal["imports", "uses"] = "imports"
    more: tuple[Span, ...] = ()
    objection: str = ""

    @property
    def owner(self) -> Component:
        """The component, for the rules that are about one."""
        if self.component is None:
            raise LookupError(f"{self.rule} at {self.edge.path}:{self.edge.at.line} is about no component")
        return self.component


class Judgement:
    """Judges all imports of a project."""

    def __init__(self, config: Config, project: Project, components: Components, layerings: Sequence[Layers]) -> None:
        """Judge under the settings of a project."""
        self._table = table(dict(config.access))
        self._include_tests = config.include_tests
        self._project = project
        self._components = components
        self._layerings = layerings
        self._offers = Offers(project)

    def of(self, rule: str) -> list[Violation]:
        """Return what a rule objects to, in the order of the imports."""
        return self._by_rule.get(rule, [])

    @cached_property
    def _by_rule(self) -> Mapping[str, list[Violation]]:
        by_rule: defaultdict[str, list[Violation]] = defaultdict(list)
        for module in self._project.modules:
            if self._components.place(module.path).role == "test" and not self._include_tests:
                continue
            edges, uses = (filter(self._matters, some) for some in (module.resolution.edges, module.resolution.uses))
            violations = [one for edge in edges for one in self._judged(edge)]
            imported = {edge.target_path for edge in module.resolution.edges}
            # What a statement imports has been judged by the statement.
            violations += _first_of_each(
                one
                for edge in uses
                for one in self._judged(edge)
                if one.rule in _ABOUT_NAMES or edge.target_path not in imported
            )
            for violation in violations:
                by_rule[violation.rule].append(violation)
        return by_rule

    def _matters(self, edge: ImportEdge) -> bool:
        """Tell the few imports that there may be something to say about from application code among itself."""
        notable = self._components.notable
        return (
            edge.target_path in notable
            or edge.path in notable
            or edge.target_path in self._leaks
            or bool(self._layerings)
        )

    def _judged(self, edge: ImportEdge) -> Iterator[Violation]:
        """Yield at most one violation for every name that an import takes."""
        if edge.path == edge.target_path or (edge.kind == "type-only" and self._table[TYPE_ONLY] == "allow"):
            return
        importer, imported = self._components.place(edge.path), self._components.place(edge.target_path)
        first = self._past_a_package(edge, importer, imported) or self._past_a_gateway(edge, importer, imported)
        if first is not None:
            yield first
            return
        rest = edge
        for narrower in (self._private(edge, importer, imported), self._leaking(edge, importer, imported)):
            if narrower is not None:
                yield narrower
                rest = _without(rest, narrower.edge.names)
        if rest.names or not edge.names:
            last = self._by_cell(rest, importer, imported) or self._by_layer(rest, importer, imported)
            if last is not None:
                yield last

    def _past_a_package(self, edge: ImportEdge, importer: Place, imported: Place) -> Violation | None:
        for package in self._components.enclosing(edge.target_path):
            if not edge.path.startswith(f"{package.package}/") and self._is_avoidable(edge, package):
                return self._in_cell(f"{_row(importer)}-to-internal", edge, importer, imported, package)
        return None

    def _is_avoidable(self, edge: ImportEdge, package: Component) -> bool:
        """Tell a way past a package from the way that a library shares with itself what it offers to nobody."""
        if not edge.path.startswith(f"{package.library}/"):
            return True
        return bool(edge.names) and self._offers.of(package.gateway).issuperset(edge.names)

    def _past_a_gateway(self, edge: ImportEdge, importer: Place, imported: Place) -> Violation | None:
        component = imported.component
        if imported.role != "internal" or component is None or component.package or importer.component is component:
            return None
        return self._in_cell(f"{_row(importer)}-to-internal", edge, importer, imported, component)

    def _private(self, edge: ImportEdge, importer: Place, imported: Place) -> Violation | None:
        component = imported.component
        if imported.role != "gateway" or component is None or _is_inside(edge.path, importer, component):
            return None
        private = tuple(filter(is_private, edge.names))
        if not private:
            return None
        return Violation("GW106", _taking(edge, private), importer, imported, component, _grade(component))

    def _leaking(self, edge: ImportEdge, importer: Place, imported: Place) -> Violation | None:
        """Look for names of internals that the imported module has from where it should not have them."""
        leaks = self._leaks.get(edge.target_path)
        if leaks is None:
            return None
        names = tuple(leaks) if edge.names == ("*",) else edge.names
        leaked = {name: leaks[name] for name in names if name in leaks}
        foreign = {name: leak for name, leak in leaked.items() if not _is_inside(edge.path, importer, leak.component)}
        if not foreign:
            return None
        component = next(iter(foreign.values())).component
        definers = tuple((name, leak.definer) for name, leak in foreign.items())
        taken = edge.names if edge.names == ("*",) else tuple(foreign)
        return Violation(
            "GW113", _taking(edge, taken), importer, imported, component, _grade(component), definers=definers
        )

    def _by_cell(self, edge: ImportEdge, importer: Place, imported: Place) -> Violation | None:
        row, role = _row(importer), imported.role
        if role == "gateway":
            return self._to_gateway(row, edge, importer, imported)
        if role == "extension":
            cell = "entry-point-to-extension" if importer.role == "entry-point" else f"{row}-to-extension"
            same = importer.role == "extension" and importer.extension == imported.extension
            return None if same else self._in_cell(cell, edge, importer, imported, None)
        if role == "test":
            cell = f"{row}-to-test"
            return None if importer.role == "test" else self._in_cell(cell, edge, importer, imported, None)
        if role in ("external", "entry-point") and row != "external":
            component = importer.component
            if component is not None and component.basis == "inferred" and not self._is_application(edge.target_path):
                return None
            return self._in_cell(f"{row}-to-external", edge, importer, imported, component)
        return None

    def _to_gateway(self, row: str, edge: ImportEdge, importer: Place, imported: Place) -> Violation | None:
        component = imported.component
        if component is None or component.package or row == "external":
            return None
        if importer.component is component:
            cell = "internal-to-own-gateway" if row == "internal" else ""
        else:
            cell = f"{row}-to-gateway"
        return self._in_cell(cell, edge, importer, imported, component) if cell else None

    def _by_layer(self, edge: ImportEdge, importer: Place, imported: Place) -> Violation | None:
        for layers in self._layerings:
            objection = layers.objection(edge)
            if objection is not None:
                return Violation("GW110", edge, importer, imported, objection=objection)
        return None

    def _in_cell(
        self, cell: str, edge: ImportEdge, importer: Place, imported: Place, component: Component | None
    ) -> Violation | None:
        if not self._is_denied(cell):
            return None
        return Violation(CELLS[cell].rule, edge, importer, imported, component, _grade(component))

    def _is_denied(self, cell: str) -> bool:
        return self._table.get(cell, "allow") == "deny"

    def _is_application(self, path: str) -> bool:
        """Tell application code from what inferred components may share: it is run, or goes through gateways itself."""
        return self._components.place(path).role == "entry-point" or path in self._behind_gateways

    @cached_property
    def _behind_gateways(self) -> frozenset[str]:
        """The modules that import the gateway of a component."""
        place = self._components.place
        return frozenset(
            module.path
            for module in self._project.modules
            if any(place(edge.target_path).role == "gateway" for edge in module.resolution.edges)
        )

    @cached_property
    def _leaks(self) -> Mapping[str, Mapping[str, _Leak]]:
        """The names of internals that modules outside of their components offer to others, however far they went."""
        leaks: dict[str, dict[str, _Leak]] = {}
        edges = [edge for module in self._project.modules for edge in module.resolution.edges if _binds(edge)]
        for edge in edges:
            component = self._passed_by(edge) if edge.target_path in self._components.notable else None
            if component is not None:
                offered = leaks.setdefault(edge.path, {})
                offered.update((name, _Leak(component, edge.target_path)) for name, _ in bound_by(edge))
        importers: defaultdict[str, list[ImportEdge]] = defaultdict(list)
        for edge in edges if leaks else ():
            importers[edge.target_path].append(edge)
        pending = list(leaks)
        while pending:
            path = pending.pop()
            for edge in importers[path]:
                offered = leaks.setdefault(edge.path, {})
                passed_on = _passed_on(edge, leaks[path], self._components.place(edge.path))
                if not passed_on.keys() <= offered.keys():
                    offered.update({name: leak for name, leak in passed_on.items() if name not in offered})
                    pending.append(edge.path)
        return leaks

    def _passed_by(self, edge: ImportEdge) -> Component | None:
        """Return the component whose internal is imported from outside, if its names tell it, not its package."""
        imported, importer = self._components.place(edge.target_path), self._components.place(edge.path)
        passed = self._past_a_gateway(edge, importer, imported)
        return passed.component if passed is not None and importer.role != "test" else None


class _Leak(NamedTuple):
    component: Component
    definer: str


def _row(importer: Place) -> str:
    """Return the row of the matrix: only those who belong to a component are held to what components may do."""
    if importer.role in ("gateway", "internal") and importer.component is not None:
        return "external" if importer.component.package else importer.role
    if importer.role == "config" and importer.basis != "inferred":
        return "config"
    return "extension" if importer.role == "extension" else "external"


def _grade(component: Component | None) -> Severity | None:
    """Return the severity that findings about an inferred component can have at most."""
    return "warning" if component is not None and component.basis == "inferred" else None


def _is_inside(path: str, importer: Place, component: Component) -> bool:
    return importer.component is component or bool(component.package and path.startswith(f"{component.package}/"))


def _first_of_each(violations: Iterable[Violation]) -> Iterator[Violation]:
    """Put the uses of one module by another together: they all come from one import."""
    together: dict[tuple[str, str], list[Violation]] = {}
    for violation in violations:
        together.setdefault((violation.rule, violation.edge.target_path), []).append(violation)
    for first, *others in together.values():
        names = dict.fromkeys(name for one in (first, *others) for name in one.edge.names)
        more = tuple(one.edge.at for one in others)
        yield first._replace(edge=_taking(first.edge, tuple(names)), verb="uses", more=more)


def _taking(edge: ImportEdge, names: tuple[str, ...]) -> ImportEdge:
    return msgspec.structs.replace(edge, names=names)


def _without(edge: ImportEdge, names: tuple[str, ...]) -> ImportEdge:
    return _taking(edge, tuple(name for name in edge.names if name not in names))


class Offers:
    """The names that modules have from others when they are loaded, and hand on."""

    def __init__(self, project: Project) -> None:
        self._modules = {module.path: module for module in project.modules}
        self._known: dict[str, frozenset[str]] = {}

    def of(self, path: str) -> frozenset[str]:
        """Return the names that a module offers, which no private one is."""
        if path not in self._known:
            bound = (name for edge in self._edges(path) if not edge.deferred for name, _ in bound_by(edge))
            self._known[path] = frozenset(name for name in bound if not is_private(name))
        return self._known[path]

    def definers(self, path: str, name: str) -> list[str]:
        """Return the modules that a module has a name from."""
        return sorted({edge.target_path for edge in self._edges(path) for bound, _ in bound_by(edge) if bound == name})

    def _edges(self, path: str) -> tuple[ImportEdge, ...]:
        return self._modules[path].resolution.edges if path in self._modules else ()


def _binds(edge: ImportEdge) -> bool:
    """Tell whether an import gives its module names that others can take from it."""
    return not edge.deferred and edge.kind != "type-only"


def bound_by(edge: ImportEdge) -> Iterator[tuple[str, str]]:
    """Yield the names that an import binds, each with what it stands for; nothing stands for the module itself."""
    renamed = {original: bound for bound, original in edge.renamed}
    for name in edge.names:
        yield renamed.get(name, name), name
    if not edge.names:
        yield renamed.get("", edge.target.rpartition(".")[2]), ""


def _passed_on(edge: ImportEdge, offered: Mapping[str, _Leak], importer: Place) -> dict[str, _Leak]:
    if edge.names == ("*",):
        passed = {name: leak for name, leak in offered.items() if not name.startswith("_")}
    else:
        passed = {bound: offered[name] for bound, name in bound_by(edge) if name in offered}
    return {name: leak for name, leak in passed.items() if importer.component is not leak.component}
