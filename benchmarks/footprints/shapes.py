"""Measure what data and declarations cost: literals in the source, data that is made, files that are read, classes."""

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from gwlint.footprint.measuring import Bytecode, Measurement, measure

Census = Mapping[str, float]
CLASSES = Path(__file__).with_name("classes.txt")
_LITERALS = 20_000
_NESTED = 8_000
_RUNS = 3


class Unit(NamedTuple):
    """Bytes and microseconds of one of something: kept, and at the highest, with valid bytecode and without."""

    group: str
    name: str
    memory_b: float
    cpu_us: float
    peak_b: float
    stale_memory_b: float
    stale_cpu_us: float
    stale_peak_b: float


def _text(number: int, length: int = 12) -> str:
    return f"{number:x}".rjust(length, "q")


def _literals() -> list[tuple[str, Census]]:
    n, m = _LITERALS, _NESTED
    ints = [1000 + 7919 * number for number in range(n)]
    floats = [number + 0.37 for number in range(n)]
    texts = [_text(number) for number in range(2 * n)]
    long = [_text(number, 100) for number in range(n)]
    return [
        (repr(ints), {"list": 1, "element": n, "int": n}),
        (repr(tuple(ints)), {"tuple": 1, "element": n, "int": n}),
        (repr(floats), {"list": 1, "element": n, "float": n}),
        (repr(texts[:n]), {"list": 1, "element": n, "string": n, "string-bytes": 12 * n}),
        (repr(long), {"list": 1, "element": n, "string": n, "string-bytes": 100 * n}),
        (repr(set(texts[:n])), {"set": 1, "member": n, "string": n, "string-bytes": 12 * n}),
        (repr(dict(zip(ints, floats, strict=True))), {"dict": 1, "entry": n, "int": n, "float": n}),
        (
            repr(dict(zip(texts[:n], ints, strict=True))),
            {"dict": 1, "entry": n, "string": n, "string-bytes": 12 * n, "int": n},
        ),
        (
            repr(dict(zip(texts[:n], texts[n:], strict=True))),
            {"dict": 1, "entry": n, "string": 2 * n, "string-bytes": 24 * n},
        ),
        (
            repr([(number, number + 0.5, texts[number]) for number in range(1000, 1000 + m)]),
            {"list": 1, "tuple": m, "element": 4 * m, "int": m, "float": m, "string": m, "string-bytes": 12 * m},
        ),
        (
            repr([[number, number + 0.5, texts[number]] for number in range(1000, 1000 + m)]),
            {"list": m + 1, "element": 4 * m, "int": m, "float": m, "string": m, "string-bytes": 12 * m},
        ),
        (
            repr([{"id": 1000 + number, "name": texts[number], "rate": number + 0.5} for number in range(m)]),
            {
                "list": 1, "element": m, "dict": m, "entry": 3 * m,
                "int": m, "float": m, "string": m, "string-bytes": 12 * m,
            },
        ),
        (
            repr({texts[number]: {"id": 1000 + number, "rate": number + 0.5} for number in range(m)}),
            {"dict": m + 1, "entry": 3 * m, "int": m, "float": m, "string": m, "string-bytes": 12 * m},
        ),
        (
            repr({texts[number]: [texts[number + m], texts[n + number]] for number in range(m)}),
            {"dict": 1, "entry": m, "list": m, "element": 2 * m, "string": 3 * m, "string-bytes": 36 * m},
        ),
        (repr("x" * 1_000_000), {"string": 1, "string-bytes": 1_000_000}),
    ]  # fmt: skip


