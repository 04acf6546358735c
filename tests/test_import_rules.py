"""The rules about imports that lead nowhere, round in circles or out of sight, and about impure gateways."""

from pathlib import Path

import pytest

from gwlint.codebase import Codebase
from gwlint.components import Basis, Component, Components, Place
from gwlint.config import Config
from gwlint.finding import FIRST_LINE, Finding, Related
from gwlint.model import Cycle, Span, Step
from gwlint.parse import parts
from gwlint.project import Project
from gwlint.rules import RULES
from tests.building import build, function, layer, template


class StandIn(Components):
    """One component: a gateway called `cache` over `cache_core`."""

    def __init__(self, config: Config, project: Project, basis: Basis = "declared", package: str = "") -> None:
        self.component = Component("cache", "cache.py", ("cache_core.py",), basis, package)
        super().__init__(config, project)

    @property
    def all(self) -> tuple[Component, ...]:
        return (self.component,)

    def place(self, path: str) -> Place:
        places = {"cache.py": Place("gateway", self.component), "cache_core.py": Place("internal", self.component)}
        return places.get(path, Place("external"))


def ask(code: str, codebase: Codebase) -> list[Finding]:
    (rule,) = (rule for rule in RULES if rule.id == code)
    return sorted(rule.check(codebase), key=lambda finding: finding.order)


def codebase_of(
    folder: Path, files: dict[str, str], *, basis: Basis = "declared", package: str = "", include_tests: bool = False
) -> Codebase:
    # The stand-in knows what these settings say, and a rule that is asked is on.
    written = {path: text for path, text in files.items() if not text.startswith(("[components", "[severity]"))}
    project = build(folder, written)
    config = Config(folder, include_tests=include_tests)
    codebase = Codebase(config, project, project.cycles, lambda path: parts(files[path].encode()))
    codebase.__dict__["components"] = StandIn(config, project, basis, package)
    return codebase


def findings(folder: Path, code: str, files: dict[str, str]) -> list[Finding]:
    """Return what one rule finds in a project."""
    return ask(code, codebase_of(folder, files))


def told(folder: Path, code: str, files: dict[str, str]) -> list[str]:
    """Return what one rule finds in a project, on a line each."""
    return [f"{one.path}:{one.at.line}: {one.severity}: {one.message}" for one in findings(folder, code, files)]


def test_rules_come_by_code() -> None:
    assert [rule.id for rule in RULES] == sorted({rule.id for rule in RULES})


# GW105


def test_an_impure_gateway_is_told_what_to_move(tmp_path: Path) -> None:
    gateway = "import json\nfrom cache_core import a\nregister()\ndef f(): return json.loads('1')\ndef g(): return f()"

    assert told(tmp_path, "GW105", {"cache.py": gateway, "cache_core.py": ""}) == [
        (
            "cache.py:3: warning: `cache` is a gateway, but the call of `register` is implementation;"
            " move it into an internal and delegate to it"
        ),
        (
            "cache.py:4: warning: `cache` is a gateway, but function `f` calls `json.loads`, which is no internal of"
            " it; move the call into an internal"
        ),
        (
            "cache.py:5: note: `cache` is a gateway, but function `g` delegates to `f` of the same module;"
            " delegate to an internal"
        ),
    ]


def test_gateways_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (message,) = told(tmp_path, "GW105", {"cache.py": "f()", "cache_core.py": "", "src/cache.py": ""})

    assert message == (
        "cache.py:1: warning: `cache.py` is a gateway, but the call of `f` is implementation;"
        " move it into an internal and delegate to it"
    )


def test_a_gateway_that_delegates_to_another_modules_function_is_impure(tmp_path: Path) -> None:
    files = {"cache.py": "import metrics\ndef f(): return metrics.f()", "cache_core.py": "", "metrics.py": ""}

    assert [finding.at for finding in findings(tmp_path, "GW105", files)] == [Span(2, 1, 2, 9)]


@pytest.mark.parametrize(
    ("statement", "call", "impure"),
    [
        ("import os, cache_core", "os.getcwd()", 1),
        ("import os, cache_core", "cache_core.get()", 0),
        ("import metrics, cache_core", "metrics.get()", 1),
        ("import metrics as cache_core, cache_core as metrics", "metrics.get()", 0),
        ("from . import metrics, cache_core as _core", "metrics.get()", 1),
        ("from . import metrics, cache_core as _core", "_core.get()", 0),
        ("from cache_core import *", "get()", 0),
        ("from metrics import *", "get()", 1),
    ],
)
def test_of_one_statement_every_name_is_followed(tmp_path: Path, statement: str, call: str, impure: int) -> None:
    files = {"cache.py": f"{statement}\ndef f(): return {call}", "cache_core.py": "", "metrics.py": ""}

    assert len(findings(tmp_path, "GW105", files)) == impure


