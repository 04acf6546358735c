"""What a load costs by itself: from a table, from its files, or from what is known of its name."""

import os
from collections.abc import Iterator
from functools import cached_property
from typing import Final

import msgspec

from gwlint.footprint.binaries import Binary, read_binary, shipped_with
from gwlint.footprint.bytecode import Bytecode, Version, bytecode_of, compiled_size, content_of
from gwlint.footprint.estimates import Basis
from gwlint.footprint.formula import CPP_RUNTIME, NOTHING, Cost, extension_cost, library_cost, module_cost
from gwlint.footprint.loads import Load, Origin
from gwlint.footprint.tables import PackageTable, Row, StandardTable, Tables
from gwlint.model import Fact

_LEAST_CALIBRATION, _GREATEST_CALIBRATION = 0.4, 2.5
_CPP_RUNTIME = "libstdc++.so.6"

TOGETHER: Final = 1.08
"""How much longer modules take together than each by itself: caches are colder, garbage collections see more.

On 170 import statements, the sum of what was measured module by module was too small by 7 %.
"""

_TYPICAL = Cost(4000.0, 40.0)
"""What a package takes of which nothing but the name is known: half of those measured take less, half more."""


class Price(Fact, frozen=True):
    """What a load costs itself when its bytecode is valid, without the `libraries` that it needs, which are paid once.

    `source` is the size of the source that has to be compiled: 0 where nothing has. `calibrated` says that the formula
    was corrected by what another version of the distribution costs.
    """

    cost: Cost
    basis: Basis
    source: int = 0
    libraries: tuple[str, ...] = ()
    calibrated: bool = False


FREE = Price(NOTHING, "table")


