"""The standard library of a version: its modules, each imported in a process of its own, and a bare interpreter."""

import json
import subprocess
from pathlib import Path

from collect import TraceError, complain, importing_all, keep, kept, samples
from environments import Group, create, groups

from gwlint.footprint.measuring import measure

VERSIONS = ("3.10", "3.11", "3.12", "3.13")
PACKAGES = "3.12"
"""The version that packages are measured on."""

COMPARED = ("boto3", "requests", "pydantic", "httpx", "jinja2", "sqlalchemy", "fastapi", "aws-lambda-powertools")
"""Packages that are measured on each version, to tell how much it matters."""

_SKIPPED = (
    "antigravity", "distutils", "ensurepip", "idlelib", "lib2to3", "msilib", "nt", "pydoc_data", "test", "this",
    "tkinter", "turtle", "turtledemo", "__phello__",
)  # fmt: skip
_LISTING = """
import json, os, sys, sysconfig
root = sysconfig.get_path("stdlib")
found = set(sys.stdlib_module_names)
for folder, folders, files in os.walk(root):
    folders[:] = [name for name in folders if name.isidentifier() and name not in ("__pycache__", "tests", "test")]
    package = os.path.relpath(folder, root).replace(os.sep, ".").lstrip(".")
    if package:
        found.update(package + "." + name[:-3] for name in files if name.endswith(".py"))
print(json.dumps(sorted(name.removesuffix(".__init__") for name in found)))
"""


def modules(python: Path) -> list[str]:
    """Return the modules of the standard library that a program may import."""
    answer = subprocess.run([python, "-I", "-c", _LISTING], check=True, capture_output=True, text=True).stdout
    names: list[str] = json.loads(answer)
    return [name for name in names if not name.startswith(_SKIPPED) and not name.endswith("__main__")]


def full_version(python: Path) -> str:
    """Return the version of an interpreter, all three numbers."""
    code = "import platform; print(platform.python_version())"
    return subprocess.run([python, "-I", "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def loaded(python: Path) -> list[str]:
    """Return the modules that an interpreter has loaded before it runs anything."""
    code = "import sys; print(*sorted(sys.modules))"
    return subprocess.run([python, "-I", "-c", code], check=True, capture_output=True, text=True).stdout.split()


def base_kb(python: Path) -> float:
    """Return what a bare interpreter has resident."""
    return measure(python, code="pass", runs=9).base_kb


def bare(version: str, work: Path, python: Path) -> Path:
    """Return an interpreter without any package: what some of them hang into the start of every process would count."""
    return create(Group("bare", (), (), False), work / f"envs-{version}", python)


def measure_standard(version: str, work: Path, python: Path, runs: int) -> None:
    """Measure every module of the standard library."""
    python = bare(version, work, python)
    folder = work / "samples" / f"python-{version}"
    names = modules(python)
    own = [name for name in names if not any(part.startswith("_") for part in name.split("."))]
    for name in own:
        _measure(python, f"import {name}", folder / f"{name}.json.gz", runs)
    known = {name for file in folder.glob("*.json.gz") for name in kept(file)["files"]}
    rest = [name for name in names if name not in known]
    _measure(python, importing_all(rest), folder / "rest.json.gz", runs)


def measure_compared(version: str, work: Path, python: Path, runs: int) -> None:
    """Measure some packages on a version."""
    for group in groups(list(COMPARED)):
        interpreter = create(Group(group.name, group.requirements, (), False), work / f"envs-{version}", python)
        file = work / "samples" / f"packages-{version}" / f"{group.name}.json.gz"
        _measure(interpreter, group.statements[0], file, runs)


def _measure(python: Path, code: str, file: Path, runs: int) -> None:
    if file.exists():
        return
    try:
        keep(samples(python, code, runs, stale=False), file)
    except (TraceError, OSError, subprocess.SubprocessError) as error:
        complain(code[:60], error)
