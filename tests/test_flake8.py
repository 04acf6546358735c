"""flake8 says what `gwlint check` says."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from gwlint import check
from gwlint.flake8 import Plugin
from tests.projects import FIXTURES, REPOSITORY, Ran, gwlint, write

pytest.importorskip("flake8")

SPAWNING = """
import multiprocessing
from flake8.main.cli import main

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    raise SystemExit(main())
"""
PROJECT = {
    "gwlint.toml": "",
    "src/cache.py": "from cache_core import get\n",
    "src/cache_core.py": "def get(key): ...\n",
    "src/orders.py": "from cache_core import get\n",
    "src/bills.py": "import cache\n",
}
BYPASS = "src/orders.py:1:1: GW101 `orders` imports `cache_core`, an internal of `cache`; import `get` from `cache`\n"
NO_CONFIGURATION = ("--isolated", "--select", "GW")


def flake8(*arguments: str, cwd: Path, stdin: str = "", program: tuple[str, ...] = ("-m", "flake8")) -> Ran:
    """Run flake8 with no plugin's findings but ours."""
    python_path = os.pathsep.join(filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH"))))
    ran = subprocess.run(
        [sys.executable, *program, *NO_CONFIGURATION, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": python_path},
        input=stdin.encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def on_orders(folder: Path, source: str, *arguments: str, **changes: str) -> list[str]:
    """Run flake8 on a module of this source beside a component, and return the places of what it finds."""
    project = write(folder, {**PROJECT, "src/orders.py": source, **changes})
    ran = flake8(*arguments, "--format=%(row)d %(code)s", "src/orders.py", cwd=project)
    return ran.out.splitlines()


def from_check(project: Path, unparsed: Collection[str] = ()) -> list[str]:
    """Return what `gwlint check` finds, a line each as flake8 prints it, in all modules but some."""
    lines = gwlint("check", project, "--format", "concise", "--quiet", "--no-cache").out.splitlines()
    modules = (line for line in lines if line.partition(":")[0].endswith(".py"))
    return sorted(line.rpartition(" [")[0] for line in modules if line.partition(":")[0] not in unparsed)


def ask(file: Path, lines: list[str]) -> list[int]:
    """Ask about a file with some lines, and return the lines of what is found."""
    return [line for line, *_ in Plugin(ast.Module([], []), str(file), lines).run()]


@pytest.fixture
def overlays(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, bytes] | None]:
    """Collect the overlay of every check that is made."""
    made: list[Mapping[str, bytes] | None] = []
    whole = check.check

    def spy(*arguments: Any, **options: Any) -> object:
        made.append(options["overlay"])
        return whole(*arguments, **options)

    monkeypatch.setattr(check, "check", spy)
    Plugin.parse_options()
    return made


# The same as a check


@pytest.mark.parametrize("jobs", ["-j1", "-j4", "spawned"])
@pytest.mark.parametrize("name", ["compliant", "drifted"])
def test_flake8_finds_what_a_check_finds(name: str, jobs: str, tmp_path: Path) -> None:
    project = Path(shutil.copytree(FIXTURES / name, tmp_path / name, ignore=shutil.ignore_patterns(".gwlint_cache")))
    spawning = write(tmp_path, {"spawning.py": SPAWNING}) / "spawning.py"
    program = (str(spawning),) if jobs == "spawned" else ("-m", "flake8")
    number = "-j2" if jobs == "spawned" else jobs
    lines = flake8(number, "--extend-select=E9", ".", cwd=project, program=program).out.splitlines()
    found = [line.removeprefix("./") for line in lines]
    refused = [line for line in found if " E9" in line]
    unparsed = {line.partition(":")[0] for line in refused}

    assert sorted(set(found) - set(refused)) == from_check(project, unparsed)


def test_flake8_has_something_to_find() -> None:
    assert len(from_check(FIXTURES / "drifted")) > 50


def test_flake8_names_the_plugin() -> None:
    assert "gwlint: " in flake8("--version", cwd=REPOSITORY).out


def test_the_plugin_does_without_flake8_until_flake8_asks() -> None:
    heavy = "{'flake8', 'click', 'msgspec', 'tree_sitter', 'sqlite3'}"
    code = f"import gwlint.flake8, sys; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=True, capture_output=True)

    assert ran.stdout == b"[]\n"


def test_a_project_is_checked_once_for_all_its_files(tmp_path: Path, overlays: list[Any]) -> None:
    files = sorted(write(tmp_path, PROJECT).glob("src/*.py"))
    found = [ask(file, file.read_text().splitlines(keepends=True)) for file in files]

    assert (found, overlays) == ([[], [], [], [1]], [None])


def test_another_run_in_the_same_process_looks_again(tmp_path: Path) -> None:
    file = write(tmp_path, PROJECT) / "src/orders.py"
    found = []
    for source in ("from cache_core import get\n", "from cache import get\n"):
        file.write_text(source)
        Plugin.parse_options()
        found.append(ask(file, [source]))

    assert found == [[1], []]


# What an editor has not saved


def test_a_buffer_stands_for_its_file(tmp_path: Path) -> None:
    project = write(tmp_path, {**PROJECT, "src/orders.py": "import cache\n"})
    ran = flake8("--stdin-display-name", "src/orders.py", "-", cwd=project, stdin=PROJECT["src/orders.py"])

    assert ran == (1, BYPASS, "")


def test_a_finding_that_a_buffer_mends_is_gone(tmp_path: Path) -> None:
    project = write(tmp_path, PROJECT)
    ran = flake8("--stdin-display-name", "src/orders.py", "-", cwd=project, stdin="import cache\n")

    assert ran == (0, "", "")


def test_a_buffer_need_not_have_a_file_yet(tmp_path: Path) -> None:
    project = write(tmp_path, {path: content for path, content in PROJECT.items() if path != "src/orders.py"})
    ran = flake8("--stdin-display-name", "src/orders.py", "-", cwd=project, stdin=PROJECT["src/orders.py"])

    assert ran == (1, BYPASS, "")


def test_a_saved_buffer_is_its_file(tmp_path: Path) -> None:
    project = write(tmp_path, PROJECT)
    ran = flake8("--stdin-display-name", "src/orders.py", "-", cwd=project, stdin=PROJECT["src/orders.py"])

    assert ran == (1, BYPASS, "")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x = 1",
        b"x = 1\r\ny = 2\r\n",
        b"x = 1\ry = 2\r",
        b"\xef\xbb\xbfx = 1\n",
        b"# coding: latin-1\nx = '\xe9'\n",
        b"x = '\xe9'\n",
        b"\xef\xbb\xbfx = '\xe9'\n",
        b"# coding: no-such-thing\n",
    ],
)
def test_lines_that_flake8_has_read_are_no_buffer(content: bytes, tmp_path: Path, overlays: list[Any]) -> None:
    parse_args = pytest.importorskip("flake8.options.parse_args").parse_args
    processor = pytest.importorskip("flake8.processor").FileProcessor
    file = write(tmp_path, {"gwlint.toml": "", "a.py": content}) / "a.py"
    _, options = parse_args(["--isolated"])
    ask(file, processor(str(file), options).lines)

    assert overlays == [None]


