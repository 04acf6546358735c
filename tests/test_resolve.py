import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.building import build, function, implicit, layer, leads, module, names, template, used
from tests.projects import REPOSITORY

PACKAGE = {"pkg/__init__.py": "", "pkg/core.py": "", "pkg/sub/__init__.py": "", "pkg/sub/deep.py": ""}
PACKAGED = {"gwlint.toml": 'layout = "package"\n'}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import pkg", ["pkg/__init__.py"]),
        ("import pkg.core", ["pkg/core.py"]),
        ("import pkg.sub.deep as d", ["pkg/sub/deep.py"]),
        ("from pkg import core", ["pkg/core.py"]),
        ("from pkg import core, name", ["pkg/__init__.py: name", "pkg/core.py"]),
        ("from pkg import name", ["pkg/__init__.py: name"]),
        ("from pkg.core import a, b", ["pkg/core.py: a, b"]),
        ("from pkg import *", ["pkg/__init__.py: *"]),
        ("from pkg.sub import deep", ["pkg/sub/deep.py"]),
        ("import pkg.gone", ["missing: import pkg.gone"]),
        ("from pkg.gone import a", ["missing: from pkg.gone import a"]),
        ("import pkg.core.gone", ["missing: import pkg.core.gone"]),
        ("import requests.adapters", ["outside: requests.adapters"]),
        ("import os.path", ["outside: os.path"]),
        ("import pkg, os", ["pkg/__init__.py", "outside: os"]),
        ("import importlib\nimportlib.import_module('pkg.core')", ["pkg/core.py", "outside: importlib"]),
    ],
)
def test_an_absolute_import_leads_to_a_file(tmp_path: Path, statement: str, expected: list[str]) -> None:
    assert leads(build(tmp_path, {**PACKAGE, "main.py": statement}), "main.py") == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from . import deep", ["pkg/sub/deep.py"]),
        ("from .deep import a", ["pkg/sub/deep.py: a"]),
        ("from .. import core", ["pkg/core.py"]),
        ("from ..core import a", ["pkg/core.py: a"]),
        ("from .. import name", ["pkg/__init__.py: name"]),
        ("from . import *", ["pkg/sub/__init__.py: *"]),
        ("from .gone import a", ["missing: from .gone import a"]),
        ("from ....core import a", ["missing: from ....core import a"]),
        ("from importlib import import_module as i\ni('..core', __package__)", ["pkg/core.py", "outside: importlib"]),
        ("from importlib import import_module as i\ni('pkg.gone')", ["outside: importlib", "missing: i('pkg.gone')"]),
    ],
)
def test_a_relative_import_follows_the_folders(tmp_path: Path, statement: str, expected: list[str]) -> None:
    assert leads(build(tmp_path, {**PACKAGE, **PACKAGED, "pkg/sub/me.py": statement}), "pkg/sub/me.py") == expected


def test_what_lies_in_a_package_is_not_missed_under_a_bare_name(tmp_path: Path) -> None:
    project = build(
        tmp_path / "pkg", {"__init__.py": "", "extra/__init__.py": "", "a.py": "import extra.gone\nimport extra"}
    )

    assert leads(project, "a.py") == ["extra/__init__.py", "outside: extra.gone"]


def test_a_folder_without_an_init_is_no_sure_place_to_miss_something(tmp_path: Path) -> None:
    files = {
        "cloud/dns/__init__.py": "",
        "cloud/aws/__init__.py": "",
        "cloud/aws/connect.py": "import dns.message\n",
        "cloud/run.py": "import dns.message\n",
    }
    project = build(tmp_path, files)

    assert leads(project, "cloud/aws/connect.py") == ["outside: dns.message"]
    assert leads(project, "cloud/run.py") == ["missing: import dns.message"]


