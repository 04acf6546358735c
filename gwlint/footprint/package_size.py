"""What the package of a function takes unzipped, its layers included: from the files at hand, and nothing else."""

from __future__ import annotations

import os
import posixpath
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal, NamedTuple

from gwlint.discover.ignore import Patterns
from gwlint.footprint.estimates import Amount
from gwlint.footprint.installed import Distribution, installed_in
from gwlint.footprint.requirements import Requirements, Target, Wanted, applies, requirements_in, wanted
from gwlint.model import Fact
from gwlint.templates import FunctionTemplate, Tool

LIMIT_MB = 250
"""What Lambda takes: 262,144,000 bytes, all layers included."""

_MIB = 1 << 20
_DATA = Path(__file__).parent / "data" / "packages"
_UNZIPPED = "# unzipped:"

_NEVER = (
    *(".git", ".hg", ".svn", ".gwlint_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"),
    *("__pycache__", ".venv", "venv", "node_modules", ".tox", ".nox", ".idea", ".vscode", ".DS_Store", "*.pyc"),
    *(".aws-sam", ".serverless", ".terraform", "cdk.out", ".chalice", ".env", "*.egg-info"),
)
"""What packaging leaves out, or what only the folder of a developer has."""

_SAM_NEVER = (
    ".gitignore",
    "*.so",
    ".Python",
    "*.egg",
    "htmlcov",
    ".coverage",
    ".cache",
    ".python-version",
    "env",
    "ENV",
)
"""What `sam build` leaves out besides. The compiled modules of dependencies it installs itself."""

_ZAPPA_NEVER = ("*.exe", "*.zip", "*.tar.gz", "docutils*")

_FOLDERS_AS_THEY_ARE: tuple[Tool, ...] = ("cdk", "cloudformation", "terraform")
"""Tools that install nothing: what lies in the folder is what is deployed."""

_INSTALLING_BESIDE_CODE: tuple[Tool, ...] = ("sam", "chalice")
"""Tools that read `requirements.txt` beside the code, and nothing else."""

_SHIPPING_BYTECODE: tuple[Tool, ...] = ("serverless", "zappa")
"""Tools that package what pip installs, with the byte code that it makes."""

_EXACT = 0.01
_RECORDED = 0.08
_FOREIGN = 0.4
_TABLED = 0.3
"""How far off sizes may be: of files at hand, of distributions at hand, of those made for another system, by name."""

_BYTECODE_RATIO = 1.1
_UNKNOWN_LOW, _UNKNOWN_BYTES, _UNKNOWN_HIGH = 20_000, 1_000_000, 25_000_000
_LAYER_LOW, _LAYER_BYTES, _LAYER_HIGH = 0, 10_000_000, 60_000_000
"""What a distribution, or a layer, takes of which nothing is known. Most are small, a few are not."""

PartKind = Literal["code", "package", "layer"]
PartBasis = Literal["files", "record", "table", "unknown"]


class PackagePart(Fact, frozen=True):
    """Part of a package, in bytes: a top-level folder of the code or a layer, or a distribution that is installed."""

    name: str
    kind: PartKind
    basis: PartBasis
    low: int
    estimate: int
    high: int


class PackageSize(Fact, frozen=True):
    """The size in MiB, None where the code is not at hand; the parts, the greatest first.

    `notes` say what could not be seen. `seen` are the files and folders that were looked at, absolute; those in an
    installed distribution or a built package are left to the folder they are in.
    """

    amount: Amount | None
    parts: tuple[PackagePart, ...]
    notes: tuple[str, ...]
    seen: tuple[str, ...]


class Shipped(NamedTuple):
    """What goes into a package: the folder of the code, those of the layers, and how many layers lie elsewhere.

    `patterns` are the globs that the tool packages by. Where no template speaks of a function, the tool is `gwlint`.
    """

    project: Path
    code: Path | None
    layers: tuple[Path, ...] = ()
    elsewhere: int | None = 0
    patterns: tuple[str, ...] = ()
    tool: Tool = "gwlint"
    is_image: bool = False


def shipped(project: Path, function: FunctionTemplate) -> Shipped:
    """Return what a template says that goes into the package of a function."""
    count = function.layer_count.value
    return Shipped(
        project=project,
        code=None if function.code is None else project / function.code,
        layers=tuple(project / layer for layer in function.layers),
        elsewhere=None if count is None else max(0, count - len(function.layers)),
        patterns=function.patterns,
        tool=function.tool,
        is_image=function.package.value == "Image",
    )


