"""From closures to estimates, with small tables made for it."""

import math
import py_compile
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.footprint.estimates import Contributor, Estimate
from gwlint.footprint.estimator import Estimator, Runtime
from gwlint.footprint.loads import Closure, Declared, Gap, Invoked, Link, Load, Made
from gwlint.footprint.prices import TOGETHER
from gwlint.footprint.tables import Tables

_HEAD = "module\tmemory_kb\tcpu_ms\tstale_memory_kb\tstale_cpu_ms\tlibraries\timports"
_STANDARD = """\
# python: 3.12.1
# measured: 2026-01-02
# base: 10000
# factors: 1 1
# loaded: sys os
{head}
json\t100\t1\t\t\t\tjson.decoder
json.decoder\t60\t0.5\t\t\t\t
ssl\t300\t2\t\t\tlibtls.so\t
socket\t80\t1\t\t\t\t
"""
_PACKAGE = """\
# distribution: parcel
# version: 1.2
# python: 3.12.1
# measured: 2026-01-02
# calibration: 1.5 2
{head}
parcel\t1000\t10\t\t\tlibtls.so\tsocket parcel.wire
parcel.wire\t500\t4\t\t\t\tssl
"""
_CALLS = """\
# python: 3.12
callee\tmemory_kb\tcpu_ms\tfurther_memory_kb\tfurther_cpu_ms\tlibraries\timports
httpx.Client\t1400\t20\t1100\t15\t\tssl
ssl.create_default_context\t1100\t15\t1000\t15\t\t
sqlalchemy.create_engine(sqlite)\t200\t2\t100\t1\t\t
"""
_UNITS = """\
# python: 3.12
group\tname\tmemory_b\tcpu_us\tpeak_b\tstale_memory_b\tstale_cpu_us\tstale_peak_b
class\tclass\t2048\t5\t0\t0\t0\t0
class\tpydantic.BaseModel\t10240\t40\t0\t0\t0\t0
field\tclass\t512\t1\t0\t0\t0\t0
field\tpydantic.BaseModel\t2176\t40\t0\t0\t0\t0
"""
_CLIENTS = """\
# python: 3.12
# boto3: 1.44.5
# first: 8000 4 1 50 0.02 0
# further: 100 4 1 2 0.02 0
service\tmodel_bytes\trules_bytes\tfirst_memory_kb\tfirst_cpu_ms\tfurther_memory_kb\tfurther_cpu_ms\timports
sqs\t1024\t0\t8300\t51\t300\t3\t
"""
_BARE = Runtime(0.0, 0.0, frozenset())
_ROOT = Load("handler", "project", "", "handler.py")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "packages").mkdir()
    (folder / "python-3.12.tsv").write_text(_STANDARD.format(head=_HEAD))
    (folder / "packages" / "parcel.tsv").write_text(_PACKAGE.format(head=_HEAD))
    (folder / "libraries.tsv").write_text(
        "# python: 3.12.1\n# measured: 2026-01-02\nname\tmemory_kb\tcpu_ms\nlibtls.so\t2000\t3\n"
    )
    (folder / "providers.tsv").write_text("# measured: 2026-01-02\nmodule\tdistribution\nparcel\tparcel\n")
    (folder / "calls.tsv").write_text(_CALLS)
    (folder / "units.tsv").write_text(_UNITS)
    (folder / "boto.tsv").write_text(_CLIENTS)
    return Tables(folder)


def _closure(
    loads: Sequence[Load] = (),
    *,
    links: Sequence[tuple[int, int]] = (),
    invoked: Sequence[Invoked] = (),
    declared: Sequence[Declared] = (),
    made: Sequence[Made] = (),
    gaps: Sequence[Gap] = (),
) -> Closure:
    return Closure(
        (_ROOT, *loads),
        tuple(Link(importer, imported, 1) for importer, imported in links),
        tuple(invoked),
        tuple(declared),
        tuple(made),
        tuple(gaps),
    )


def _standard(module: str, parent: int = 0, line: int = 1) -> Load:
    return Load(module, "standard", "", module, parent=parent, line=line)


def _parcel(module: str, version: str = "1.2", file: str = "", parent: int = 0) -> Load:
    return Load(module, "package", file, f"{module}.py", "parcel", version, parent, 2)