@pytest.mark.parametrize(
    ("lines", "content"),
    [
        (["x = 'é'\n"], "x = 'é'\n".encode()),
        (["# coding: latin-1\n", "x = 'é'\n"], b"# coding: latin-1\nx = '\xe9'\n"),
        (["# coding: ascii\n", "x = 'é'\n"], "# coding: ascii\nx = 'é'\n".encode()),
        (["# coding: no-such-thing\n"], b"# coding: no-such-thing\n"),
        (["# coding: rot13\n"], b"# coding: rot13\n"),
    ],
)
def test_a_buffer_is_checked_as_it_would_be_stored(
    lines: list[str], content: bytes, tmp_path: Path, overlays: list[Any]
) -> None:
    ask(write(tmp_path, {"gwlint.toml": "", "a.py": "import other\n"}) / "a.py", lines)

    assert overlays == [{"a.py": content}]


def test_an_encoding_that_is_none_for_text_stops_nothing(tmp_path: Path, overlays: list[Any]) -> None:
    ask(write(tmp_path, {"gwlint.toml": "", "a.py": "# coding: rot13\n"}) / "a.py", ["# coding: rot13\n"])

    assert overlays == [None]


@pytest.mark.parametrize(
    "name",
    ["stdin", "-", "notes.ipynb", "<string>", ".", "src", "src/", "../other/orders.py", "/orders.py", "/dev/null"],
)
def test_of_what_is_no_module_nothing_is_said(name: str, tmp_path: Path) -> None:
    project = write(tmp_path / "project", PROJECT)

    assert flake8("--stdin-display-name", name, "-", cwd=project, stdin="from cache_core import get\n") == (0, "", "")


def test_a_file_outside_of_any_project_is_left_alone(tmp_path: Path) -> None:
    folder = write(tmp_path, {path: content for path, content in PROJECT.items() if path != "gwlint.toml"})

    assert flake8(".", cwd=folder) == (0, "", "")
    assert sorted(path.name for path in folder.iterdir()) == ["src"]