def size_of(what: Shipped, site_packages: Sequence[Path], target: Target) -> PackageSize:
    """Return what a package takes. `site_packages` are folders in which its dependencies may be installed."""
    if what.is_image:
        return PackageSize(None, (), ("an image has no limit but its own 10 GB",), ())
    if what.code is None or not what.code.is_dir():
        return PackageSize(None, (), ("the code is not at hand",), ())
    sizing = _Sizing(what, site_packages, target)
    sizing.add_code(what.code)
    for layer in what.layers:
        sizing.add_layer(layer)
    sizing.add_layers_elsewhere()
    return sizing.result()


class _Sizing:
    """The size of one package in the making."""

    def __init__(self, what: Shipped, site_packages: Sequence[Path], target: Target) -> None:
        self._what = what
        self._site_packages = tuple(site_packages)
        self._target = target
        self._parts: list[PackagePart] = []
        self._notes: list[str] = []
        self._seen: set[str] = set()
        self._is_optional = what.tool in _FOLDERS_AS_THEY_ARE

    def add_code(self, folder: Path) -> None:
        is_whole = self._what.tool == "cdk" or _is_built(folder)
        self._add_folder(folder, "code", "", is_whole)
        if not is_whole:
            self._add_dependencies(self._requirements(folder), ())

    def add_layer(self, folder: Path) -> None:
        name = posixpath.relpath(folder.as_posix(), self._what.project.as_posix())
        is_whole = _is_built(folder) or (folder / "python").is_dir()
        self._add_folder(folder, "layer", name, is_whole)
        asked = None if is_whole else requirements_in(folder, self._target, only_text=True)
        self._add_dependencies(asked, (folder,))

    def add_layers_elsewhere(self) -> None:
        count = self._what.elsewhere
        if count is None:
            self._notes.append("how many layers there are is not known")
        for number in range(1 if count is None else count):
            self._parts.append(
                PackagePart(f"layer {number + 1} elsewhere", "layer", "unknown", _LAYER_LOW, _LAYER_BYTES, _LAYER_HIGH)
            )
        if count:
            self._notes.append(f"the size of {count} layer{'s' if count > 1 else ''} that lie elsewhere is a guess")

    def result(self) -> PackageSize:
        parts = sorted(self._parts, key=lambda part: (-part.estimate, part.kind, part.name))
        low, estimate, high = (
            sum(getattr(part, field) for part in parts) / _MIB for field in ("low", "estimate", "high")
        )
        amount = Amount(round(low, 3), round(estimate, 3), round(high, 3), 0.0, 0.0)
        return PackageSize(amount, tuple(parts), tuple(self._notes), tuple(sorted(self._seen)))

    def _requirements(self, folder: Path) -> Requirements | None:
        """Return what is asked for beside the code or, for tools that install it from there, further up."""
        tool = self._what.tool
        alone = tool in _INSTALLING_BESIDE_CODE or tool in _FOLDERS_AS_THEY_ARE
        for place in [folder] if alone else _upwards(folder, self._what.project):
            found = requirements_in(place, self._target, only_text=alone)
            if found is not None:
                return found
        return None

    def _add_folder(self, folder: Path, kind: PartKind, prefix: str, is_whole: bool) -> None:
        self._seen.add(folder.as_posix())
        sizes: Counter[str] = Counter()
        globs = _Globs(self._what, is_whole)
        for path, size in self._files(folder, "", globs, is_whole):
            top, slash, _ = path.partition("/")
            sizes[posixpath.join(prefix, top if slash else "") or "."] += size
        self._parts.extend(
            _spread(name.rstrip("/"), kind, "files", size, _EXACT) for name, size in sorted(sizes.items())
        )

    def _files(self, folder: Path, prefix: str, globs: _Globs, is_whole: bool) -> Iterator[tuple[str, int]]:
        for name, found in _entries(folder):
            path = f"{prefix}{name}"
            if stat.S_ISDIR(found.st_mode):
                if not globs.leave_out(name) and (is_whole or not (folder / name / "pyvenv.cfg").exists()):
                    if not is_whole:
                        self._seen.add((folder / name).as_posix())
                    yield from self._files(folder / name, f"{path}/", globs, is_whole)
            elif stat.S_ISREG(found.st_mode) and not globs.leave_out(name) and globs.take(path):
                if not is_whole:
                    self._seen.add((folder / name).as_posix())
                yield path, found.st_size

    def _add_dependencies(self, asked: Requirements | None, more: tuple[Path, ...]) -> None:
        if asked is None:
            return
        self._seen.update(file.as_posix() for file in asked.files)
        self._notes.extend(f"`{line}` names no distribution that can be looked up" for line in asked.unread)
        folders = (*more, *self._site_packages)
        self._seen.update(folder.as_posix() for folder in folders)
        installed = installed_in(folders)
        missing = []
        for one in _closure(asked.wanted, installed, self._target):
            distribution = installed.get(one)
            if distribution is None:
                missing.append(one)
            else:
                self._seen.add(distribution.folder.as_posix())
            self._parts.append(self._optional(self._part(one, distribution)))
        if missing:
            self._notes.append(f"not installed at hand: {', '.join(sorted(missing))}")

    def _optional(self, part: PackagePart) -> PackagePart:
        """Return a part that is there only where somebody installs it by hand, for those tools that don't."""
        if not self._is_optional:
            return part
        return PackagePart(part.name, part.kind, part.basis, 0, part.estimate, part.high)

    def _part(self, name: str, distribution: Distribution | None) -> PackagePart:
        extent = None if distribution is None else distribution.extent
        if extent is not None:
            part = _spread(name, "package", "record", extent.total, _FOREIGN if extent.foreign else _RECORDED)
            if self._what.tool not in _SHIPPING_BYTECODE:
                return part
            high = part.high + round(extent.sources * _BYTECODE_RATIO)
            return PackagePart(part.name, part.kind, part.basis, part.low, part.estimate, high)
        known = unzipped_bytes(name)
        if known is not None:
            return _spread(name, "package", "table", known, _TABLED)
        return PackagePart(name, "package", "unknown", _UNKNOWN_LOW, _UNKNOWN_BYTES, _UNKNOWN_HIGH)


