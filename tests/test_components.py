"""Which modules make a component, and what role every module plays."""

from pathlib import Path

import pytest

from gwlint.config import ConfigError, DeclaredComponent
from tests.asking import codebase, objections, roles

TAKES_IT = "from {0} import get\n"


def of(names: str) -> dict[str, str]:
    """Return empty modules, one for each name."""
    return {f"{name}.py": "" for name in names.split()}


def test_a_core_beside_its_module_makes_a_component(tmp_path: Path) -> None:
    asked = codebase(tmp_path, of("orders orders_core orders_table ordering app"))

    assert roles(asked) == {
        "app.py": "external",
        "ordering.py": "external",
        "orders.py": "gateway of orders",
        "orders_core.py": "internal of orders",
        "orders_table.py": "internal of orders",
    }


def test_a_gateway_of_the_reference_runtime_needs_two_internals_or_a_core(tmp_path: Path) -> None:
    asked = codebase(tmp_path, of("cache cache_store cache_keys metrics metrics_names orders orders_a orders_b"))

    assert roles(asked) == {
        "cache.py": "gateway of cache",
        "cache_keys.py": "internal of cache",
        "cache_store.py": "internal of cache",
        "metrics.py": "external",
        "metrics_names.py": "external",
        "orders.py": "external",
        "orders_a.py": "external",
        "orders_b.py": "external",
    }


def test_a_gateway_is_no_internal_of_a_shorter_one(tmp_path: Path) -> None:
    asked = codebase(
        tmp_path, of("http http_core http_client http_client_core circuit circuit_core circuit_breaker circuit_open")
    )

    assert roles(asked) == {
        "circuit.py": "gateway of circuit",
        "circuit_breaker.py": "external",
        "circuit_core.py": "internal of circuit",
        "circuit_open.py": "internal of circuit",
        "http.py": "gateway of http",
        "http_client.py": "gateway of http_client",
        "http_client_core.py": "internal of http_client",
        "http_core.py": "internal of http",
    }


@pytest.mark.parametrize("gateway", ["lambda", "lambda_"])
def test_the_lambda_gateway_may_be_called_after_the_keyword(gateway: str, tmp_path: Path) -> None:
    asked = codebase(tmp_path, of(f"{gateway} lambda_core lambda_response lambda_function lambda_handler"))

    assert roles(asked) == {
        f"{gateway}.py": f"gateway of {gateway}",
        "lambda_core.py": f"internal of {gateway}",
        "lambda_function.py": "entry-point",
        "lambda_handler.py": "entry-point",
        "lambda_response.py": f"internal of {gateway}",
    }


def test_an_entry_point_is_no_internal(tmp_path: Path) -> None:
    files = {**of("orders orders_core"), "orders_api.py": "def lambda_handler(event, context): ...\n"}

    assert roles(codebase(tmp_path, files))["orders_api.py"] == "entry-point"


def test_names_count_within_one_folder(tmp_path: Path) -> None:
    asked = codebase(
        tmp_path, {"a/orders.py": "", "b/orders_core.py": "", "c/stock/stock.py": "", "c/stock_core.py": ""}
    )

    assert set(roles(asked).values()) == {"external"}


def test_a_folder_of_the_gateways_name_has_it_inside(tmp_path: Path) -> None:
    asked = codebase(
        tmp_path, {"cache/cache.py": "", "cache/cache_core.py": "", "stock/__init__.py": "", "stock/stock_core.py": ""}
    )

    assert roles(asked) == {
        "cache/cache.py": "gateway of cache",
        "cache/cache_core.py": "internal of cache",
        "stock/__init__.py": "gateway of stock",
        "stock/stock_core.py": "internal of stock",
    }


def test_deployed_flat_names_count_across_folders(tmp_path: Path) -> None:
    files = {"gwlint.toml": 'layout = "flat"\nroots = ["src"]\n', "src/a/cache.py": "", "src/b/cache_core.py": ""}

    assert roles(codebase(tmp_path, files)) == {
        "src/a/cache.py": "gateway of cache",
        "src/b/cache_core.py": "internal of cache",
    }


