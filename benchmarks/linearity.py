"""Does a file cost the same whatever the size of the project? One, four and sixteen copies of a codebase tell."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import trial
from contenders import CYCLES, gwlint_graph
from corpora import C7N, Corpus, sources
from markdown import table
from trial import Result

CORPUS = C7N
_COPIES = (1, 4, 16)


class Size(NamedTuple):
    """What a project of some copies took."""

    copies: int
    files: int
    result: Result


def measure(rounds: int) -> list[Size]:
    """Measure a cold run for every number of copies."""
    return [_measure(copies, rounds) for copies in _COPIES]


def as_table(sizes: Iterable[Size]) -> str:
    """Show what one file costs in projects of growing size."""
    rows = [
        (str(copies), str(files), f"{result.cpu / files * 1000:.2f}", f"{result.cpu:.2f}", f"{result.peak:.0f}")
        for copies, files, result in sizes
    ]
    return table(("copies", "files", "CPU ms per file", "CPU s", "peak MiB"), rows)


def _measure(copies: int, rounds: int) -> Size:
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / f"{CORPUS.name}-{copies}"
        files = sum(_copy(CORPUS, project / f"copy{number}") for number in range(copies))
        (result,) = trial.run([gwlint_graph(CYCLES, "cold", files)], project, rounds)
        if result.failure:
            raise RuntimeError(f"{copies} copies: {result.failure}")
        return Size(copies, files, result)


def _copy(corpus: Corpus, target: Path) -> int:
    """Copy a corpus, every file a little different: what is the same gets parsed only once."""
    shutil.copytree(corpus.folder, target)
    copied = sources(target)
    for path in copied:
        with path.open("a") as stream:
            stream.write(f"\n# {target.name}\n")
    return len(copied)
