"""Measure what calls cost: the first one of its kind, and each further one, without the modules that they load."""

from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from collect import Samples, trace

CALLS = Path(__file__).with_name("calls.txt")
_TIMES = 3


class Call(NamedTuple):
    """A call to measure, and where."""

    environment: str
    callee: str
    setup: str
    code: str


def calls() -> list[Call]:
    """Return the calls that calls.txt lists."""
    lines = CALLS.read_text(encoding="utf-8").splitlines()
    parted = (line.split(" | ", 3) for line in lines if line and not line.startswith("#"))
    return [Call(*(part.strip() for part in parts)) for parts in parted]


def measured(python: Path, setup: str, codes: list[str], runs: int) -> Samples:
    """Measure pieces of code that follow one another in one process. Memory is the mean of all runs, time the least."""
    memory = [trace(python, "memory", setup, codes) for _ in range(runs)]
    times = [trace(python, "cpu", setup, codes) for _ in range(runs)]
    imports = trace(python, "imports", setup, codes)
    names = [f"<{number}>" for number in range(len(codes))]
    failed = [imports.failed[name] for name in names if name in imports.failed]
    libraries = sorted({library for run in memory for name, library, _ in run.libraries if name in names})
    kilobytes = {library: kb for run in memory for name, library, kb in run.libraries if name in names}
    return {
        "memory_kb": [fmean(run.exclusive[name] for run in memory) for name in names],
        "cpu_ms": [min(run.exclusive[name] for run in times) / 1e6 for name in names],
        "imports": sorted(imports.imports.get("<0>", ())),
        "libraries": libraries,
        "library_kb": sum(kilobytes.values()),
        "failed": failed,
    }


def measured_call(python: Path, call: Call, runs: int) -> Samples:
    """Measure a call: what the first one costs, and each further one."""
    codes = [f"kept{number} = {call.code}".replace("§", str(number)) for number in range(_TIMES)]
    found = measured(python, call.setup, codes, runs)
    memory, cpu = found.pop("memory_kb"), found.pop("cpu_ms")
    return {
        "callee": call.callee,
        **found,
        "memory_kb": max(0.0, memory[0] - found["library_kb"]),
        "cpu_ms": cpu[0],
        "further_memory_kb": max(0.0, fmean(memory[1:])),
        "further_cpu_ms": min(cpu[1:]),
    }