def test_an_internal_package_is_internal_as_a_whole(tmp_path: Path) -> None:
    files = {"cache.py": "", "cache_core/__init__.py": "", "cache_core/keys.py": "", "cache_core/deep/er.py": ""}

    assert roles(codebase(tmp_path, files)) == {
        "cache.py": "gateway of cache",
        "cache_core/__init__.py": "internal of cache",
        "cache_core/deep/er.py": "internal of cache",
        "cache_core/keys.py": "internal of cache",
    }


def test_a_package_that_offers_what_it_keeps_private_makes_a_component(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/cache/__init__.py": "from shop.cache._store import get\n",
        "shop/cache/_store.py": "",
        "shop/cache/_impl/keys.py": "",
        "shop/cache/limits.py": "",
        "shop/util/__init__.py": "",
        "shop/util/_text.py": "",
    }

    assert roles(codebase(tmp_path, files)) == {
        "shop/__init__.py": "external",
        "shop/cache/__init__.py": "gateway of shop.cache",
        "shop/cache/_impl/keys.py": "internal of shop.cache",
        "shop/cache/_store.py": "internal of shop.cache",
        "shop/cache/limits.py": "external",
        "shop/util/__init__.py": "external",
        "shop/util/_text.py": "external",
    }


def test_the_innermost_of_nested_components_owns_a_module(tmp_path: Path) -> None:
    files = {
        "shop/__init__.py": "from shop._app.cache import get\n",
        "shop/_app/cache.py": "",
        "shop/_app/cache_core.py": "",
    }

    assert roles(codebase(tmp_path, files)) == {
        "shop/__init__.py": "gateway of shop",
        "shop/_app/cache.py": "gateway of cache",
        "shop/_app/cache_core.py": "internal of cache",
    }


@pytest.mark.parametrize("settings", [{"infer": False}, {"preset": "none"}])
def test_inference_can_be_switched_off(settings: dict[str, object], tmp_path: Path) -> None:
    asked = codebase(tmp_path, of("cache cache_core"), **settings)

    assert set(roles(asked).values()) == {"external"}


def test_the_preset_knows_its_gateways_without_internals_and_what_they_share(tmp_path: Path) -> None:
    asked = codebase(tmp_path, of("cache metrics metrics_names config config_core variables app"), preset="gateway")

    assert roles(asked) == {
        "app.py": "external",
        "cache.py": "gateway of cache",
        "config.py": "config",
        "config_core.py": "config",
        "metrics.py": "gateway of metrics",
        "metrics_names.py": "internal of metrics",
        "variables.py": "config",
    }


def test_the_preset_knows_the_foundations_beside_its_gateways(tmp_path: Path) -> None:
    files = [*(f"shared/{name}" for name in ("cache", "errors", "context", "store")), "orders/errors", "clock"]
    asked = codebase(tmp_path, of(" ".join(files)), preset="gateway")

    assert roles(asked) == {
        "clock.py": "external",
        "orders/errors.py": "external",
        "shared/cache.py": "gateway of cache",
        "shared/context.py": "config",
        "shared/errors.py": "config",
        "shared/store.py": "config",
    }


def test_the_universal_preset_has_one_gateway(tmp_path: Path) -> None:
    asked = codebase(tmp_path, of("gateway interface_cache cache_core app"), preset="universal")

    assert roles(asked) == {
        "app.py": "external",
        "cache_core.py": "internal of gateway",
        "gateway.py": "gateway of gateway",
        "interface_cache.py": "internal of gateway",
    }


