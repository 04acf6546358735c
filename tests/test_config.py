import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from gwlint.config import Config, ConfigError, find_project, load, project_of

ALL_KEYS = """\
roots = ["src", "./layers/common/", ".", "..shared"]
layout = "flat"
exclude = ["**/generated/**", "/build", "!keep.py", '\\[draft\\].py', "[!a-z]*"]
tests = ["checks/**"]
entry-points = ["app.handler", "my-app.lambda"]
"""
EVERY_KEY = (
    "access, baseline, budgets, components, config, contracts, docs-url, duplicates, entry-points, exclude, "
    "extend-select, extensions, fail-on, functions, ignore, include-tests, infer, issues-url, layers, layout, "
    "per-file-ignores, preset, require-reason, roots, select, severity, tests"
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


def make(folder: Path, *files: str) -> None:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def problems(project: Path) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as error:
        load(project)
    return error.value.problems


def problems_of(project: Path, text: str) -> tuple[str, ...]:
    (project / "gwlint.toml").write_text(text, encoding="utf-8")
    return problems(project)


def test_a_project_without_settings_gets_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == Config(tmp_path, None, None, "auto", (), (), ())


def test_every_key_of_gwlint_toml_is_read_and_roots_are_normalised(tmp_path: Path) -> None:
    make(tmp_path, "src/app.py", "layers/common/shared.py", "..shared/shared.py")
    (tmp_path / "gwlint.toml").write_text(ALL_KEYS)

    assert load(tmp_path) == Config(
        project=tmp_path,
        source="gwlint.toml",
        roots=("src", "layers/common", ".", "..shared"),
        layout="flat",
        exclude=("**/generated/**", "/build", "!keep.py", r"\[draft\].py", "[!a-z]*"),
        tests=("checks/**",),
        entry_points=("app.handler", "my-app.lambda"),
    )


def test_a_table_in_pyproject_toml_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.gwlint]\nlayout = "package"\n')

    assert load(tmp_path) == Config(tmp_path, "pyproject.toml", layout="package")


def test_gwlint_toml_wins_even_over_a_broken_pyproject_toml(tmp_path: Path) -> None:
    (tmp_path / "gwlint.toml").write_text("")
    (tmp_path / "pyproject.toml").write_text("[tool.gwlint\n")

    assert load(tmp_path) == Config(tmp_path, "gwlint.toml")


def test_a_broken_pyproject_toml_that_does_not_mention_gwlint_is_not_our_worry(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = {{ cookiecutter.name }}\n")

    assert load(tmp_path) == Config(tmp_path)


def test_gwlint_as_a_dependency_is_no_setting(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('tool = 1\n[project]\ndependencies = ["gwlint"]\n')

    assert load(tmp_path) == Config(tmp_path)


def test_empty_lists_leave_the_defaults_in_force(tmp_path: Path) -> None:
    (tmp_path / "gwlint.toml").write_text("roots = []\nexclude = []\n")

    assert load(tmp_path) == Config(tmp_path, "gwlint.toml")


def test_a_byte_order_mark_and_windows_line_ends_are_understood(tmp_path: Path) -> None:
    (tmp_path / "gwlint.toml").write_bytes(b'\xef\xbb\xbflayout = "flat"\r\n')

    assert load(tmp_path) == Config(tmp_path, "gwlint.toml", layout="flat")


def test_a_relative_project_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "sub/app.py")
    monkeypatch.chdir(tmp_path / "sub")

    assert load(Path("..")) == Config(tmp_path)


def test_every_mistake_is_in_the_one_error(tmp_path: Path) -> None:
    make(tmp_path, "app.py")
    text = 'root = ["src"]\nlayout = "fancy"\nroots = ["app.py", ""]\nxyz = 1\n'

    assert "\n".join(problems_of(tmp_path, text)) == (
        "gwlint.toml: unknown key 'root'; did you mean 'roots'?\n"
        "gwlint.toml: 'layout' can't be 'fancy'; choose from auto, package, flat\n"
        "gwlint.toml: 'roots' holds 'app.py', which is a file; name the folder it is in\n"
        "gwlint.toml: 'roots' holds an empty string; remove it\n"
        f"gwlint.toml: unknown key 'xyz'; choose from {EVERY_KEY}"
    )


def test_the_text_of_the_error_is_its_problems_line_by_line() -> None:
    assert str(ConfigError(("one", "two"))) == "one\ntwo"


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("roots = 'src'", "'roots' must be a list of strings, not 'src'; put it in brackets"),
        ("exclude = true", "'exclude' must be a list of strings, not True; put it in brackets"),
        ("tests.a = 1", "'tests' must be a list of strings, not {'a': 1}; put it in brackets"),
        ("roots = 0x" + "f" * 9000, "'roots' must be a list of strings, not a huge number; put it in brackets"),
        ("tests = [1]", "'tests' holds 1, which is no string; put it in quotes"),
        ("tests = [['a']]", "'tests' holds ['a'], which is no string; put it in quotes"),
        ("exclude = [' ']", "'exclude' holds an empty string; remove it"),
        ("layout = ['flat']", "'layout' can't be ['flat']; choose from auto, package, flat"),
        ("entry_points = []", "unknown key 'entry_points'; did you mean 'entry-points'?"),
        ('"a\\nb" = 1', f"unknown key '\"a\\nb\"'; choose from {EVERY_KEY}"),
    ],
)
def test_a_value_of_the_wrong_type_is_said_with_the_value(tmp_path: Path, setting: str, problem: str) -> None:
    assert problems_of(tmp_path, setting) == (f"gwlint.toml: {problem}",)