def test_packages_on_the_way_run_too(tmp_path: Path) -> None:
    project = build(tmp_path, {**PACKAGE, "main.py": "import pkg.sub.deep", "pkg/me.py": "from .sub import deep"})

    assert implicit(project, "main.py") == ["pkg/__init__.py", "pkg/sub/__init__.py"]
    assert implicit(project, "pkg/me.py") == ["pkg/__init__.py", "pkg/sub/__init__.py"]


def test_folders_without_an_init_are_packages(tmp_path: Path) -> None:
    project = build(
        tmp_path,
        {
            "ns/a.py": "from . import b\nfrom .sub.c import x\nfrom .gone import y",
            "ns/b.py": "",
            "ns/sub/c.py": "from ns import b\nimport ns.b",
            "main.py": "import ns.a\nfrom ns import b\nfrom ns import gone",
        },
    )

    assert leads(project, "ns/a.py") == ["ns/b.py", "ns/sub/c.py: x", "missing: from .gone import y"]
    assert leads(project, "ns/sub/c.py") == ["ns/b.py", "ns/b.py"]
    assert leads(project, "main.py") == ["ns/a.py", "ns/b.py", "outside: ns"]


def test_attributes_reach_submodules(tmp_path: Path) -> None:
    source = "import pkg\npkg.core.x\ndef f(): pkg.sub.deep.y\npkg.name\nfrom pkg import sub as s\ns.deep.z\n"
    project = build(tmp_path, {**PACKAGE, "main.py": source})

    assert used(project, "main.py") == ["pkg/core.py: x", "pkg/sub/deep.py: y", "pkg/sub/deep.py: z"]


def test_an_attribute_of_what_is_imported_anyway_is_no_news(tmp_path: Path) -> None:
    project = build(tmp_path, {**PACKAGE, "main.py": "import pkg.core\npkg.core.x\nimport os\nos.path.join\n"})

    assert used(project, "main.py") == []


def test_a_name_handed_on_belongs_to_who_hands_it_on(tmp_path: Path) -> None:
    project = build(
        tmp_path, {"cache.py": "from cache_core import get", "cache_core.py": "", "m.py": "from cache import get"}
    )

    assert leads(project, "m.py") == ["cache.py: get"]


def test_keeps_kind_and_guard(tmp_path: Path) -> None:
    source = (
        "try:\n  from .gone import a\nexcept ImportError: pass\ndef f():\n  from .gone import b\n"
        "if TYPE_CHECKING:\n  from .gone import c\n"
    )
    project = build(tmp_path, {"pkg/__init__.py": "", "pkg/m.py": source})

    assert [(one.kind, one.guarded) for one in module(project, "pkg/m.py").resolution.unresolved] == [
        ("eager", True),
        ("deferred", False),
        ("type-only", False),
    ]


def test_recovers_an_import_of_a_keyword(tmp_path: Path) -> None:
    project = build(tmp_path, {"lambda.py": "", "m.py": "from lambda import x\n"})

    assert [(one.target_path, one.recovered) for one in module(project, "m.py").resolution.edges] == [
        ("lambda.py", True)
    ]


def test_lists_unknown_imports(tmp_path: Path) -> None:
    project = build(tmp_path, {"m.py": "import importlib\nimportlib.import_module(name)\n"})

    assert [one.text for one in module(project, "m.py").unknown] == ["importlib.import_module(name)"]


# The standard library.


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import json\njson.dumps()", ["outside: json"]),
        ("import json", ["outside: json"]),
        ("from json import dumps", ["outside: json"]),
        ("from json import dumps, own", ["outside: json"]),
        ("from json import own", ["json.py: own"]),
        ("import json\njson.own()", ["json.py"]),
        ("import queue", ["queue.py"]),
        ("import logging.handlers", ["outside: logging.handlers"]),
        ("import sys", ["outside: sys"]),
        ("import csv", ["outside: csv"]),
    ],
)
def test_decides_between_a_file_and_the_standard_library(tmp_path: Path, source: str, expected: list[str]) -> None:
    files = {"json.py": "def own(): pass", "queue.py": "", "sys.py": "", "logging.py": "", "m.py": source}

    assert leads(build(tmp_path, files), "m.py") == expected