def test_what_is_declared_goes_before_what_could_be_inferred(tmp_path: Path) -> None:
    declared = (DeclaredComponent("store", "cache_core", ("cache_*", "keys")),)
    asked = codebase(tmp_path, of("cache cache_core cache_disk keys"), components=declared)

    assert roles(asked) == {
        "cache.py": "external",
        "cache_core.py": "gateway of store",
        "cache_disk.py": "internal of store",
        "keys.py": "internal of store",
    }


def test_where_no_internals_are_declared_names_tell(tmp_path: Path) -> None:
    declared = (DeclaredComponent("store", "store", ()), DeclaredComponent("lone", "lone", ()))
    files = {**of("store_disk lone keys"), "store/__init__.py": "", "store/memory.py": ""}

    assert roles(codebase(tmp_path, files, components=declared)) == {
        "keys.py": "external",
        "lone.py": "gateway of lone",
        "store/__init__.py": "gateway of store",
        "store/memory.py": "internal of store",
        "store_disk.py": "internal of store",
    }


PACKAGES = {
    "shop/__init__.py": "from shop._prices import total\n",
    "shop/_prices.py": "",
    "shop/basket.py": "from shop._prices import total\n",
    "shop/deep/__init__.py": "",
    "shop/deep/_impl.py": "",
    "till.py": "from shop._prices import total\nfrom shop.deep import _impl\n",
}
SHOP = (DeclaredComponent("shop", "shop", (), package=True),)


def test_a_package_that_is_declared_is_what_would_be_inferred_and_binds(tmp_path: Path) -> None:
    inferred = codebase(tmp_path, PACKAGES)
    declared = codebase(tmp_path, PACKAGES, components=SHOP)

    assert roles(declared) == roles(inferred)
    assert objections(inferred) == ["till.py:1 GW101 warning"]
    assert objections(declared) == ["till.py:1 GW101 error"]


def test_a_package_that_is_declared_needs_no_inference_and_need_not_offer_anything(tmp_path: Path) -> None:
    declared = (DeclaredComponent("deep", "shop.deep", (), package=True),)
    asked = codebase(tmp_path, PACKAGES, components=declared, infer=False)

    assert objections(asked) == ["till.py:2 GW101 error"]


@pytest.mark.parametrize("gateway", ["till", "shop.basket"])
def test_what_is_no_package_can_not_be_declared_as_one(tmp_path: Path, gateway: str) -> None:
    asked = codebase(tmp_path, PACKAGES, components=(DeclaredComponent("x", gateway, (), package=True),))
    path = f"{gateway.replace('.', '/')}.py"

    with pytest.raises(ConfigError) as error:
        roles(asked)
    assert error.value.problems == (
        f"the settings: components.x: {path} has no private modules below it; name the internals instead",
    )


def test_the_longest_glob_wins(tmp_path: Path) -> None:
    declared = (
        DeclaredComponent("one", "shop.one", ("shop.**",)),
        DeclaredComponent("two", "shop.two", ("shop.two_*",)),
    )
    files = {"shop/one.py": "", "shop/two.py": "", "shop/two_a.py": "", "shop/deep/er.py": ""}
    asked = codebase(tmp_path, files, components=declared, config_modules=("shop.deep.er",))

    assert roles(asked) == {
        "shop/deep/er.py": "config",
        "shop/one.py": "gateway of one",
        "shop/two.py": "gateway of two",
        "shop/two_a.py": "internal of two",
    }


def test_a_star_stays_between_dots_and_means_what_is_below(tmp_path: Path) -> None:
    declared = (DeclaredComponent("cache", "cache", ("cache_*",)),)
    files = {"cache.py": "", "cache_core/__init__.py": "", "cache_core/keys.py": "", "a/cache_x.py": ""}

    assert roles(codebase(tmp_path, files, components=declared)) == {
        "a/cache_x.py": "external",
        "cache.py": "gateway of cache",
        "cache_core/__init__.py": "internal of cache",
        "cache_core/keys.py": "internal of cache",
    }


