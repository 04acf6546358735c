"""Published packages, read without any configuration. They are fetched by `python tests/real_packages.py`."""

import json
import os
import posixpath
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import networkx as nx
import pytest

from tests.real_packages import FOLDER, PINNED

COMPARED_WITH_GRIMP = ["django", "flask", "requests", "sqlalchemy"]

# What grimp does not have: folders without `__init__`, and modules named by a string that can be read.
BEYOND_GRIMP = {
    "django": {
        ("django.core.serializers", "django.core.serializers.json"),
        ("django.core.serializers", "django.core.serializers.jsonl"),
        ("django.core.serializers", "django.core.serializers.python"),
        ("django.core.serializers", "django.core.serializers.pyyaml"),
        ("django.core.serializers", "django.core.serializers.xml_serializer"),
        ("django.db.backends.base.operations", "django.db.models.sql.compiler"),
        ("django.db.utils", "django.db.backends.postgresql.base"),
        ("django.template.backends.django", "django.templatetags"),
    },
    "requests": set(),
    "sqlalchemy": {("sqlalchemy.dialects", "sqlalchemy.dialects.mysql.mariadb")},
}

# `moto` imports from a folder that its wheel has under another name.
REALLY_MISSING = {"moto": [("moto/stepfunctions/parser/provider.py", 114)]}

Json = dict[str, Any]  # Any: JSON
Edges = set[tuple[str, str]]


@cache
def graph_of(package: str) -> Json:
    project = FOLDER / package
    if not project.is_dir():
        pytest.skip("not fetched: python tests/real_packages.py")
    command = [sys.executable, "-m", "gwlint", "graph", str(project), "--format", "json"]
    ended = subprocess.run(command, capture_output=True, check=True)
    return dict(json.loads(ended.stdout))


@pytest.mark.parametrize("package", COMPARED_WITH_GRIMP)
def test_every_edge_that_grimp_builds_is_there(package: str) -> None:
    ours = explicit_edges(graph_of(package))

    assert edges_by_grimp(package) - ours == set()


@pytest.mark.parametrize("package", sorted(BEYOND_GRIMP))
def test_every_further_edge_is_accounted_for(package: str) -> None:
    ours = explicit_edges(graph_of(package))

    assert ours - edges_by_grimp(package) == BEYOND_GRIMP[package]


def test_flask_has_no_further_edges_but_those_of_a_folder_without_init() -> None:
    further = explicit_edges(graph_of("flask")) - edges_by_grimp("flask")

    assert len(further) == 27
    assert {edge for edge in further if not any(name.startswith("flask.sansio") for name in edge)} == set()


@pytest.mark.parametrize("package", sorted(PINNED))
def test_every_file_is_accounted_for_and_parses(package: str) -> None:
    found = sum(1 for _ in (FOLDER / package).rglob("*.py"))

    assert graph_of(package)["files"] == {"found": found, "analysed": found, "partial": 0, "excluded": 0}


@pytest.mark.parametrize("package", sorted(PINNED))
def test_unresolved_imports_are_really_missing(package: str) -> None:
    unresolved = [(one["path"], one["line"]) for one in graph_of(package)["unresolved"]]

    assert unresolved == REALLY_MISSING.get(package, [])


@pytest.mark.parametrize("package", sorted(PINNED))
def test_cycles_are_the_strongly_connected_components(package: str) -> None:
    graph = graph_of(package)
    reported = [(cycle["kind"], frozenset(cycle["paths"])) for cycle in graph["cycles"]]

    assert len(reported) == len(set(reported))
    assert set(reported) == set(components(graph))


@pytest.mark.parametrize("package", sorted(PINNED))
def test_cuts_leave_no_cycle(package: str) -> None:
    graph = graph_of(package)
    levels = levels_of(graph)

    assert [cycle for cycle in graph["cycles"] if not is_cut(cycle, levels)] == []


class Edge(NamedTuple):
    source: str
    target: str
    statement: tuple[str, int]


class Level(NamedTuple):
    """A graph of edges, and what stands for each file in it."""

    kind: str
    edges: list[Edge]
    node: dict[str, str]


def explicit_edges(graph: Json) -> Edges:
    edges = ((one["source"], one["target"]) for one in graph["imports"] if not one["implicit"])
    return {(source.removesuffix(".__init__"), target.removesuffix(".__init__")) for source, target in edges}


@cache
def edges_by_grimp(package: str) -> Edges:
    pytest.importorskip("grimp")
    code = (
        "import grimp, json, sys\n"
        f"graph = grimp.build_graph({package!r}, cache_dir=None)\n"
        "edges = [(m, n) for m in graph.modules for n in graph.find_modules_directly_imported_by(m)]\n"
        "json.dump(edges, sys.stdout)"
    )
    environment = {**os.environ, "PYTHONPATH": str(FOLDER / package)}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment)
    return {(source, target) for source, target in json.loads(ended.stdout)}


def components(graph: Json) -> Iterator[tuple[str, frozenset[str]]]:
    for kind, edges, node in levels_of(graph):
        for component in strongly_connected(edges):
            if len({node.get(path, path) for path in component}) > 1:
                yield kind, component


def levels_of(graph: Json) -> list[Level]:
    eager = [one for one in graph["imports"] if counts(one) and not one["deferred"] and one["kind"] != "type-only"]
    deferred = [one for one in graph["imports"] if counts(one) and one["kind"] != "type-only"]
    every = [one for one in graph["imports"] if counts(one)]
    edges = [
        [Edge(e["path"], e["target_path"], (e["path"], e["line"])) for e in level] for level in (eager, deferred, every)
    ]
    contracted = [{}, *({path: min(c) for c in strongly_connected(level) for path in c} for level in edges)]
    return [Level(kind, edges[n], contracted[n]) for n, kind in enumerate(("eager", "deferred", "type-only"))]


def counts(edge: Json) -> bool:
    """Tell whether an import counts in the search for cycles: what loads an own ancestor anyway does not."""
    if edge["path"] == edge["target_path"]:
        return False
    package, name = posixpath.split(edge["target_path"])
    is_ancestor = name == "__init__.py" and edge["path"].startswith(f"{package}/")
    return not is_ancestor or (not edge["implicit"] and bool(edge["names"]))


def strongly_connected(edges: list[Edge]) -> list[frozenset[str]]:
    graph: nx.DiGraph[str] = nx.DiGraph((edge.source, edge.target) for edge in edges)
    return [frozenset(one) for one in nx.strongly_connected_components(graph) if len(one) > 1]


def is_cut(cycle: Json, levels: list[Level]) -> bool:
    (level,) = (level for level in levels if level.kind == cycle["kind"])
    inside, cut = set(cycle["paths"]), {(step["path"], step["line"]) for step in cycle["cut"]}
    kept = (edge for edge in level.edges if {edge.source, edge.target} <= inside and edge.statement not in cut)
    ends = ((level.node.get(edge.source, edge.source), level.node.get(edge.target, edge.target)) for edge in kept)
    return nx.is_directed_acyclic_graph(nx.DiGraph(pair for pair in ends if pair[0] != pair[1]))
