"""The environments that the packages are measured in: what is asked for, and what is installed."""

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

PACKAGES = Path(__file__).with_name("packages.txt")
_SKIPPED_PARTS = frozenset(
    {"__main__", "_pytest", "_tests", "_vendor", "conftest", "example", "examples", "setup", "test", "testing", "tests"}
)
_EXTENSION = re.compile(r"\.(?:cpython-\d+\S*|abi3)\.so$|\.so$")


class Group(NamedTuple):
    """What is installed together, and the statements to run. `whole`: import all the rest of the first one, too."""

    name: str
    requirements: tuple[str, ...]
    statements: tuple[str, ...]
    whole: bool


class Installed(NamedTuple):
    """A module file of an environment, and whose it is."""

    module: str
    file: str
    distribution: str
    version: str


def groups(names: "list[str] | None" = None) -> list[Group]:
    """Return the groups that packages.txt lists, or those of these names."""
    lines = [line for line in PACKAGES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    heads = [number for number, line in enumerate(lines) if re.match(r"\[\S+\] ", line)]
    blocks = [lines[start:end] for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)]
    found = [_group(block[0], block[1:]) for block in blocks]
    return [group for group in found if not names or group.name in names]


def _group(head: str, statements: list[str]) -> Group:
    name, _, requirements = head[1:].partition("] ")
    return Group(name, tuple(requirements.rstrip("!").split()), tuple(statements), not requirements.endswith("!"))


def create(group: Group, folder: Path, python: Path) -> Path:
    """Return the interpreter of an environment for a group, which is made unless it is there."""
    environment = folder / group.name
    interpreter = environment / "bin" / "python"
    done = environment / ".done"
    if not done.exists():
        subprocess.run([python, "-m", "venv", "--clear", "--without-pip", environment], check=True)
        if group.requirements:
            pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(interpreter)]
            subprocess.run([*pip, "install", "--prefer-binary", *group.requirements], check=True)
        done.touch()
    return interpreter


def installed(interpreter: Path) -> list[Installed]:
    """Return the modules of an environment, by what the records of its distributions say."""
    (packages,) = interpreter.parent.parent.glob("lib/python*/site-packages")
    return [module for record in sorted(packages.glob("*.dist-info/RECORD")) for module in _recorded(packages, record)]


def _recorded(packages: Path, record: Path) -> list[Installed]:
    name, version = record.parent.name.removesuffix(".dist-info").split("-")[:2]
    distribution = re.sub(r"[-_.]+", "-", name).lower()
    paths = (line.split(",")[0] for line in record.read_text(encoding="utf-8").splitlines())
    return [
        Installed(_module(path), str(packages / path), distribution, version)
        for path in paths
        if path.endswith((".py", ".so")) and not path.startswith("..")
    ]


def _module(path: str) -> str:
    stem = _EXTENSION.sub("", path).removesuffix(".py")
    return stem.replace("/", ".").removesuffix(".__init__")


def worth_importing(module: str) -> bool:
    """Tell whether a module is one that a program would import: no test, no script."""
    parts = module.split(".")
    return all(part.isidentifier() for part in parts) and _SKIPPED_PARTS.isdisjoint(parts)
