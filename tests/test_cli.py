import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from gwlint import __version__
from tests.conftest import Golden
from tests.projects import REPOSITORY, Ran, gwlint, write

PROJECT = {
    "gwlint.toml": "",
    "app/__init__.py": "",
    "app/handler.py": "from app import cache\nfrom app.store import save\n",
    "app/cache.py": "from app import cache_core\n",
    "app/cache_core.py": "import json\n\ndef get():\n    import app.store\n",
    "app/store.py": "import typing\nif typing.TYPE_CHECKING:\n    from app import clock\n",
    "app/clock.py": "",
    "jobs/nightly.py": "from importlib import *\n__import__('app.store')\n__import__(\n    name\n)\n",
    "jobs/alone.py": "",
}
STATIC = [
    "app/cache.py:1 app/cache_core.py",
    "app/cache_core.py:4 app/store.py",
    "app/handler.py:1 app/cache.py",
    "app/handler.py:2 app/store.py",
    "app/store.py:3 app/clock.py",
]
DYNAMIC = ["jobs/nightly.py:2 app/store.py"]
NIGHTLY = ["app/__init__.py", "app/store.py", "jobs/nightly.py"]
JOBS = ["app/__init__.py", "app/store.py", "jobs/alone.py", "jobs/nightly.py"]
MODULES = sorted(path for path in PROJECT if path.endswith(".py"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "project", PROJECT)


def graph(*options: str | Path, cwd: Path) -> tuple[list[str], list[str]]:
    """The modules that are shown, and the imports, but for the implicit ones."""
    ran = gwlint("graph", "--format", "json", "--no-cache", *options, cwd=cwd)
    assert (ran.code, ran.err) == (0, "")
    return shown(ran.out)


def shown(out: str) -> tuple[list[str], list[str]]:
    found = json.loads(out)
    imports = [one for one in found["imports"] if not one["implicit"]]
    return (
        [module["path"] for module in found["modules"]],
        [f"{one['path']}:{one['line']} {one['target_path']}" for one in imports],
    )


def refused(*arguments: str | Path, cwd: Path) -> str:
    ran = gwlint(*arguments, cwd=cwd)
    assert (ran.code, ran.out) == (2, "")
    return ran.err


# What is shown


def test_a_graph_as_text(project: Path) -> None:
    assert gwlint("graph", cwd=project) == Ran(
        0,
        """\
app/cache.py (app.cache), gateway of cache
  1: → app/cache_core.py [eager]

app/cache_core.py (app.cache_core), internal of cache
  4: → app/store.py [deferred]

app/handler.py (app.handler)
  1: → app/cache.py [eager]
  2: → app/store.py [eager]: save

app/store.py (app.store)
  3: → app/clock.py [type-only]

jobs/nightly.py (jobs.nightly)
  2: → app/store.py [dynamic]
  3: unknown: __import__( name )

8 modules, 6 imports, 0 unresolved imports, 1 unknown import, 0 cycles
layout package, roots: .
8 files found: 8 analysed, 0 partial, 0 excluded
""",
        "",
    )


def test_the_whole_project_is_analysed_from_wherever_in_it(project: Path) -> None:
    assert graph(cwd=project / "jobs") == (MODULES, STATIC + DYNAMIC)


def test_a_folder_shows_what_it_holds_and_what_touches_it(project: Path) -> None:
    assert graph("jobs", cwd=project) == (JOBS, DYNAMIC)


def test_a_file_shows_itself_its_imports_and_its_importers(project: Path) -> None:
    assert graph("cache_core.py", cwd=project / "app") == (
        ["app/__init__.py", "app/cache.py", "app/cache_core.py", "app/store.py"],
        STATIC[:2],
    )


def test_several_paths_show_what_touches_any_of_them(project: Path) -> None:
    assert graph("jobs/alone.py", project / "app/clock.py", cwd=project) == (
        ["app/clock.py", "app/store.py", "jobs/alone.py"],
        STATIC[4:],
    )


def test_the_project_itself_as_a_path_shows_everything(project: Path) -> None:
    assert graph("jobs", ".", cwd=project) == (MODULES, STATIC + DYNAMIC)


def test_a_path_through_a_link_is_the_path_it_leads_to(project: Path) -> None:
    (project / "alias").symlink_to("jobs")

    assert graph("alias/nightly.py", cwd=project) == (NIGHTLY, DYNAMIC)


def test_a_project_reached_through_a_link_is_the_same_project(project: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(project)

    assert graph("link/jobs/nightly.py", cwd=tmp_path) == (NIGHTLY, DYNAMIC)


def test_a_single_file_outside_any_project_is_looked_at_with_its_folder(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": "import two\n", "two.py": "", "three.py": ""})

    assert graph("one.py", cwd=tmp_path) == (["one.py", "two.py"], ["one.py:1 two.py"])


def test_a_folder_that_is_a_package_keeps_its_name(tmp_path: Path) -> None:
    write(tmp_path, {"shop/__init__.py": "", "shop/basket.py": "from shop.price import total\n", "shop/price.py": ""})
    ran = gwlint("graph", "shop", "--format", "json", "--no-cache", cwd=tmp_path)

    assert [one["name"] for one in json.loads(ran.out)["modules"]] == ["shop", "shop.basket", "shop.price"]
    assert shown(ran.out)[1] == ["basket.py:1 price.py"]


def test_an_empty_project_has_an_empty_graph(tmp_path: Path) -> None:
    assert gwlint("graph", cwd=tmp_path) == Ran(
        0,
        "0 modules, 0 imports, 0 unresolved imports, 0 unknown imports, 0 cycles\n"
        "layout package, roots: none\n0 files found: 0 analysed, 0 partial, 0 excluded\n",
        "",
    )


def test_a_path_that_holds_no_module_is_mentioned(project: Path) -> None:
    write(project, {"README.md": "", "build/made.py": ""})
    ran = gwlint("graph", "README.md", "build", "--no-cache", cwd=project)

    assert (ran.code, ran.err) == (
        0,
        "warning: `README.md` holds no module of the project\nwarning: `build` holds no module of the project\n",
    )


# --focus


@pytest.mark.parametrize("focus", ["app.cache_core", "app/cache_core.py", "./app/cache_core.py"])
def test_a_focus_is_a_module_by_name_or_by_path(project: Path, focus: str) -> None:
    assert graph("--focus", focus, cwd=project) == (
        ["app/__init__.py", "app/cache.py", "app/cache_core.py", "app/store.py"],
        STATIC[:2],
    )


@pytest.mark.parametrize("focus", ["nightly.py", "jobs/nightly.py", "jobs.nightly", "../jobs/nightly.py"])
def test_a_path_in_focus_may_be_relative_to_the_working_directory(project: Path, focus: str) -> None:
    assert graph("--focus", focus, cwd=project / "jobs") == (NIGHTLY, DYNAMIC)


@pytest.mark.parametrize("focus", ["jobs", "jobs/"])
def test_a_package_in_focus_is_all_that_is_in_it(project: Path, focus: str) -> None:
    assert graph("--focus", focus, cwd=project) == (JOBS, DYNAMIC)


def test_a_focus_and_a_path_show_what_touches_both(project: Path) -> None:
    assert graph("jobs", "--focus", "app.store", cwd=project) == (["app/store.py", "jobs/nightly.py"], DYNAMIC)


def test_a_name_of_several_modules_is_ambiguous(tmp_path: Path) -> None:
    write(tmp_path, {"a/pyproject.toml": "", "a/main.py": "", "b/pyproject.toml": "", "b/main.py": ""})

    assert refused("graph", "--focus", "main", cwd=tmp_path) == (
        "gwlint: error: --focus: `main` is the name of 2 modules; name one by its path: a/main.py, b/main.py\n"
    )


def test_an_unknown_focus_is_refused_with_the_nearest_name(project: Path) -> None:
    assert refused("graph", "--focus", "app.cache_cor", cwd=project) == (
        "gwlint: error: --focus: there is no module `app.cache_cor` in the project; did you mean `app.cache_core`?\n"
    )


# --kind, --cycles


@pytest.mark.parametrize(
    ("kind", "imports"),
    [("eager", [STATIC[0], *STATIC[2:4]]), ("deferred", STATIC[1:2]), ("type-only", STATIC[4:]), ("dynamic", DYNAMIC)],
)
def test_imports_of_one_kind(project: Path, kind: str, imports: list[str]) -> None:
    assert graph("--kind", kind, cwd=project)[1] == imports


def test_imports_of_several_kinds(project: Path) -> None:
    assert graph("--kind", "dynamic", "--kind", "deferred", cwd=project)[1] == [STATIC[1], *DYNAMIC]


def test_what_is_unknown_is_dynamic(project: Path) -> None:
    ran = gwlint("graph", "--kind", "eager", "--format", "json", "--no-cache", cwd=project)

    assert json.loads(ran.out)["unknown"] == []


RING = ["a.py:1 b.py", "b.py:1 c.py", "c.py:1 d.py", "d.py:1 a.py"]
PAIR = ["x.py:2 y.py", "y.py:1 x.py"]


@pytest.mark.parametrize(
    ("options", "modules", "imports"),
    [
        ((), ["a.py", "b.py", "c.py", "d.py", "x.py", "y.py"], RING + PAIR),
        (("--focus", "a"), ["a.py", "b.py", "c.py", "d.py"], RING),
        (("x.py",), ["x.py", "y.py"], PAIR),
        (("--kind", "deferred"), ["x.py", "y.py"], PAIR[:1]),
        (("x.py", "--focus", "a"), [], []),
    ],
)
def test_cycles_are_shown_whole_and_nothing_else_is(
    tmp_path: Path, options: list[str], modules: list[str], imports: list[str]
) -> None:
    write(tmp_path, {"gwlint.toml": "", "a.py": "import b, x\n", "b.py": "import c\n", "c.py": "import d\nimport p\n"})
    write(tmp_path, {"d.py": "import a\n__import__(what)\n", "p.py": "", "y.py": "import x\n"})
    write(tmp_path, {"x.py": "def f():\n    import y\n"})
    ran = gwlint("graph", "--format", "json", "--no-cache", "--cycles", *options, cwd=tmp_path)

    assert shown(ran.out) == (modules, imports)
    assert json.loads(ran.out)["unknown"] == []


# Where the answer goes


@pytest.mark.parametrize("form", ["text", "json", "dot", "mermaid"])
def test_the_output_is_utf_8_whatever_the_locale(tmp_path: Path, form: str) -> None:
    write(tmp_path, {"größe.py": "import öl\n", "öl.py": ""})
    plain, posix = (
        gwlint("graph", "--format", form, cwd=tmp_path, **environment)
        for environment in ({}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    )

    assert "größe" in plain.out
    assert plain == posix


@pytest.mark.parametrize("form", ["text", "dot", "mermaid"])
def test_no_name_breaks_a_line_or_commands_a_terminal(tmp_path: Path, form: str) -> None:
    write(tmp_path, {"a.py": "from p import *\nimport b\n", "b.py": "", '\x1b[31m\n#"<&`.py': "import a\n"})
    ran = gwlint("graph", "--format", form, "--no-cache", cwd=tmp_path)

    assert [line for line in ran.out.splitlines() if "[31m" in line] == [
        {
            "text": '\\x1b[31m\\x0a#"<&`.py (\\x1b[31m\\x0a#"<&`)',
            "dot": r'  n0 [label="\\x1b[31m\\x0a#\"<&`", tooltip="\\x1b[31m\\x0a#\"<&`.py"];',
            "mermaid": '  n0["#27;[31m#10;#35;#34;#60;#38;#96;"]',
        }[form]
    ]


def test_a_reader_that_has_seen_enough_is_no_error(project: Path) -> None:
    write(project, {f"many/m{number}.py": "import app.store\n" for number in range(2000)})
    command = f"{sys.executable} -m gwlint graph --no-cache --format json | head -n 1; echo ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran = subprocess.run(["bash", "-c", command], cwd=project, env=environment, capture_output=True, check=False)

    assert (ran.stdout, ran.stderr) == (b'{"schema_version": 1,\n0\n', b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_output_that_can_not_be_written_is_refused(project: Path) -> None:
    command = [sys.executable, "-m", "gwlint", "graph", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(command, cwd=project, env=environment, stdout=full, stderr=subprocess.PIPE, check=False)

    assert (ran.returncode, ran.stderr) == (2, b"gwlint: error: the output can't be written: No space left on device\n")


def on_terminal(folder: Path) -> str:
    """What a run shows on a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm"}
    command = [sys.executable, "-m", "gwlint", "graph", "--no-cache"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        process.wait(60)
    seen = os.read(ours, 100_000) if process.returncode == 0 else b""
    os.close(ours)
    return seen.decode()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return write(tmp_path, {f"m{number}.py": f"N = {number}\n" for number in range(400)})


def test_reading_many_files_shows_a_bar_on_a_terminal(large: Path) -> None:
    assert "reading" in on_terminal(large)


def test_a_bar_stays_out_of_pipes(large: Path) -> None:
    assert gwlint("graph", cwd=large).err == ""


# Mistakes: exit code 2


def test_a_mistyped_path_is_refused(project: Path) -> None:
    assert refused("graph", "ap", cwd=project) == "gwlint: error: ap: there is no such file or folder\n"


def test_a_path_below_a_file_is_refused(project: Path) -> None:
    assert refused("graph", "app/cache.py/x", cwd=project) == "gwlint: error: app/cache.py/x: Not a directory\n"


def test_a_path_of_another_project_is_refused(project: Path, tmp_path: Path) -> None:
    write(tmp_path, {"other/gwlint.toml": ""})

    assert refused("graph", "app", "../other", cwd=project) == (
        f"gwlint: error: ../other: is not in the project {project}; check one project at a time\n"
    )


def test_every_mistake_in_the_settings_is_told_at_once(project: Path) -> None:
    write(project, {"gwlint.toml": "layout = 'flatt'\nexclude = 'x'\nroot = ['gone']\n"})

    assert refused("graph", cwd=project) == (
        "gwlint: error: gwlint.toml: 'layout' can't be 'flatt'; choose from auto, package, flat\n"
        "gwlint: error: gwlint.toml: 'exclude' must be a list of strings, not 'x'; put it in brackets\n"
        "gwlint: error: gwlint.toml: unknown key 'root'; did you mean 'roots'?\n"
    )


def test_an_entry_point_that_names_no_module_is_refused_every_time(project: Path) -> None:
    write(project, {"gwlint.toml": "entry-points = ['app.handlr', 'app.handler', 'zzz']\n"})

    told = (
        "gwlint: error: gwlint.toml: `entry-points`: there is no module `app.handlr`; did you mean `app.handler`?\n"
        "gwlint: error: gwlint.toml: `entry-points`: there is no module `zzz`; name a module of the project\n"
    )

    assert [refused("graph", cwd=project), refused("graph", cwd=project)] == [told, told]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("grap",), "there is no command 'grap'; did you mean 'graph'? See gwlint --help"),
        (("zzz",), "there is no command 'zzz'; see gwlint --help"),
        (("--verion",), "there is no option '--verion'; did you mean '--version'? See gwlint --help"),
        (("graph", "--jobs", "0"), "--jobs: 0 is not in the range x>=1; see gwlint graph --help"),
        (
            ("graph", "--kind", "lzy"),
            "--kind: 'lzy' is not one of 'eager', 'deferred', 'type-only', 'dynamic'; see gwlint graph --help",
        ),
        (
            ("rule", "--format", "jsn"),
            "--format: 'jsn' is not one of 'text', 'json'; did you mean 'json'? See gwlint rule --help",
        ),
        (("rule", "GW101", "GW102"), "got unexpected extra argument (GW102); see gwlint rule --help"),
        (
            ("graph", "--cylces\x1b[31m\n"),
            "there is no option '--cylces\\x1b[31m '; did you mean '--cycles'? See gwlint graph --help",
        ),
    ],
)
def test_a_mistyped_command_line_is_refused_in_one_line(project: Path, arguments: tuple[str, ...], told: str) -> None:
    assert refused(*arguments, cwd=project) == f"gwlint: error: {told}\n"


def test_a_command_line_without_a_command_gets_help(project: Path) -> None:
    assert refused(cwd=project).startswith("Usage: gwlint [OPTIONS] COMMAND")


BUG = """\
import sys
from gwlint import analysis, cli
def fail(*_): raise {error}
analysis.walk = fail
sys.argv[1:] = ["graph", "--no-cache", *sys.argv[1:]]
cli.main()
"""


def with_bug(project: Path, error: str, *options: str) -> Ran:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", BUG.format(error=error), *options]
    ran = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def test_a_bug_is_one_line_and_never_a_clean_run(project: Path) -> None:
    assert with_bug(project, "ValueError('of two\\nlines')") == Ran(
        2, "", "gwlint: internal error: ValueError: of two lines; --debug shows where\n"
    )


def test_a_bug_shows_where_it_is_with_debug(project: Path) -> None:
    ran = with_bug(project, "ValueError('odd')", "--debug")

    assert (ran.code, ran.err.splitlines()[0], ran.err.splitlines()[-1]) == (
        2,
        "Traceback (most recent call last):",
        "ValueError: odd",
    )


def test_an_interrupted_run_is_neither_clean_nor_a_finding(project: Path) -> None:
    assert with_bug(project, "KeyboardInterrupt").code == 130


# The rest


def test_the_version(project: Path) -> None:
    assert gwlint("--version", cwd=project) == Ran(0, f"gwlint {__version__}\n", "")


def test_the_version_loads_nothing_but_the_command_line() -> None:
    code = "import sys; from gwlint import cli; print(sorted({m.split('.')[0] for m in sys.modules} & set(sys.argv)))"
    heavy = ["rich", "networkx", "libcst", "tree_sitter", "msgspec", "yaml", "sqlite3"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran = subprocess.run([sys.executable, "-c", code, *heavy], env=environment, capture_output=True, check=True)

    assert ran.stdout == b"[]\n"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_says_what_a_graph_is_of(project: Path, option: str, golden: Golden) -> None:
    ran = gwlint("graph", option, cwd=project, COLUMNS="100")

    assert ran == (0, golden.text("graph--help.text", ran.out), "")


def test_without_a_cache_nothing_is_written(project: Path) -> None:
    before = sorted(project.rglob("*"))
    gwlint("graph", "--no-cache", cwd=project)

    assert sorted(project.rglob("*")) == before