def test_a_link_out_of_the_project_is_left_alone(tmp_path: Path) -> None:
    project = write(tmp_path / "project", PROJECT)
    (project / "src/linked.py").symlink_to(write(tmp_path, {"other.py": "from cache_core import get\n"}) / "other.py")

    assert flake8("src/linked.py", cwd=project) == (0, "", "")


# Silence


def test_a_noqa_silences_what_it_names(tmp_path: Path) -> None:
    assert on_orders(tmp_path, "from cache_core import get  # noqa: GW101\n") == []


def test_a_noqa_is_left_to_flake8(tmp_path: Path) -> None:
    assert on_orders(tmp_path, "from cache_core import get  # noqa: GW101\n", "--disable-noqa") == ["1 GW101"]


def test_a_noqa_of_all_codes_is_left_to_flake8(tmp_path: Path) -> None:
    assert on_orders(tmp_path, "from cache_core import get  # noqa\n") == []
    assert on_orders(tmp_path, "from cache_core import get  # noqa\n", "--disable-noqa") == ["1 GW101"]


def test_a_noqa_may_name_the_beginning_of_a_code(tmp_path: Path) -> None:
    assert on_orders(tmp_path, "from cache_core import get  # noqa: GW1\n") == []


def test_a_noqa_that_silences_nothing_is_a_finding(tmp_path: Path) -> None:
    assert on_orders(tmp_path, "import cache  # noqa: GW101\n") == ["1 GW002"]


def test_a_noqa_that_names_no_rule_is_a_finding(tmp_path: Path) -> None:
    assert on_orders(tmp_path, "import cache  # noqa: GW1001\n") == ["1 GW003"]


def test_our_own_suppressions_are_heeded_whatever_flake8_does(tmp_path: Path) -> None:
    source = "from cache_core import get  # gwlint: ignore[GW101] for now\n"

    assert on_orders(tmp_path, source, "--disable-noqa") == []


def test_our_own_settings_are_heeded(tmp_path: Path) -> None:
    settings = '[per-file-ignores]\n"src/orders.py" = ["GW101"]\n'

    assert on_orders(tmp_path, "from cache_core import get\n", **{"gwlint.toml": settings}) == []


@pytest.mark.parametrize("option", ["--per-file-ignores=src/orders.py:GW101", "--extend-ignore=GW1", "--ignore=GW"])
def test_flake8_ignores_what_it_is_told_to(option: str, tmp_path: Path) -> None:
    assert on_orders(tmp_path, "from cache_core import get\n", option) == []


# Mistakes in settings


@pytest.mark.parametrize("jobs", ["-j1", "-j4"])
def test_a_mistake_in_the_settings_is_one_finding_in_each_file(jobs: str, tmp_path: Path) -> None:
    project = write(tmp_path, {**PROJECT, "gwlint.toml": "lay-out = 'flat'\n"})
    said = gwlint("check", project).err.removeprefix("gwlint: error: ")
    ran = flake8(jobs, "src/bills.py", "src/orders.py", cwd=project)

    assert ran == (1, f"src/bills.py:1:1: GW000 {said}src/orders.py:1:1: GW000 {said}", "")


def test_the_first_of_several_mistakes_is_told(tmp_path: Path) -> None:
    project = write(tmp_path, {**PROJECT, "gwlint.toml": "lay-out = 'flat'\ninfer = 1\n"})
    first, *_ = gwlint("check", project).err.removeprefix("gwlint: error: ").splitlines()

    assert flake8("src/bills.py", cwd=project).out == f"src/bills.py:1:1: GW000 {first} (1 more: see `gwlint check`)\n"


def test_settings_that_do_not_fit_the_files_are_a_finding(tmp_path: Path) -> None:
    project = write(tmp_path, {**PROJECT, "gwlint.toml": "entry-points = ['nowhere']\n"})
    said = gwlint("check", project).err.removeprefix("gwlint: error: ")

    assert flake8("src/bills.py", cwd=project).out == f"src/bills.py:1:1: GW000 {said}"


# Together with ruff


def test_ruff_leaves_our_codes_alone_when_it_is_told_of_them(tmp_path: Path) -> None:
    pytest.importorskip("ruff")
    source = write(tmp_path, {"orders.py": "from cache_core import get  # noqa: GW101\n\nget(1)\n"}) / "orders.py"
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--preview", "--no-cache", "--quiet"]
    asked = [*command, "--output-format=concise", "--select=RUF100,RUF102", str(source)]
    told = subprocess.run([*asked, "--config", 'lint.external=["GW"]'], capture_output=True, check=False)
    untold = subprocess.run(asked, capture_output=True, check=False)

    assert (told.stdout, told.stderr) == (b"", b"")
    assert (untold.returncode, told.returncode) == (1, 0)
