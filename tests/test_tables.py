import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from gwlint.footprint import tables
from gwlint.footprint.tables import Call, Client, Library, PackageTable, Row, Runtime, Tables, Unit
from tests.projects import write

DATA = Path(tables.__file__).with_name("data")
FILES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.tsv"))
PACKAGES = [name for name in FILES if name.startswith("packages/")]
STANDARD = [name for name in FILES if name.startswith("python-")]
MODULES = ["module", "memory_kb", "cpu_ms", "stale_memory_kb", "stale_cpu_ms", "libraries", "imports"]
WORDS = frozenset({"architecture", "distribution", "imports", "libraries", "modules", "name"})
"""Columns of text, besides the first one."""
KEYS_OF_TWO = frozenset({"runtimes.tsv", "units.tsv"})
MOST_BYTES = 3_000_000


@cache
def parted(name: str) -> tuple[list[str], list[str], list[list[str]]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    header = [line[2:].partition(": ")[0] for line in lines if line.startswith("# ")]
    columns, *rows = (line.split("\t") for line in lines[len(header) :])
    return header, columns, rows


def rows(name: str) -> list[list[str]]:
    return parted(name)[2]


def keys(name: str) -> list[list[str]]:
    return [row[: 2 if name in KEYS_OF_TWO else 1] for row in rows(name)]


def figures(name: str) -> Iterator[str]:
    numeric = [position for position, column in enumerate(parted(name)[1]) if position and column not in WORDS]
    return (row[position] for row in rows(name) for position in numeric)


def test_the_rows_of_all_tables_have_all_columns() -> None:
    assert {name: {len(row) for row in rows(name)} for name in FILES} == {
        name: {len(parted(name)[1])} for name in FILES
    }


def test_the_rows_of_all_tables_are_sorted_and_none_is_there_twice() -> None:
    assert [name for name in FILES if any(first >= second for first, second in pairwise(keys(name)))] == []


def test_no_figure_is_negative() -> None:
    assert [name for name in FILES if any(float(figure or 0) < 0 for figure in figures(name))] == []


def test_all_tables_say_when_they_were_measured() -> None:
    assert [name for name in FILES if "measured" not in parted(name)[0]] == []


def test_the_tables_of_modules_say_what_was_measured() -> None:
    of_packages = ["distribution", "version", "python", "measured", "calibration"]
    of_python = ["python", "measured", "base", "factors", "loaded"]

    assert [name for name in PACKAGES if parted(name)[:2] != (of_packages, MODULES)] == []
    assert [name for name in STANDARD if parted(name)[:2] != (of_python, MODULES)] == []


def test_every_version_has_a_table() -> None:
    assert STANDARD == ["python-3.10.tsv", "python-3.11.tsv", "python-3.12.tsv", "python-3.13.tsv"]


def test_every_library_of_a_module_has_a_price() -> None:
    told = {library for name in (*PACKAGES, *STANDARD) for row in rows(name) for library in row[5].split()}

    assert told <= set(Tables().libraries)


def test_every_module_of_a_package_is_found_by_its_top() -> None:
    providers = Tables().providers

    assert {row[0].partition(".")[0] for name in PACKAGES for row in rows(name)} == set(providers)
    assert {provider for provider in providers.values() if Tables().package(provider) is None} == set()


def test_all_tables_together_are_of_modest_size() -> None:
    assert sum((DATA / name).stat().st_size for name in FILES) < MOST_BYTES


def test_what_everyone_uses_is_known() -> None:
    everyone = ("boto3", "requests", "pydantic", "numpy", "pandas", "aws-lambda-powertools", "sqlalchemy", "fastapi")
    known = Tables()

    assert [name for name in everyone if known.package(name) is None] == []
    assert [name for name in ("json", "logging", "asyncio", "_ssl") if name not in known.standard((3, 12)).rows] == []
    assert known.call("httpx.Client") is not None
    assert "dynamodb" in known.clients.services


SMALL = {
    "packages/orders.tsv": """\
# distribution: orders
# version: 2.1
# python: 3.12
# measured: 2026-11-24
# calibration: 0.9 1.2
module\tmemory_kb\tcpu_ms\tstale_memory_kb\tstale_cpu_ms\tlibraries\timports
orders\t120.5\t1.25\t300\t4\tlibz.so.1 liborders.so\t+core json ordersmore.extra
orders.core\t4\t0.5\t\t\t\t+a.b ~tax .rates.vat json
""",
    "packages/orders-1.tsv": """\
# distribution: orders
# version: 1.9
# python: 3.12
# measured: 2026-11-24
# calibration: 1 1
module\tmemory_kb\tcpu_ms\tstale_memory_kb\tstale_cpu_ms\tlibraries\timports
""",
    "python-3.12.tsv": """\
# python: 3.12
# measured: 2026-11-24
# base: 10392
# factors: 1 1
# loaded: builtins sys
module\tmemory_kb\tcpu_ms\tstale_memory_kb\tstale_cpu_ms\tlibraries\timports
json\t40\t0.5\t\t\t\t+decoder re
""",
    "libraries.tsv": "# measured: 2026-11-24\nname\tmemory_kb\tcpu_ms\nlibz.so.1\t84\t0\n",
    "providers.tsv": "# measured: 2026-11-24\nmodule\tdistribution\norders\torders\n",
    "units.tsv": "# measured: 2026-11-24\n"
    "group\tname\tmemory_b\tcpu_us\tpeak_b\tstale_memory_b\tstale_cpu_us\tstale_peak_b\n"
    "literal\tint\t1\t2\t3\t4\t5\t6\n",
    "calls.tsv": "# measured: 2026-11-24\n"
    "callee\tmemory_kb\tcpu_ms\tfurther_memory_kb\tfurther_cpu_ms\tlibraries\timports\n"
    "db.connect\t1\t2\t3\t4\tlibz.so.1\tdb.driver ssl\ndb.connect(mysql)\t5\t6\t7\t8\t\t\n",
    "boto.tsv": "# measured: 2026-11-24\n# first: 1 2 3 4 5 6\n# further: 7 8 9 10 11 12\n"
    "service\tmodel_bytes\trules_bytes\tfirst_memory_kb\tfirst_cpu_ms\tfurther_memory_kb\tfurther_cpu_ms\timports\n"
    "s3\t1000\t200\t14000\t60\t6000\t20\ts3transfer\n",
    "runtimes.tsv": "# measured: 2026-11-24\nruntime\tarchitecture\tmemory_mb\tinit_low_ms\tinit_high_ms\tmodules\n"
    "python3.12\tx86_64\t37\t81\t85\tjson logging\n",
}  # fmt: skip


@pytest.fixture
def small(tmp_path: Path) -> Tables:
    return Tables(write(tmp_path, SMALL))


def test_a_package_is_read(small: Tables) -> None:
    imports = ("orders.core", "json", "ordersmore.extra")

    assert small.package("orders") == PackageTable(
        distribution="orders",
        version="2.1",
        python="3.12",
        measured="2026-11-24",
        memory_calibration=0.9,
        cpu_calibration=1.2,
        rows={
            "orders": Row("orders", 120.5, 1.25, 300.0, 4.0, ("libz.so.1", "liborders.so"), imports),
            "orders.core": Row(
                "orders.core", 4.0, 0.5, 4.0, 0.5, (), ("orders.core.a.b", "orders.tax", "orders.rates.vat", "json")
            ),
        },
    )


@pytest.mark.parametrize(
    ("version", "told"), [("10.0", "2.1"), ("2.1", "2.1"), ("3.0", "2.1"), ("1.2", "1.9"), ("", "2.1")]
)  # fmt: skip
def test_a_package_of_more_than_one_version_is_that_with_the_same_first_number(
    small: Tables, version: str, told: str
) -> None:
    table = small.package("orders", version)

    assert table is not None
    assert table.version == told


def test_a_package_that_nobody_has_measured_is_not_known(small: Tables) -> None:
    assert small.package("customers", "1.0") is None


def test_the_standard_library_is_read(small: Tables) -> None:
    table = small.standard((3, 12))

    assert (table.python, table.measured, table.base_kb) == ("3.12", "2026-11-24", 10392.0)
    assert (table.memory_factor, table.cpu_factor, table.loaded) == (1.0, 1.0, frozenset({"builtins", "sys"}))
    assert table.rows == {"json": Row("json", 40.0, 0.5, 40.0, 0.5, (), ("json.decoder", "re"))}


@pytest.mark.parametrize(("version", "told"), [((3, 8), "3.10."), ((3, 10), "3.10."), ((3, 14), "3.13.")])
def test_a_version_that_was_not_measured_is_taken_for_the_nearest_one(version: tuple[int, int], told: str) -> None:
    assert Tables().standard(version).python.startswith(told)


def test_everything_else_is_read(small: Tables) -> None:
    assert small.libraries == {"libz.so.1": Library("libz.so.1", 84.0, 0.0)}
    assert small.providers == {"orders": "orders"}
    assert small.units == {("literal", "int"): Unit("literal", "int", 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)}
    assert small.clients.services == {"s3": Client("s3", 1000, 200, 14000.0, 60.0, 6000.0, 20.0, ("s3transfer",))}
    assert (small.clients.first.memory_per_model_kb, small.clients.further.cpu_per_rules_kb) == (2.0, 12.0)


@pytest.mark.parametrize(
    ("argument", "memory"), [("", 1.0), ("mysql", 5.0), ("mysql://host/orders", 5.0), ("sqlite://", 1.0)]
)
def test_a_call_is_priced_by_its_first_argument_where_that_matters(small: Tables, argument: str, memory: float) -> None:
    call = small.call("db.connect", argument)

    assert call is not None
    assert call.memory_kb == memory


def test_a_call_is_read(small: Tables) -> None:
    assert small.call("db.connect") == Call("db.connect", 1.0, 2.0, 3.0, 4.0, ("libz.so.1",), ("db.driver", "ssl"))
    assert small.call("db.close", "mysql") is None


def test_a_runtime_is_read(small: Tables) -> None:
    runtime = Runtime("python3.12", "x86_64", 37.0, 81.0, 85.0, frozenset({"json", "logging"}))

    assert small.runtime("python3.12", "x86_64") == runtime
    assert runtime.init_ms == 83.0
    assert small.runtime("python3.12", "arm64") is None
    assert small.runtime("nodejs22.x", "x86_64") is None


def test_no_file_is_read_before_it_is_asked_for_or_twice(tmp_path: Path) -> None:
    known = Tables(tmp_path)
    write(tmp_path, SMALL)
    first = known.package("orders"), known.standard((3, 12)), known.package("customers")
    write(tmp_path, {"packages/orders.tsv": "", "packages/customers.tsv": "", "python-3.12.tsv": ""})

    assert (known.package("orders"), known.standard((3, 12)), known.package("customers")) == first


def test_importing_the_tables_reads_none() -> None:
    code = (
        "import sys; opened = []; sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0]))"
        " if event == 'open' else None); import gwlint.footprint.tables; Tables = gwlint.footprint.tables.Tables;"
        " Tables(); print([path for path in opened if path.endswith('.tsv')])"
    )
    environment = {**os.environ, "PYTHONPATH": str(DATA.parents[2])}

    assert subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True).stdout == b"[]\n"
