import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from itertools import pairwise, permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.graph import KINDS, CycleKind, cycles
from gwlint.model import Cycle, ImportEdge, Kind, Span, Step
from tests.slow_cycles import (
    breaks,
    fewest_to_break,
    first_statement,
    kinds_and_paths,
    left_to_report,
    nodes_passed,
    shortest_way_round,
)


def at(line: int, column: int = 1) -> Span:
    return Span(line, column, line, column + 8)


def imports(
    path: str,
    target_path: str,
    line: int = 1,
    *,
    column: int = 1,
    kind: Kind = "eager",
    deferred: bool = False,
    names: tuple[str, ...] = (),
    implicit: bool = False,
) -> ImportEdge:
    return ImportEdge(
        path, path, target_path, target_path, kind, deferred, implicit, False, False, names, at(line, column)
    )


def defers(path: str, target_path: str, line: int = 1) -> ImportEdge:
    return imports(path, target_path, line, kind="deferred", deferred=True)


def annotates(path: str, target_path: str, line: int = 1) -> ImportEdge:
    return imports(path, target_path, line, kind="type-only")


def loads(path: str, target_path: str, line: int = 1) -> ImportEdge:
    return imports(path, target_path, line, implicit=True)


def step(path: str, target_path: str, line: int = 1, column: int = 1) -> Step:
    return Step(path, target_path, at(line, column))


def summary(edges: Iterable[ImportEdge]) -> list[tuple[str, tuple[str, ...]]]:
    return [(cycle.kind, cycle.paths) for cycle in cycles(edges)]


# What a cycle is


def test_modules_that_import_one_another_are_a_cycle() -> None:
    edges = [imports("a.py", "b.py", 3), imports("b.py", "a.py", 5)]

    assert cycles(edges) == (
        Cycle(
            kind="eager",
            paths=("a.py", "b.py"),
            witness=(step("a.py", "b.py", 3), step("b.py", "a.py", 5)),
            cut=(step("a.py", "b.py", 3),),
            cut_is_minimal=True,
        ),
    )


def test_no_imports_make_no_cycle() -> None:
    assert cycles([]) == ()


def test_imports_in_one_direction_make_no_cycle() -> None:
    assert cycles([imports("a.py", "b.py"), imports("b.py", "c.py"), imports("a.py", "c.py")]) == ()


def test_a_module_that_imports_itself_makes_no_cycle() -> None:
    assert cycles([imports("a.py", "a.py", names=("x",)), defers("b.py", "b.py")]) == ()


def test_an_import_that_leads_into_a_cycle_is_not_of_it() -> None:
    edges = [imports("main.py", "a.py"), imports("a.py", "b.py"), imports("b.py", "a.py"), imports("b.py", "log.py")]

    assert summary(edges) == [("eager", ("a.py", "b.py"))]


# Packages


def test_a_package_that_imports_its_submodules_is_no_cycle() -> None:
    from_dot_import_submodule = [imports("p/__init__.py", "p/__init__.py"), imports("p/__init__.py", "p/a.py")]
    edges = [*from_dot_import_submodule, loads("p/a.py", "p/__init__.py"), imports("p/a.py", "p/b.py")]

    assert cycles(edges) == ()


def test_importing_an_ancestor_as_such_is_no_cycle() -> None:
    edges = [imports("p/__init__.py", "p/q/a.py"), imports("p/q/a.py", "p/__init__.py")]

    assert cycles(edges) == ()


@pytest.mark.parametrize("package", ["p/q/__init__.py", "p/__init__.py", "__init__.py"])
def test_taking_a_name_from_an_ancestor_closes_a_cycle(package: str) -> None:
    edges = [imports(package, "p/q/a.py"), imports("p/q/a.py", package, names=("name",))]

    assert summary(edges) == [("eager", tuple(sorted((package, "p/q/a.py"))))]


def test_the_folder_of_the_project_may_be_a_package() -> None:
    assert cycles([imports("__init__.py", "a.py"), loads("a.py", "__init__.py")]) == ()


def test_loading_the_package_of_another_closes_a_cycle() -> None:
    edges = [imports("p/__init__.py", "a.py"), imports("a.py", "p/b.py"), loads("a.py", "p/__init__.py")]

    assert summary(edges) == [("eager", ("a.py", "p/__init__.py"))]


@pytest.mark.parametrize("lookalike", ["p/q/__init__.py", "p/a__init__.py", "p/a/__init__.py"])
def test_only_a_folder_that_a_module_lies_in_is_its_ancestor(lookalike: str) -> None:
    edges = [imports(lookalike, "p/ab.py"), imports("p/ab.py", lookalike)]

    assert len(cycles(edges)) == 1


# Kinds