def test_a_file_in_a_package_hides_nothing(tmp_path: Path) -> None:
    files = {"p/__init__.py": "", "p/json.py": "", "p/queue.py": "", "p/m.py": "import json, queue\nfrom . import json"}

    assert leads(build(tmp_path, files), "p/m.py") == ["p/json.py", "outside: json", "outside: queue"]


def test_a_mere_folder_hides_nothing(tmp_path: Path) -> None:
    files = {
        "email/x.py": "",
        "concurrent/y.py": "",
        "m.py": "import email\nfrom email.utils import z\nimport concurrent.futures",
    }

    assert leads(build(tmp_path, files), "m.py") == [
        "outside: email",
        "outside: email.utils",
        "outside: concurrent.futures",
    ]


# What exists without a source.


def test_what_exists_without_a_source_is_not_missing(tmp_path: Path) -> None:
    project = build(
        tmp_path,
        {
            ".gitignore": "_version.py\n",
            "gwlint.toml": 'exclude = ["pkg/left_out"]\n',
            "pkg/__init__.py": (
                "from ._version import v\nfrom . import fast\nfrom .stub import a\nfrom .left_out.b import c\n"
            ),
            "pkg/_version.py": "",
            "pkg/fast.cpython-312-x86_64-linux-gnu.so": "",
            "pkg/stub.pyi": "",
            "pkg/left_out/__init__.py": "",
            "main.py": "import pkg.fast, pkg._version\nimport pkg.gone\n",
        },
    )

    assert leads(project, "pkg/__init__.py") == [
        "pkg/__init__.py: fast",
        "outside: pkg._version",
        "outside: pkg.fast",
        "outside: pkg.stub",
        "outside: pkg.left_out.b",
    ]
    assert leads(project, "main.py") == ["outside: pkg._version", "outside: pkg.fast", "missing: import pkg.gone"]


def test_what_a_copy_of_six_makes_at_run_time_is_not_missing(tmp_path: Path) -> None:
    source = "from pkg.six.moves.urllib.parse import quote\nfrom .six.moves import range\nimport pkg.six.gone\n"
    project = build(tmp_path, {"pkg/__init__.py": "", "pkg/six/__init__.py": "", "pkg/a.py": source})

    assert leads(project, "pkg/a.py") == [
        "outside: pkg.six.moves.urllib.parse",
        "outside: pkg.six.moves",
        "missing: import pkg.six.gone",
    ]


def test_vendored_packages_are_third_party(tmp_path: Path) -> None:
    project = build(
        tmp_path,
        {
            "app.py": "import requests, mine\nfrom requests.api import get",
            "mine/__init__.py": "",
            "requests/__init__.py": "import gone",
            "requests-2.0.dist-info/INSTALLER": "pip",
            "requests-2.0.dist-info/RECORD": "requests/__init__.py,,\n",
        },
    )

    assert leads(project, "app.py") == ["mine/__init__.py", "outside: requests", "outside: requests.api"]
    assert names(project) == {"app.py": "app", "mine/__init__.py": "mine"}


# Functions and layers.

SHOP = {
    "template.yaml": template(
        function("Orders", "src/orders", layers="!Ref Common"),
        function("Carts", "src/carts", layers="!Ref Common"),
        function("Bare", "src/bare"),
        layer("Common", "layer"),
    ),
    "src/orders/utils.py": "",
    "src/carts/utils.py": "",
    "src/carts/only.py": "",
    "src/orders/main.py": "import utils, common\nimport only\nimport boto3",
    "src/carts/main.py": "from utils import a\nfrom common import b",
    "src/bare/main.py": "import common",
    "layer/python/common.py": "import utils, only, json\nimport nothing",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "src/orders/main.py",
            ["src/orders/utils.py", "layer/python/common.py", "outside: boto3", "missing: import only"],
        ),
        ("src/carts/main.py", ["src/carts/utils.py: a", "layer/python/common.py: b"]),
        ("src/bare/main.py", ["missing: import common"]),
        (
            "layer/python/common.py",
            ["src/carts/utils.py", "src/orders/utils.py", "src/carts/only.py", "outside: json", "outside: nothing"],
        ),
    ],
)
def test_each_function_sees_its_own_files_and_layers(tmp_path: Path, path: str, expected: list[str]) -> None:
    assert sorted(leads(build(tmp_path, SHOP), path)) == sorted(expected)


