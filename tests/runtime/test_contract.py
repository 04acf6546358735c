"""The manifest says what the code does. `pytest tests/runtime/test_contract.py --update-contract` writes it anew."""

import sys

import pytest

from gwlint import contract as contracts
from gwlint.contract import FILE, RUNTIME, contract
from tests.runtime import source

GATEWAYS = {
    "cache", "circuit_breaker", "http_client", "initialization", "lambda_", "logging", "metrics", "security",
    "singleton", "utility",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _updated(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("--update-contract"):
        FILE.write_text(source.written(source.as_coded(contract())), encoding="utf-8")
        contracts.contract.cache_clear()


def test_manifest_and_code_are_equal() -> None:
    assert contract() == source.as_coded(contract())
    assert FILE.read_text(encoding="utf-8") == source.written(contract())


def test_there_are_ten_gateways() -> None:
    assert set(contract().gateways) == GATEWAYS


def test_the_package_offers_the_gateways_of_the_manifest() -> None:
    there = {name: f".{name}" for name in contract().gateways if (RUNTIME / f"{name}.py").exists()}

    assert source.gateways_of_package() == there


def test_every_module_has_one_place() -> None:
    known = contract()
    placed = [
        one for name, gateway in known.gateways.items() for one in (name, *gateway.internals) if one in known.needs
    ]

    assert sorted([*placed, *known.foundations]) == source.modules()


def test_internals_keep_to_their_component() -> None:
    known = contract()
    owner = {one: name for name, gateway in known.gateways.items() for one in gateway.internals}
    wrong = [
        (module, needed)
        for module, needs in known.needs.items()
        for needed in needs
        if (needed in owner and owner[needed] not in (module, owner.get(module)))
        or (needed in known.gateways and (module not in owner or owner[module] == needed))
    ]

    assert wrong == []


def test_no_capability_has_two_owners() -> None:
    owned = [one for gateway in contract().gateways.values() for one in (*gateway.owns, *gateway.clients)]

    assert len(owned) == len(set(owned))


def test_what_is_needed_follows() -> None:
    assert contract().closure(["singleton"]) == ("clock", "context", "errors", "flight", "singleton", "singleton_core")
    assert contract().closure([]) == ()


def test_the_linter_loads_no_runtime() -> None:
    import subprocess

    code = "import gwlint.cli, gwlint.components, gwlint.contract, sys; gwlint.contract.contract(); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert [name for name in ran.stdout.split() if name.startswith("gwlint.runtime")] == []