def _made() -> list[tuple[str, Census]]:
    n = 50_000
    return [
        (f"[i + 1000 for i in range({n})]", {"list": 1, "element": n, "int": n}),
        (f"tuple(i + 1000 for i in range({n}))", {"tuple": 1, "element": n, "int": n}),
        (f"[i / 3 for i in range({n})]", {"list": 1, "element": n, "float": n}),
        (f"['%012d' % i for i in range({n})]", {"list": 1, "element": n, "string": n, "string-bytes": 12 * n}),
        (f"['%0100d' % i for i in range({n})]", {"list": 1, "element": n, "string": n, "string-bytes": 100 * n}),
        (f"{{i + 1000 for i in range({n})}}", {"set": 1, "member": n, "int": n}),
        (f"{{i + 1000: i / 3 for i in range({n})}}", {"dict": 1, "entry": n, "int": n, "float": n}),
        (
            f"{{'%012d' % i: i + 1000 for i in range({n})}}",
            {"dict": 1, "entry": n, "string": n, "string-bytes": 12 * n, "int": n},
        ),
        (f"[(i + 1000, i / 3) for i in range({n})]", {"list": 1, "element": 3 * n, "tuple": n, "int": n, "float": n}),
        (f"[[i + 1000, i / 3] for i in range({n})]", {"list": n + 1, "element": 3 * n, "int": n, "float": n}),
        (
            f"[{{'id': i + 1000, 'rate': i / 3, 'name': '%012d' % i}} for i in range({n})]",
            {
                "list": 1, "element": n, "dict": n, "entry": 3 * n,
                "int": n, "float": n, "string": n, "string-bytes": 12 * n,
            },
        ),
        (f"[{{i + 1000}} for i in range({n})]", {"list": 1, "set": n, "element": n, "member": n, "int": n}),
        (f"[0] * {20 * n}", {"list": 1, "element": 20 * n}),
    ]  # fmt: skip


def non_negative(rows: Sequence[Census], wanted: Sequence[float]) -> dict[str, float]:
    """Return the weights of least squares that are not negative, every row weighed by what it should come to."""
    names = sorted({name for row in rows for name in row})
    scale = [1 / max(abs(value), 1e-9) for value in wanted]
    matrix = [[row.get(name, 0.0) * by for name in names] for row, by in zip(rows, scale, strict=True)]
    target = [value * by for value, by in zip(wanted, scale, strict=True)]
    weights = [0.0] * len(names)
    rest = list(target)
    for _ in range(20_000):
        for column in range(len(names)):
            values = [row[column] for row in matrix]
            square = sum(value * value for value in values)
            new = max(0.0, weights[column] + sum(v * r for v, r in zip(values, rest, strict=True)) / square)
            change = new - weights[column]
            if change:
                weights[column] = new
                rest = [r - change * v for r, v in zip(rest, values, strict=True)]
    return dict(zip(names, weights, strict=True))


def literal_units(python: Path) -> list[Unit]:
    """Measure data in the source."""
    shapes = _literals()
    found = {bytecode: [_module(python, f"DATA = {source}\n", bytecode) for source, _ in shapes] for bytecode in _MODES}
    return _fitted("literal", [census for _, census in shapes], found)


def made_units(python: Path) -> list[Unit]:
    """Measure data that is computed."""
    shapes = _made()
    once = [measure(python, code=f"data = {source}", runs=_RUNS) for source, _ in shapes]
    return _fitted("made", [census for _, census in shapes], {"valid": once, "stale": once})


_MODES: tuple[Bytecode, Bytecode] = ("valid", "stale")


def _fitted(group: str, rows: Sequence[Census], found: Mapping[Bytecode, Sequence[Measurement]]) -> list[Unit]:
    def fit(bytecode: Bytecode, figure: Callable[[Measurement], float]) -> dict[str, float]:
        return non_negative(rows, [figure(one) for one in found[bytecode]])

    columns = [
        fit(bytecode, figure)
        for bytecode in _MODES
        for figure in (
            lambda one: one.memory_kb * 1024,
            lambda one: one.cpu_ms * 1000,
            lambda one: one.peak_kb * 1024,
        )
    ]
    return [Unit(group, name, *(column[name] for column in columns)) for name in columns[0]]


