"""Say where the time of a cold run goes: `python benchmarks/stages.py [CORPUS]`.

The profiler makes Python code slower and native code not, so the shares of the former are somewhat too large.
"""

import argparse
import pstats
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import measure
import trial
from corpora import CORPORA, tool
from markdown import table

_STAGES = {
    "walk over the folders": ("discover/walk.py:walk",),
    "reading and hashing": ("read.py:identify",),
    "syntax check": ("syntax.py:check",),
    "tree-sitter parse": ("parse/grammar.py:tree_of",),
    "queries": ("parse/grammar.py:structure", "parse/grammar.py:conditions"),
    "sweep": ("parse/outline.py:__init__", "parse/outline.py:uses", "parse/outline.py:calls"),
    "import statements": ("parse/recover.py:statements",),
    "imports by string": ("parse/dynamic.py:imports",),
    "suppressions": ("parse/suppressions.py:suppressions",),
    "resolve": ("resolve/__init__.py:resolve",),
    "cycles": ("graph/__init__.py:cycles",),
    "cache": (
        "cache.py:facts", "cache.py:keep_facts", "cache.py:forget_facts", "cache.py:run", "cache.py:keep_run",
        "cache.py:facts_schema", "cache.py:run_schema",
    ),
    "output": ("cli/terminal.py:write",),
}  # fmt: skip
"""The functions that make up a stage. None of them may call one of another stage."""


class Stage(NamedTuple):
    """A part of a run and the seconds it took."""

    name: str
    seconds: float


class _MovedError(Exception):
    """The profile has no call of a function that stands for a stage."""


def main() -> None:
    """Profile a cold run over one corpus in one process."""
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("corpus", nargs="?", default="django", choices=[corpus.name for corpus in CORPORA])
    chosen = parser.parse_args().corpus
    (corpus,) = (corpus for corpus in CORPORA if corpus.name == chosen)
    with trial.workplace(corpus) as folder:
        print(as_table(profile(folder)))


def profile(folder: Path) -> list[Stage]:
    """Return the stages of a cold run, and the rest of it as the last one."""
    shutil.rmtree(folder / ".gwlint_cache", ignore_errors=True)
    profiled = folder.parent / "profile"
    gwlint = ("-m", "gwlint", "graph", ".", "--cycles", "--jobs", "1")
    command = (tool("python"), "-m", "cProfile", "-o", str(profiled), *gwlint)
    measure.run(command, folder, folder.parent / "output")
    stats = pstats.Stats(str(profiled))
    seconds = _cumulative(stats)
    stages = [Stage(name, _sum(functions, seconds)) for name, functions in _STAGES.items()]
    total: float = stats.total_tt  # type: ignore[attr-defined]  # typeshed omits what the class is made of
    return [*stages, Stage("everything else", total - sum(stage.seconds for stage in stages))]


def as_table(stages: Iterable[Stage]) -> str:
    """Write the shares of the stages, the largest first."""
    ordered = sorted(stages, key=lambda stage: -stage.seconds)
    total = sum(stage.seconds for stage in ordered)
    rows = [(stage.name, f"{stage.seconds / total:.0%}", f"{stage.seconds:.2f}") for stage in ordered]
    return table(("stage", "share", "s"), rows)


def _cumulative(stats: pstats.Stats) -> dict[str, float]:
    """Return the seconds spent in each function of gwlint and in what it calls."""
    found: dict[str, float] = {}
    for (file, _, function), (_, _, _, cumulative, _) in stats.stats.items():  # type: ignore[attr-defined]  # as above
        _, is_own, path = file.rpartition("/gwlint/")
        if is_own:
            name = f"{path}:{function}"
            found[name] = found.get(name, 0.0) + cumulative
    return found


def _sum(functions: Iterable[str], seconds: Mapping[str, float]) -> float:
    try:
        return sum(seconds[function] for function in functions)
    except KeyError as error:
        raise _MovedError(f"{error} was never called; where has it gone?") from error


if __name__ == "__main__":
    main()