def test_a_gateway_that_delegates_to_what_is_missing_is_left_to_another_rule(tmp_path: Path) -> None:
    files = {"cache.py": "from .cache_gone import f as _f\ndef f(): return _f()", "cache_core.py": ""}

    assert findings(tmp_path, "GW105", files) == []


@pytest.mark.parametrize(("basis", "package"), [("inferred", ""), ("preset", "cache"), ("declared", "cache")])
def test_what_nobody_declared_to_be_pure_may_implement(tmp_path: Path, basis: Basis, package: str) -> None:
    files = {"cache.py": "register()", "cache_core.py": ""}

    assert ask("GW105", codebase_of(tmp_path, files, basis=basis, package=package)) == []


def test_a_gateway_of_a_preset_is_asked(tmp_path: Path) -> None:
    files = {"cache.py": "register()", "cache_core.py": ""}

    assert len(ask("GW105", codebase_of(tmp_path, files, basis="preset"))) == 1


# GW112


def test_an_unknown_import_is_quoted(tmp_path: Path) -> None:
    name = "a_very_long_name_" * 5

    assert told(tmp_path, "GW112", {"app.py": f"__import__(name)\n__import__({name})"}) == [
        (
            "app.py:1: note: `app` imports by a string that can't be read from the source: `__import__(name)`;"
            " write the name out, or choose it from a table of strings"
        ),
        (
            f"app.py:2: note: `app` imports by a string that can't be read from the source: `__import__({name[:48]}…`;"
            " write the name out, or choose it from a table of strings"
        ),
    ]


@pytest.mark.parametrize(("include_tests", "paths"), [(False, ["app.py"]), (True, ["app.py", "tests/test_app.py"])])
def test_tests_may_import_what_they_like_unless_they_are_included(
    tmp_path: Path, include_tests: bool, paths: list[str]
) -> None:
    files = {"app.py": "__import__(name)", "tests/test_app.py": "__import__(name)"}
    codebase = codebase_of(tmp_path, files, include_tests=include_tests)

    assert [finding.path for finding in ask("GW112", codebase)] == paths


# GW201, GW202, GW203


def test_a_cycle_is_told_with_its_way_round(tmp_path: Path) -> None:
    files = {"a.py": "import b", "b.py": "import c", "c.py": "import a"}

    assert findings(tmp_path, "GW201", files) == [
        Finding(
            "GW201",
            "error",
            "3 modules import one another when they are loaded: `a → b → c → a`; remove or defer this import",
            "a.py",
            Span(1, 1, 1, 9),
            "a.py b.py c.py",
            (
                Related("a.py", Span(1, 1, 1, 9), "imports `b.py`", is_step=True),
                Related("b.py", Span(1, 1, 1, 9), "imports `c.py`", is_step=True),
                Related("c.py", Span(1, 1, 1, 9), "imports `a.py`", is_step=True),
            ),
        )
    ]


def test_other_imports_that_have_to_go_are_named_last(tmp_path: Path) -> None:
    files = {"a.py": "import b\nimport c", "b.py": "import a\nimport c", "c.py": "import a\nimport b"}
    (finding,) = findings(tmp_path, "GW201", files)

    assert finding.message.endswith("`a → b → a`; remove or defer 3 imports, the fewest possible")
    assert [(one.path, one.at.line, one.message) for one in finding.related] == [
        ("a.py", 1, "imports `b.py`"),
        ("b.py", 1, "imports `a.py`"),
        ("a.py", 2, "remove or defer this import, too"),
        ("b.py", 2, "remove or defer this import, too"),
    ]


def test_a_cut_that_may_not_be_smallest_says_so() -> None:
    steps = (Step("a.py", "b.py", FIRST_LINE), Step("b.py", "a.py", FIRST_LINE))
    cycle = Cycle("deferred", ("a.py", "b.py"), steps, steps, False)
    project = Project("package", (".",), None, (), (cycle,), ())  # type: ignore[arg-type]  # no account is asked for
    codebase = Codebase(Config(Path()), project, project.cycles, lambda path: ())
    codebase.__dict__["components"] = StandIn(codebase.config, project)

    assert [finding.message for finding in ask("GW202", codebase)] == [
        (
            "2 modules import one another, some of them only when a function is called: `a.py → b.py → a.py`;"
            " remove 2 imports, a set without proof of being smallest"
        )
    ]


