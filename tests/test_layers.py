"""What may import what in gwlint itself, by its own graph: only downwards, and nothing beside it on its line."""

from pathlib import Path

import gwlint
from gwlint.analysis import analyse
from gwlint.cache import Cache
from gwlint.config import Config
from gwlint.project import Project

LAYERS = [
    {"__main__"},
    {"cli"},
    {"explain", "reporters", "view"},
    {"check"},
    {"forgive", "report"},
    {"selection", "suppress"},
    {"rules"},
    {"rule"},
    {"codebase"},
    {"judgement"},
    {"layering"},
    {"components"},
    {"analysis"},
    {"graph", "read", "roles", "shadows"},
    {"project"},
    {"parse", "resolve"},
    {"cache", "syntax", "units"},
    {"discover", "templates"},
    {"config", "stdlib"},
    {"access", "finding"},
    {"model"},
    {"gwlint"},
]


def test_every_module_has_a_place() -> None:
    placed = {component for layer in LAYERS for component in layer}

    assert {component_of(module.name) for module in own_project().modules} == placed


def test_imports_point_down() -> None:
    level = {component: number for number, layer in enumerate(LAYERS) for component in layer}
    edges = {(component_of(edge.source), component_of(edge.target)) for edge in own_project().imports()}
    upwards = [edge for edge in sorted(edges) if edge[0] != edge[1] and level[edge[0]] >= level[edge[1]]]

    assert upwards == []


def test_there_is_no_cycle() -> None:
    assert own_project().cycles == ()


def own_project() -> Project:
    package = Path(gwlint.__file__).parent
    return analyse(Config(package), Cache(None), jobs=1, progress=lambda done, total: None)


def component_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else parts[0]
