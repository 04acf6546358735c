from pathlib import Path

import pytest

from gwlint.discover.files import TOP
from gwlint.discover.walk import walk
from gwlint.templates import Template, read
from gwlint.units import Deployment, Unit, deployment
from tests.building import function, layer, template

FILES = (
    "main.py",
    "a/main.py",
    "a/inner/app.py",
    "a/pkg/__init__.py",
    "b/main.py",
    "layer/python/common.py",
    "tools/tool.py",
)


def tree_of(folder: Path, paths: tuple[str, ...]) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")
    return folder


def deployed(folder: Path, *resources: str, roots: tuple[str, ...] | None = None, package: str = "") -> Deployment:
    read_template: Template = read("template.yaml", template(*resources).encode())
    return deployment(walk(tree_of(folder, FILES)), roots, [read_template] if resources else [], package)


def root_paths(found: Deployment) -> list[str]:
    return [root.path for root in found.roots]


def test_a_function_sees_its_code_and_its_layers_in_order(tmp_path: Path) -> None:
    found = deployed(
        tmp_path,
        function("A", "a", layers="!Ref Tools, !Ref Common"),
        layer("Common", "layer"),
        layer("Tools", "tools"),
    )

    assert found.units == (Unit("A", ("a", "tools", "layer/python"), "a/main.py", "handler"),)
    assert root_paths(found) == [TOP, "a", "layer/python", "tools"]


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("main.handler", "a/main.py"),
        ("inner.app.handler", "a/inner/app.py"),
        ("inner/app.handler", "a/inner/app.py"),
        ("pkg.handler", "a/pkg/__init__.py"),
        ("gone.handler", None),
        ("gone.app.handler", None),
        ("handler", None),
    ],
)
def test_finds_the_file_of_a_handler(tmp_path: Path, handler: str, expected: str | None) -> None:
    assert [unit.handler for unit in deployed(tmp_path, function("A", "a", handler=handler)).units] == [expected]


def test_a_function_whose_code_is_not_here_is_none(tmp_path: Path) -> None:
    assert deployed(tmp_path, function("A", "elsewhere"), function("B", "../outside")).units == ()


def test_the_innermost_root_owns_a_file(tmp_path: Path) -> None:
    found = deployed(tmp_path, function("All", "."), function("A", "a"), function("Inner", "a/inner"))

    assert {path: found.owner(path).path for path in FILES} == {
        "main.py": TOP,
        "a/main.py": "a",
        "a/inner/app.py": "a/inner",
        "a/pkg/__init__.py": "a",
        "b/main.py": TOP,
        "layer/python/common.py": TOP,
        "tools/tool.py": TOP,
    }


def test_a_root_holds_no_folder_that_begins_with_its_name(tmp_path: Path) -> None:
    found = deployed(tmp_path, roots=("a",))

    assert [root.holds("ab/x.py") for root in found.roots] == [True, False]


def test_declared_roots_replace_what_would_be_found(tmp_path: Path) -> None:
    tree_of(tmp_path, ("pyproject.toml", "src/x.py"))

    assert root_paths(deployed(tmp_path, roots=("a",))) == [TOP, "a"]
    assert root_paths(deployed(tmp_path)) == [TOP, "src"]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("x.py",), [TOP]),
        (("src/x.py",), [TOP, "src"]),
        (("src/pkg/__init__.py",), [TOP, "src"]),
        (("src/__init__.py", "src/x.py"), [TOP]),
        (("src/notes.txt",), [TOP]),
        (("a/pyproject.toml", "a/x.py", "b/setup.py"), [TOP, "a", "b"]),
        (("a/setup.cfg", "a/src/x.py"), [TOP, "a", "a/src"]),
        (("a/pyproject.toml", "a/__init__.py", "a/src/x.py"), [TOP]),
        (("lib/src/x.py",), [TOP]),
    ],
)
def test_finds_conventional_roots(tmp_path: Path, paths: tuple[str, ...], expected: list[str]) -> None:
    found = deployment(walk(tree_of(tmp_path, paths)), None, [], "")

    assert root_paths(found) == expected


def test_a_layer_in_the_form_of_site_packages_counts(tmp_path: Path) -> None:
    tree_of(tmp_path, ("deps/python/x.py", "deps/python/lib/python3.12/site-packages/y.py"))
    found = deployed(tmp_path, function("A", "a", layers="!Ref Deps"), layer("Deps", "deps"))

    assert found.units[0].roots == ("a", "deps/python")


def test_only_the_project_itself_is_inside_a_package(tmp_path: Path) -> None:
    found = deployed(tmp_path, roots=("a",), package="shop.app")

    assert [(root.path, root.package) for root in found.roots] == [(TOP, "shop.app"), ("a", "")]
