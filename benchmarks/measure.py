"""Run a command as a whole process and tell what it took."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

_KIB_PER_MIB = 1024
_MAXRSS_PER_KIB = 1024 if sys.platform == "darwin" else 1
_DISTURBING = frozenset({"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONPROFILEIMPORTTIME", "PYTHONSTARTUP"})
_LAST_WORDS = 300


class Sample(NamedTuple):
    """What one run took. `cpu` is that of all its processes, `peak` the MiB of the largest one."""

    wall: float
    cpu: float
    peak: float


class UnexpectedEndError(Exception):
    """A command did not end as it should; how fast it was means nothing."""


def run(command: Sequence[str], folder: Path, output: Path, exit_code: int = 0) -> Sample:
    """Run a command in a folder, all that it prints going to a file. Raises `UnexpectedEndError`."""
    with output.open("wb") as stream:
        start = perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != exit_code:
        raise UnexpectedEndError(f"exit code {process.returncode}: {_end_of(output)}")
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MAXRSS_PER_KIB / _KIB_PER_MIB)


def counted(pattern: str, output: Path) -> int:
    """Sum up over the lines of a file the number that a pattern finds, or 1 when there is no number in it.

    Line by line, because the memory of this process is the least that a child can have as its peak.
    """
    compiled = re.compile(pattern.encode())
    with output.open("rb") as lines:
        found = (match for match in map(compiled.search, lines) if match)
        return sum(int(match[1]) if compiled.groups else 1 for match in found)


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key not in _DISTURBING}


def _end_of(output: Path) -> str:
    return " ".join(output.read_text(errors="replace")[-_LAST_WORDS:].split())
