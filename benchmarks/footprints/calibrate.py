"""Write into the tables of packages what was measured of them, over what the formula says of the same files."""

from collections.abc import Iterator
from pathlib import Path

from environments import Installed, installed

from gwlint.footprint.formula import NOTHING, Cost
from gwlint.footprint.loads import Load
from gwlint.footprint.prices import Prices
from gwlint.footprint.tables import PackageTable, Row, Tables

DATA = Path(__file__).resolve().parents[2] / "gwlint" / "footprint" / "data" / "packages"
_LEAST_KB = 50.0
_LEAST_MS = 1.0


def calibrate(work: Path) -> None:
    """Calibrate all tables whose files are in an environment of a working folder."""
    environments = sorted(work.glob("envs/*/bin/python"))
    tables = Tables()
    prices = Prices(tables, (3, 12), basis="formula", bytecode="valid")
    files = {(one.distribution, one.version, one.module): one for python in environments for one in installed(python)}
    for path in sorted(DATA.glob("*.tsv")):
        table = tables.package(path.stem)
        if table:
            memory, cpu = _calibration(table, files, prices)
            _write(path, f"# calibration: {memory:.3g} {cpu:.3g}")


def _calibration(
    table: PackageTable, files: dict[tuple[str, str, str], Installed], prices: Prices
) -> tuple[float, float]:
    measured = computed = NOTHING
    for row, found in _found(table, files):
        load = Load(found.module, "package", found.file, found.file, found.distribution, found.version)
        measured = measured.plus(Cost(row.memory_kb, row.cpu_ms))
        computed = computed.plus(prices.of(load).cost)
    memory = measured.memory_kb / computed.memory_kb if computed.memory_kb > _LEAST_KB else 1.0
    return memory, measured.cpu_ms / computed.cpu_ms if computed.cpu_ms > _LEAST_MS else 1.0


def _found(table: PackageTable, files: dict[tuple[str, str, str], Installed]) -> Iterator[tuple[Row, Installed]]:
    for module, row in table.rows.items():
        found = files.get((table.distribution, table.version, module))
        if found:
            yield row, found


def _write(path: Path, line: str) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line if one.startswith("# calibration: ") else one for one in lines]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