def _invoked(callee: str, *arguments: str) -> Invoked:
    return Invoked(callee, arguments, (), 1, 0, 5)


def _names(estimate: Estimate) -> list[tuple[str, str, float]]:
    return [(one.kind, one.name, round(one.memory_kb, 1)) for one in estimate.contributors if one.kind != "project"]


def test_a_handler_that_loads_nothing_takes_what_the_runtime_does(tables: Tables) -> None:
    got = Estimator(tables, (3, 12)).estimate(_closure(), Runtime(37.0, 80.0, frozenset()))

    assert (got.memory_mb.estimate, got.memory_mb.base, got.memory_mb.runtime) == (37.0, 37.0, 37.0)
    assert (got.init_ms.estimate, got.notes) == (80.0, ())


def test_rows_of_the_table_add_up_and_libraries_are_paid_once(tables: Tables) -> None:
    loads = [_parcel("parcel"), _standard("socket", 1, 3), _standard("ssl", 1, 4)]
    got = Estimator(tables, (3, 12)).estimate(_closure(loads, links=[(0, 1), (1, 2), (1, 3)]), _BARE)
    whole = math.fsum([3, 10 * TOGETHER, 2 * TOGETHER, TOGETHER])

    assert got.contributors == (
        Contributor("libtls.so", "library", 2000, 3, ("handler.py:2",), "table", 2000, 3),
        Contributor("parcel", "package", 1000, 10 * TOGETHER, ("handler.py:2",), "table", 3380, whole, 1),
        Contributor(
            "ssl", "standard", 300, 2 * TOGETHER, ("handler.py:2", "parcel.py:4"), "table", 300, 2 * TOGETHER, 1
        ),
        Contributor("socket", "standard", 80, TOGETHER, ("handler.py:2", "parcel.py:3"), "table", 80, TOGETHER, 1),
        Contributor("handler", "project", 0, 0, (), "formula", 3380, whole, 1),
    )
    assert got.memory_mb.estimate == 3380 / 1024
    assert got.notes == ()


def test_what_something_else_needs_too_is_not_saved(tables: Tables) -> None:
    loads = [_parcel("parcel"), _standard("socket", 1, 3)]
    got = Estimator(tables, (3, 12)).estimate(_closure(loads, links=[(0, 1), (1, 2), (0, 2)]), _BARE)

    assert [one.saving_kb for one in got.contributors if one.name == "parcel"] == [3000]


def test_what_the_bootstrap_has_loaded_makes_the_base_smaller(tables: Tables) -> None:
    closure = _closure([_standard("json"), _standard("socket")])
    got = Estimator(tables, (3, 12)).estimate(closure, Runtime(1.0, 10.0, frozenset({"json"})))

    assert (got.memory_mb.base, got.memory_mb.estimate) == (924 / 1024, 1104 / 1024)
    assert (got.init_ms.base, got.init_ms.estimate) == pytest.approx((10.0 - TOGETHER, 10.0 + TOGETHER))


def test_a_package_of_another_version_is_priced_by_its_files_and_calibrated(tables: Tables, tmp_path: Path) -> None:
    file = tmp_path / "parcel.py"
    file.write_text("def f(a):\n    return a\n" * 100)
    costs = [
        Estimator(tables, (3, 12), basis=basis, bytecode="valid").estimate(
            _closure([_parcel("parcel", "2.0", str(file))]), _BARE
        )
        for basis in ("table", "formula")
    ]
    calibrated, plain = (cost.memory_mb.estimate for cost in costs)

    assert calibrated == pytest.approx(1.5 * plain)
    assert costs[0].notes == ("not in the tables at this version, estimated from the files: `parcel`",)


def test_what_is_known_by_name_brings_in_what_it_was_seen_to(tables: Tables) -> None:
    missing = Load("parcel", "missing", "", "parcel", parent=0, line=2)
    got = Estimator(tables, (3, 12)).estimate(_closure([missing], links=[(0, 1)]), _BARE)

    assert _names(got) == [
        ("library", "libtls.so", 2000.0),
        ("package", "parcel", 1500.0),
        ("standard", "ssl", 300.0),
        ("standard", "socket", 80.0),
    ]
    assert got.notes == ("known by name only: `parcel`",)