@pytest.mark.parametrize(
    ("kind", "deferred", "closed"),
    [
        ("eager", False, "eager"),
        ("dynamic", False, "eager"),
        ("dynamic", True, "deferred"),
        ("deferred", True, "deferred"),
        ("type-only", False, "type-only"),
        ("type-only", True, "type-only"),
    ],
)
def test_a_cycle_is_of_the_kind_that_closes_it(kind: Kind, deferred: bool, closed: str) -> None:
    edges = [imports("a.py", "b.py"), imports("b.py", "a.py", kind=kind, deferred=deferred)]

    assert summary(edges) == [(closed, ("a.py", "b.py"))]


def test_what_is_loaded_on_the_way_is_of_the_kind_of_its_statement() -> None:
    edges = [imports("p/__init__.py", "a.py"), imports("a.py", "p/__init__.py", kind="deferred", implicit=True)]

    assert summary(edges) == [("deferred", ("a.py", "p/__init__.py"))]


def test_imports_of_later_kinds_inside_a_cycle_are_no_cycle_of_their_own() -> None:
    edges = [imports("a.py", "b.py"), imports("b.py", "a.py"), defers("a.py", "b.py", 2), annotates("b.py", "a.py", 2)]

    assert summary(edges) == [("eager", ("a.py", "b.py"))]


def test_a_deferred_cycle_through_an_eager_one_has_all_its_files_and_a_walk_through_it() -> None:
    eager = [imports("b.py", "c.py"), imports("c.py", "d.py"), imports("d.py", "b.py")]
    edges = [*eager, imports("a.py", "b.py"), defers("d.py", "a.py", 7)]

    assert cycles(edges) == (
        Cycle(
            kind="eager",
            paths=("b.py", "c.py", "d.py"),
            witness=(step("b.py", "c.py"), step("c.py", "d.py"), step("d.py", "b.py")),
            cut=(step("b.py", "c.py"),),
            cut_is_minimal=True,
        ),
        Cycle(
            kind="deferred",
            paths=("a.py", "b.py", "c.py", "d.py"),
            witness=(step("a.py", "b.py"), step("b.py", "c.py"), step("c.py", "d.py"), step("d.py", "a.py", 7)),
            cut=(step("d.py", "a.py", 7),),
            cut_is_minimal=True,
        ),
    )


def test_a_walk_through_a_contracted_component_keeps_to_the_imports_that_made_it_one() -> None:
    eager = [imports("b.py", "c.py"), imports("c.py", "d.py"), imports("d.py", "b.py")]
    edges = [*eager, defers("b.py", "d.py"), imports("a.py", "b.py"), defers("d.py", "a.py", 7)]

    files = [one.path for one in cycles(edges)[1].witness]

    assert files == ["a.py", "b.py", "c.py", "d.py"]


def test_a_type_only_cycle_contracts_the_deferred_ones() -> None:
    deferred = [imports("b.py", "c.py"), defers("c.py", "b.py", 4)]
    edges = [*deferred, imports("a.py", "b.py", 2), annotates("c.py", "a.py", 9)]

    assert cycles(edges)[1:] == (
        Cycle(
            kind="type-only",
            paths=("a.py", "b.py", "c.py"),
            witness=(step("a.py", "b.py", 2), step("b.py", "c.py"), step("c.py", "a.py", 9)),
            cut=(step("c.py", "a.py", 9),),
            cut_is_minimal=True,
        ),
    )


def test_cycles_are_in_the_order_of_their_kinds_and_paths() -> None:
    later = [imports("a.py", "b.py"), annotates("b.py", "a.py"), imports("c.py", "d.py"), defers("d.py", "c.py")]
    edges = [*later, *(imports(*pair) for pair in ("gh", "hg", "ef", "fe"))]

    assert summary(edges) == [
        ("eager", ("e", "f")),
        ("eager", ("g", "h")),
        ("deferred", ("c.py", "d.py")),
        ("type-only", ("a.py", "b.py")),
    ]


# Witnesses


def test_the_witness_is_the_shortest_way_round() -> None:
    edges = [imports(*pair) for pair in ("ab", "bc", "ca", "cd", "dc")]

    assert cycles(edges)[0].witness == (step("c", "d"), step("d", "c"))


def test_of_several_shortest_ways_round_the_first_by_paths_is_shown() -> None:
    edges = [imports(*pair) for pair in ("bd", "dc", "cb", "ca", "ae", "ec", "af", "fc")]

    assert cycles(edges)[0].witness == (step("a", "e"), step("e", "c"), step("c", "a"))


def test_a_step_stands_at_the_first_of_the_statements_that_carry_it() -> None:
    edges = [imports("a", "b", 9), imports("a", "b", 4, column=5), imports("a", "b", 4, column=3), imports("b", "a")]

    assert cycles(edges)[0].witness == (step("a", "b", 4, 3), step("b", "a"))


