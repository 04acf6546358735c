"""Which imports the access matrix objects to, by which rule, and which it lets pass."""

from pathlib import Path

import pytest

from gwlint.access import CELLS
from gwlint.config import DeclaredComponent
from gwlint.rules import RULES
from tests.asking import codebase, objections

DECLARED = {
    "components": (
        DeclaredComponent("cache", "cache", ("cache_*",)),
        DeclaredComponent("metrics", "metrics", ("metrics_*",)),
    ),
    "extensions": (("ha", ("ha_*",)), ("zigbee", ("zigbee",))),
    "config_modules": ("settings",),
    "infer": False,
}
PLAIN = {
    f"{name}.py": ""
    for name in (
        "cache", "cache_core", "cache_store", "metrics", "metrics_core", "ha_lights", "ha_names", "zigbee", "settings",
        "orders", "prices", "test_orders",
    )
}  # fmt: skip
HANDLER = "def lambda_handler(event, context): ...\n"


def importing(tmp_path: Path, importer: str, imported: str, **settings: object) -> list[str]:
    """Return what there is to object to when one module imports another, and nothing else does."""
    files = {**PLAIN, "app.py": HANDLER}
    files[f"{importer}.py"] += f"import {imported}\n"
    return objections(codebase(tmp_path, files, **{**DECLARED, **settings}))


@pytest.mark.parametrize(
    ("importer", "imported", "rule"),
    [
        ("orders", "cache_core", "GW101 error"),
        ("app", "cache_core", "GW101 error"),
        ("ha_lights", "cache_core", "GW101 error"),
        ("metrics", "cache_core", "GW102 error"),
        ("metrics_core", "cache_core", "GW102 error"),
        ("settings", "cache_core", "GW102 error"),
        ("metrics", "cache", "GW103 warning"),
        ("settings", "cache", "GW103 warning"),
        ("cache_core", "cache", "GW104 warning"),
        ("orders", "ha_lights", "GW107 warning"),
        ("cache", "ha_lights", "GW107 warning"),
        ("cache_core", "ha_lights", "GW107 warning"),
        ("settings", "ha_lights", "GW107 warning"),
        ("zigbee", "ha_lights", "GW107 warning"),
        ("cache", "orders", "GW114 warning"),
        ("cache_core", "orders", "GW114 warning"),
        ("cache_core", "app", "GW114 warning"),
        ("settings", "orders", "GW114 warning"),
        ("orders", "test_orders", "GW115 warning"),
        ("app", "test_orders", "GW115 warning"),
        ("cache", "test_orders", "GW115 warning"),
        ("cache_core", "test_orders", "GW115 warning"),
        ("ha_lights", "test_orders", "GW115 warning"),
        ("settings", "test_orders", "GW115 warning"),
    ],
)
def test_an_import_is_objected_to(importer: str, imported: str, rule: str, tmp_path: Path) -> None:
    line = 2 if importer == "app" else 1

    assert importing(tmp_path, importer, imported) == [f"{importer}.py:{line} {rule}"]


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("orders", "cache"), ("orders", "prices"), ("orders", "app"), ("orders", "settings"),
        ("app", "cache"), ("app", "orders"), ("app", "ha_lights"),
        ("cache", "cache_core"), ("cache", "settings"),
        ("cache_core", "cache_store"), ("cache_core", "metrics"), ("cache_core", "settings"),
        ("ha_lights", "ha_names"), ("ha_lights", "cache"), ("ha_lights", "orders"), ("ha_lights", "settings"),
        ("test_orders", "cache_core"), ("test_orders", "ha_lights"), ("test_orders", "orders"),
    ],
)  # fmt: skip
def test_an_import_passes(importer: str, imported: str, tmp_path: Path) -> None:
    assert importing(tmp_path, importer, imported) == []


