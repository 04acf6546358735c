"""Write the tables from what was measured."""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from aggregate import Costs, Sheet, library_costs, quiet_times
from collect import Samples, kept
from environments import Installed, groups, installed
from shapes import non_negative
from standard import PACKAGES, bare, base_kb, full_version, loaded

DATA = Path(__file__).resolve().parents[2] / "gwlint" / "footprint" / "data"
_COLUMNS = ("module", "memory_kb", "cpu_ms", "stale_memory_kb", "stale_cpu_ms", "libraries", "imports")
_STANDARD = frozenset(sys.stdlib_module_names)


def number(value: float | None, digits: int = 2) -> str:
    """Write a figure in as few characters as it needs."""
    return "" if value is None else f"{round(value, digits):g}" if digits else f"{value:.0f}"


def write(file: Path, header: Mapping[str, object], columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write one table."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"# {key}: {value}" for key, value in header.items()]
    lines.append("\t".join(columns))
    lines.extend("\t".join(row) for row in sorted(rows, key=lambda row: row[0]))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def day(files: Iterable[Path]) -> str:
    """Return the day of the last of some measurements."""
    return datetime.fromtimestamp(max(file.stat().st_mtime for file in files), timezone.utc).date().isoformat()


def module_row(module: str, costs: Costs, always: frozenset[str]) -> list[str]:
    """Return the fields of a module's row."""
    begins = {
        "+": module + ".",
        "~": module.rpartition(".")[0] + ".",
        ".": module.partition(".")[0] + ".",
    }
    names = [name for name in costs.imports if name not in always and not module.startswith(name + ".")]
    parents = {name.rpartition(".")[0] for name in names}
    # What asks for a module asks for its parents.
    told = sorted(name for name in names if name not in parents)
    return [
        module,
        number(costs.memory_kb, 1),
        number(costs.cpu_ms, 3),
        number(costs.stale_memory_kb, 1),
        number(costs.stale_cpu_ms, 3),
        " ".join(costs.libraries),
        " ".join(_short(name, begins) for name in told),
    ]


def _short(name: str, begins: Mapping[str, str]) -> str:
    mark = next((mark for mark, begin in begins.items() if name.startswith(begin)), "")
    return mark + name[len(begins[mark]) :] if mark else name


class Measured:
    """All samples of a working folder."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.files = sorted((work / "samples").glob("*/*.json.gz"))

    def of(self, name: str) -> list[Samples]:
        """Return the samples of a group."""
        return [self._kept(file) for file in self.files if file.parent.name == name]

    def packages(self) -> dict[str, list[Samples]]:
        """Return the samples of all groups of packages on 3.12."""
        names = {file.parent.name for file in self.files} & {group.name for group in groups()}
        return {name: self.of(name) for name in sorted(names)}

    @staticmethod
    @cache
    def _kept(file: Path) -> Samples:
        return kept(file)


def owners(samples: Sequence[Samples], modules: Sequence[Installed]) -> dict[str, tuple[str, str]]:
    """Return the distribution and the version of each module that was loaded from an environment."""
    by_file = {module.file: (module.distribution, module.version) for module in modules}
    by_name = {module.module: (module.distribution, module.version) for module in modules}
    files = {name: file for found in samples for name, file in found["files"].items()}
    # A module that has put something else in its place has no file any more.
    found = {name: by_file.get(file) if file else by_name.get(name) for name, file in files.items()}
    return {name: owner for name, owner in found.items() if owner}


def package_tables(
    measured: Measured, library_kb: Mapping[str, float], quiet: Mapping[str, float]
) -> dict[tuple[str, str], dict[str, Costs]]:
    """Return the costs of the modules of each version of each distribution."""
    sheets: dict[tuple[str, str], Sheet] = defaultdict(Sheet)
    for name, samples in measured.packages().items():
        whose = owners(samples, installed(measured.work / "envs" / name / "bin" / "python"))
        by_owner: dict[tuple[str, str], list[str]] = defaultdict(list)
        for module, owner in whose.items():
            by_owner[owner].append(module)
        for owner, modules in by_owner.items():
            for found in samples:
                sheets[owner].add(found, modules, library_kb, quiet)
    return {owner: sheet.costs() for owner, sheet in sheets.items()}


def release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, to sort by."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def chosen(owners: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Return, by the name of its table, which version of a distribution it is of: the newest one of each first number.

    The newest of all goes without the number.
    """
    newest: dict[str, tuple[str, str]] = {}
    for owner in sorted(owners, key=lambda one: release(one[1])):
        newest[owner[0]] = owner
        newest[f"{owner[0]}-{owner[1].partition('.')[0]}"] = owner
    bare = {name: owner for name, owner in newest.items() if name == owner[0]}
    older = {name: owner for name, owner in newest.items() if name != owner[0] and bare[owner[0]] != owner}
    return {**bare, **older}


def write_packages(
    measured: Measured,
    library_kb: Mapping[str, float],
    quiet: Mapping[str, float],
    always: frozenset[str],
    python: str,
) -> None:
    """Write the tables of all packages, and which of them top-level modules belong to."""
    tables = package_tables(measured, library_kb, quiet)
    measured_on = day(measured.files)
    for old in (DATA / "packages").glob("*.tsv"):
        old.unlink()
    providers: dict[str, str] = {}
    for name, owner in sorted(chosen(tables).items()):
        rows = tables[owner]
        if not rows:
            continue
        header = {
            "distribution": owner[0],
            "version": owner[1],
            "python": python,
            "measured": measured_on,
            "calibration": "1 1",
        }
        write(
            DATA / "packages" / f"{name}.tsv",
            header,
            _COLUMNS,
            (module_row(module, costs, always) for module, costs in rows.items()),
        )
        for module in rows:
            providers.setdefault(module.partition(".")[0], owner[0])
    write(DATA / "providers.tsv", {"measured": measured_on}, ("module", "distribution"), providers.items())


def standard_costs(
    samples: Sequence[Samples], library_kb: Mapping[str, float], quiet: Mapping[str, float]
) -> dict[str, Costs]:
    """Return the costs of the modules of the standard library."""
    sheet = Sheet()
    for found in samples:
        modules = [name for name in found["files"] if name.partition(".")[0] in _STANDARD | _PRIVATE]
        sheet.add({**found, "stale_memory": [], "stale_cpu": []}, modules, library_kb, quiet)
    return sheet.costs()


_PRIVATE = frozenset(
    {"_frozen_importlib", "_frozen_importlib_external", "asynchat", "asyncore", "imp", "smtpd", "binhex"}
)


def load_json(work: Path, name: str) -> Any:
    """Read what another command has written."""
    return json.loads((work / f"{name}.json").read_text(encoding="utf-8"))


def write_libraries(measured: Measured, library_kb: Mapping[str, float]) -> None:
    """Write what shared libraries take. The time that mapping them takes is part of the modules'."""
    waiting = load_json(measured.work, "threads")
    rows = ([name, number(kilobytes, 0), number(waiting.get(name, 0), 1)] for name, kilobytes in library_kb.items())
    write(DATA / "libraries.tsv", {"measured": day(measured.files)}, ("name", "memory_kb", "cpu_ms"), rows)


def write_standard(
    version: str, costs: Mapping[str, Costs], header: Mapping[str, object], loaded: Sequence[str]
) -> None:
    """Write the table of the standard library of a version."""
    rows = (module_row(module, cost, frozenset(loaded)) for module, cost in costs.items())
    write(DATA / f"python-{version}.tsv", {**header, "loaded": " ".join(loaded)}, _COLUMNS, rows)


Quiet = Mapping[str, float]


def factors(
    here: Sequence[Samples], there: Sequence[Samples], quiet_here: Quiet, quiet_there: Quiet
) -> tuple[float, float]:
    """Return how much memory and time modules take on one version, over what the same ones take on another."""
    first, second = _third_party(here, quiet_here), _third_party(there, quiet_there)
    both = first.keys() & second.keys()
    memory, cpu = (sum(first[name][at] for name in both) / sum(second[name][at] for name in both) for at in (0, 1))
    return memory, cpu


def _third_party(samples: Sequence[Samples], quiet: Quiet) -> dict[str, tuple[float, float]]:
    sheet = Sheet()
    for found in samples:
        modules = [name for name, file in found["files"].items() if "site-packages" in file]
        sheet.add(found, modules, library_costs([found]), quiet)
    return {name: (cost.memory_kb, cost.cpu_ms) for name, cost in sheet.costs().items()}


def write_units(work: Path) -> None:
    """Write what data and declarations cost."""
    rows = ([*unit[:2], *(number(figure, 3) for figure in unit[2:])] for unit in load_json(work, "units"))
    columns = ("group", "name", "memory_b", "cpu_us", "peak_b", "stale_memory_b", "stale_cpu_us", "stale_peak_b")
    header = {"python": PACKAGES, "measured": day([work / "units.json"])}
    write(DATA / "units.tsv", header, columns, sorted(rows))


def write_calls(work: Path, always: frozenset[str]) -> None:
    """Write what calls cost, and resources of boto3."""
    found = [*load_json(work, "calls").values(), *load_json(work, "boto")["resources"]]
    columns = ("callee", "memory_kb", "cpu_ms", "further_memory_kb", "further_cpu_ms", "libraries", "imports")
    rows = (
        [
            call["callee"],
            *(number(call[name], 3) for name in columns[1:5]),
            " ".join(call["libraries"]),
            " ".join(_asked(call["imports"], always)),
        ]
        for call in found
        if not call["failed"]
    )
    header = {"python": PACKAGES, "measured": day([work / "calls.json"])}
    write(DATA / "calls.tsv", header, columns, rows)


def _asked(names: Sequence[str], always: frozenset[str]) -> list[str]:
    parents = {name.rpartition(".")[0] for name in names}
    return [name for name in names if name not in always and name not in parents]


def write_clients(work: Path, always: frozenset[str]) -> None:
    """Write what clients of boto3 cost, and the line through that."""
    found = load_json(work, "boto")["clients"]
    header = {"python": PACKAGES, "measured": day([work / "boto.json"]), "boto3": load_json(work, "boto")["version"]}
    for key, memory, cpu in (("first", 3, 4), ("further", 5, 6)):
        header[key] = " ".join(number(weight, 4) for at in (memory, cpu) for weight in _line(found, at))
    columns = (
        "service", "model_bytes", "rules_bytes", "first_memory_kb", "first_cpu_ms", "further_memory_kb",
        "further_cpu_ms", "imports",
    )  # fmt: skip
    rows = (
        [
            row[0],
            str(row[1]),
            str(row[2]),
            *(number(figure, 1) for figure in row[3:7]),
            " ".join(_asked(row[7], always)),
        ]
        for row in found
    )
    write(DATA / "boto.tsv", header, columns, rows)


def _line(found: Sequence[Sequence[Any]], at: int) -> list[float]:
    """Fit a figure of all services to a constant and the sizes of two files, in KiB."""
    rows = [{"0": 1.0, "1": row[1] / 1024, "2": row[2] / 1024} for row in found]
    weights = non_negative(rows, [row[at] for row in found])
    return [weights[name] for name in sorted(weights)]


def write_runtimes(work: Path) -> None:
    """Write what Lambda's runtimes take."""
    columns = ("runtime", "architecture", "memory_mb", "init_low_ms", "init_high_ms", "modules")
    rows = ([*map(str, row[:5]), " ".join(row[5])] for row in load_json(work, "runtimes"))
    header = {"reported": "2026-08-22, github.com/maxday/lambda-perf", "measured": day([work / "runtimes.json"])}
    write(DATA / "runtimes.tsv", header, columns, sorted(rows))


def build(work: Path, pythons: Mapping[str, Path]) -> None:
    """Write all tables, the calibration of packages left open."""
    measured = Measured(work)
    packages = [found for samples in measured.packages().values() for found in samples]
    standards = {version: measured.of(f"python-{version}") for version in pythons}
    everything = [*packages, *(found for samples in standards.values() for found in samples)]
    library_kb = library_costs(everything)
    quiet = {
        version: quiet_times(samples + (packages if version == PACKAGES else []), _STANDARD)
        for version, samples in standards.items()
    }
    always = frozenset(loaded(bare(PACKAGES, work, pythons[PACKAGES])))
    write_libraries(measured, library_kb)
    write_packages(measured, library_kb, quiet[PACKAGES], always, full_version(pythons[PACKAGES]))
    for version, samples in standards.items():
        found = samples + (packages if version == PACKAGES else [])
        compared = measured.of(f"packages-{version}")
        memory, cpu = factors(compared, packages, quiet[version], quiet[PACKAGES]) if compared else (1.0, 1.0)
        header = {
            "python": full_version(pythons[version]),
            "measured": day(measured.files),
            "base": number(base_kb(bare(version, work, pythons[version])), 0),
            "factors": f"{number(memory, 3)} {number(cpu, 3)}",
        }
        write_standard(
            version,
            standard_costs(found, library_kb, quiet[version]),
            header,
            loaded(bare(version, work, pythons[version])),
        )
    write_units(work)
    write_calls(work, always)
    write_clients(work, always)
    write_runtimes(work)