def test_between_contracted_components_the_first_edge_is_walked() -> None:
    eager = [imports("b", "c"), imports("c", "b")]
    edges = [*eager, imports("a", "c"), imports("a", "b"), defers("c", "a", 8)]

    assert cycles(edges)[1].witness == (step("a", "b"), step("b", "c"), step("c", "a", 8))


def test_a_witness_starts_at_its_own_first_file_whatever_else_the_component_has() -> None:
    eager = [imports("a", "d"), imports("d", "a")]
    edges = [*eager, imports("d", "b"), defers("b", "d")]

    assert cycles(edges)[1].witness == (step("b", "d"), step("d", "b"))


# Cuts


def test_a_statement_that_carries_several_edges_is_one_cut_with_a_step_for_each() -> None:
    edges = [imports("a", "b", 3), imports("a", "c", 3), imports("b", "a", 1), imports("c", "a", 1)]

    assert cycles(edges)[0].cut == (step("a", "b", 3), step("a", "c", 3))


def test_an_edge_is_cut_with_all_its_statements() -> None:
    there = [imports("a", "b", 3), imports("a", "b", 8)]
    back = [imports("b", "a", line) for line in (1, 2, 3)]

    assert cycles([*there, *back])[0].cut == (step("a", "b", 3), step("a", "b", 8))


def test_two_statements_on_one_line_are_two() -> None:
    there = [imports("a", "b", 3), imports("a", "b", 3, column=20)]
    back = [imports("b", "a", line) for line in (1, 2, 3)]

    assert cycles([*there, *back])[0].cut == (step("a", "b", 3), step("a", "b", 3, 20))


def test_an_edge_that_another_statement_still_carries_is_not_cut() -> None:
    there = [imports("a", "b", 3), *(imports("a", "c", line) for line in (3, 6, 9))]
    back = [imports("b", "a", 1), imports("b", "a", 2), imports("c", "a", 1)]

    assert cycles([*there, *back])[0].cut == (step("a", "b", 3), step("c", "a", 1))


def test_an_edge_that_two_imports_of_one_statement_make_is_one_step() -> None:
    edges = [imports("a", "b", 3), loads("a", "b", 3), imports("b", "a", 1), imports("b", "a", 2)]

    assert cycles(edges)[0].cut == (step("a", "b", 3),)


def test_a_cut_is_sorted_by_path_and_position() -> None:
    rings = [imports("a", "b", 9), imports("a", "c", 2), imports("b", "a", 1), imports("c", "a", 1)]
    again = [imports("b", "a", 2), imports("c", "a", 2), imports("c", "d", 3), imports("d", "c", 1)]

    assert cycles([*rings, *again])[0].cut == (step("a", "c", 2), step("a", "b", 9), step("c", "d", 3))


def test_the_cut_of_a_deferred_cycle_leaves_the_eager_one_it_passes_through() -> None:
    eager = [imports("b", "c"), imports("c", "b")]
    edges = [*eager, imports("a", "b", 1), imports("a", "c", 2), defers("c", "a", 8)]

    assert [cycle.cut for cycle in cycles(edges)] == [(step("b", "c"),), (step("c", "a", 8),)]


def test_a_ring_of_a_thousand_files_is_walked_round_and_cut_once() -> None:
    paths = [f"{number:03}.py" for number in range(1_000)]
    steps = tuple(step(path, after) for path, after in pairwise([*paths, paths[0]]))
    edges = [imports(one.path, one.target_path) for one in steps]

    assert cycles(edges) == (Cycle("eager", tuple(paths), steps, steps[:1], True),)


# Any graph

paths = st.sampled_from(["a.py", "b.py", "c.py", "p/__init__.py", "p/d.py"])
statements = st.builds(
    imports,
    paths,
    paths,
    line=st.integers(1, 3),
    kind=st.sampled_from(KINDS),
    names=st.sampled_from([(), ("name",)]),
    implicit=st.booleans(),
)
programs = st.lists(statements, max_size=14)


@given(programs)
def test_the_cycles_are_the_components_of_networkx(edges: list[ImportEdge]) -> None:
    assert summary(edges) == kinds_and_paths(edges)


@given(programs)
def test_a_cut_breaks_its_cycle_with_the_fewest_statements(edges: list[ImportEdge]) -> None:
    found = cycles(edges)
    cuts = [{(one.path, one.at) for one in cycle.cut} for cycle in found]

    assert all(breaks(cut, cycle, edges) for cut, cycle in zip(cuts, found, strict=True))
    assert [len(cut) for cut in cuts] == [fewest_to_break(cycle, edges) for cycle in found]
    assert all(cycle.cut_is_minimal for cycle in found)