class _Globs:
    """Which files of a folder are packaged, by the rules of a tool and the globs of a function."""

    def __init__(self, what: Shipped, is_whole: bool) -> None:
        extra = {"sam": _SAM_NEVER, "zappa": _ZAPPA_NEVER}.get(what.tool, ())
        self._never = () if is_whole else (*_NEVER, *extra)
        # Those of git leave out what these take, and are anchored where they hold a slash.
        anchor = "" if what.tool == "zappa" else "/"
        self._patterns = Patterns([_turned(pattern, anchor) for pattern in what.patterns])

    def leave_out(self, name: str) -> bool:
        return any(fnmatch(name, pattern) for pattern in self._never)

    def take(self, path: str) -> bool:
        if not self._patterns.lines:
            return True
        parts = path.split("/")
        meanings = [
            index
            for length in range(1, len(parts) + 1)
            for index in self._patterns.meaning("/".join(parts[:length]), parts[length - 1], length < len(parts))
        ]
        return not meanings or not self._patterns.ignores(max(meanings))


def _turned(pattern: str, anchor: str) -> str:
    bare = pattern.removeprefix("!").removeprefix("./").lstrip("/")
    return f"{anchor}{bare}" if pattern.startswith("!") else f"!{anchor}{bare}"


def unzipped_bytes(name: str) -> int | None:
    """Return what a distribution of this name takes by the tables, whatever its version; None where none has it."""
    try:
        with (_DATA / f"{name}.tsv").open(encoding="utf-8") as stream:
            for line in stream:
                if not line.startswith("#"):
                    return None
                if line.startswith(_UNZIPPED):
                    return int(line.removeprefix(_UNZIPPED))
    except (OSError, ValueError):
        return None
    return None


def _closure(asked: Iterable[Wanted], installed: dict[str, Distribution], target: Target) -> list[str]:
    """Return the names of all that has to be installed, in their order."""
    done: set[Wanted] = set()
    pending = list(asked)
    while pending:
        one = pending.pop()
        if one in done:
            continue
        done.add(one)
        distribution = installed.get(one.name)
        further = distribution.requirements if distribution is not None else ()
        pending.extend(wanted(more) for more in further if applies(more, target, sorted(one.extras)))
    return sorted({one.name for one in done})


def _spread(name: str, kind: PartKind, basis: PartBasis, size: int, width: float) -> PackagePart:
    return PackagePart(name, kind, basis, round(size * (1 - width)), size, round(size * (1 + width)))


def _is_built(folder: Path) -> bool:
    """Tell whether somebody has installed the dependencies into a folder."""
    return any(name.endswith(".dist-info") for name, _ in _entries(folder))


def _entries(folder: Path) -> list[tuple[str, os.stat_result]]:
    """Return what is in a folder, links left out, by name."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                (entry.name, entry.stat(follow_symlinks=False)) for entry in entries if not entry.is_symlink()
            )
    except OSError:
        return []


def _upwards(folder: Path, project: Path) -> list[Path]:
    """Return a folder and those above it, up to the project."""
    places = [folder, *folder.parents]
    return places[: places.index(project) + 1] if project in places else [folder]
