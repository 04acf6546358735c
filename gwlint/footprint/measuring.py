"""Measure what a statement takes, most often an import: each time in a fresh interpreter.

The only part of gwlint that runs the code it is asked about.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Literal

import msgspec

from gwlint.model import Fact

Bytecode = Literal["kept", "valid", "stale"]
"""Which bytecode the measured code has: what lies beside its files, valid one for all of it, or none.

Only `kept` is sensitive to who has run it before; nothing is ever written beside anybody's files.
"""

PROBE = Path(__file__).with_name("probe.py")
LAMBDA_ENVIRONMENT: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_FUNCTION_NAME": "measured",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/measured",
    "AWS_LAMBDA_LOG_STREAM_NAME": "measured",
    "AWS_REGION": "us-east-1",
    "AWS_SECRET_ACCESS_KEY": "example",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
}
"""What a function finds set that matters while it loads. The credentials are nobody's."""

_INHERITED = ("HOME", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TMPDIR")
_LAST_WORDS = 300


class MeasuringError(Exception):
    """It could not be measured, and why: what the code raised, most often."""


class Reading(msgspec.Struct, frozen=True):
    """What the probe says of one run."""

    memory_kb: int
    anonymous_kb: int
    peak_kb: int
    base_kb: int
    cpu_ms: float
    wall_ms: float
    modules: tuple[str, ...]
    source: str
    error: str


class Measurement(Fact, frozen=True):
    """What a statement adds to a bare interpreter of `base_kb`, and that at its highest. Memory is in KiB.

    Memory is the median of all runs, time the least: noise only ever adds to it. `anonymous_kb` is what of the memory
    belongs to no file. `modules` are those that it loads, in the order in which they are done. `source` says where
    memory was read: anything but `smaps_rollup` is the most that was ever used, which hides what was freed.
    """

    memory_kb: float
    anonymous_kb: float
    peak_kb: float
    base_kb: float
    cpu_ms: float
    wall_ms: float
    modules: tuple[str, ...]
    source: str
    runs: int


def measure(
    python: Path,
    *,
    module: str = "",
    code: str = "",
    path: Sequence[Path] = (),
    runs: int = 5,
    bytecode: Bytecode = "kept",
    folder: Path | None = None,
    environment: Mapping[str, str] = LAMBDA_ENVIRONMENT,
    timeout: float = 60.0,
) -> Measurement:
    """Measure the import of a module, or else any code, under an interpreter. Raises `MeasuringError`.

    `path` goes before the interpreter's own; `folder` is where it runs. Of the environment, only what a program can't
    do without gets through, and `environment` on top of it. `timeout` is in seconds, for each run.
    """
    statement = ("--module", module) if module else ("--code", code)
    paths = [argument for entry in path for argument in ("--path", os.path.abspath(entry))]
    with ExitStack() as stack:
        options = ["-I", "-B"]
        if bytecode == "valid":
            aside = stack.enter_context(TemporaryDirectory(prefix="gwlint-bytecode-"))
            options = ["-I", "-X", f"pycache_prefix={aside}"]
        compiling = ["--compiling"] if bytecode == "stale" else []
        command = [str(python), *options, str(PROBE), *paths, *compiling, *statement]
        around = {**_inherited(), **environment}
        if bytecode == "valid":
            _reading(command, folder, around, timeout)
            command.insert(1, "-B")
        readings = [_reading(command, folder, around, timeout) for _ in range(runs)]
    return _summary(readings)


def _inherited() -> dict[str, str]:
    return {key: os.environ[key] for key in _INHERITED if key in os.environ}


def _reading(command: Sequence[str], folder: Path | None, environment: Mapping[str, str], timeout: float) -> Reading:
    try:
        ended = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout
        )
    except subprocess.TimeoutExpired:
        raise MeasuringError(f"it took longer than {timeout:g} s") from None
    except OSError as error:
        raise MeasuringError(f"{command[0]}: {error.strerror or error}") from error
    if not ended.stdout:
        raise MeasuringError(f"the interpreter ended with exit code {ended.returncode}{_last_words(ended.stderr)}")
    reading = msgspec.json.decode(ended.stdout, type=Reading)
    if reading.error:
        raise MeasuringError(reading.error)
    return reading


def _last_words(stream: bytes) -> str:
    lines = stream.decode(errors="replace").strip().splitlines()
    return f": {lines[-1][:_LAST_WORDS]}" if lines else ""


def _summary(readings: Sequence[Reading]) -> Measurement:
    return Measurement(
        memory_kb=median(reading.memory_kb for reading in readings),
        anonymous_kb=median(reading.anonymous_kb for reading in readings),
        peak_kb=median(reading.peak_kb for reading in readings),
        base_kb=median(reading.base_kb for reading in readings),
        cpu_ms=min(reading.cpu_ms for reading in readings),
        wall_ms=min(reading.wall_ms for reading in readings),
        modules=readings[0].modules,
        source=readings[0].source,
        runs=len(readings),
    )