def test_a_long_way_round_is_shown_at_its_ends(tmp_path: Path) -> None:
    files = {f"m{number}.py": f"import m{(number + 1) % 9}" for number in range(9)}
    (finding,) = findings(tmp_path, "GW201", files)

    assert "`m0 → m1 → m2 → … 3 more … → m6 → m7 → m8 → m0`" in finding.message
    assert len(finding.related) == 9


def test_a_cycle_of_modules_of_one_name_is_told_by_path(tmp_path: Path) -> None:
    functions = template(function("A", "a"), function("B", "b"))
    files = {"template.yaml": functions}
    files |= {f"{root}/{name}.py": f"import {other}" for root in "ab" for name, other in (("x", "y"), ("y", "x"))}

    assert [finding.message.split("`")[1] for finding in findings(tmp_path, "GW201", files)] == [
        "a/x.py → a/y.py → a/x.py",
        "b/x.py → b/y.py → b/x.py",
    ]


def test_a_finding_sits_at_no_import_of_an_own_gateway_if_it_can() -> None:
    at = (Step("cache_core.py", "cache.py", FIRST_LINE), Step("other.py", "cache.py", FIRST_LINE))
    cycle = Cycle("eager", ("cache.py", "cache_core.py", "other.py"), at, at, True)
    only = Cycle("eager", ("cache.py", "cache_core.py"), at[:1], at[:1], True)
    project = Project("package", (".",), None, (), (cycle, only), ())  # type: ignore[arg-type]  # no account is asked for
    codebase = Codebase(Config(Path()), project, project.cycles, lambda path: ())
    codebase.__dict__["components"] = StandIn(codebase.config, project)

    assert [finding.path for finding in ask("GW201", codebase)] == ["cache_core.py", "other.py"]


@pytest.mark.parametrize("code", ["GW201", "GW202", "GW203"])
def test_every_kind_of_cycle_has_a_rule_of_its_own(tmp_path: Path, code: str) -> None:
    late, typed = "def f():\n    import {}", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {}"
    files = {
        "GW201/a.py": "import GW201.b",
        "GW201/b.py": "import GW201.a",
        "GW202/a.py": "import GW202.b",
        "GW202/b.py": late.format("GW202.a"),
        "GW203/a.py": "import GW203.b",
        "GW203/b.py": typed.format("GW203.a"),
    }

    assert [finding.identity for finding in findings(tmp_path, code, files)] == [f"{code}/a.py {code}/b.py"]


# GW204

LATE = "def f():\n    "
PACKAGE = {"app/__init__.py": "", "app/store.py": "", "app/inner/__init__.py": ""}


@pytest.mark.parametrize(
    ("source", "severity"),
    [
        ("import app.gone", "error"),
        ("import importlib\nimportlib.import_module('app.gone')", "error"),
        (f"{LATE}import app.gone", "warning"),
        (f"import importlib\n{LATE}importlib.import_module('app.gone')", "warning"),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import app.gone", "warning"),
        ("if True\n    import app.gone", "warning"),
    ],
)
def test_how_grave_a_missing_module_is(tmp_path: Path, source: str, severity: str) -> None:
    found = findings(tmp_path, "GW204", PACKAGE | {"main.py": source})

    assert [finding.severity for finding in found] == [severity]


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    import app.gone\nexcept ImportError:\n    pass",
        "from contextlib import suppress\nwith suppress(ImportError):\n    import app.gone",
        "import app.store, app.inner, boto3, gone",
        "from app import whatever",
    ],
)
def test_what_may_be_missing_or_is_not(tmp_path: Path, source: str) -> None:
    assert findings(tmp_path, "GW204", PACKAGE | {"main.py": source}) == []


def test_a_test_that_imports_what_is_missing_is_warned(tmp_path: Path) -> None:
    found = findings(tmp_path, "GW204", PACKAGE | {"tests/test_app.py": "import app.gone"})

    assert [finding.severity for finding in found] == ["warning"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("from app.stoer import x", "`app.stoer`, which does not exist; did you mean `app.store`?"),
        ("from app.inner.store import x", "`app.inner.store`, which does not exist; did you mean `app.store`?"),
        ("from ap.inner import gone\nimport app.x", "`app.x`, which does not exist; create it or remove this"),
        ("import app.innner.deep", "`app.innner.deep`, which does not exist; did you mean `app.inner.deep`?"),
        ("import app.inner.deep.er", "`app.inner.deep.er`, which does not exist; create it or remove this"),
    ],
)
def test_the_nearest_module_is_offered(tmp_path: Path, source: str, message: str) -> None:
    files = PACKAGE | {"app/inner/deep.py": "", "main.py": source}

    assert [finding.message for finding in findings(tmp_path, "GW204", files)] == [f"`main` imports {message}"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("from .storde import x", "`.storde`, which does not exist; did you mean `app.inner.stored`?"),
        ("from ..stor import x", "`..stor`, which does not exist; did you mean `app.store`?"),
        ("from ...app.gone import x", "`...app.gone`, which does not exist; create it or remove this"),
        ("from ....x import y", "`....x`, which leads beyond the top of the project; import it by its full name"),
        ("from .... import y", "`....y`, which leads beyond the top of the project; import it by its full name"),
    ],
)
def test_relative_imports_are_told_as_they_are_written(tmp_path: Path, source: str, message: str) -> None:
    files = PACKAGE | {"app/inner/stored.py": "", "app/inner/deep.py": source}
    found = findings(tmp_path, "GW204", files)

    assert [finding.message for finding in found] == [f"`app.inner.deep` imports {message}"]