def test_one_handler_has_no_say_in_another(tables: Tables) -> None:
    estimator = Estimator(tables, (3, 12))
    missing = _closure([Load("socketry", "missing", "", "socketry", parent=0, line=1)])
    found = _closure([Load("socketry", "standard", "", "socketry", parent=0, line=1)])
    estimator.estimate(missing, _BARE)

    assert estimator.estimate(found, _BARE) == Estimator(tables, (3, 12)).estimate(found, _BARE)


def test_source_is_compiled_unless_its_bytecode_is_valid(tables: Tables, tmp_path: Path) -> None:
    file = tmp_path / "app.py"
    file.write_text("def f(a):\n    return a\n" * 1000)
    py_compile.compile(str(file))
    closure = _closure([Load("app", "project", str(file), "app.py", parent=0, line=1)])
    valid, stale, found = (
        Estimator(tables, sys.version_info[:2], bytecode=bytecode).estimate(closure, _BARE).memory_mb.estimate
        for bytecode in ("valid", "stale", "auto")
    )

    assert valid == found < stale


@pytest.mark.parametrize(
    ("callee", "argument", "cost"),
    [
        ("ssl.create_default_context", "", 1100),
        ("httpx._client.Client", "", 1400),
        ("sqlalchemy.create_engine", "sqlite://", 200),
        ("boto3.client", "sqs", 8300),
        ("app.Client", "", 0),
    ],
)
def test_what_is_constructed_costs(tables: Tables, callee: str, argument: str, cost: float) -> None:
    got = Estimator(tables, (3, 12)).estimate(_closure(invoked=[_invoked(callee, argument)]), _BARE)

    assert sum(one.memory_kb for one in got.contributors if one.kind == "constructor") == cost


def test_a_second_one_costs_what_further_ones_do(tables: Tables) -> None:
    calls = [_invoked("httpx.Client"), _invoked("httpx.Client"), _invoked("httpx.Client")]
    got = Estimator(tables, (3, 12)).estimate(_closure(invoked=calls), _BARE)

    assert [(one.name, one.memory_kb) for one in got.contributors if one.kind == "constructor"] == [
        ("httpx.Client", 1400 + 2 * 1100)
    ]


def test_what_only_a_call_imports_is_loaded(tables: Tables) -> None:
    got = Estimator(tables, (3, 12)).estimate(_closure(invoked=[_invoked("httpx.Client")]), _BARE)

    assert [(one.name, one.chain) for one in got.contributors if one.name == "ssl"] == [("ssl", ("handler.py:5",))]


def test_the_first_client_of_a_session_pays_for_it(tables: Tables, tmp_path: Path) -> None:
    (tmp_path / "__init__.py").touch()
    botocore = Load("botocore", "missing", str(tmp_path / "__init__.py"), "botocore", parent=0, line=1)
    for service, size in (("s3", 1000), ("sqs", 1)):
        folder = tmp_path / "data" / service / "2020-01-01"
        folder.mkdir(parents=True)
        (folder / "service-2.json").write_bytes(b" " * 1024 * size)
    calls = [_invoked("boto3.client", "s3"), _invoked("boto3.client", "sqs"), _invoked("boto3.client", "sqs")]
    got = Estimator(tables, (3, 12)).estimate(_closure([botocore], invoked=calls), _BARE)

    assert [(one.name, one.memory_kb) for one in got.contributors if one.kind == "constructor"] == [
        ("boto3 client s3", 8000 + 4000),
        ("boto3 client sqs", 300 + 90),
    ]


def test_models_and_dataclasses_cost_more_with_more_fields(tables: Tables) -> None:
    declared = [
        Declared("class", "handler.Small", ("pydantic.main.BaseModel",), (), 2, 0, 3),
        Declared("class", "handler.Large", ("pydantic.main.BaseModel",), (), 20, 0, 9),
        Declared("class", "handler.Plain", (), (), 20, 0, 19),
    ]
    got = Estimator(tables, (3, 12)).estimate(_closure(declared=declared), _BARE)

    assert [(one.name, one.memory_kb) for one in got.contributors if one.kind == "constructor"] == [
        ("class Large", 8 + 20 * 2),
        ("class Small", 8 + 2 * 2),
    ]


