"""From samples to costs: what each module takes on its own, whichever statement brought it in.

Means, not medians: memory comes in pages and arenas, so most modules take nothing most of the time and much once. Only
means add up to what all of them take together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import NamedTuple

from collect import Samples

_LEAST_SPEED = 0.5
_MOST_SPEED = 3.0
_QUIET = 0.2
_LEAST_LEFT = 0.2
_MOST_LEFT = 1.2
_ENOUGH = 5
_MS_PER_NS = 1e-6


class Costs(NamedTuple):
    """What one module takes. The `stale` figures are None where its bytecode is never stale."""

    memory_kb: float
    cpu_ms: float
    stale_memory_kb: float | None
    stale_cpu_ms: float | None
    libraries: tuple[str, ...]
    imports: tuple[str, ...]


class Sheet:
    """Samples of many statements, sorted by module."""

    def __init__(self) -> None:
        self._memory: dict[str, list[float]] = defaultdict(list)
        self._cpu: dict[str, list[float]] = defaultdict(list)
        self._stale_memory: dict[str, list[float]] = defaultdict(list)
        self._stale_cpu: dict[str, list[float]] = defaultdict(list)
        self._libraries: dict[str, set[str]] = defaultdict(set)
        self._imports: dict[str, set[str]] = defaultdict(set)

    def add(
        self, found: Samples, modules: Iterable[str], library_kb: Mapping[str, float], quiet: Mapping[str, float]
    ) -> None:
        """Take the figures of some modules from the samples of a statement.

        A process that was disturbed is slower in everything: the modules of the standard library, which all of them
        load, say by how much, and times are divided by it.
        """
        wanted = [module for module in modules if module not in found["failed"]]
        libraries = mapped(found)
        for figures, kept in ((found["memory"], self._memory), (found.get("stale_memory", ()), self._stale_memory)):
            for run in figures:
                by = 1.0 if kept is self._memory else left_by_compiling(found, run)
                for module in wanted:
                    if module in run:
                        own = run[module] - sum(library_kb[name] for name in libraries.get(module, ()))
                        kept[module].append(own * by)
        for figures, kept in ((found["cpu"], self._cpu), (found.get("stale_cpu", ()), self._stale_cpu)):
            best = fastest(figures)
            by = _MS_PER_NS / slowness(best, quiet)
            for module in wanted:
                if module in best:
                    kept[module].append(best[module] * by)
        for module in wanted:
            self._libraries[module].update(libraries.get(module, ()))
            asked = found["imports"].get(module, ())
            self._imports[module].update(name for name in asked if name in found["files"] and name != module)

    def costs(self) -> dict[str, Costs]:
        """Return what each module takes."""
        return {module: self._costs(module) for module in self._memory if module in self._cpu}

    def _costs(self, module: str) -> Costs:
        return Costs(
            max(0.0, fmean(self._memory[module])),
            max(0.0, fmean(self._cpu[module])),
            max(0.0, fmean(self._stale_memory[module])) if module in self._stale_memory else None,
            max(0.0, fmean(self._stale_cpu[module])) if module in self._stale_cpu else None,
            tuple(sorted(self._libraries[module])),
            tuple(sorted(self._imports[module])),
        )


def left_by_compiling(found: Samples, run: Mapping[str, float]) -> float:
    """Return by what to multiply the memory of modules that were compiled.

    What compiling frees again, modules of the standard library find room in that are loaded later. They are always
    priced in full, so what they save is taken off the compiled ones.
    """
    compiled = {name for name, file in found["files"].items() if "site-packages" in file}
    others = run.keys() - compiled
    memory = sum(run[name] for name in compiled & run.keys())
    usual = fmean(sum(valid.get(name, 0.0) for name in others) for valid in found["memory"])
    saved = usual - sum(run[name] for name in others)
    return min(max((memory - saved) / memory, _LEAST_LEFT), _MOST_LEFT) if memory > 0 else 1.0


def fastest(runs: Iterable[Mapping[str, float]]) -> Mapping[str, float]:
    """Return the run that took the least time in all."""
    return min(runs, key=lambda run: sum(run.values()), default={})


def mapped(found: Samples) -> dict[str, set[str]]:
    """Return the shared libraries that each module brought."""
    libraries: dict[str, set[str]] = defaultdict(set)
    for run in found["libraries"]:
        for module, library, _ in run:
            libraries[module].add(library)
    return libraries


def library_costs(statements: Iterable[Samples]) -> dict[str, float]:
    """Return what is resident of each shared library, whoever brings it: the least that any module leaves of it.

    What one module touches of it on top of that is counted as that module's.
    """
    seen: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for found in statements:
        for run in found["libraries"]:
            for module, library, kilobytes in run:
                seen[library][module].append(kilobytes)
    return {library: min(fmean(figures) for figures in by.values()) for library, by in seen.items()}


def slowness(run: Mapping[str, float], quiet: Mapping[str, float]) -> float:
    """Return how many times as long a run took as it might have."""
    known = [module for module in run if module in quiet]
    least = sum(quiet[module] for module in known)
    if least <= 0:
        return 1.0
    return min(max(sum(run[module] for module in known) / least, _LEAST_SPEED), _MOST_SPEED)


def quiet_times(statements: Iterable[Samples], standard: frozenset[str]) -> dict[str, float]:
    """Return the ns that modules of the standard library take when nothing disturbs: a low quantile of all runs."""
    seen: dict[str, list[float]] = defaultdict(list)
    for found in statements:
        for module, figure in fastest(found["cpu"]).items():
            if module.partition(".")[0] in standard:
                seen[module].append(figure)
    return {module: sorted(times)[int(len(times) * _QUIET)] for module, times in seen.items() if len(times) >= _ENOUGH}
