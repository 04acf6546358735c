"""Orders of layers, as contracts declare them or the presets have them, and the imports that go against them."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gwlint.components import Components
from gwlint.components.patterns import Names, assigned
from gwlint.components.universal import CORE, GATEWAY, ROUTER
from gwlint.config import Config, ConfigError, LayersContract
from gwlint.model import ImportEdge
from gwlint.project import Module, Project
from gwlint.resolve.flat import own_name

_ENOUGH_LAYERS = 2


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its name, and how far down it stands. Several on one line are siblings."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Layers:
    """An order of layers, and the layer of every module that has one, by path.

    Where it is `closed`, a layer imports the one right below it alone. `beside` are the modules without a layer that
    should have one.
    """

    name: str
    layer_of: Mapping[str, Layer]
    guidance: str = ""
    closed: bool = False
    beside: tuple[str, ...] = ()

    def objection(self, edge: ImportEdge) -> str | None:
        """Say what is wrong with an import, and what to do instead, if anything is."""
        importer, imported = self.layer_of.get(edge.path), self.layer_of.get(edge.target_path)
        if importer is None or imported is None or importer == imported:
            return None
        if importer.line == imported.line:
            stands, remedy = "beside", "let a layer above use both, or move what they share to a lower one"
        elif importer.line > imported.line:
            stands, remedy = "above", "turn the dependency round, or move what is needed to a lower layer"
        elif self.closed and importer.line + 1 < imported.line:
            stands, remedy = "more than one step below", "go through the layer between them"
        else:
            return None
        order = f"in `{self.name}`, layer `{imported.name}` stands {stands} layer `{importer.name}`"
        return f"{order}; {self.guidance or remedy}"


def layerings(config: Config, project: Project, components: Components) -> tuple[Layers, ...]:
    """Return all the orders that hold in a project. Raises `ConfigError` where a layer means no module."""
    tests_too = config.include_tests
    modules = [one for one in project.modules if tests_too or components.place(one.path).role != "test"]
    found: list[Layers] = []
    if config.contracts:
        names = Names(modules)
        found += (_declared(contract, names, modules, config.source or "the settings") for contract in config.contracts)
    if config.preset == "layers":
        found += _by_folders(config, modules)
    elif config.preset == "universal":
        found += _universal(components)
    return tuple(found)


def _declared(contract: LayersContract, names: Names, modules: Iterable[Module], source: str) -> Layers:
    lines = {name: line for line, siblings in enumerate(contract.layers) for name in siblings}
    where = f"{source}: contracts.{contract.name}.layers"
    owners = assigned(names, {name: [name] for name in lines}, lambda _: where)
    layer_of = {path: Layer(name, lines[name]) for path, name in owners.items()}
    beside = tuple(_beside(layer_of, lines, modules)) if contract.exhaustive else ()
    return Layers(contract.name, layer_of, contract.guidance, beside=beside)


def _beside(layer_of: Mapping[str, Layer], layers: Iterable[str], modules: Iterable[Module]) -> Iterator[str]:
    """Yield the modules without a layer that are in the package that the layers are in, if these are in one.

    What only marks a package needs none.
    """
    package = _common_package(layers)
    for module in modules:
        if (
            module.path not in layer_of
            and not module.only_marks
            and (not package or module.name.startswith(f"{package}."))
        ):
            yield module.path


def _common_package(layers: Iterable[str]) -> str:
    parts = [layer.split(".")[:-1] for layer in layers]
    common: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1 or "*" in level[0] or "?" in level[0]:
            break
        common.append(level[0])
    return ".".join(common)


def _by_folders(config: Config, modules: Sequence[Module]) -> list[Layers]:
    """Find the layers of the preset: wherever two of them lie beside one another."""
    layers = {name.strip(): Layer(names, line) for line, names in enumerate(config.layers) for name in names.split("|")}
    beside: defaultdict[str, dict[str, Layer]] = defaultdict(dict)
    for module in modules:
        parts = module.path.removesuffix(".py").split("/")
        for depth, part in enumerate(parts):
            if part in layers:
                beside["/".join(parts[:depth])][module.path] = layers[part]
    found = [
        Layers(folder or config.project.name, layer_of)
        for folder, layer_of in sorted(beside.items())
        if len({layer.line for layer in layer_of.values()}) >= _ENOUGH_LAYERS
    ]
    if not found:
        wanted = ", ".join(f"'{name}'" for name in layers)
        problem = f"no two of the layers {wanted} lie beside one another; set 'layers' to what they are called"
        raise ConfigError((f"{config.source}: preset: {problem}",))
    return found


def _universal(components: Components) -> Iterator[Layers]:
    for component in components.all:
        if component.basis == "preset" and component.name == GATEWAY:
            layer_of = {component.gateway: Layer(GATEWAY, 0)}
            for path in component.internals:
                layer_of[path] = Layer(f"{ROUTER}*", 1) if own_name(path).startswith(ROUTER) else Layer(f"*{CORE}", 2)
            yield Layers(posixpath.dirname(component.gateway) or GATEWAY, layer_of, closed=True)