OF_EACH_CELL = {
    "external-to-internal": ("orders", "cache_core"),
    "external-to-extension": ("orders", "ha_lights"),
    "external-to-test": ("orders", "test_orders"),
    "entry-point-to-extension": ("app", "ha_lights"),
    "gateway-to-gateway": ("metrics", "cache"),
    "gateway-to-internal": ("metrics", "cache_core"),
    "gateway-to-external": ("cache", "orders"),
    "gateway-to-extension": ("cache", "ha_lights"),
    "gateway-to-test": ("cache", "test_orders"),
    "internal-to-own-gateway": ("cache_core", "cache"),
    "internal-to-gateway": ("cache_core", "metrics"),
    "internal-to-internal": ("metrics_core", "cache_core"),
    "internal-to-external": ("cache_core", "orders"),
    "internal-to-extension": ("cache_core", "ha_lights"),
    "internal-to-test": ("cache_core", "test_orders"),
    "extension-to-gateway": ("ha_lights", "cache"),
    "extension-to-internal": ("ha_lights", "cache_core"),
    "extension-to-external": ("ha_lights", "orders"),
    "extension-to-extension": ("zigbee", "ha_lights"),
    "extension-to-test": ("ha_lights", "test_orders"),
    "config-to-gateway": ("settings", "cache"),
    "config-to-internal": ("settings", "cache_core"),
    "config-to-external": ("settings", "orders"),
    "config-to-extension": ("settings", "ha_lights"),
    "config-to-test": ("settings", "test_orders"),
}


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_can_be_switched(cell: str, tmp_path: Path) -> None:
    importer, imported = OF_EACH_CELL[cell]
    denied = importing(tmp_path / "denied", importer, imported, access=((cell, "deny"),))
    allowed = importing(tmp_path / "allowed", importer, imported, access=((cell, "allow"),))

    assert [line.split()[1] for line in denied] == [CELLS[cell].rule]
    assert allowed == []


def test_a_group_switches_its_cells_and_a_cell_goes_before_it(tmp_path: Path) -> None:
    settings = (("component-to-external", "allow"), ("gateway-to-external", "deny"))

    assert importing(tmp_path / "a", "cache_core", "orders", access=settings) == []
    assert importing(tmp_path / "b", "cache", "orders", access=settings) == ["cache.py:1 GW114 warning"]


@pytest.mark.parametrize(
    "statement",
    [
        "def f():\n    import cache_core",
        "import importlib\nimportlib.import_module('cache_core')",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import cache_core",
    ],
)
def test_every_kind_of_import_counts(statement: str, tmp_path: Path) -> None:
    files = {"cache.py": "", "cache_core.py": "", "orders.py": statement}

    assert [line.split()[1] for line in objections(codebase(tmp_path, files))] == ["GW101"]


def test_imports_for_type_checkers_can_be_exempt(tmp_path: Path) -> None:
    source = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import cache_core\ndef f():\n    import cache_core\n"
    )
    files = {"cache.py": "", "cache_core.py": "", "orders.py": source}

    assert objections(codebase(tmp_path, files, access=(("type-only", "allow"),))) == ["orders.py:5 GW101 warning"]


def test_tests_can_be_included(tmp_path: Path) -> None:
    files = {
        "cache.py": "",
        "cache_core.py": "",
        "test_a.py": "import cache_core\nimport conftest\n",
        "conftest.py": "",
    }

    assert objections(codebase(tmp_path, files, include_tests=True)) == ["test_a.py:1 GW101 warning"]


def test_one_import_of_one_name_is_objected_to_once(tmp_path: Path) -> None:
    files = {
        "cache.py": "from cache_core import _keys, get\n",
        "cache_core.py": "",
        "metrics.py": "from cache import _keys, get\n",
        "metrics_core.py": "",
    }

    assert objections(codebase(tmp_path, files)) == ["metrics.py:1 GW103 warning", "metrics.py:1 GW106 warning"]


def test_inferred_components_get_warnings_and_foundations_pass(tmp_path: Path) -> None:
    files = {
        "cache.py": "import cache_core\n",
        "cache_core.py": "import config, texts, orders, app\n",
        "config.py": "import cache\n",
        "texts.py": "",
        "orders.py": "import cache\nimport cache_core\n",
        "app.py": HANDLER,
    }

    assert objections(codebase(tmp_path, files)) == [
        "cache_core.py:1 GW114 warning",
        "cache_core.py:1 GW114 warning",
        "orders.py:2 GW101 warning",
    ]


def test_all_uses_of_an_internal_in_a_file_are_one_objection(tmp_path: Path) -> None:
    source = "import shop.cache\n\nA = shop.cache_core.a\nB = shop.cache_core.b\n"
    files = {
        "shop/__init__.py": "",
        "shop/cache.py": "import shop.cache_core\n",
        "shop/cache_core.py": "",
        "orders.py": source,
    }

    assert objections(codebase(tmp_path, files)) == ["orders.py:3 GW101 warning"]