@pytest.mark.parametrize(
    ("glob", "meant"),
    [
        ("a?", {"ab.py", "ac.py"}),
        ("a[bx]", {"ab.py"}),
        ("a[!b]", {"ac.py"}),
        ("a[b-c]", {"ab.py", "ac.py"}),
        ("d.*", {"d/ab.py", "d/e/f.py"}),
        ("d.e", {"d/e/f.py"}),
        ("**", {"ab.py", "ac.py", "d/ab.py", "d/e/f.py"}),
        ("**.ab", {"d/ab.py"}),
    ],
)
def test_globs_are_those_of_names(glob: str, meant: set[str], tmp_path: Path) -> None:
    files = dict.fromkeys(("ab.py", "ac.py", "d/ab.py", "d/e/f.py"), "")
    asked = codebase(tmp_path, files, extensions=(("meant", (glob,)),))

    assert {path for path, role in roles(asked).items() if role == "extension of meant"} == meant


def test_extensions_are_declared(tmp_path: Path) -> None:
    asked = codebase(tmp_path, of("ha_lights ha_doors app"), extensions=(("ha", ("ha_*",)),))

    assert roles(asked) == {"app.py": "external", "ha_doors.py": "extension of ha", "ha_lights.py": "extension of ha"}


def test_tests_have_a_role_of_their_own(tmp_path: Path) -> None:
    assert roles(codebase(tmp_path, of("cache cache_core test_cache cache_test conftest"))) == {
        "cache.py": "gateway of cache",
        "cache_core.py": "internal of cache",
        "cache_test.py": "test",
        "conftest.py": "test",
        "test_cache.py": "test",
    }


def test_a_product_module_may_be_called_like_a_test(tmp_path: Path) -> None:
    files = {
        "states/__init__.py": "",
        "states/provider.py": "import states.test_state\n",
        "states/test_state.py": "import states.test_props\n",
        "states/test_props.py": "",
        "states/test_provider.py": "import unittest\nimport states.provider\n",
        "states/test_alone.py": "",
    }

    assert roles(codebase(tmp_path, files)) == {
        "states/__init__.py": "external",
        "states/provider.py": "external",
        "states/test_alone.py": "test",
        "states/test_props.py": "external",
        "states/test_provider.py": "test",
        "states/test_state.py": "external",
    }


def test_declarations_that_mean_nothing_are_refused_all_at_once(tmp_path: Path) -> None:
    declared = (DeclaredComponent("cache", "cache", ("cache_cor", "chache_*")),)
    asked = codebase(tmp_path, of("cache cache_core"), components=declared, extensions=(("ha", ("ha.*",)),))

    with pytest.raises(ConfigError) as refused:
        asked.components  # noqa: B018
    assert refused.value.problems == (
        "the settings: components.cache.internals: no module matches 'cache_cor'; did you mean 'cache_core'?",
        "the settings: components.cache.internals: no module matches 'chache_*'; did you mean 'cache'?",
        "the settings: extensions.ha: no module matches 'ha.*'; name a module of the project",
    )


def test_a_gateway_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    asked = codebase(tmp_path, of("cache"), components=(DeclaredComponent("cache", "app.cache", ()),))

    with pytest.raises(ConfigError) as refused:
        asked.components  # noqa: B018
    assert refused.value.problems == (
        "the settings: components.cache.gateway: there is no module 'app.cache'; did you mean 'cache'?",
    )


def test_a_declared_component_of_several_functions_stays_within_each(tmp_path: Path) -> None:
    files = {
        "gwlint.toml": 'roots = ["a", "b"]\n',
        **{f"{root}/{name}.py": "" for root in "ab" for name in ("cache", "cache_core")},
    }
    asked = codebase(tmp_path, files, components=(DeclaredComponent("cache", "cache", ("cache_*",)),))

    assert [(one.gateway, one.internals) for one in asked.components.all] == [
        ("a/cache.py", ("a/cache_core.py",)),
        ("b/cache.py", ("b/cache_core.py",)),
    ]
