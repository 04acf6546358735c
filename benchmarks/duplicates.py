"""Compare what tools find of the copies that are planted in a project, and what they take for copies that are none."""

import argparse
import ast
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from corpora import sources, tool
from markdown import table
from planting import KINDS, Planted, plant

_COPIES, _OTHERS = 200, 500
_REAL = (*KINDS, "wrapper")
_OVERLAP = 0.5
_RANGE = re.compile(r"^==(\S+):\[(\d+):(\d+)\]$", re.MULTILINE)

Place = tuple[str, int]
Range = tuple[str, int, int]
Group = list[Range]


class Contender(NamedTuple):
    """A tool with its options, and how to read the groups of ranges that it prints or writes."""

    name: str
    command: tuple[str, ...]
    read: Callable[[str, Path], Iterator[Group]]


class Score(NamedTuple):
    """What one tool found over all projects."""

    name: str
    found: Counter[str]
    wrong: Counter[str]
    whole: int
    cpu: float


def main() -> None:
    """Plant copies, run every tool, print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13], help="one project for each")
    parser.add_argument("--tools", default=str(Path(tool("x")).parent), help="the folder with the programs")
    parser.add_argument("--wrong", action="store_true", help="say what was taken for a copy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        projects = [(Path(scratch) / str(seed), seed) for seed in options.seeds]
        truths = [(folder, plant(folder, seed, _COPIES, _OTHERS)) for folder, seed in projects]
        scores = [_score(one, truths, Path(scratch)) for one in _contenders(Path(options.tools), Path(scratch))]
        print(_as_table(scores, [truth for _, truth in truths]))
    for score in scores if options.wrong else ():
        print(score.name, dict(score.wrong), file=sys.stderr)


# The tools.


def _contenders(tools: Path, scratch: Path) -> list[Contender]:
    jscpd = (str(tools / "jscpd"), "-r", "json", "-o", str(scratch), ".")
    pyscn = (str(tools / "pyscn"), "analyze", "--select", "clones", "--json", "--output", "-", ".")
    dups = (str(tools / "find-dup-defs"), "--json", ".")
    gwlint = (str(tools / "python"), "-m", "gwlint", "check", ".", "--select", "GW3", "--format", "json", "--no-cache")
    return [
        Contender("gwlint check --select GW3", gwlint, _of_gwlint),
        Contender("find-dup-defs", dups, _of_find_dup_defs),
        Contender("find-dup-defs --type3-theta .85", (*dups, "--type3-theta", "0.85"), _of_find_dup_defs),
        Contender("pyscn analyze --select clones", pyscn, _of_pyscn),
        Contender("jscpd", jscpd, _of_jscpd),
        Contender("jscpd --similarity", (*jscpd, "--similarity"), _of_jscpd),
        Contender(
            "pylint duplicate-code",
            (str(tools / "pylint"), "--disable=all", "--enable=duplicate-code", "--output-format=json2", "."),
            _of_pylint,
        ),
    ]


def _of_gwlint(output: str, _scratch: Path) -> Iterator[Group]:
    for finding in json.loads(output)["findings"]:
        yield [(one["path"], one["line"], one["end_line"]) for one in finding["related"]]


def _of_find_dup_defs(output: str, _scratch: Path) -> Iterator[Group]:
    for group in json.loads(output)["groups"]:
        if group["severity"] != "INFO":
            yield [(Path(one["file"]).name, one["line"], one["line"]) for one in group["members"]]


def _of_pyscn(output: str, _scratch: Path) -> Iterator[Group]:
    for group in json.loads(output)["clone"]["clone_groups"] or ():
        places = [one["location"] for one in group["clones"]]
        yield [(Path(one["file_path"]).name, one["start_line"], one["end_line"]) for one in places]


def _of_jscpd(_output: str, scratch: Path) -> Iterator[Group]:
    for pair in json.loads((scratch / "jscpd-report.json").read_bytes())["duplicates"]:
        places = (pair["firstFile"], pair["secondFile"])
        yield [(Path(one["name"]).name, one["start"], one["end"]) for one in places]


def _of_pylint(output: str, _scratch: Path) -> Iterator[Group]:
    for message in json.loads(output)["messages"]:
        ranges = _RANGE.findall(message["message"])
        yield [(f"{module.rpartition('.')[2]}.py", int(first) + 1, int(last)) for module, first, last in ranges]


# What they found.


def _score(contender: Contender, truths: Iterable[tuple[Path, list[Planted]]], scratch: Path) -> Score:
    found: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    whole, cpu = 0, 0.0
    for folder, truth in truths:
        before = _cpu_of_children()
        ran = subprocess.run(contender.command, cwd=folder, capture_output=True, text=True, check=False)
        cpu += _cpu_of_children() - before
        functions = _functions(folder)
        groups = [_meant(group, functions) for group in contender.read(ran.stdout, scratch)]
        kinds = {(one.path, one.line): one for one in truth}
        for one, other in {pair for group in groups for pair in combinations(sorted(group), 2)}:
            first, second = kinds.get(one), kinds.get(other)
            if first is not None and second is not None and first.group == second.group and first.kind in _REAL:
                found[first.kind] += 1
            elif first is not None or second is not None:
                wrong[" ".join(sorted(place.kind if place else "other" for place in (first, second)))] += 1
        whole += sum(any(members <= group for group in groups) for members in _classes(truth))
    return Score(contender.name, found, wrong, whole, cpu)


def _cpu_of_children() -> float:
    import resource

    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _functions(folder: Path) -> dict[str, list[tuple[int, int]]]:
    """Return the lines of all functions by file."""
    return {
        file.name: [
            (node.lineno, node.end_lineno or node.lineno)
            for node in ast.walk(ast.parse(file.read_bytes()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        for file in sources(folder)
    }


def _meant(group: Group, functions: dict[str, list[tuple[int, int]]]) -> set[Place]:
    """Return the functions that ranges mean: those of which they hold the better part, or where they begin."""
    return {
        (path, line)
        for path, first, last in group
        for line, end in functions.get(path, ())
        if first == line or min(last, end) - max(first, line) + 1 >= _OVERLAP * (end - line + 1)
    }


def _classes(truth: Iterable[Planted]) -> list[set[Place]]:
    groups: dict[int, set[Place]] = {}
    for one in truth:
        if one.kind in _REAL:
            groups.setdefault(one.group, set()).add((one.path, one.line))
    return [group for group in groups.values() if len(group) > 1]


def _as_table(scores: Iterable[Score], truths: list[list[Planted]]) -> str:
    pairs: Counter[str] = Counter()
    for truth in truths:
        kinds = {(one.path, one.line): one.kind for one in truth}
        for group in _classes(truth):
            pairs[kinds[next(iter(group))]] += len(group) * (len(group) - 1) // 2
    classes = sum(len(_classes(truth)) for truth in truths)
    heads = ("tool", *_REAL, "precision", "F1", "wrong pairs", "whole classes", "CPU s")
    return table(heads, [_row(score, pairs, classes, len(truths)) for score in scores])


def _row(score: Score, pairs: Counter[str], classes: int, projects: int) -> tuple[str, ...]:
    right, wrong = score.found.total(), score.wrong.total()
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / pairs.total()
    together = 2 * precision * recall / (precision + recall) if right else 0.0
    recalls = (f"{score.found[kind] / pairs[kind]:.2f}" for kind in _REAL)
    whole = f"{score.whole / classes:.0%}"
    return (
        score.name, *recalls, f"{precision:.3f}", f"{together:.2f}", str(wrong), whole, f"{score.cpu / projects:.1f}",
    )  # fmt: skip


if __name__ == "__main__":
    main()