class Prices:
    """All prices on one version of Python, each found once. `basis` is the best that may be used."""

    def __init__(
        self, tables: Tables, version: Version, *, basis: Basis = "table", bytecode: Bytecode = "auto"
    ) -> None:
        """Read nothing yet."""
        self._tables = tables
        self._version = version
        self._basis = basis
        self._bytecode = bytecode
        self._known: dict[tuple[str, str, Origin], Price] = {}
        self._libraries: dict[str, Cost] = {_CPP_RUNTIME: CPP_RUNTIME}
        self._binaries: dict[str, Binary | None] = {}

    @cached_property
    def standard(self) -> StandardTable:
        """The table of the standard library."""
        return self._tables.standard(self._version)

    def of(self, load: Load) -> Price:
        """Return what a load costs itself."""
        key = load.module, load.file, load.origin
        if key not in self._known:
            price = self._found(load)
            self._known[key] = msgspec.structs.replace(price, cost=price.cost.times(1.0, TOGETHER))
        return self._known[key]

    def of_library(self, library: str) -> Cost:
        """Return what a shared library costs once a load needs it: by the path of its file, or by its name alone."""
        name = os.path.basename(library)  # noqa: PTH119
        measured = self._tables.libraries.get(name) if self._basis == "table" or name == library else None
        if measured:
            return Cost(measured.memory_kb, measured.cpu_ms)
        return self._libraries.get(library, NOTHING)

    def _found(self, load: Load) -> Price:
        if load.origin == "standard":
            return self._standard(load)
        if load.origin == "missing" or (load.origin == "package" and self._basis == "name"):
            return self._by_name(load)
        return self._by_files(load)

    def _standard(self, load: Load) -> Price:
        row = self.standard.rows.get(load.module)
        if row:
            return Price(Cost(row.memory_kb, row.cpu_ms), "table", libraries=row.libraries)
        if not load.file or load.module in self.standard.loaded:
            return FREE
        return self._by_files(load, is_compiled=False)

    def _by_name(self, load: Load) -> Price:
        """Any version is better than none. A package without a table is paid once, at its top."""
        row = self._row_of_any_version(load)
        if row:
            compiled = Cost(row.stale_memory_kb, row.stale_cpu_ms) if self._bytecode == "stale" else NOTHING
            cost = compiled if compiled != NOTHING else Cost(row.memory_kb, row.cpu_ms)
            return Price(cost.times(*self._factors), "name", libraries=row.libraries)
        return Price(NOTHING if "." in load.module else _TYPICAL, "name")

    @property
    def _factors(self) -> tuple[float, float]:
        """What a module of a package, measured on another version of Python, takes here: memory and time."""
        return self.standard.memory_factor, self.standard.cpu_factor

    def _row_of_any_version(self, load: Load) -> Row | None:
        table = self._table(load)
        return table.rows.get(load.module) if table else None

    def _table(self, load: Load) -> PackageTable | None:
        name = load.distribution or load.module.partition(".")[0].replace("_", "-").lower()
        return self._tables.package(name, load.version)

    def _by_files(self, load: Load, *, is_compiled: bool = True) -> Price:
        table = self._table(load) if self._basis == "table" and load.origin == "package" else None
        row = table.rows.get(load.module) if table and table.version == load.version else None
        source = self._source(load) if is_compiled else 0
        if row:
            return Price(Cost(row.memory_kb, row.cpu_ms).times(*self._factors), "table", source, row.libraries)
        memory, cpu = _calibrations(table)
        cost, libraries = self._extension(load) if _is_extension(load.file) else (self._module(load), ())
        return Price(cost.times(memory, cpu), "formula", source, libraries, calibrated=table is not None)

    def _source(self, load: Load) -> int:
        """Return how much source has to be compiled when the module is loaded."""
        if self._bytecode == "valid" or not load.file.endswith(".py"):
            return 0
        try:
            source = os.stat(load.file)  # noqa: PTH116
        except (OSError, ValueError):
            return 0
        kept = bytecode_of(load.file, source, self._version) if self._bytecode == "auto" else None
        return 0 if kept and kept.valid else source.st_size

    def _module(self, load: Load) -> Cost:
        if not load.file:
            return NOTHING
        content = content_of(load.file)
        if load.file.endswith(".pyc"):
            return module_cost(len(content), b"")
        return module_cost(self._size(load.file, content), content, with_classes=load.origin != "project")

    def _size(self, file: str, content: bytes) -> int:
        try:
            kept = bytecode_of(file, os.stat(file), self._version)  # noqa: PTH116
        except (OSError, ValueError):
            return 0
        return kept.size if kept and kept.valid else compiled_size(content)

    def _extension(self, load: Load) -> tuple[Cost, tuple[str, ...]]:
        binary = self._binary(load.file)
        if binary is None:
            return NOTHING, ()
        libraries = tuple(dict.fromkeys(self._needed(load.file, frozenset())))
        return extension_cost(binary), libraries

    def _needed(self, path: str, above: frozenset[str]) -> Iterator[str]:
        """Find the libraries that a file needs, and those that these need: what is shipped, and the runtime of C++."""
        binary = self._binary(path)
        if binary is None or path in above:
            return
        if _CPP_RUNTIME in binary.needed:
            yield _CPP_RUNTIME
        for library in shipped_with(path, binary):
            found = self._binary(library)
            self._libraries.setdefault(library, library_cost(found) if found else NOTHING)
            yield library
            yield from self._needed(library, above | {path})

    def _binary(self, path: str) -> Binary | None:
        if path not in self._binaries:
            self._binaries[path] = read_binary(path)
        return self._binaries[path]


def _is_extension(file: str) -> bool:
    return file.endswith((".so", ".pyd"))


def _calibrations(table: PackageTable | None) -> tuple[float, float]:
    if table is None:
        return 1.0, 1.0
    factors = table.memory_calibration, table.cpu_calibration
    memory, cpu = (min(max(factor, _LEAST_CALIBRATION), _GREATEST_CALIBRATION) for factor in factors)
    return memory, cpu
