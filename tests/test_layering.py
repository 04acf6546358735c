"""Orders of layers, declared and by preset, and the modules that should have a place in one."""

from pathlib import Path

import pytest

from gwlint.config import ConfigError, LayersContract
from tests.asking import codebase, objections

ONION = LayersContract("onion", (("shop.handlers",), ("shop.orders", "shop.bills"), ("shop.tables",)))
FILES = {
    "shop/__init__.py": "",
    "shop/handlers/__init__.py": "",
    "shop/handlers/web.py": "import shop.orders\nimport shop.tables\n",
    "shop/orders.py": "import shop.tables\n",
    "shop/bills.py": "import shop.orders\n",
    "shop/tables.py": "import shop.handlers.web\nimport shop.clock\n",
    "shop/clock.py": "import shop.handlers\n",
    "test_shop.py": "import shop.tables\n",
}


def test_imports_go_down_and_siblings_leave_one_another_alone(tmp_path: Path) -> None:
    assert objections(codebase(tmp_path, FILES, contracts=(ONION,))) == [
        "shop/bills.py:1 GW110 error",
        "shop/tables.py:1 GW110 error",
    ]


def test_the_message_names_both_layers_and_the_guidance(tmp_path: Path) -> None:
    from gwlint.rules.gw110_layer_violation import LayerViolation

    guided = LayersContract(ONION.name, ONION.layers, guidance="read the handbook")
    asked = codebase(tmp_path, FILES, contracts=(guided,))

    assert [finding.message for finding in LayerViolation().check(asked)] == [
        (
            "`shop.bills` imports `shop.orders`: in `onion`, layer `shop.orders` stands beside layer `shop.bills`; "
            "read the handbook"
        ),
        (
            "`shop.tables` imports `shop.handlers.web`: in `onion`, layer `shop.handlers` stands above layer "
            "`shop.tables`; read the handbook"
        ),
    ]


def test_without_guidance_the_remedy_is_that_of_the_offence(tmp_path: Path) -> None:
    from gwlint.rules.gw110_layer_violation import LayerViolation

    files = {
        "gateway.py": "import log_core\n",
        "interface_log.py": "import log_core\n",
        "log_core.py": "import interface_log\n",
    }
    declared = codebase(tmp_path / "declared", FILES, contracts=(ONION,))
    universal = codebase(tmp_path / "universal", files, preset="universal")
    messages = [finding.message for asked in (declared, universal) for finding in LayerViolation().check(asked)]

    assert [message.partition("layer ")[2] for message in messages] == [
        (
            "`shop.orders` stands beside layer `shop.bills`; let a layer above use both, or move what they share to a "
            "lower one"
        ),
        (
            "`shop.handlers` stands above layer `shop.tables`; turn the dependency round, or move what is needed to a "
            "lower layer"
        ),
        "`*_core` stands more than one step below layer `gateway`; go through the layer between them",
        (
            "`interface_*` stands above layer `*_core`; turn the dependency round, or move what is needed to a "
            "lower layer"
        ),
    ]


def test_an_exhaustive_contract_asks_for_every_module_of_its_package(tmp_path: Path) -> None:
    from gwlint.rules.gw005_unassigned_module import UnassignedModule

    exhaustive = LayersContract(ONION.name, ONION.layers, exhaustive=True)
    asked = codebase(tmp_path, {**FILES, "tool.py": ""}, contracts=(exhaustive,))

    assert [(finding.path, finding.severity) for finding in UnassignedModule().check(asked)] == [
        ("shop/clock.py", "error")
    ]


def test_layers_without_a_package_are_exhaustive_for_the_whole_project(tmp_path: Path) -> None:
    from gwlint.rules.gw005_unassigned_module import UnassignedModule

    contract = LayersContract("flat", (("app",), ("tables",)), exhaustive=True)
    asked = codebase(tmp_path, {"app.py": "", "tables.py": "", "tool.py": "", "test_app.py": ""}, contracts=(contract,))

    assert [finding.path for finding in UnassignedModule().check(asked)] == ["tool.py"]


@pytest.mark.parametrize("settings", [{"extend_select": ("GW005",)}, {"severity": (("GW005", "note"),)}])
def test_the_rule_asks_for_every_module_where_it_is_switched_on(settings: dict[str, object], tmp_path: Path) -> None:
    from gwlint.rules.gw005_unassigned_module import UnassignedModule

    files = {
        "cache.py": "",
        "cache_core.py": "",
        "orders.py": "",
        "lambda_function.py": "",
        "config.py": "",
        "test_x.py": "",
    }
    asked = codebase(tmp_path, files, **settings)

    assert [finding.path for finding in UnassignedModule().check(asked)] == ["orders.py"]


def test_a_file_that_only_marks_a_package_needs_no_place(tmp_path: Path) -> None:
    from gwlint.rules.gw005_unassigned_module import UnassignedModule

    files = {
        "shop/__init__.py": '"""A shop."""\n',
        "shop/web/__init__.py": "",
        "shop/web/cart.py": "",
        "shop/web/till.py": "",
        "shop/tills/__init__.py": "from shop.tills.paper import printed\n",
        "shop/tills/paper.py": "",
    }
    layers = (("shop.web.cart", "shop.web.till"), ("shop.tills.paper",))
    exhaustive = LayersContract("onion", layers, exhaustive=True)
    asked = codebase(tmp_path, files, contracts=(exhaustive,), extend_select=("GW005",))

    assert [finding.path for finding in UnassignedModule().check(asked)] == ["shop/tills/__init__.py"]


def test_layers_that_mean_nothing_are_refused(tmp_path: Path) -> None:
    asked = codebase(tmp_path, FILES, contracts=(LayersContract("onion", (("shop.handlers",), ("shop.table",))),))

    with pytest.raises(ConfigError) as refused:
        asked.layerings  # noqa: B018
    assert refused.value.problems == (
        "the settings: contracts.onion.layers: no module matches 'shop.table'; did you mean 'shop.tables'?",
    )


def test_the_preset_finds_layers_wherever_they_lie_beside_one_another(tmp_path: Path) -> None:
    files = {
        "a/handlers/web.py": "from a.dal import table\n",
        "a/logic/orders.py": "import a.handlers.web\n",
        "a/dal/table.py": "import a.logic.orders\nimport b.logic\n",
        "b/logic.py": "import b.dal\n",
        "b/dal.py": "import b.logic\n",
        "c/logic.py": "",
    }

    assert objections(codebase(tmp_path, files, preset="layers")) == [
        "a/dal/table.py:1 GW110 error",
        "a/logic/orders.py:1 GW110 error",
        "b/dal.py:1 GW110 error",
    ]


def test_the_layers_of_the_preset_can_be_called_otherwise(tmp_path: Path) -> None:
    files = {"api/web.py": "", "handlers/queue.py": "import api.web\n", "stores/table.py": "import api.web\n"}

    assert objections(codebase(tmp_path, files, preset="layers", layers=("handlers|api", "stores"))) == [
        "stores/table.py:1 GW110 error"
    ]


def test_the_preset_without_layers_is_refused(tmp_path: Path) -> None:
    asked = codebase(tmp_path, {"gwlint.toml": "", "app.py": "", "logic.py": ""}, preset="layers")

    with pytest.raises(ConfigError) as refused:
        asked.layerings  # noqa: B018
    assert refused.value.problems == (
        (
            "gwlint.toml: preset: no two of the layers 'handlers', 'logic', 'dal' lie beside one another; "
            "set 'layers' to what they are called"
        ),
    )
