"""Which modules hide others, or can't be named, and which don't although they look like it."""

from pathlib import Path

import pytest

from tests.building import build, function, layer, template

FLAT = {"gwlint.toml": 'layout = "flat"\nroots = ["src"]'}
ONE = template(function("A", "a"))
WITH_LAYER = template(function("A", "a", layers="!Ref L"), layer("L", "l"))


def hidden(folder: Path, files: dict[str, str]) -> list[tuple[str, str, str]]:
    return [(one.path, one.kind, one.hidden) for one in build(folder, files).shadows]


@pytest.mark.parametrize("path", ["random.py", "random/__init__.py", "src/random.py"])
def test_a_name_of_the_standard_library_at_the_top_of_a_root(tmp_path: Path, path: str) -> None:
    assert hidden(tmp_path, {path: ""}) == [(path, "standard", "random")]


@pytest.mark.parametrize(
    "path",
    [
        "app/random.py",
        "random/seed.py",
        "tests/random.py",
        "tests/__init__.py",
        "test/__init__.py",
        "test_random.py",
        "conftest.py",
        "setup.py",
        "__main__.py",
        "parser.py",
        "_random.py",
        "match.py",
        "random_.py",
        "my-random.py",
    ],
)
def test_names_that_hide_nothing(tmp_path: Path, path: str) -> None:
    assert hidden(tmp_path, {path: "", "app/__init__.py": ""}) == []


def test_nothing_is_at_the_top_of_a_project_that_is_a_package(tmp_path: Path) -> None:
    assert hidden(tmp_path, {"__init__.py": "", "random.py": "", "json/__init__.py": ""}) == []


def test_what_no_function_is_deployed_with_hides_nothing_from_it(tmp_path: Path) -> None:
    files = {"template.yaml": ONE, "a/main.py": "", "random.py": "", "a/json.py": ""}

    assert hidden(tmp_path, files) == [("a/json.py", "standard", "json")]


def test_a_function_goes_before_its_layer(tmp_path: Path) -> None:
    files = {"template.yaml": WITH_LAYER, "a/main.py": "", "a/prices/__init__.py": "", "l/python/prices.py": ""}

    assert hidden(tmp_path, files) == [("a/prices/__init__.py", "project", "l/python/prices.py")]


def test_folders_share_a_name(tmp_path: Path) -> None:
    files = {"template.yaml": WITH_LAYER, "a/main.py": "", "a/shop/x.py": "", "l/python/shop/x.py": ""}

    assert hidden(tmp_path, files) == []


def test_functions_that_are_deployed_apart_share_names(tmp_path: Path) -> None:
    files = {"template.yaml": template(function("A", "a"), function("B", "b"))}
    files |= {f"{root}/{name}.py": "" for root in "ab" for name in ("main", "prices")}

    assert hidden(tmp_path, files) == []


def test_every_function_has_its_own_tests_and_metadata(tmp_path: Path) -> None:
    files = {"template.yaml": WITH_LAYER, "a/main.py": ""}
    files |= {f"{root}/{name}.py": "" for root in ("a", "l/python") for name in ("conftest", "setup", "test_it")}

    assert hidden(tmp_path, files) == []


def test_one_file_in_two_roots_is_not_hidden_by_itself(tmp_path: Path) -> None:
    resources = template(function("A", ".", handler="a.main.handler", layers="!Ref L"), layer("L", "."))

    assert hidden(tmp_path, {"template.yaml": resources, "a/main.py": "", "prices.py": ""}) == []


def test_several_functions_report_a_module_once(tmp_path: Path) -> None:
    functions = [function(name, "a", layers="!Ref L") for name in "ABC"]
    files = {"template.yaml": template(*functions, layer("L", "l")), "a/prices.py": "", "l/python/prices.py": ""}

    assert hidden(tmp_path, files) == [("a/prices.py", "project", "l/python/prices.py")]


def test_files_of_one_name_meet_in_the_flat_layout(tmp_path: Path) -> None:
    files = FLAT | {"src/a/codec.py": "", "src/b/codec.py": "", "src/a/random.py": "", "src/c/__init__.py": ""}

    assert hidden(tmp_path, files) == [
        ("src/a/codec.py", "project", "src/b/codec.py"),
        ("src/a/random.py", "standard", "random"),
    ]


def test_what_lies_outside_of_a_flat_root_does_not_meet_what_lies_in_it(tmp_path: Path) -> None:
    files = FLAT | {"src/a/codec.py": "", "scripts/codec.py": "", "src/a/__init__.py": "", "src/b/__init__.py": ""}

    assert hidden(tmp_path, files) == []


def test_handlers_of_several_functions_do_not_meet_in_the_flat_layout(tmp_path: Path) -> None:
    functions = [function(name.upper(), "src", handler=f"{name}.main.handler") for name in "ab"]
    files = {"gwlint.toml": 'layout = "flat"', "template.yaml": template(*functions)}

    assert hidden(tmp_path, files | {"src/a/main.py": "", "src/b/main.py": ""}) == []


@pytest.mark.parametrize("path", ["lambda.py", "app/class.py", "app/inner/None.py", "app/async.py"])
def test_a_keyword_is_no_name_for_a_module(tmp_path: Path, path: str) -> None:
    stem = Path(path).stem

    assert hidden(tmp_path, {path: ""}) == [(path, "keyword", stem)]


def test_a_keyword_is_no_name_for_a_package_at_the_top(tmp_path: Path) -> None:
    files = {"class/__init__.py": "", "class/inner.py": "", "app/__init__.py": "", "app/locale/is/__init__.py": ""}

    assert hidden(tmp_path, files) == [("class/__init__.py", "keyword", "class")]


@pytest.mark.parametrize("path", ["match.py", "lambda_.py", "is/formats.py", "my-app/lambda.py", "tests/import.py"])
def test_what_is_no_keyword_or_could_not_be_imported_anyway(tmp_path: Path, path: str) -> None:
    assert hidden(tmp_path, {path: ""}) == []