def test_a_file_read_at_import_costs_by_its_size(tables: Tables, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("[" + "1," * 5000 + "1]")
    made = Made("file", "DATA", (), 1, 0, 0, 3, str(file), "json.load")
    got = Estimator(tables, (3, 12)).estimate(_closure(made=[made]), _BARE)

    assert _names(got) == [("data", "DATA", round(6.6 * file.stat().st_size / 1024, 1))]


def test_gaps_and_unknown_calls_raise_the_upper_end_only(tables: Tables) -> None:
    plain = Estimator(tables, (3, 12)).estimate(_closure([_parcel("parcel")]), _BARE)
    gapped = Estimator(tables, (3, 12)).estimate(
        _closure([_parcel("parcel")], gaps=[Gap("dynamic", "name", 0, 7)], invoked=[_invoked("parcel.open")]), _BARE
    )

    assert gapped.memory_mb.low == plain.memory_mb.low
    assert gapped.memory_mb.estimate == plain.memory_mb.estimate
    assert gapped.memory_mb.high > plain.memory_mb.high
    assert gapped.notes == (
        "handler.py:7: what this imports can't be read from the source: name",
        "1 call of packages at load time, whose cost is unknown",
    )


_LOADS = st.lists(
    st.sampled_from(["json", "json.decoder", "ssl", "socket", "parcel", "parcel.wire"]), unique=True, max_size=6
)
_MADE = st.lists(
    st.builds(
        Made,
        st.just("comprehension"),
        st.sampled_from(["A", "B"]),
        st.lists(st.tuples(st.sampled_from(["int", "string", "entry"]), st.integers(0, 9)), max_size=3).map(tuple),
        st.integers(0, 5000),
        st.just(0),
        st.just(0),
        st.integers(1, 9),
    ),
    max_size=3,
)


def _of(names: Sequence[str], made: Sequence[Made]) -> Closure:
    loads = [_parcel(name) if name.startswith("parcel") else _standard(name) for name in names]
    return _closure(loads, links=[(0, place + 1) for place in range(len(loads))], made=made)


@given(_LOADS, _MADE)
def test_the_estimate_is_the_sum_of_its_contributors_and_lies_in_the_interval(
    tables: Tables, names: list[str], made: list[Made]
) -> None:
    got = Estimator(tables, (3, 12)).estimate(_of(names, made), Runtime(37.0, 80.0, frozenset({"json"})))

    for amount, total in (
        (got.memory_mb, sum(one.memory_kb for one in got.contributors) / 1024),
        (got.init_ms, sum(one.cpu_ms for one in got.contributors)),
    ):
        assert amount.estimate == pytest.approx(amount.base + total)
        assert 0 <= amount.low <= amount.estimate <= amount.high
    assert all(one.saving_kb >= one.memory_kb - 1e-6 for one in got.contributors)


@given(_LOADS, st.data())
def test_one_more_load_never_makes_it_less(tables: Tables, names: list[str], data: st.DataObject) -> None:
    fewer = names[: data.draw(st.integers(0, len(names)))]
    estimator = Estimator(tables, (3, 12))

    assert (
        estimator.estimate(_of(fewer, []), _BARE).memory_mb.estimate
        <= estimator.estimate(_of(names, []), _BARE).memory_mb.estimate
    )


@given(_LOADS, st.randoms())
def test_the_order_of_loads_does_not_matter(tables: Tables, names: list[str], random: Random) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)
    one, other = (Estimator(tables, (3, 12)).estimate(_of(order, []), _BARE) for order in (names, shuffled))

    assert one.memory_mb.estimate == pytest.approx(other.memory_mb.estimate)
    assert one.init_ms.high == pytest.approx(other.init_ms.high)


@given(_LOADS, _MADE)
def test_the_same_question_has_the_same_answer(tables: Tables, names: list[str], made: list[Made]) -> None:
    estimator = Estimator(tables, (3, 12))
    first = estimator.estimate(_of(names, made), _BARE)

    assert msgspec.json.encode(first) == msgspec.json.encode(estimator.estimate(_of(names, made), _BARE))
    assert msgspec.json.encode(first) == msgspec.json.encode(
        Estimator(tables, (3, 12)).estimate(_of(names, made), _BARE)
    )
