"""What Lambda's runtimes take for a function that does nothing, and what they have loaded before it is.

Memory and time can't be measured here. They are what maxday/lambda-perf reported on 22 August 2026 of zip functions
that do nothing: `Max Memory Used` in MB, which are MiB, and the range of `Init Duration` in ms. The time of 3.10 is not
in it: that is 3.11's.
"""

import subprocess
from pathlib import Path
from typing import NamedTuple

from environments import Group, create

REPORTED = {
    ("python3.10", "x86_64"): (31, 73, 79),
    ("python3.10", "arm64"): (30, 67, 75),
    ("python3.11", "x86_64"): (34, 73, 79),
    ("python3.11", "arm64"): (33, 67, 75),
    ("python3.12", "x86_64"): (37, 81, 85),
    ("python3.12", "arm64"): (36, 73, 82),
    ("python3.13", "x86_64"): (36, 85, 91),
    ("python3.13", "arm64"): (35, 77, 85),
    ("python3.14", "x86_64"): (38, 101, 106),
    ("python3.14", "arm64"): (37, 94, 100),
}
_NEWEST_HERE = "3.13"
_LISTING = """
import sys
bare = set(sys.modules)
import awslambdaric.__main__
from awslambdaric import bootstrap
with bootstrap.create_log_sink() as sink:
    bootstrap._setup_logging(bootstrap._AWS_LAMBDA_LOG_FORMAT, bootstrap._AWS_LAMBDA_LOG_LEVEL, sink)
print(*sorted(name for name in set(sys.modules) - bare))
"""


class Runtime(NamedTuple):
    """A runtime on an architecture."""

    runtime: str
    architecture: str
    memory_mb: float
    init_low_ms: float
    init_high_ms: float
    modules: tuple[str, ...]


def bootstrap_modules(version: str, work: Path, python: Path) -> tuple[str, ...]:
    """Return what AWS's own bootstrap, as published on PyPI, loads on top of a bare interpreter."""
    group = Group("awslambdaric", ("awslambdaric",), (), False)
    interpreter = create(group, work / f"envs-{version}", python)
    answer = subprocess.run([interpreter, "-I", "-c", _LISTING], check=True, capture_output=True, text=True)
    return tuple(answer.stdout.split())


def runtimes(work: Path, pythons: dict[str, Path]) -> list[Runtime]:
    """Return all runtimes. One that is newer than every Python at hand is taken to load what the newest does."""
    modules = {version: bootstrap_modules(version, work, python) for version, python in pythons.items()}
    return [
        Runtime(runtime, architecture, *figures, modules.get(runtime.removeprefix("python"), modules[_NEWEST_HERE]))
        for (runtime, architecture), figures in sorted(REPORTED.items())
    ]