def test_of_several_names_the_missing_one_is_told(tmp_path: Path) -> None:
    files = {"folder/a.py": "from . import b, cc", "folder/b.py": "", "folder/c.py": "", "folder/ccd.py": ""}

    assert told(tmp_path, "GW204", files) == [
        "folder/a.py:1: error: `folder.a` imports `.cc`, which does not exist; did you mean `folder.ccd`?"
    ]


def test_a_relative_import_does_not_leave_the_folder_that_is_deployed(tmp_path: Path) -> None:
    files = {"template.yaml": template(function("A", "a")), "a/main.py": "from ..b import x", "b.py": ""}

    assert told(tmp_path, "GW204", files) == [
        "a/main.py:1: error: `main` imports `..b`, which leads beyond the top of `a`; import it by its full name"
    ]


def test_a_module_that_is_deployed_elsewhere_is_named(tmp_path: Path) -> None:
    functions = template(function("A", "a"), function("B", "b"))
    files = {"template.yaml": functions, "a/main.py": "import prices", "b/main.py": "", "b/prices.py": ""}

    assert findings(tmp_path, "GW204", files) == [
        Finding(
            "GW204",
            "error",
            "`a/main.py` imports `prices`, but `b/prices.py` is not deployed with it; move that where both can see it",
            "a/main.py",
            Span(1, 1, 1, 14),
            "import prices",
            (Related("b/prices.py", FIRST_LINE, "is deployed elsewhere"),),
            elsewhere=("a/prices.py", "a/prices/__init__.py", "b/prices.py", "b/prices/__init__.py"),
        )
    ]


def test_what_is_missing_in_the_flat_layout_is_sought_by_its_name(tmp_path: Path) -> None:
    files = {
        "gwlint.toml": 'layout = "flat"',
        "src/cache/cache_core.py": "",
        "app.py": "from src.cache.cache_cor import x",
    }

    assert told(tmp_path, "GW204", files) == [
        "app.py:1: error: `app` imports `src.cache.cache_cor`, which does not exist; did you mean `cache_core`?"
    ]


def test_a_module_that_is_no_package_has_no_modules(tmp_path: Path) -> None:
    files = {"gwlint.toml": 'layout = "flat"', "src/a.py": "", "src/b.py": "", "src/app.py": "import a.b"}

    assert told(tmp_path, "GW204", files) == [
        "src/app.py:1: error: `app` imports `a.b`, which does not exist; did you mean `b`?"
    ]


# GW205


def test_a_module_that_hides_one_of_the_standard_library(tmp_path: Path) -> None:
    assert told(tmp_path, "GW205", {"random.py": "", "json.py": "", "import.py": ""}) == [
        (
            "import.py:1: warning: `import.py` can't be imported by a statement, as `import` is a keyword;"
            " call it `import_`"
        ),
        (
            "json.py:1: warning: `json.py` can't be imported as `json`, as that module of the standard library is"
            " already loaded when the code starts; rename the file"
        ),
        (
            "random.py:1: warning: `random.py` hides `random` of the standard library from everything that is deployed"
            " with it; rename it"
        ),
    ]


def test_a_module_that_hides_another_of_its_deployment(tmp_path: Path) -> None:
    resources = template(function("A", "a", layers="!Ref L"), layer("L", "l"))
    files = {"template.yaml": resources, "a/main.py": "", "a/prices.py": "", "l/python/prices/__init__.py": ""}

    assert findings(tmp_path, "GW205", files) == [
        Finding(
            "GW205",
            "warning",
            "`a/prices.py` hides `l/python/prices/__init__.py`, which is deployed under the same name;"
            " rename one of them",
            "a/prices.py",
            FIRST_LINE,
            "project l/python/prices/__init__.py",
            (Related("l/python/prices/__init__.py", FIRST_LINE, "is hidden"),),
        )
    ]
