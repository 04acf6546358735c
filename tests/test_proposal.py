"""What `gwlint init` writes down is what would be inferred, and binds."""

from contextlib import closing
from pathlib import Path

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from gwlint.analysis import Survey
from gwlint.cache import Cache
from gwlint.codebase import Codebase
from gwlint.components import Component, Components
from gwlint.config import Config, defaults, understood
from gwlint.finding import Finding
from gwlint.project import Project
from gwlint.proposal import Found, declarations, fitting, text
from gwlint.rules import RULES
from tests.projects import FIXTURES, write
from tests.real_packages import FOLDER, PINNED

CODES = [rule.id for rule in RULES]
ASKED_OF_WHAT_IS_DECLARED = ("GW105", "GW114")


def found_in(folder: Path) -> Found:
    config = defaults(folder)
    with closing(Cache(None)) as cache:
        survey = Survey(config, cache, 1, lambda _done, _total: None)
        project = survey.project()
    components = Components(config, project)
    fits = tuple(fitting(config, project))
    return Found(project, components, survey.functions, fits, declarations(project, components))


def written(folder: Path, found: Found, table: str = "") -> Config:
    name = "pyproject.toml" if table else "gwlint.toml"
    return understood(folder, name, text(found, table).encode(), codes=CODES)


def places(project: Project, components: Components) -> dict[str, object]:
    """Everything that makes up the place of a module, but where it is known from and what a component is called."""
    return {
        module.path: (
            components.place(module.path).role,
            _unnamed(components.place(module.path).component),
            [_unnamed(package) for package in components.enclosing(module.path)],
        )
        for module in project.modules
    }


def _unnamed(component: Component | None) -> object:
    return component and (component.gateway, component.package, component.library)


def objections(config: Config, project: Project) -> list[Finding]:
    codebase = Codebase(config, project, project.cycles, lambda _path: ())
    return [finding for rule in RULES if rule.id.startswith("GW1") for finding in rule.check(codebase)]


def sites(findings: list[Finding]) -> list[tuple[str, str, int, int]]:
    return [
        (one.rule, one.path, one.at.line, one.at.column)
        for one in findings
        if one.rule not in ASKED_OF_WHAT_IS_DECLARED
    ]


def assert_same(folder: Path) -> None:
    found = found_in(folder)
    config = written(folder, found)
    before, after = objections(defaults(folder), found.project), objections(config, found.project)

    assert places(found.project, Components(config, found.project)) == places(found.project, found.components)
    assert written(folder, found, "tool.gwlint").components == config.components
    assert sites(after) == sites(before)
    assert found.declarations.left or not [one for one in after if one.rule == "GW101" and one.severity == "warning"]


STEMS = (
    "__init__", "_impl", "_wire", "a-b", "cache", "cache_core", "cache_core_core", "cache_disk", "config",
    "config_core", "lambda", "lambda_", "lambda_core", "lambda_function", "metrics", "metrics_a", "metrics_b", "store",
    "store_core", "store_core_test", "test_store",
)  # fmt: skip
FOLDERS = ("", "app/", "app/cache/", "app/_private/", "one/", "two/", "two/cache/", "odd name/", "tests/")
IMPORTS = (
    "from app import cache_core", "import cache_core", "from app._impl import x", "from ._impl import y",
    "from ._wire import *", "from app.cache import _impl", "from .cache import get", "from . import cache_core",
    "import store_core", "from store import _secret", "from lambda_core import x", "import metrics_a, metrics",
)  # fmt: skip
sources = st.lists(st.sampled_from(IMPORTS), max_size=3).map(lambda lines: "".join(f"{line}\n" for line in lines))
paths = st.builds("{}{}.py".format, st.sampled_from(FOLDERS), st.sampled_from(STEMS))
roots = st.dictionaries(st.sampled_from(["one/pyproject.toml", "two/pyproject.toml", "src/x.py"]), st.just(""))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(paths, sources, min_size=2, max_size=25), roots)
def test_a_small_project_is_told_the_same_before_and_after(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, str], roots: dict[str, str]
) -> None:
    assert_same(write(tmp_path_factory.mktemp("small"), {**files, **roots}))


@pytest.mark.parametrize("name", ["orders", "drifted", "compliant", "flat", "hostile"])
def test_a_fixture_is_told_the_same_before_and_after(name: str) -> None:
    assert_same(FIXTURES / name)


@pytest.mark.parametrize("name", sorted(PINNED))
def test_a_real_package_is_told_the_same_before_and_after(name: str) -> None:
    folder = FOLDER / name
    if not folder.is_dir():
        pytest.skip("python tests/real_packages.py fetches it")
    assert_same(folder)


def test_what_is_commented_out_holds_anyway(tmp_path: Path) -> None:
    write(tmp_path, {"src/app/cache.py": "", "src/app/cache_core.py": "", "src/lambda_function.py": ""})
    lines = text(found_in(tmp_path)).splitlines()
    settings_line = [line.removeprefix("# ") for line in lines if line.startswith("# ") and " = " in line]

    assert [*tomli.loads("\n".join(settings_line))] == ["roots", "layout", "entry-points", "tests", "fail-on", "infer"]


def test_components_of_one_name_are_declared_apart(tmp_path: Path) -> None:
    files = {f"{function}/{stem}.py": "" for function in ("one", "two") for stem in ("cache", "cache_core")}
    write(tmp_path, {**files, "one/pyproject.toml": "", "two/pyproject.toml": ""})

    assert [one[:3] for one in found_in(tmp_path).declarations.made] == [
        ("one.cache", "one.cache", ("one.cache_*",)),
        ("two.cache", "two.cache", ("two.cache_*",)),
    ]


def test_what_no_name_means_is_left_to_be_inferred(tmp_path: Path) -> None:
    write(tmp_path, {"odd name/cache.py": "", "odd name/cache_core.py": "", "cache.py": "", "b/cache.py": ""})
    found = found_in(tmp_path)

    assert [one.gateway for one in found.declarations.left] == ["odd name/cache.py"]
    assert "# No name means odd name/cache.py alone, or its internals: it is left to be inferred.\n" in text(found)


def test_where_a_glob_means_too_much_internals_are_named(tmp_path: Path) -> None:
    write(
        tmp_path, {"cache.py": "", "cache_core.py": "", "cache_disk/lambda_function.py": "", "cache_disk/disk.py": ""}
    )

    assert [one.internals for one in found_in(tmp_path).declarations.made] == [("cache_core", "cache_disk.disk")]


def test_a_package_is_declared_as_one(tmp_path: Path) -> None:
    write(tmp_path, {"shop/__init__.py": "from shop._prices import total\n", "shop/_prices.py": ""})

    assert text(found_in(tmp_path)).endswith(
        '\n# shop/__init__.py and 1 private module below it\n[components.shop]\ngateway = "shop"\npackage = true\n'
    )


@pytest.mark.parametrize(
    ("files", "presets"),
    [
        (["a.py"], []),
        (["cache.py", "cache_core.py"], []),
        (["cache.py", "cache_core.py", "metrics.py", "metrics_core.py"], ["gateway"]),
        (["gateway.py", "interface_cache.py"], ["universal"]),
        (["handlers/a.py", "logic/b.py"], ["layers"]),
    ],
)
def test_presets_are_offered_where_names_are_theirs(tmp_path: Path, files: list[str], presets: list[str]) -> None:
    write(tmp_path, dict.fromkeys(files, ""))

    assert [fit.preset for fit in found_in(tmp_path).fits] == presets
