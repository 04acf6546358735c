"""Which modules belong together behind a gateway, and the role that every module plays."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from gwlint.components import families, packages
from gwlint.components.families import FOUNDATIONS, Family
from gwlint.components.patterns import Names, assigned
from gwlint.components.testing import actual_tests
from gwlint.components.universal import universal
from gwlint.config import Config, ConfigError, DeclaredComponent
from gwlint.model import Fact
from gwlint.project import Module, Project

Role = Literal["gateway", "internal", "external", "entry-point", "extension", "config", "test"]
Basis = Literal["declared", "preset", "inferred"]


class Component(Fact, frozen=True):
    """A gateway and its internals, all by path, and where that is known from.

    Of a `package`, only code outside of it is asked to go through the gateway: inside, everybody may import everything.
    `package` is the folder then, `library` that of the outermost package around it; otherwise, both are empty.
    """

    name: str
    gateway: str
    internals: tuple[str, ...]
    basis: Basis
    package: str = ""
    library: str = ""


class Place(NamedTuple):
    """What a module is: its role, the component or extension it belongs to, and where that is known from."""

    role: Role
    component: Component | None = None
    extension: str = ""
    basis: Basis | None = None


_EXTERNAL = Place("external")
_ENTRY_POINT = Place("entry-point")
_TEST = Place("test")


class Components:
    """The components of a project, and the place of every module."""

    def __init__(self, config: Config, project: Project) -> None:
        """Find the components that are declared, those of the preset, and those that can be inferred.

        Raises `ConfigError` where a name or a pattern of the settings means no module.
        """
        tests = set(actual_tests(project.modules))
        self._modules = [module for module in project.modules if module.path not in tests]
        self._places: dict[str, Place] = dict.fromkeys(sorted(tests), _TEST)
        self._enclosing: dict[str, list[Component]] = {}
        self._declare(config)
        for module in self._modules:
            if module.is_entry_point and self._role(module.path) != "gateway":
                self._places[module.path] = _ENTRY_POINT
        self._apply_preset(config, project)
        infers = config.infer and config.preset != "none"
        if infers:
            for beside in families.neighbourhoods(self._modules, project.layout):
                self._add_families(families.by_inference(beside, self._places), "inferred")
        self._add_packages(self._declared_packages(config), infers=infers)

    @property
    def all(self) -> tuple[Component, ...]:
        """Every component, by name and gateway."""
        found = {place.component for place in self._places.values() if place.component is not None}
        found.update(component for components in self._enclosing.values() for component in components)
        return tuple(sorted(found, key=lambda one: (one.name, one.gateway)))

    @cached_property
    def notable(self) -> frozenset[str]:
        """The paths of the modules that are more than application code."""
        return frozenset(self._places).union(self._enclosing)

    def place(self, path: str) -> Place:
        """Return what the module at a path is."""
        return self._places.get(path, _EXTERNAL)

    def enclosing(self, path: str) -> list[Component]:
        """Return the packages in which a module is private, the outermost first."""
        return self._enclosing.get(path, [])

    def _role(self, path: str) -> Role:
        return self.place(path).role

    def _declare(self, config: Config) -> None:
        if not (config.components or config.extensions or config.config_modules):
            return
        names = Names(self._modules)
        source = config.source or "the settings"
        components = [one for one in config.components if not one.package]
        gateways = {one.name: _gateways(names, one.name, one.gateway, source) for one in components}
        globs = {
            **{f"components.{one.name}.internals": _internals(names, one) for one in components},
            **{f"extensions.{name}": patterns for name, patterns in config.extensions},
            "config": config.config_modules,
        }
        owners = assigned(names, globs, lambda key: f"{source}: {key}")
        of_gateway = {path for paths in gateways.values() for path in paths}
        for path, owner in owners.items():
            if owner == "config":
                self._places[path] = Place("config", basis="declared")
            elif owner.startswith("extensions."):
                extension = owner.removeprefix("extensions.")
                self._places[path] = Place("extension", extension=extension, basis="declared")
        roots = {module.path: module.root for module in self._modules}
        for declared in components:
            mine = [
                path
                for path, owner in owners.items()
                if owner == f"components.{declared.name}.internals" and path not in of_gateway
            ]
            for gateway in gateways[declared.name]:
                # The same component in several functions: to each its own.
                shared = len(gateways[declared.name]) == 1
                internals = (path for path in mine if shared or roots[path] == roots[gateway])
                self._add(Component(declared.name, gateway, tuple(sorted(internals)), "declared"))

    def _apply_preset(self, config: Config, project: Project) -> None:
        if config.preset == "gateway":
            for beside in families.neighbourhoods(self._unplaced(), project.layout):
                found = list(families.by_preset(beside, self._places))
                self._add_families(found, "preset")
                # Only beside gateways: elsewhere, an `errors` or a `context` is code like any other.
                for path in families.foundations(beside) if found else ():
                    self._places.setdefault(path, Place("config", basis="preset"))
        elif config.preset == "universal":
            for family in universal(self._unplaced()):
                self._add_family(family, "preset")
        basis: Basis = "preset" if config.preset in ("gateway", "universal") else "inferred"
        for module in self._unplaced():
            if _is_foundation(module.path):
                self._places[module.path] = Place("config", basis=basis)

    def _declared_packages(self, config: Config) -> dict[str, str]:
        """Return the names of the components that are declared as packages, by the path of the gateway."""
        declared = [one for one in config.components if one.package]
        if not declared:
            return {}
        names = Names(self._modules)
        source = config.source or "the settings"
        found = {path: one.name for one in declared for path in _gateways(names, one.name, one.gateway, source)}
        with_private = {package.gateway for package in packages.packages(self._modules, found)}
        problems = tuple(
            f"{source}: components.{name}: {path} has no private modules below it; name the internals instead"
            for path, name in found.items()
            if path not in with_private
        )
        if problems:
            raise ConfigError(problems)
        return found

    def _add_packages(self, declared: Mapping[str, str], *, infers: bool) -> None:
        for package in packages.packages(self._modules, declared):
            name = declared.get(package.gateway)
            if name is None and not infers:
                continue
            basis: Basis = "inferred" if name is None else "declared"
            component = Component(
                name or package.name, package.gateway, package.internals, basis, package.folder, package.library
            )
            for path in package.internals:
                self._enclosing.setdefault(path, []).append(component)
                self._places.setdefault(path, Place("internal", component, basis=basis))
            self._places.setdefault(package.gateway, Place("gateway", component, basis=basis))

    def _unplaced(self) -> list[Module]:
        return [module for module in self._modules if module.path not in self._places]

    def _add_families(self, found: Iterable[Family], basis: Basis) -> None:
        for family in list(found):
            self._add_family(family, basis)

    def _add_family(self, family: Family, basis: Basis) -> None:
        component = Component(family.name, family.gateway, family.internals, basis)
        self._add(component)
        if family.front:
            self._places[family.front] = Place("gateway", component, basis=basis)

    def _add(self, component: Component) -> None:
        self._places[component.gateway] = Place("gateway", component, basis=component.basis)
        for path in component.internals:
            self._places[path] = Place("internal", component, basis=component.basis)


def _gateways(names: Names, component: str, gateway: str, source: str) -> tuple[str, ...]:
    paths = names.named(gateway)
    if not paths:
        problem = f"{source}: components.{component}.gateway: there is no module '{gateway}'; {names.nearest(gateway)}"
        raise ConfigError((problem,))
    return paths


def _internals(names: Names, declared: DeclaredComponent) -> tuple[str, ...]:
    """Return the globs of a component's internals: where none are declared, those by convention that mean something."""
    by_convention = (f"{declared.gateway}_*", f"{declared.gateway}.*")
    return declared.internals or tuple(glob for glob in by_convention if names.matching(glob))


def _is_foundation(path: str) -> bool:
    stem = posixpath.basename(path).removesuffix(".py")
    return any(stem == name or stem.startswith(f"{name}_") for name in FOUNDATIONS)