@pytest.mark.parametrize(
    ("roots", "problem"),
    [
        ('"/srv"', "'/srv', which is an absolute path; write it relative to the project"),
        ("'C:\\app'", r"'C:\\app', which is an absolute path; write it relative to the project"),
        ('"../other"', "'../other', which leads outside the project; name a folder inside"),
        ('"src/../../x"', "'src/../../x', which leads outside the project; name a folder inside"),
        ('"gone"', "'gone', which does not exist; create it or correct the path"),
        ('"a\\u0000b"', r"'a\x00b', which does not exist; create it or correct the path"),
        ('"src/app.py"', "'src/app.py', which is a file; name the folder it is in"),
        ('"link"', "'link', which is a link that leads outside the project; name a folder inside"),
        ('"src", "./src/"', "'./src/' a second time; remove it"),
    ],
)
def test_a_root_must_be_a_folder_inside_the_project(tmp_path: Path, roots: str, problem: str) -> None:
    make(tmp_path, "project/src/app.py")
    (tmp_path / "project/link").symlink_to(tmp_path)

    assert problems_of(tmp_path / "project", f"roots = [{roots}]") == (f"gwlint.toml: 'roots' holds {problem}",)


BAD_GLOB = r"is no valid glob: close and order every [a-z], and put '\' before a '[' or '\' that stands for itself"


@pytest.mark.parametrize(
    ("glob", "fault"),
    [
        ("[a", BAD_GLOB),
        ("[!]", BAD_GLOB),
        ("[a/b]", BAD_GLOB),
        ("x[z-a]", BAD_GLOB),
        ("[^9-0]", BAD_GLOB),
        ("a\\", BAD_GLOB),
        ("a\\/b", BAD_GLOB),
        ("/", "names nothing; write what it should match"),
        ("!", "names nothing; write what it should match"),
        ("#x", r"is a comment and matches nothing; write '\#' for a '#'"),
        ("./gen", "has a part that is only a dot and matches nothing; leave that part out"),
        ("../gen", "leads outside the project; name what is inside"),
        ("D:/gen", "is an absolute path; write it relative to the project"),
    ],
)
def test_a_glob_that_could_match_nothing_is_refused(tmp_path: Path, glob: str, fault: str) -> None:
    text = f"exclude = ['{glob}']\ntests = ['{glob}']"

    assert problems_of(tmp_path, text) == (
        f"gwlint.toml: 'exclude' holds {glob!r}, which {fault}",
        f"gwlint.toml: 'tests' holds {glob!r}, which {fault}",
    )