def test_a_private_use_of_what_is_imported_is_no_second_bypass(tmp_path: Path) -> None:
    files = {
        "cache.py": "from cache_core import get\n",
        "cache_core.py": "def get():\n    import cache\n    return cache._limit\n",
        "orders.py": "import cache_core\nimport cache\nA = cache_core._store\nB = cache._limit\n",
    }

    assert objections(codebase(tmp_path, files)) == [
        "cache_core.py:2 GW104 warning",
        "orders.py:1 GW101 warning",
        "orders.py:4 GW106 warning",
    ]


def test_within_a_package_everything_may_be_imported(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "from shop._cart import put\nfrom shop._cart import _secret\n",
        "shop/_cart.py": "import shop\nfrom shop import orders\n",
        "shop/orders.py": "import shop._cart\nfrom shop import put\n",
        "shop/deep/er.py": "from shop._cart import put\n",
        "tool.py": "import shop\nfrom shop._cart import put\n",
    }

    assert objections(codebase(tmp_path, files)) == ["tool.py:2 GW101 warning"]


def test_a_private_name_is_nothing_that_a_package_offers(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/cart/__init__.py": "from shop.cart._store import put, _rows\n",
        "shop/cart/_store.py": "",
        "shop/orders.py": "from shop.cart._store import _rows\n",
        "tool.py": "from shop.cart._store import put, _rows\n",
    }
    asked = codebase(tmp_path, files)

    assert [finding.message for rule in RULES for finding in rule.check(asked)] == [
        "`tool` imports `shop.cart._store`, an internal of `shop.cart`; import `shop.cart`"
    ]


@pytest.mark.parametrize("preset", ["gateway", None])
def test_the_package_around_a_gateway_of_its_name_is_the_gateway_as_well(preset: str | None, tmp_path: Path) -> None:
    files = {
        "cache/__init__.py": "from .cache import get\n",
        "cache/cache.py": "from .cache_core import get\n",
        "cache/cache_core.py": "def get():\n    import cache\n",
        "metrics.py": "import metrics_core\n",
        "metrics_core.py": "from cache import get\n",
        "orders.py": "from cache import get\nimport cache.cache\nimport cache.cache_core\n",
    }

    assert objections(codebase(tmp_path, files, preset=preset)) == [
        "cache/cache_core.py:2 GW104 warning",
        f"orders.py:3 GW101 {'error' if preset else 'warning'}",
    ]


def test_the_universal_preset_has_an_order(tmp_path: Path) -> None:
    files = {
        "gateway.py": "import interface_cache\nimport cache_core\n",
        "interface_cache.py": "import cache_core\n",
        "cache_core.py": "import interface_cache\nimport log_core\n",
        "log_core.py": "import gateway\n",
        "app.py": "import gateway\nimport interface_cache\n",
    }

    assert objections(codebase(tmp_path, files, preset="universal")) == [
        "app.py:2 GW101 error",
        "cache_core.py:1 GW110 error",
        "gateway.py:2 GW110 error",
        "log_core.py:1 GW104 warning",
    ]


def test_a_name_that_is_handed_on_is_traced_to_its_definer(tmp_path: Path) -> None:
    files = {
        "cache.py": "from cache_core import get\n",
        "cache_core.py": "",
        "a.py": "from cache_core import get\nfrom b import later\n",
        "b.py": "from a import get\ndef later(): ...\n",
        "c.py": "from b import later\n",
        "d.py": "from a import *\n",
        "e.py": "def f():\n    from cache_core import get\n",
        "f.py": "from e import get\n",
    }

    assert objections(codebase(tmp_path, files)) == [
        "a.py:1 GW101 warning",
        "b.py:1 GW113 warning",
        "d.py:1 GW113 warning",
        "e.py:2 GW101 warning",
    ]


def test_nothing_leaks_where_the_import_is_allowed(tmp_path: Path) -> None:
    files = {"cache.py": "", "cache_core.py": "", "a.py": "from cache_core import get\n", "b.py": "from a import get\n"}

    assert objections(codebase(tmp_path, files, access=(("external-to-internal", "allow"),))) == []


def test_messages_name_who_does_what_to_whom_and_the_way_out(tmp_path: Path) -> None:
    files = {
        "cache.py": "from cache_core import get\n",
        "cache_core.py": "",
        "a/main.py": "from cache_core import get\n",
        "b/main.py": "",
    }
    asked = codebase(tmp_path, {**files, "gwlint.toml": 'roots = ["a", "b"]\n'})

    from gwlint.rules.gw101_gateway_bypass import GatewayBypass

    assert [(one.message, one.identity) for one in GatewayBypass().check(asked)] == [
        ("`a/main.py` imports `cache_core`, an internal of `cache`; import `get` from `cache`", "cache_core.py")
    ]
