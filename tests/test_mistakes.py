"""Whatever is mistyped, misplaced or broken: a line for each mistake, exit code 2, and never a traceback."""

import io
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwlint.cli import main
from gwlint.config.keys import keys
from tests.projects import Ran, write

PROJECT = {
    "app/__init__.py": "",
    "app/cache.py": "from app import cache_core\n",
    "app/cache_core.py": "",
    "app/lambda_function.py": "from app.cache_core import get\n",
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("project"), PROJECT)


def ran(folder: Path, *arguments: str) -> Ran:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", ["gwlint", *arguments])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"import x\n")))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as end:
            main()
    return Ran(int(end.value.code or 0), _content(out), _content(err))


def _content(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def assert_bearable(ended: Ran) -> None:
    """Assert that a run either did what was asked, or said in plain lines why it did not."""
    said = [line for line in ended.err.split("\n")[:-1] if not line.startswith("warning: ")]
    is_help = ended.err.startswith("Usage: gwlint")

    assert ended.code in (0, 1, 2)
    assert (ended.code == 2) == bool(said)
    assert is_help or [line for line in said if not line.startswith("gwlint: error: ")] == []
    assert ended.code != 2 or ended.out == ""


CHOICES = ("--select", "--ignore", "--extend-select", "--fail-on", "-f", "--jobs", "--config", "-o", "--stdin-filename")
FLAGS = (
    "--exit-zero",
    "--statistics",
    "-q",
    "-v",
    "--isolated",
    "--show-files",
    "--show-settings",
    "--no-cache",
    "-",
    "--",
)
COMMANDS = ("check", "graph", "rule", "init", "config", "chek", "--version", "-x", "")
words = st.one_of(
    st.sampled_from(["GW1", "GW999", "gateway-bypass", "app", "gone", "=", "x=", "layout=1", "json", "-1", "schema"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
)
given_options = st.lists(
    st.one_of(st.sampled_from(FLAGS), words, st.tuples(st.sampled_from(CHOICES), words).map("=".join)), max_size=4
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(COMMANDS), given_options)
def test_no_command_line_ends_in_a_traceback(project: Path, command: str, options: list[str]) -> None:
    dry = ["--dry-run"] if command == "init" else []

    assert_bearable(ran(project, command, *dry, *options))


VALUES = (
    "1", "-1.5", "nan", "true", "''", "'x'", "'GW1'", "'*'", "'['", "'../x'", "'/x'", "'a.b'", "[]", "['']", "[1]",
    "['x', 'x']", "['GW1']", "['src']", "{}", "{x = 1}", "{x = 'GW1'}", "{GW1 = 'off'}", "{a = {}}", "[[]]", "[{}]",
    "{a = {gateway = 'app.cache'}}", "{a = {gateway = 'gone'}}", "{a = {gateway = 'app', package = true}}",
    "{a = {gateway = 'app', package = true, internals = ['x']}}", "{a = ['gone']}", "{'\\u0007' = ['x']}",
    "[{name = 'a', type = 'layers', layers = ['gone', 'a']}]", "1979-05-27", "'\\uFFFF'", "'''\n'''",
)  # fmt: skip
tables = st.dictionaries(st.sampled_from([*keys(Path(), None), "layuot", "a b"]), st.sampled_from(VALUES), max_size=3)


@settings(max_examples=300, deadline=None)
@given(tables, st.sampled_from(["check", "graph", "init"]))
def test_no_settings_end_in_a_traceback(project: Path, table: dict[str, str], command: str) -> None:
    (project / "gwlint.toml").write_text("".join(f'"{key}" = {value}\n' for key, value in table.items()))

    assert_bearable(ran(project, command))
    (project / "gwlint.toml").unlink()


@settings(max_examples=200, deadline=None)
@given(tables)
def test_no_settings_on_the_command_line_end_in_a_traceback(project: Path, table: dict[str, str]) -> None:
    inline = [part for key, value in table.items() for part in ("--config", f'"{key}"={value}')]

    assert_bearable(ran(project, "check", *inline))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=40), st.sampled_from(["gwlint.toml", "pyproject.toml"]), st.booleans())
def test_no_broken_file_ends_in_a_traceback(project: Path, content: bytes, name: str, mentions: bool) -> None:
    (project / name).write_bytes(content + (b"\n[tool.gwlint]\n" if mentions else b""))

    assert_bearable(ran(project, "check"))
    assert_bearable(ran(project, "init", "--dry-run", "--pyproject"))
    (project / name).unlink()


@pytest.mark.parametrize(
    ("file", "arguments"),
    [
        ("gwlint.toml/x", ["check"]),
        ("out/x", ["check", "-o", "out"]),
        ("strict.toml/x", ["check", "--config", "strict.toml"]),
        ("pyproject.toml/x", ["init", "--pyproject"]),
    ],
)
def test_a_folder_where_a_file_should_be_is_refused(tmp_path: Path, file: str, arguments: list[str]) -> None:
    ended = ran(write(tmp_path, {file: "", "app.py": ""}), *arguments)

    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1)
    assert_bearable(ended)