def _module(python: Path, source: str, bytecode: Bytecode, setup: str = "") -> Measurement:
    with TemporaryDirectory(prefix="footprints-") as folder:
        Path(folder, "shape.py").write_text(source, encoding="utf-8")
        return measure(
            python, code=f"{setup}\nimport shape", path=[Path(folder)], runs=_RUNS, bytecode=bytecode, timeout=300
        )


READERS = {
    "json.load": ("json", "import json\nwith open(FILE, encoding='utf-8') as file: data = json.load(file)"),
    "json.loads": ("json", "import json\ndata = json.loads(open(FILE, encoding='utf-8').read())"),
    "csv.reader": ("csv", "import csv\nwith open(FILE, newline='') as file: data = list(csv.reader(file))"),
    "csv.DictReader": ("csv", "import csv\nwith open(FILE, newline='') as file: data = list(csv.DictReader(file))"),
    "pickle.load": ("pickle", "import pickle\nwith open(FILE, 'rb') as file: data = pickle.load(file)"),
    "open.read": ("json", "with open(FILE, encoding='utf-8') as file: data = file.read()"),
    "pathlib.Path.read_text": ("json", "import pathlib\ndata = pathlib.Path(FILE).read_text(encoding='utf-8')"),
    "pathlib.Path.read_bytes": ("json", "import pathlib\ndata = pathlib.Path(FILE).read_bytes()"),
    "tomllib.load": ("toml", "import tomllib\nwith open(FILE, 'rb') as file: data = tomllib.load(file)"),
    "yaml.safe_load": ("yaml", "import yaml\nwith open(FILE) as file: data = yaml.safe_load(file)"),
    "xml.etree.ElementTree.parse": ("xml", "import xml.etree.ElementTree as ET\ndata = ET.parse(FILE)"),
}
"""What reads a file of a kind, and how. FILE is the path."""


def _rows(number: int) -> list[dict[str, object]]:
    chance = random.Random(1)
    return [
        {"id": 1000 + row, "name": _text(row), "rate": chance.random() * 100, "code": _text(row * 7, 6)}
        for row in range(number)
    ]


def _file(kind: str, number: int) -> bytes:
    import csv
    import io
    import json
    import pickle

    rows = _rows(number)
    if kind == "json":
        return json.dumps(rows).encode()
    if kind == "pickle":
        return pickle.dumps(rows)
    if kind == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return text.getvalue().encode()
    if kind == "toml":
        return "".join(f"[row{row['id']}]\nname = '{row['name']}'\nrate = {row['rate']}\n" for row in rows).encode()
    if kind == "xml":
        items = "".join(f"<row id='{row['id']}'><name>{row['name']}</name></row>" for row in rows)
        return f"<rows>{items}</rows>".encode()
    return "".join(f"- id: {row['id']}\n  name: {row['name']}\n  rate: {row['rate']}\n" for row in rows).encode()


def reader_units(python: Path) -> list[Unit]:
    """Measure what reading a file costs, for each byte of it: the difference between a small and a large one."""
    return [_reader(python, callee, kind, code) for callee, (kind, code) in READERS.items()]


def _reader(python: Path, callee: str, kind: str, code: str) -> Unit:
    number = 2_000 if kind == "yaml" else 20_000
    found, sizes = [], []
    for rows in (100, number):
        with TemporaryDirectory(prefix="footprints-") as folder:
            file = Path(folder, "data")
            file.write_bytes(_file(kind, rows))
            sizes.append(file.stat().st_size)
            found.append(measure(python, code=code.replace("FILE", repr(str(file))), runs=_RUNS))
    return _slope("reader", callee, (found, found), sizes[1] - sizes[0])


