"""The tables of what has been measured: read when first asked for, each file on its own.

`benchmarks/footprints/` makes them, and its README says how. A file of them is tab-separated: lines of `# key: value`,
one line of column names, and then rows that are sorted by their first column. What a module imports is written `+name`
below the module, `~name` beside it, and `.name` in the same top-level package. Nothing checks it here: the tests do.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from gwlint.model import Fact

Version = tuple[int, int]

_OLDEST = (3, 10)
_NEWEST = (3, 13)


class Row(Fact, frozen=True):
    """What the execution of a module costs, without that of the modules that it imports. Memory in KiB, CPU time in ms.

    The `stale` figures hold when its bytecode is not valid and it is compiled as it is imported. `libraries` are the
    shared libraries that it brings into memory, which have prices of their own and are paid once. `imports` are the
    modules that it was seen to ask for, what C code asks for included.
    """

    module: str
    memory_kb: float
    cpu_ms: float
    stale_memory_kb: float
    stale_cpu_ms: float
    libraries: tuple[str, ...]
    imports: tuple[str, ...]


class PackageTable(Fact, frozen=True):
    """A distribution, as it was measured at one version. `measured` is the day.

    The `calibrations` are what was measured, over what the formula says for the same files.
    """

    distribution: str
    version: str
    python: str
    measured: str
    memory_calibration: float
    cpu_calibration: float
    rows: dict[str, Row]


class StandardTable(Fact, frozen=True):
    """The standard library of one version of CPython.

    A bare interpreter takes `base_kb` and has the modules `loaded`. A module of a package, which was measured on 3.12,
    takes `memory_factor` times as much memory on this version, and `cpu_factor` times as much time.
    """

    python: str
    measured: str
    base_kb: float
    memory_factor: float
    cpu_factor: float
    loaded: frozenset[str]
    rows: dict[str, Row]


class Library(Fact, frozen=True):
    """A shared library, by the name of its file."""

    name: str
    memory_kb: float
    cpu_ms: float


class Unit(Fact, frozen=True):
    """What one of something costs, in bytes and microseconds: kept, and `peak` at the highest.

    `group` says what `name` is and what one is of: `literal` and `made` data, in the source and computed, by the kinds
    of a census; a `class` without its fields, each `field`; a `reader` of files and an `array`, each byte of it.
    """

    group: str
    name: str
    memory_b: float
    cpu_us: float
    peak_b: float
    stale_memory_b: float
    stale_cpu_us: float
    stale_peak_b: float


class Call(Fact, frozen=True):
    """What a call costs: the first one of its kind, and each `further` one. Memory in KiB, CPU time in ms.

    The modules that the first one loads, `imports`, are not part of its price, nor are `libraries`.
    """

    callee: str
    memory_kb: float
    cpu_ms: float
    further_memory_kb: float
    further_cpu_ms: float
    libraries: tuple[str, ...]
    imports: tuple[str, ...]


class ClientPrice(Fact, frozen=True):
    """What a client of boto3 costs: some, and some for each KiB of the service's files, once unpacked."""

    memory_kb: float
    memory_per_model_kb: float
    memory_per_rules_kb: float
    cpu_ms: float
    cpu_per_model_kb: float
    cpu_per_rules_kb: float


class Client(Fact, frozen=True):
    """Clients of one service, as they were measured: the first of a process, and one after that of another service.

    `model_bytes` and `rules_bytes` are what its `service-2.json` and `endpoint-rule-set-1.json` had.
    """

    service: str
    model_bytes: int
    rules_bytes: int
    first_memory_kb: float
    first_cpu_ms: float
    further_memory_kb: float
    further_cpu_ms: float
    imports: tuple[str, ...]


class Clients(Fact, frozen=True):
    """All that is known of boto3's clients. The client of a second session costs as much as a `first` one again."""

    first: ClientPrice
    further: ClientPrice
    services: dict[str, Client]


class Runtime(Fact, frozen=True):
    """What a runtime of Lambda takes for a function that does nothing, and which modules its bootstrap has loaded.

    Memory is in MiB. The modules are those on top of a bare interpreter's.
    """

    name: str
    architecture: str
    memory_mb: float
    init_low_ms: float
    init_high_ms: float
    modules: frozenset[str]

    @property
    def init_ms(self) -> float:
        """The middle of what was reported."""
        return (self.init_low_ms + self.init_high_ms) / 2


