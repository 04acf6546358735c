"""Compare what handlers take when they are imported with what gwlint estimates from their source."""

import argparse
import math
import os
import platform
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from statistics import median
from typing import NamedTuple

from corpora import HERE
from handlers import REQUIREMENTS, Handler, handlers
from markdown import table

from gwlint.cache import Cache
from gwlint.footprint.closure import closure
from gwlint.footprint.environment import Environment, SearchFolder, Target, installed
from gwlint.footprint.estimates import Amount, Basis, Estimate
from gwlint.footprint.estimator import Estimator, Runtime
from gwlint.footprint.measuring import Measurement, measure
from gwlint.footprint.sources import Sources
from gwlint.footprint.tables import Tables

PACKAGES = HERE / ".packages"
_BASES: tuple[Basis, ...] = ("table", "formula", "name")
_BARE = Runtime(memory_mb=0.0, init_ms=0.0, loaded=frozenset())
_KB = 1024


class Trial(NamedTuple):
    """A handler, what it took, and what was estimated, by basis."""

    handler: Handler
    measured: Measurement
    estimates: dict[Basis, Estimate]


def main() -> None:
    """Install the packages, measure every handler, estimate it, print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="handlers whose name contains one of these")
    parser.add_argument(
        "--python", default="python3.12", help="the interpreter to measure with, if none is installed yet"
    )
    parser.add_argument("--set", choices=("first", "second", "both"), default="both", dest="which")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--contributors", action="store_true", help="say what the estimates are made of")
    options = parser.parse_args()
    python = _interpreter(options.python)
    chosen = [one for one in handlers() if options.which in ("both", one.group)]
    asked = [one for one in chosen if not options.names or any(name in one.name for name in options.names)]
    with tempfile.TemporaryDirectory() as scratch:
        trials = list(_trials(asked, python, Path(scratch), options.runs))
    print(f"{datetime.now(timezone.utc):%Y-%m-%d}: {os.cpu_count()} cores, {platform.system()} {platform.machine()}.\n")
    print(_summary(trials))
    print()
    print(_details(trials))
    for trial in trials if options.contributors else ():
        print(*_contributors(trial), sep="\n")


def _interpreter(python: str) -> Path:
    """Return the interpreter of the environment that the packages are installed in: made, if it is not there."""
    interpreter = PACKAGES / "bin" / "python"
    if not interpreter.exists():
        subprocess.run([python, "-m", "venv", str(PACKAGES)], check=True)
        subprocess.run([str(interpreter), "-m", "pip", "--quiet", "install", *REQUIREMENTS], check=True)
    return interpreter


def _trials(handlers: Iterable[Handler], python: Path, scratch: Path, runs: int) -> Iterator[Trial]:
    tables, sources = Tables(), Sources(Cache(None), os.cpu_count() or 1)
    site = installed(PACKAGES)
    version = site.python or (3, 12)
    estimators = {basis: Estimator(tables, version, basis=basis) for basis in _BASES}
    for number, handler in enumerate(handlers):
        root = scratch / str(number)
        _write(handler, root, python)
        folders = (SearchFolder(str(root), "project", precedes=True), SearchFolder(site.folder, "package"))
        loaded = closure("handler", Environment(folders, Target(version)), sources, _Asked(tables, version))
        estimates = {basis: estimator.estimate(loaded, _BARE) for basis, estimator in estimators.items()}
        yield Trial(handler, measure(python, module="handler", path=[root], runs=runs, folder=root), estimates)


class _Asked:
    """What modules without a source at hand were seen to import."""

    def __init__(self, tables: Tables, version: tuple[int, int]) -> None:
        self._tables = tables
        self._version = version

    def __call__(self, module: str) -> tuple[str, ...] | None:
        row = self._tables.standard(self._version).rows.get(module)
        if row is None:
            package = self._tables.package(self._tables.providers.get(module.partition(".")[0], ""))
            row = package.rows.get(module) if package else None
        return row.imports if row else None


def _write(handler: Handler, root: Path, python: Path) -> None:
    for name, content in handler.files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    if handler.bytecode != "none":
        subprocess.run([str(python), "-m", "compileall", "-q", str(root)], check=True)
    if handler.bytecode == "stale":
        for path in root.rglob("*.py"):
            os.utime(path, (0, 0))


def _summary(trials: Sequence[Trial]) -> str:
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.handler.group, []).append(trial)
    heads = (
        *("set", "basis", "handlers", "median", "p90", "worst", "inside", "half-width"),
        *("CPU median", "CPU p90", "CPU inside"),
    )
    return table(heads, ((name, *_line(basis, group)) for name, group in groups.items() for basis in _BASES))


def _line(basis: Basis, trials: Sequence[Trial]) -> tuple[str, ...]:
    memory = [(one.estimates[basis].memory_mb, one.measured.memory_kb / _KB) for one in trials]
    time = [(one.estimates[basis].init_ms, one.measured.cpu_ms) for one in trials]
    errors = [abs(_error(*pair)) for pair in memory]
    times = [abs(_error(*pair)) for pair in time]
    widths = [(amount.high - amount.low) / 2 / measured for amount, measured in memory]
    return (
        basis,
        str(len(trials)),
        _percent(median(errors)),
        _percent(_ninth_of_ten(errors)),
        _percent(max(errors)),
        _percent(sum(_inside(*pair) for pair in memory) / len(memory)),
        _percent(median(widths)),
        _percent(median(times)),
        _percent(_ninth_of_ten(times)),
        _percent(sum(_inside(*pair) for pair in time) / len(time)),
    )


def _details(trials: Sequence[Trial]) -> str:
    heads = (
        "handler",
        "MiB",
        *(f"{basis}: interval" for basis in _BASES),
        *(f"{basis}: error" for basis in _BASES),
        "ms",
        "table: ms",
    )
    return table(heads, (_row(trial) for trial in trials))


def _row(trial: Trial) -> tuple[str, ...]:
    measured = trial.measured.memory_kb / _KB
    amounts = [trial.estimates[basis].memory_mb for basis in _BASES]
    return (
        trial.handler.name,
        f"{measured:.1f}",
        *(f"{one.low:.1f} to {one.high:.1f}" + ("" if _inside(one, measured) else " !") for one in amounts),
        *(f"{_error(one, measured):+.0%}" for one in amounts),
        f"{trial.measured.cpu_ms:.0f}",
        f"{trial.estimates['table'].init_ms.estimate:.0f}",
    )


def _error(amount: Amount, measured: float) -> float:
    return amount.estimate / measured - 1


def _inside(amount: Amount, measured: float) -> bool:
    return amount.low <= measured <= amount.high


def _ninth_of_ten(values: Sequence[float]) -> float:
    return sorted(values)[max(0, math.ceil(0.9 * len(values)) - 1)]


def _percent(part: float) -> str:
    return f"{part:.1%}"


def _contributors(trial: Trial) -> Iterator[str]:
    for basis, estimate in trial.estimates.items():
        yield f"\n{trial.handler.name}, {basis}: {trial.measured.memory_kb:.0f} KiB, {trial.measured.cpu_ms:.0f} ms"
        for one in estimate.contributors[:20]:
            yield f"  {one.memory_kb:8.0f} {one.cpu_ms:7.1f} {one.kind:11} {one.basis:7} {one.name} {one.modules}"
        yield from estimate.notes


if __name__ == "__main__":
    main()