def _slope(group: str, name: str, modes: Sequence[Sequence[Measurement]], count: int) -> Unit:
    figures = [
        figure
        for few, many in modes
        for figure in (
            (many.memory_kb - few.memory_kb) * 1024 / count,
            (many.cpu_ms - few.cpu_ms) * 1000 / count,
            (many.peak_kb - few.peak_kb) * 1024 / count,
        )
    ]
    return Unit(group, name, *(max(0.0, figure) for figure in figures))


ARRAYS = {
    "numpy.zeros": "numpy.zeros(SIZE)",
    "numpy.empty": "numpy.empty(SIZE)",
    "numpy.ones": "numpy.ones(SIZE)",
    "numpy.full": "numpy.full(SIZE, 3.5)",
    "numpy.arange": "numpy.arange(SIZE)",
    "numpy.linspace": "numpy.linspace(0, 1, SIZE)",
    "numpy.random.rand": "numpy.random.rand(SIZE)",
    "bytes": "bytes(8 * SIZE)",
    "bytearray": "bytearray(8 * SIZE)",
    "array.array": "array.array('d', [0.0]) * SIZE",
}
"""What makes an array of SIZE elements of eight bytes."""


def array_units(python: Path) -> list[Unit]:
    """Measure what an array costs, for each byte of it."""
    units = []
    for callee, code in ARRAYS.items():
        setup = "import array\n" if callee.startswith(("array", "byte")) else "import numpy, numpy.random\n"
        found = [
            measure(python, code=f"{setup}data = {code.replace('SIZE', str(size))}", runs=_RUNS)
            for size in (1_000, 2_000_000)
        ]
        units.append(_slope("array", callee, (found, found), 8 * 1_999_000))
    return units


class Kind(NamedTuple):
    """A kind of class: how one is written. `{n}` is its number, `{f}` that of a field."""

    environment: str
    name: str
    setup: str
    head: str
    field: str
    tail: str = ""


def kinds() -> list[Kind]:
    """Return the kinds that classes.txt lists."""
    lines = [line for line in CLASSES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    heads = [number for number, line in enumerate(lines) if line.startswith("[")]
    return [
        _kind(lines[start], lines[start + 1 : end]) for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)
    ]


def _kind(head: str, lines: Sequence[str]) -> Kind:
    environment, _, name = head[1:].partition("] ")
    marked = {mark: "\n".join(line[2:] for line in lines if line.startswith(mark + " ")) for mark in "=+-"}
    plain = "\n".join(line for line in lines if not line.startswith(("= ", "+ ", "- ")))
    return Kind(environment, name, marked["="], plain, marked["+"], marked["-"])


_FEW_FIELDS, _MANY_FIELDS = 2, 10
_FEW, _MANY = 10, 110


def _source(kind: Kind, number: int, fields: int) -> str:
    blocks = (
        "\n".join(
            [
                kind.head.format(n=n),
                *(kind.field.replace("{f}", str(f)).replace("{n}", str(n)) for f in range(fields) if kind.field),
                kind.tail,
            ]
        )
        for n in range(number)
    )
    return "\n".join([kind.setup, *blocks, ""])


def class_units(kind: Kind, python: Path) -> list[Unit]:
    """Measure one kind of class: what each costs, and each of its fields."""
    by_fields = {
        fields: _slope(
            "class",
            kind.name,
            [
                [_module(python, _source(kind, number, fields), bytecode, kind.setup) for number in (_FEW, _MANY)]
                for bytecode in _MODES
            ],
            _MANY - _FEW,
        )
        for fields in (_FEW_FIELDS, _MANY_FIELDS)
    }
    few, many = by_fields[_FEW_FIELDS], by_fields[_MANY_FIELDS]
    per_field = [max(0.0, (b - a) / (_MANY_FIELDS - _FEW_FIELDS)) for a, b in zip(few[2:], many[2:], strict=True)]
    without = [max(0.0, a - _FEW_FIELDS * b) for a, b in zip(few[2:], per_field, strict=True)]
    return [Unit("class", kind.name, *without), Unit("field", kind.name, *per_field)]