def test_a_glob_with_the_path_of_the_project_itself_is_refused(tmp_path: Path) -> None:
    assert problems_of(tmp_path, f"exclude = ['{tmp_path}/gen']") == (
        f"gwlint.toml: 'exclude' holds '{tmp_path}/gen', which is an absolute path; write it relative to the project",
    )


@pytest.mark.parametrize(
    "name",
    ["app/handler.py", "handler.py", ".app", "app.", "a..b", "app.handler:main", "app handler", "../app", "/app"],
)
def test_an_entry_point_is_a_dotted_module_name(tmp_path: Path, name: str) -> None:
    fault = "is no dotted module name; write it like 'app.handler', without folder, '.py' or function"

    assert problems_of(tmp_path, f'entry-points = ["{name}"]') == (
        f"gwlint.toml: 'entry-points' holds '{name}', which {fault}",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"layout = 'flat'\nroots = [", "line 2, column 10 is no valid TOML: Invalid value; correct it"),
        (b"x = 1\nx = 2\n", "line 2, column 6 is no valid TOML: Cannot overwrite a value; correct it"),
        (b"\n# caf\xe9\n", "line 2 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_what_is_no_toml_is_said_with_its_place(tmp_path: Path, content: bytes, problem: str) -> None:
    (tmp_path / "gwlint.toml").write_bytes(content)

    assert problems(tmp_path) == (f"gwlint.toml: {problem}",)


@pytest.mark.parametrize("value", ["[" * 100_000, "9" * 5_000])
def test_toml_without_end_is_refused(tmp_path: Path, value: str) -> None:
    (problem,) = problems_of(tmp_path, f"roots = {value}")

    assert problem.startswith("gwlint.toml: is more than can be read: ")


def test_a_broken_pyproject_toml_that_mentions_gwlint_is_reported(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.gwlint]\nlayout = flat\n")

    assert problems(tmp_path) == ("pyproject.toml: line 2, column 10 is no valid TOML: Invalid value; correct it",)


def test_tool_gwlint_that_is_no_table_is_reported(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\ngwlint = 1\n")

    assert problems(tmp_path) == ("pyproject.toml: 'tool.gwlint' must be a table, not 1; write [tool.gwlint]",)


@pytest.mark.parametrize("name", ["gwlint.toml", "pyproject.toml"])
def test_a_folder_named_like_a_settings_file_is_reported(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()

    assert problems(tmp_path) == (f"{name}: is no regular file; rename or remove it",)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "gwlint.toml")

    assert problems(tmp_path) == ("gwlint.toml: is no regular file; rename or remove it",)


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "gwlint.toml").symlink_to("gwlint.toml")

    assert problems(tmp_path) == ("gwlint.toml: can't be read: Too many levels of symbolic links; repair or remove it",)


def test_a_dangling_link_is_no_absent_file(tmp_path: Path) -> None:
    (tmp_path / "gwlint.toml").symlink_to("gone.toml")

    assert problems(tmp_path) == ("gwlint.toml: can't be read: No such file or directory; repair or remove it",)


@pytest.mark.parametrize(
    ("path", "project"),
    [
        ("own/src/app.py", "own"),
        ("own/src", "own"),
        ("own", "own"),
        ("shared/src/app.py", "shared"),
        ("shared/plain/src", "shared"),
        ("shared/plain/gone.py", "shared"),
        ("shared/meant/src", "shared/meant"),
    ],
)
def test_the_project_is_the_nearest_folder_upwards_with_settings(tmp_path: Path, path: str, project: str) -> None:
    make(tmp_path, "own/gwlint.toml", "own/src/app.py", "shared/src/app.py", "shared/meant/src/app.py")
    make(tmp_path, "shared/plain/src/app.py", "shared/plain/.git")
    (tmp_path / "shared/pyproject.toml").write_text("[tool.gwlint]\n")
    (tmp_path / "shared/plain/pyproject.toml").write_bytes(b"[project\xff]]")
    (tmp_path / "shared/meant/pyproject.toml").write_text("[tool.gwlint")

    assert find_project([tmp_path / path, tmp_path]) == tmp_path / project


@pytest.mark.parametrize(
    ("path", "project"),
    [
        ("repository/src", "repository/src"),
        ("repository/src/app.py", "repository"),
        ("repository/package/src/app.py", "repository/package"),
        ("repository/odd/src/app.py", "repository/odd"),
    ],
)
def test_without_settings_a_folder_is_its_own_project_and_a_file_has_a_marked_one(
    tmp_path: Path, path: str, project: str
) -> None:
    make(tmp_path, "repository/.git/HEAD", "repository/src/app.py", "repository/package/src/app.py")
    make(tmp_path, "repository/package/pyproject.toml", "repository/odd/src/app.py", "repository/odd/pyproject.toml/x")

    assert find_project([tmp_path / path]) == tmp_path / project


def test_a_file_may_be_in_no_project_at_all(tmp_path: Path) -> None:
    make(tmp_path, "repository/.git/HEAD", "loose/app.py")

    assert project_of(tmp_path / "repository/src/app.py") == tmp_path / "repository"
    assert project_of(tmp_path / "loose/app.py") is None
    assert find_project([tmp_path / "loose/app.py"]) == tmp_path / "loose"


def test_without_paths_the_project_is_looked_for_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "gwlint.toml", "src/app.py")
    monkeypatch.chdir(tmp_path / "src")

    assert find_project([]) == tmp_path


