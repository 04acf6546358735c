"""The commands that are compared, and the state that each finds the codebase in."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from time import time_ns
from typing import NamedTuple

import measure
from corpora import sources, tool

Key = tuple[str, str]
Setting = Callable[[Path], AbstractContextManager[None]]
"""Brings a folder into some state for as long as one run takes."""

GRIMP_COLD: Key = ("grimp", "cold")
LINTER_COLD: Key = ("import-linter acyclic_siblings", "cold")
CYCLES = "gwlint graph --cycles"
JSON = "gwlint graph --format json"
VERSION: Key = ("gwlint --version", "")

_NEARLY_ALL = 0.9
"""Not every tool sees a folder without `__init__.py`."""

_GRIMP = """
import sys, grimp
graph = grimp.build_graph(sys.argv[1], cache_dir=sys.argv[2] if len(sys.argv) > 2 else None)
print(len(graph.modules), "modules")
"""
_IMPORT_LINTER_SETTINGS = """\
[importlinter]
root_package = {package}

[importlinter:contract:acyclic]
name = acyclic
type = acyclic_siblings
ancestors = {package}
"""
_TACH_SETTINGS = """\
source_roots = ["."]
exclude = []
respect_gitignore = false
"""
_TACH_MODULE = """
[[modules]]
path = "{name}"
depends_on = []
"""


class Contender(NamedTuple):
    """A command in a state. It has to exit with a code and to show in its output that it analysed enough files."""

    key: Key
    command: tuple[str, ...]
    shows: str = ""
    at_least: int = 0
    exit_code: int = 0
    setting: Setting = lambda _: nullcontext()

    def run(self, folder: Path, output: Path) -> measure.Sample:
        """Run once. Raises `UnexpectedEndError`."""
        with self.setting(folder):
            sample = measure.run(self.command, folder, output, self.exit_code)
        if self.shows and measure.counted(self.shows, output) < self.at_least:
            raise measure.UnexpectedEndError(f"`{self.shows}` does not tell of {self.at_least} files")
        return sample


def contenders(package: str, file_count: int) -> list[Contender]:
    """Return all that run in every round. Of one tool, each leaves the cache behind that the next wants to find."""
    graphs = [gwlint_graph(name, state, file_count) for state in _STATES for name in _GRAPHS]
    version = Contender(VERSION, (tool("gwlint"), "--version"))
    return [*graphs, version, *_peers(package, int(file_count * _NEARLY_ALL))]


def gwlint_graph(name: str, state: str, file_count: int) -> Contender:
    """Return one of the graphs of gwlint, which has to see every file."""
    options, shows = _GRAPHS[name]
    return Contender((name, state), (tool("gwlint"), "graph", ".", *options), shows, file_count, setting=_STATES[state])


def pylint(package: str) -> Contender:
    """Return the one that takes minutes."""
    command = (tool("pylint"), "--rcfile=/dev/null", "--disable=all", "--enable=cyclic-import", "-j1", package)
    suggests_refactoring = 8
    return Contender(("pylint cyclic-import", "one process"), command, "R0401", 1, suggests_refactoring)


def prepare(folder: Path, package: str) -> None:
    """Write the settings that the tools need."""
    (folder / ".importlinter").write_text(_IMPORT_LINTER_SETTINGS.format(package=package))
    names = (".".join(path.relative_to(folder).with_suffix("").parts) for path in sources(folder / package))
    modules = (_TACH_MODULE.format(name=name.removesuffix(".__init__")) for name in names)
    (folder / "tach.toml").write_text(_TACH_SETTINGS + "".join(modules))
    # tach checks what is declared, so everything that is imported has to be.
    measure.run((tool("tach"), "sync"), folder, folder.parent / "output")


def without_cache(folder: Path) -> AbstractContextManager[None]:
    """Have gwlint find no cache."""
    shutil.rmtree(folder / ".gwlint_cache", ignore_errors=True)
    return nullcontext()


def _peers(package: str, enough: int) -> list[Contender]:
    grimp = (tool("python"), "-c", _GRIMP, package)
    grimp_shows = r"^(\d+) modules"
    linter = (tool("lint-imports"), "--config", ".importlinter")
    linter_shows = r"^Analyzed (\d+) files"
    ruff = (tool("ruff"), "analyze", "graph", "--isolated", ".")
    broken_contract = 1  # all of the codebases have cycles
    return [
        Contender(GRIMP_COLD, grimp, grimp_shows, enough),
        Contender(("grimp", "warm"), (*grimp, ".grimp_cache"), grimp_shows, enough),
        Contender(LINTER_COLD, (*linter, "--no-cache"), linter_shows, enough, broken_contract),
        Contender((LINTER_COLD[0], "warm"), linter, linter_shows, enough, broken_contract),
        Contender(("tach check", "no cache"), (tool("tach"), "check"), "All modules validated", 1),
        Contender(("ruff analyze graph", "no cache"), ruff, r'^  "', enough),
    ]


@contextmanager
def _with_one_change(folder: Path) -> Iterator[None]:
    """Have a comment, never the same, at the end of the file of middle size."""
    by_size = sorted(sources(folder), key=lambda path: path.stat().st_size)
    changed = by_size[len(by_size) // 2]
    original = changed.read_bytes()
    changed.write_bytes(original + f"\n# {time_ns()}\n".encode())
    try:
        yield
    finally:
        changed.write_bytes(original)


_GRAPHS = {
    CYCLES: (("--cycles",), r"^(\d+) files found"),
    JSON: (("--format", "json"), r'^"files": \{"found":(\d+)'),
}
_STATES: dict[str, Setting] = {
    "cold": without_cache,
    "unchanged": lambda _: nullcontext(),
    "one file changed": _with_one_change,
}