class Tables:
    """All tables. One of these is enough for a run: it reads no file twice."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder if folder is not None else Path(__file__).with_name("data")
        self._packages: dict[str, PackageTable | None] = {}
        self._standard: dict[Version, StandardTable] = {}

    def standard(self, version: Version) -> StandardTable:
        """Return the standard library of a version of Python, or of the nearest one that has been measured."""
        nearest = min(max(version, _OLDEST), _NEWEST)
        if nearest not in self._standard:
            self._standard[nearest] = _standard_table(_File(self._folder / f"python-{nearest[0]}.{nearest[1]}.tsv"))
        return self._standard[nearest]

    def package(self, distribution: str, version: str = "") -> PackageTable | None:
        """Return the table of a distribution, if there is one, by its normalised name.

        There may be more than one version: then it is the one with the same first number, else the newest.
        """
        major = version.partition(".")[0]
        return self._package(f"{distribution}-{major}") or self._package(distribution)

    @cached_property
    def libraries(self) -> Mapping[str, Library]:
        """All shared libraries that were seen, by the name of the file."""
        rows = _File(self._folder / "libraries.tsv").rows()
        return {fields[0]: msgspec.convert(fields, Library, strict=False) for fields in rows}

    @cached_property
    def providers(self) -> Mapping[str, str]:
        """The distribution that a top-level module belongs to, for all that are in a table, by its normalised name."""
        return {fields[0]: fields[1] for fields in _File(self._folder / "providers.tsv").rows()}

    @cached_property
    def units(self) -> Mapping[tuple[str, str], Unit]:
        """What one of something costs, by group and name."""
        rows = _File(self._folder / "units.tsv").rows()
        units = (msgspec.convert(fields, Unit, strict=False) for fields in rows)
        return {(unit.group, unit.name): unit for unit in units}

    @cached_property
    def calls(self) -> Mapping[str, Call]:
        """What calls cost, by callee, which may have the beginning of the first argument: `boto3.resource(s3)`."""
        rows = _File(self._folder / "calls.tsv").rows()
        return {fields[0]: _call(fields) for fields in rows}

    def call(self, callee: str, argument: str = "") -> Call | None:
        """Return what a call costs, if it is known: with this first argument, up to a colon, or with any."""
        return self.calls.get(f"{callee}({argument.partition(':')[0]})") or self.calls.get(callee)

    @cached_property
    def clients(self) -> Clients:
        """What clients of boto3 cost."""
        file = _File(self._folder / "boto.tsv")
        first, further = (
            msgspec.convert(file.header[key].split(), ClientPrice, strict=False) for key in ("first", "further")
        )
        return Clients(first, further, {fields[0]: _client(fields) for fields in file.rows()})

    def runtime(self, name: str, architecture: str) -> Runtime | None:
        """Return a runtime, by its names in templates: `python3.12`, `x86_64`."""
        return self._runtimes.get((name, architecture))

    @cached_property
    def _runtimes(self) -> Mapping[tuple[str, str], Runtime]:
        rows = _File(self._folder / "runtimes.tsv").rows()
        return {(fields[0], fields[1]): _runtime(fields) for fields in rows}

    def _package(self, name: str) -> PackageTable | None:
        if name not in self._packages:
            file = self._folder / "packages" / f"{name}.tsv"
            self._packages[name] = _package_table(_File(file)) if file.is_file() else None
        return self._packages[name]


class _File:
    """A table as text: its header, and the fields of its rows."""

    def __init__(self, file: Path) -> None:
        lines = file.read_text(encoding="utf-8").splitlines()
        headers = [line[2:].partition(": ") for line in lines if line.startswith("# ")]
        self.header = {key: value for key, _, value in headers}
        self._lines = lines[len(headers) + 1 :]

    def rows(self) -> Iterator[list[str]]:
        return (line.split("\t") for line in self._lines)


def _package_table(file: _File) -> PackageTable:
    header = file.header
    memory, cpu = header["calibration"].split()
    return PackageTable(
        distribution=header["distribution"],
        version=header["version"],
        python=header["python"],
        measured=header["measured"],
        memory_calibration=float(memory),
        cpu_calibration=float(cpu),
        rows=_module_rows(file),
    )


def _standard_table(file: _File) -> StandardTable:
    header = file.header
    memory, cpu = header["factors"].split()
    return StandardTable(
        python=header["python"],
        measured=header["measured"],
        base_kb=float(header["base"]),
        memory_factor=float(memory),
        cpu_factor=float(cpu),
        loaded=frozenset(header["loaded"].split()),
        rows=_module_rows(file),
    )


def _module_rows(file: _File) -> dict[str, Row]:
    return {fields[0]: _row(*fields) for fields in file.rows()}


def _row(module: str, memory: str, cpu: str, stale_memory: str, stale_cpu: str, libraries: str, imports: str) -> Row:
    return Row(
        module,
        float(memory),
        float(cpu),
        float(stale_memory or memory),
        float(stale_cpu or cpu),
        tuple(libraries.split()),
        _imported(module, imports) if imports else (),
    )


def _imported(module: str, imports: str) -> tuple[str, ...]:
    # Written out, these names would be most of what the tables are.
    begins = {
        "+": module + ".",
        "~": module.rpartition(".")[0] + ".",
        ".": module.partition(".")[0] + ".",
    }
    return tuple(begins[name[0]] + name[1:] if name[0] in begins else name for name in imports.split())


def _call(fields: list[str]) -> Call:
    *figures, libraries, imports = fields
    return msgspec.convert([*figures, libraries.split(), imports.split()], Call, strict=False)


def _client(fields: list[str]) -> Client:
    *figures, imports = fields
    return msgspec.convert([*figures, imports.split()], Client, strict=False)


def _runtime(fields: list[str]) -> Runtime:
    *figures, modules = fields
    return msgspec.convert([*figures, modules.split()], Runtime, strict=False)