def test_dots_are_taken_out_before_going_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/gwlint.toml", "b/app.py")
    monkeypatch.chdir(tmp_path / "a")

    assert find_project([Path("../b")]) == tmp_path / "b"


def test_a_path_that_no_system_would_take_is_only_not_a_folder(tmp_path: Path) -> None:
    make(tmp_path, "gwlint.toml")

    assert find_project([tmp_path / "a\0b"]) == tmp_path
    assert find_project([tmp_path / ("x" * 5000)]) == tmp_path


scalars = st.one_of(
    st.integers(), st.floats(), st.booleans().map(json.dumps), st.text(st.characters(codec="ascii")).map(json.dumps)
).map(str)
texts = st.text(st.characters(codec="utf-8"))
values = st.one_of(scalars, st.lists(scalars).map(lambda items: f"[{', '.join(items)}]"), texts)
keys = st.sampled_from(["roots", "layout", "exclude", "tests", "entry-points", "[tool.gwlint]\nroots"]) | texts
tables = st.lists(st.tuples(keys, values)).map(lambda pairs: "\n".join(f"{key} = {value}" for key, value in pairs))


@pytest.mark.parametrize("name", ["gwlint.toml", "pyproject.toml"])
@given(text=tables)
def test_any_text_gives_settings_or_one_line_for_each_problem(scratch: Path, name: str, text: str) -> None:
    project = scratch / name.removesuffix(".toml")
    make(project, name)
    (project / name).write_text(text, encoding="utf-8")
    lines: list[str] = []
    problems: tuple[str, ...] = ()

    try:
        load(project)
    except ConfigError as error:
        lines, problems = str(error).splitlines(), error.problems

    assert find_project([project]) == project
    assert lines == list(problems)


@pytest.mark.filterwarnings("ignore:Possible (nested )?set:FutureWarning")
@given(st.text(alphabet="[]!^-\\/*?.#ab \n", min_size=1))
def test_every_glob_that_is_accepted_means_something(scratch: Path, glob: str) -> None:
    (scratch / "gwlint.toml").write_text(f"exclude = [{json.dumps(glob)}]")
    accepted: tuple[str, ...] = ()

    with suppress(ConfigError):
        accepted = load(scratch).exclude

    assert all(pattern.include is not None for pattern in GitIgnoreSpec.from_lines(accepted).patterns)


def test_settings_are_loaded_without_what_only_some_runs_need() -> None:
    code = "import sys, gwlint.config; print({'tomli', 'difflib'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"
