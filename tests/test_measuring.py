import sys
from pathlib import Path

import pytest

from gwlint.footprint.measuring import Bytecode, MeasuringError, measure
from tests.projects import write

PYTHON = Path(sys.executable)
MIB = 1024
linux = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory is read from /proc")


@linux
def test_what_a_statement_keeps_in_memory_is_measured() -> None:
    measured = measure(PYTHON, code="kept = bytearray(50 * 2**20)", runs=1)

    assert 49 * MIB < measured.memory_kb < 52 * MIB
    assert 49 * MIB < measured.anonymous_kb < 52 * MIB
    assert measured.modules == ()


@linux
def test_what_a_statement_frees_is_in_the_peak_only() -> None:
    measured = measure(PYTHON, code="freed = bytearray(50 * 2**20); del freed", runs=1)

    assert measured.memory_kb < 2 * MIB
    assert 49 * MIB < measured.peak_kb < 52 * MIB


@linux
def test_a_statement_that_does_nothing_takes_nothing() -> None:
    measured = measure(PYTHON, code="pass", runs=3)

    assert measured.memory_kb < 64
    assert measured.base_kb > 2 * MIB
    assert (measured.modules, measured.runs) == ((), 3)


@pytest.mark.parametrize("bytecode", ["kept", "valid", "stale"])
def test_a_handler_is_imported_from_its_own_root_and_nothing_is_written_there(
    tmp_path: Path, bytecode: Bytecode
) -> None:
    root = write(tmp_path, {"app/handler.py": "import app.json\nprint('loaded')\n", "app/json.py": ""})
    measured = measure(PYTHON, module="app.handler", path=[root], runs=1, bytecode=bytecode)

    assert measured.modules == ("app", "app.json", "app.handler")
    assert sorted(path.name for path in root.rglob("*")) == ["app", "handler.py", "json.py"]


@linux
def test_code_without_bytecode_is_compiled_each_time(tmp_path: Path) -> None:
    rows = "".join(f"    'key{number}': ['value {number}', {number}, {number}.5],\n" for number in range(4000))
    root = write(tmp_path, {"rates.py": f"RATES = {{\n{rows}}}\n"})
    valid, stale = (
        measure(PYTHON, module="rates", path=[root], runs=1, bytecode=bytecode) for bytecode in ("valid", "stale")
    )

    assert valid.peak_kb < stale.peak_kb
    assert valid.cpu_ms < stale.cpu_ms


def test_modules_of_the_project_may_hide_those_that_gwlint_would_use(tmp_path: Path) -> None:
    root = write(tmp_path, {"handler.py": "import json, typing\n", "json.py": "", "typing.py": "", "resource.py": ""})

    assert measure(PYTHON, module="handler", path=[root], runs=1).modules == ("json", "typing", "handler")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module' (<measured>:1)"),
        ("\nraise ValueError('\u00fc\U0001f40d \"quoted\"')", "ValueError: \u00fc\U0001f40d \"quoted\" (<measured>:2)"),
        ("raise SystemExit", "SystemExit (<measured>:1)"),
        ("if", "the interpreter ended with exit code 1: SyntaxError: invalid syntax"),
        ("import os; os._exit(3)", "the interpreter ended with exit code 3"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_says_why(code: str, said: str) -> None:
    with pytest.raises(MeasuringError) as raised:
        measure(PYTHON, code=code, runs=1)

    assert str(raised.value) == said


def test_an_import_that_fails_says_where(tmp_path: Path) -> None:
    root = write(tmp_path, {"handler.py": "import os\nos.environ['TABLE']\n"})
    with pytest.raises(MeasuringError) as raised:
        measure(PYTHON, module="handler", path=[root], runs=1)

    assert str(raised.value).startswith("KeyError: 'TABLE' (")


def test_what_never_ends_is_given_up() -> None:
    with pytest.raises(MeasuringError, match=r"^it took longer than 0.3 s$"):
        measure(PYTHON, code="while True: pass", runs=1, timeout=0.3)


def test_an_interpreter_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MeasuringError, match="python: No such file or directory"):
        measure(tmp_path / "python", code="pass", runs=1)


def test_the_own_environment_does_not_get_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", "secret")
    code = "import os; assert (os.environ.get('AWS_SESSION_TOKEN'), os.environ['TABLE']) == (None, 'orders')"

    assert measure(PYTHON, code=code, runs=1, environment={"TABLE": "orders"}).runs == 1