def test_nothing_lies_above_a_function(tmp_path: Path) -> None:
    files = {
        "template.yaml": template(function("A", "src/a"), function("B", "src/b")),
        "src/a/main.py": "from ..b import main\nfrom ..b.main import x",
        "src/a/p/__init__.py": "",
        "src/a/p/q.py": "from .. import main",
        "src/b/main.py": "",
    }
    project = build(tmp_path, files)

    assert leads(project, "src/a/main.py") == ["missing: from ..b import main", "missing: from ..b.main import x"]
    assert leads(project, "src/a/p/q.py") == ["src/a/main.py"]


def test_what_another_function_deploys_with_it_may_lie_above(tmp_path: Path) -> None:
    files = {
        "template.yaml": template(function("All", ".", handler="src.a.main.h"), function("A", "src/a")),
        "src/a/main.py": "from ..b import main",
        "src/b/main.py": "",
    }

    assert leads(build(tmp_path, files), "src/a/main.py") == ["src/b/main.py"]


def test_tests_reach_functions_by_folder_and_by_name(tmp_path: Path) -> None:
    files = {
        **SHOP,
        "tests/test_carts.py": "from src.carts import main\nfrom src.carts.main import x\nimport only\nimport utils",
    }

    assert leads(build(tmp_path, files), "tests/test_carts.py") == [
        "src/carts/main.py",
        "src/carts/main.py: x",
        "src/carts/only.py",
        "outside: utils",
    ]


def test_a_linked_folder_is_one_folder(tmp_path: Path) -> None:
    project = build(
        tmp_path,
        {
            "template.yaml": template(function("A", "a"), function("B", "b")),
            "a/main.py": "from shared import u",
            "b/main.py": "import shared.u",
            "lib/shared/__init__.py": "",
            "lib/shared/u.py": "from shared import v\nfrom . import v",
            "lib/shared/v.py": "",
        },
        {"a/shared": "../lib/shared", "b/shared": "../lib/shared"},
    )

    assert leads(project, "a/main.py") == ["lib/shared/u.py"]
    assert leads(project, "b/main.py") == ["lib/shared/u.py"]
    assert leads(project, "lib/shared/u.py") == ["lib/shared/v.py", "lib/shared/v.py"]


# Where names begin.


def test_src_is_a_root(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": "",
        "src/app/__init__.py": "",
        "src/app/core.py": "from app import util",
        "src/app/util.py": "",
        "tests/test_core.py": "from app.core import x\nimport helper",
        "tests/helper.py": "",
    }
    project = build(tmp_path, files)

    assert leads(project, "src/app/core.py") == ["src/app/util.py"]
    assert leads(project, "tests/test_core.py") == ["src/app/core.py: x", "tests/helper.py"]
    assert names(project)["src/app/core.py"] == "app.core"


def test_projects_inside_a_project_see_one_another(tmp_path: Path) -> None:
    files = {
        "a/pyproject.toml": "",
        "a/one/__init__.py": "",
        "a/one/m.py": "import two.m\nimport one",
        "b/setup.py": "",
        "b/src/two/__init__.py": "",
        "b/src/two/m.py": "",
    }
    project = build(tmp_path, files)

    assert leads(project, "a/one/m.py") == ["b/src/two/m.py", "a/one/__init__.py"]


