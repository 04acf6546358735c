from pathlib import Path

import pytest

from gwlint.config import ConfigError
from gwlint.project import Project
from gwlint.roles import is_entry_point
from tests.building import build, function, template


def found_tests(project: Project) -> list[str]:
    return [module.path for module in project.modules if module.is_test]


def entry_points_of(project: Project) -> list[str]:
    return [module.path for module in project.modules if module.is_entry_point]


def blank(*paths: str) -> dict[str, str]:
    return dict.fromkeys(paths, "")


@pytest.mark.parametrize(
    "path",
    [
        "test_a.py",
        "a_test.py",
        "conftest.py",
        "pkg/test_a.py",
        "pkg/conftest.py",
        "tests/a.py",
        "test/a.py",
        "tests/deep/b.py",
        "tests/__init__.py",
        "src/tests/a.py",
    ],
)
def test_tests_are_told_by_name_and_place(tmp_path: Path, path: str) -> None:
    assert found_tests(build(tmp_path, blank(path))) == [path]


@pytest.mark.parametrize(
    "path",
    ["testing.py", "contest.py", "latest_tests.py", "pkg/tests/a.py", "tests.py", "attest/a.py", "pkg/test/b.py"],
)
def test_what_only_looks_like_a_test_is_product_code(tmp_path: Path, path: str) -> None:
    assert found_tests(build(tmp_path, blank(path, "pkg/__init__.py"))) == []


def test_tests_inside_a_package_are_product_code(tmp_path: Path) -> None:
    files = blank("__init__.py", "test/client.py", "test/__init__.py", "test/test_client.py")

    assert found_tests(build(tmp_path / "django", files)) == ["test/test_client.py"]


def test_tests_of_a_function_are_tests(tmp_path: Path) -> None:
    files = {"template.yaml": template(function("A", "a")), **blank("a/main.py", "a/tests/x.py")}

    assert found_tests(build(tmp_path, files)) == ["a/tests/x.py"]


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        ('["checks/**"]', ["checks/a.py", "checks/deep/b.py"]),
        ('["checks/"]', ["checks/a.py", "checks/deep/b.py"]),
        ('["checks/*.py"]', ["checks/a.py"]),
        ('["*_spec.py"]', ["x_spec.py"]),
        ("[]", []),
    ],
)
def test_more_tests_can_be_declared(tmp_path: Path, globs: str, expected: list[str]) -> None:
    files = blank("checks/a.py", "checks/deep/b.py", "x_spec.py", "app.py")

    assert found_tests(build(tmp_path, {**files, "gwlint.toml": f"tests = {globs}\n"})) == expected


@pytest.mark.parametrize(
    ("path", "defined", "expected"),
    [
        ("lambda_function.py", set(), True),
        ("a/lambda_handler.py", set(), True),
        ("app.py", {"lambda_handler"}, True),
        ("app.py", {"handler"}, False),
        ("lambda_core.py", set(), False),
        ("lambda_function/x.py", set(), False),
    ],
)
def test_some_entry_points_show_what_they_are(path: str, defined: set[str], expected: bool) -> None:
    assert is_entry_point(path, path.removesuffix(".py").replace("/", "."), defined, set()) == expected


@pytest.mark.parametrize(
    "source",
    [
        "def lambda_handler(event, context): ...",
        "async def lambda_handler(): ...",
        "lambda_handler = app",
        "from x import lambda_handler",
    ],
)
def test_a_module_that_has_a_handler_is_an_entry_point(tmp_path: Path, source: str) -> None:
    assert entry_points_of(build(tmp_path, {"app.py": source, "x.py": ""})) == ["app.py"]


def test_a_handler_inside_a_class_or_a_string_is_none(tmp_path: Path) -> None:
    source = "class C:\n  def lambda_handler(self): ...\n'def lambda_handler(): ...'\n"

    assert entry_points_of(build(tmp_path, {"app.py": source})) == []


def test_a_template_declares_entry_points(tmp_path: Path) -> None:
    files = {
        "template.yaml": template(function("A", "a"), function("B", "b")),
        **blank("a/main.py", "b/main.py", "c/main.py"),
    }

    assert entry_points_of(build(tmp_path, files)) == ["a/main.py", "b/main.py"]


def test_the_settings_declare_entry_points(tmp_path: Path) -> None:
    files = {"gwlint.toml": 'entry-points = ["app.run"]\n', **blank("app/__init__.py", "app/run.py")}

    assert entry_points_of(build(tmp_path, files)) == ["app/run.py"]


def test_an_entry_point_that_is_no_module_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        build(
            tmp_path, {"gwlint.toml": 'entry-points = ["app.ran", "zzz"]\n', **blank("app/__init__.py", "app/run.py")}
        )

    assert refused.value.problems == (
        "gwlint.toml: `entry-points`: there is no module `app.ran`; did you mean `app.run`?",
        "gwlint.toml: `entry-points`: there is no module `zzz`; name a module of the project",
    )