@given(programs)
def test_a_witness_is_a_closed_walk_from_its_first_file(edges: list[ImportEdge]) -> None:
    walks = [cycle.witness for cycle in cycles(edges)]
    passed = [[one.path for one in walk] for walk in walks]

    assert [[one.target_path for one in walk] for walk in walks] == [[*files[1:], files[0]] for files in passed]
    assert [files[0] for files in passed] == [min(files) for files in passed]


@given(programs)
def test_a_witness_is_as_short_as_its_component_allows(edges: list[ImportEdge]) -> None:
    found = cycles(edges)

    assert [nodes_passed(cycle, edges) for cycle in found] == [shortest_way_round(cycle, edges) for cycle in found]


@given(programs)
def test_a_witness_names_the_first_statement_of_each_edge(edges: list[ImportEdge]) -> None:
    steps = [(cycle.kind, one) for cycle in cycles(edges) for one in cycle.witness]

    assert [one.at for _, one in steps] == [
        first_statement(edges, kind, one.path, one.target_path) for kind, one in steps
    ]


def test_a_witness_goes_by_no_import_that_was_forgiven_when_its_files_came_together() -> None:
    edges = [
        imports("a.py", "b.py", 1),
        imports("a.py", "d.py", 2, kind="deferred", deferred=True),
        imports("d.py", "b.py", 1),
        imports("b.py", "a.py", 1, kind="deferred", deferred=True),
        imports("c.py", "a.py", 1),
        annotates("b.py", "c.py", 9),
    ]
    found = cycles(edges, lambda edge: "deferred" if (edge.path, edge.target_path) == ("a.py", "b.py") else None)

    assert [(cycle.kind, [step.path for step in cycle.witness]) for cycle in found] == [
        ("deferred", ["a.py", "d.py", "b.py"]),
        ("type-only", ["a.py", "d.py", "b.py", "c.py"]),
    ]


def test_a_cut_spares_what_a_package_or_a_gateway_is_there_to_offer() -> None:
    by_name = [imports("cache.py", "cache_core.py"), imports("cache_core.py", "cache.py")]
    by_folder = [imports("a/__init__.py", "a/b.py", names=("b",)), imports("a/b.py", "a/__init__.py", names=("c",))]

    assert [cycle.cut for cycle in cycles([*by_name, *by_folder])] == [
        (step("a/b.py", "a/__init__.py"),),
        (step("cache_core.py", "cache.py"),),
    ]


@given(programs, st.lists(st.sampled_from([None, *KINDS]), min_size=1, max_size=8))
def test_what_is_forgiven_is_missing_from_a_graph_and_those_after_it(
    edges: list[ImportEdge], kinds: list[CycleKind | None]
) -> None:
    def forgiven(edge: ImportEdge) -> CycleKind | None:
        return kinds[edge.at.line % len(kinds)]

    found = cycles(edges, forgiven)

    assert [(cycle.kind, cycle.paths) for cycle in found] == left_to_report(edges, forgiven)
    assert all(KINDS.index(forgiven_at) > KINDS.index(kind) for kind, forgiven_at in cut_statements(found, forgiven))


def cut_statements(
    found: Iterable[Cycle], forgiven: Callable[[ImportEdge], CycleKind | None]
) -> list[tuple[CycleKind, CycleKind]]:
    """Return for every step of a cut that is forgiven from some kind on the kind of its cycle, and that kind."""
    steps = [
        (cycle.kind, forgiven(imports(one.path, one.target_path, one.at.line))) for cycle in found for one in cycle.cut
    ]
    return [(kind, end) for kind, end in steps if end is not None]


@given(programs.flatmap(lambda edges: st.tuples(st.just(edges), st.permutations(edges))))
def test_the_order_of_the_edges_makes_no_difference(orders: tuple[list[ImportEdge], list[ImportEdge]]) -> None:
    edges, shuffled = orders

    assert cycles(shuffled) == cycles(edges)


def test_the_hash_seed_makes_no_difference() -> None:
    script = "from tests.test_graph import a_tangle, cycles; print(cycles(a_tangle()))"
    environments = [{**os.environ, "PYTHONHASHSEED": seed} for seed in "012"]
    runs = [
        subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
        for environment in environments
    ]

    assert {run.stdout.decode().rstrip() for run in runs} == {repr(cycles(a_tangle()))}


def a_tangle() -> set[ImportEdge]:
    random = Random(1)
    ends = random.sample(list(permutations("abcdefghij", 2)), 60)
    return {imports(*pair, random.randint(1, 9), kind=random.choice(KINDS)) for pair in ends}