def test_a_project_that_is_a_package_has_its_name(tmp_path: Path) -> None:
    files = {
        "__init__.py": "",
        "core.py": "from shop import util\nfrom .util import x\nimport shop.util, shop.gone\nfrom .. import y",
        "util.py": "",
    }
    project = build(tmp_path / "shop", files)

    assert names(project) == {"__init__.py": "shop", "core.py": "shop.core", "util.py": "shop.util"}
    assert leads(project, "core.py") == [
        "util.py", "util.py: x", "util.py", "missing: import shop.gone", "missing: from .. import y",
    ]  # fmt: skip


# The flat layout.

FLAT = {
    "src/__init__.py": "",
    "src/cache/cache.py": "from . import cache_core\nfrom .cache_core import x",
    "src/cache/cache_core.py": "from logging_core import log\nfrom src.logging.logging_core import debug\nimport boto3",
    "src/logging/logging.py": "import logging\nimport logging.handlers",
    "src/logging/logging_core.py": "from email.utils import a\nimport concurrent.futures\nfrom . import metrics",
    "src/email/mail.py": "",
    "src/concurrent/pool.py": "",
    "src/metrics/metrics.py": "import cache\nfrom cache_core import y",
    "src/main.py": "import cache, metrics\nfrom lambda import handle\nfrom .gone import z\nfrom . import gone",
    "src/lambda/lambda.py": "",
}


@pytest.mark.parametrize("layout", ["", 'layout = "flat"\n'])
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/cache/cache.py", ["src/cache/cache_core.py", "src/cache/cache_core.py: x"]),
        (
            "src/cache/cache_core.py",
            ["src/logging/logging_core.py: log", "src/logging/logging_core.py: debug", "outside: boto3"],
        ),
        ("src/logging/logging.py", ["outside: logging", "outside: logging.handlers"]),
        (
            "src/logging/logging_core.py",
            ["src/metrics/metrics.py", "outside: email.utils", "outside: concurrent.futures"],
        ),
        ("src/metrics/metrics.py", ["src/cache/cache.py", "src/cache/cache_core.py: y"]),
        (
            "src/main.py",
            [
                "src/cache/cache.py",
                "src/metrics/metrics.py",
                "src/lambda/lambda.py: handle",
                "missing: from .gone import z",
                "missing: from . import gone",
            ],
        ),
    ],
)
def test_flat_names_ignore_folders(tmp_path: Path, layout: str, path: str, expected: list[str]) -> None:
    project = build(tmp_path, {**FLAT, "gwlint.toml": layout})

    assert project.layout == "flat"
    assert leads(project, path) == expected


def test_flat_names_are_those_of_files(tmp_path: Path) -> None:
    assert names(build(tmp_path, FLAT))["src/cache/cache_core.py"] == "cache_core"


@pytest.mark.parametrize(
    "files",
    [
        {**PACKAGE, "main.py": "from pkg import core\nimport pkg.sub.deep"},
        {
            **PACKAGE,
            "main.py": "import core, deep\nfrom pkg import core\nimport pkg.sub.deep\nfrom pkg.sub import deep",
        },
        {"a.py": "import b", "b.py": "import requests, boto3, yaml"},
        {"a.py": "", "b.py": ""},
        {},
        SHOP,
    ],
)
def test_a_normal_project_is_not_flat(tmp_path: Path, files: dict[str, str]) -> None:
    assert build(tmp_path, files).layout == "package"


def test_the_layout_can_be_decided(tmp_path: Path) -> None:
    assert build(tmp_path, {**FLAT, "gwlint.toml": 'layout = "package"\n'}).layout == "package"


def test_the_names_of_the_standard_library_are_known_without_importing_by_name() -> None:
    script = (
        "from gwlint.resolve.standard import _standard_names; from gwlint.stdlib import LOADED_AT_START; "
        "print(*(name for name in sorted(LOADED_AT_START) if not _standard_names(name)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)

    assert [name for name in ran.stdout.split() if find_spec(name) is not None] == []
