"""Measure the statements of an environment, and keep what was seen: one file of samples for each statement."""

import gzip
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gwlint.footprint.measuring import LAMBDA_ENVIRONMENT, PROBE

TRACING = Path(__file__).with_name("tracing.py")
_TIMEOUT = 300

Samples = dict[str, Any]  # as JSON has it: written here, read by build.py


class TraceError(Exception):
    """The traced process did not end as it should."""


class Trace:
    """What one run wrote: exclusive figures of modules, and what they asked for."""

    def __init__(self, text: str) -> None:
        self.exclusive: dict[str, float] = {}
        self.libraries: list[tuple[str, str, int]] = []
        self.imports: dict[str, set[str]] = defaultdict(set)
        self.files: dict[str, str] = {}
        self.failed: dict[str, str] = {}
        self._open: list[list[Any]] = []
        for line in text.splitlines():
            kind, _, rest = line.partition("\t")
            self._take(kind, rest.split("\t"))

    def _take(self, kind: str, words: list[str]) -> None:
        if kind == ">":
            self._open.append([words[0], int(words[1]), 0])
        elif kind == "<":
            name, start, children = self._open.pop()
            own = int(words[1]) - start - children
            self.exclusive[name] = self.exclusive.get(name, 0) + own
            if self._open:
                self._open[-1][2] += int(words[1]) - start
        elif kind == "+":
            self.libraries.append((words[0], words[1], int(words[2])))
        elif kind == "@":
            self.imports[words[0]].add(words[1])
        elif kind == "=":
            self.files[words[0]] = words[1]
        elif kind == "!":
            self.failed[words[0]] = words[-1]


def trace(python: Path, mode: str, setup: str, codes: list[str], *, compiling: bool = False) -> Trace:
    """Trace pieces of code in a fresh interpreter."""
    with TemporaryDirectory(prefix="footprints-") as folder:
        output = Path(folder, "trace")
        options = ["--compiling"] if compiling else []
        command = [str(python), "-I", "-B", str(TRACING), str(PROBE), mode, *options, str(output), setup, *codes]
        environment = {"PATH": os.environ["PATH"], "HOME": folder, **LAMBDA_ENVIRONMENT}
        if mode == "cpu":
            # Threads that wait busily would count as the time of whatever module comes next: threads.py has them.
            environment["OPENBLAS_NUM_THREADS"] = "1"
        ended = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT
        )
        if ended.returncode or not output.exists():
            raise TraceError(ended.stderr.decode(errors="replace")[-500:])
        return Trace(output.read_text(encoding="utf-8", errors="replace"))


def samples(python: Path, code: str, runs: int, *, stale: bool = True) -> Samples:
    """Measure one statement a few times in each way."""
    memory = [trace(python, "memory", "", [code]) for _ in range(runs)]
    imports = trace(python, "imports", "", [code])
    found: Samples = {
        "code": code,
        "memory": [run.exclusive for run in memory],
        "cpu": [trace(python, "cpu", "", [code]).exclusive for _ in range(runs)],
        "libraries": [run.libraries for run in memory],
        "imports": {name: sorted(asked) for name, asked in imports.imports.items()},
        "files": imports.files,
        "failed": {**memory[0].failed, **imports.failed},
    }
    if stale:
        found["stale_memory"] = [
            trace(python, "memory", "", [code], compiling=True).exclusive for _ in range(max(1, runs // 2))
        ]
        found["stale_cpu"] = [
            trace(python, "cpu", "", [code], compiling=True).exclusive for _ in range(max(1, runs // 2))
        ]
    return found


def importing_all(modules: list[str]) -> str:
    """Return code that imports modules one by one, come what may."""
    return f"for name in {' '.join(modules)!r}.split():\n    try: __import__(name)\n    except BaseException: pass"


def keep(found: Samples, file: Path) -> None:
    """Write samples, compressed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(file, "wt", encoding="utf-8") as stream:
        json.dump(found, stream)


def kept(file: Path) -> Samples:
    """Read samples."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        found: Samples = json.load(stream)
    return found


def complain(what: str, error: Exception) -> None:
    """Say on the error stream what could not be measured."""
    print(f"{what}: {type(error).__name__}: {error}"[:400], file=sys.stderr, flush=True)
