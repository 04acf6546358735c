"""What an import calls the things it takes, and which private names are reached by attribute."""

from pathlib import Path

import pytest

from tests.building import build, module, used

FILES = {"cache.py": "", "cache_core.py": "", "pkg/__init__.py": "", "pkg/inner.py": ""}
RENAMED = {
    "import cache_core as cc": {"cache_core.py": (("cc", ""),)},
    "from cache_core import get as fetch": {"cache_core.py": (("fetch", "get"),)},
    "from cache_core import get as fetch, put, drop as delete": {
        "cache_core.py": (("fetch", "get"), ("delete", "drop"))
    },
    "from pkg import inner as i, version as v": {
        "pkg/__init__.py": (("v", "version"),),
        "pkg/inner.py": (("i", ""),),
    },
    "import pkg.inner as i": {"pkg/inner.py": (("i", ""),)},
}
AS_THEY_ARE = (
    "import cache_core",
    "import pkg.inner",
    "from cache_core import get, put",
    "from cache_core import get as get",
    "from cache_core import *",
    "from pkg import inner",
    "import importlib\nimportlib.import_module('cache_core')",
)


@pytest.mark.parametrize(("statement", "renamed"), RENAMED.items())
def test_names_that_differ_from_what_they_are_bound_to(
    tmp_path: Path, statement: str, renamed: dict[str, tuple[tuple[str, str], ...]]
) -> None:
    project = build(tmp_path, FILES | {"app.py": statement})

    assert {edge.target_path: edge.renamed for edge in module(project, "app.py").resolution.edges} == renamed


@pytest.mark.parametrize("statement", AS_THEY_ARE)
def test_names_that_stay_what_they_are(tmp_path: Path, statement: str) -> None:
    project = build(tmp_path, FILES | {"app.py": statement})

    assert [edge.renamed for edge in module(project, "app.py").resolution.edges] == [()]


def test_a_module_that_a_relative_import_renames(tmp_path: Path) -> None:
    project = build(tmp_path, FILES | {"pkg/app.py": "from . import inner as i, version as v"})

    assert [edge.renamed for edge in module(project, "pkg/app.py").resolution.edges] == [
        (("v", "version"),),
        (("i", ""),),
    ]


def test_a_module_that_is_renamed_in_the_flat_layout(tmp_path: Path) -> None:
    files = {"gwlint.toml": 'layout = "flat"', "src/cache_core.py": "", "app.py": "from src import cache_core as cc"}
    project = build(tmp_path, files)

    assert [edge.renamed for edge in module(project, "app.py").resolution.edges] == [(("cc", ""),)]


def test_a_private_name_is_used_although_its_module_is_imported(tmp_path: Path) -> None:
    project = build(tmp_path, FILES | {"app.py": "import cache\ncache._secret()\ncache.get()\ncache.__name__"})

    assert used(project, "app.py") == ["cache.py: _secret"]


def test_a_name_that_is_missing_is_told_from_those_that_are_not(tmp_path: Path) -> None:
    project = build(tmp_path, {"inner/a.py": "from . import b, gone", "inner/b.py": "from ...above import x"})
    missing = [one.resolution.unresolved[0] for one in project.modules]

    assert [(one.module, one.level, one.names) for one in missing] == [("", 1, ("gone",)), ("above", 3, ("x",))]


def test_what_lies_around_a_package_that_is_checked_alone_is_outside(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").touch()
    project = build(tmp_path / "inner", {"__init__.py": "", "a.py": "from ..outer import x"})

    assert [one.target for one in module(project, "a.py").resolution.external] == [f"{tmp_path.name}.outer"]


def test_more_levels_than_there_are_packages_are_missing(tmp_path: Path) -> None:
    (tmp_path / "__init__.py").touch()
    project = build(tmp_path / "inner", {"__init__.py": "", "a.py": "from ...outer import x\nfrom ..... import y"})

    assert [one.text for one in module(project, "a.py").resolution.unresolved] == [
        "from ...outer import x",
        "from ..... import y",
    ]
