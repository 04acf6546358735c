"""The schema of the settings, for editors: it knows the same keys, and accepts whatever gwlint accepts."""

import json
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from jsonschema import Draft202012Validator

import gwlint
from gwlint.access import CELLS, GROUPS, TYPE_ONLY
from gwlint.config.keys import keys
from gwlint.config.model import Config
from gwlint.config.show import lines
from tests.test_config import ALL_KEYS
from tests.test_config_keys import EVERYTHING
from tests.test_config_sources import configs

SCHEMA = json.loads((Path(gwlint.__file__).parent / "schemas/config.schema.json").read_bytes())
VALIDATOR = Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_has_the_keys_that_there_are() -> None:
    assert list(SCHEMA["properties"]) == list(keys(Path(), None))


def test_the_schema_has_the_cells_that_there_are() -> None:
    assert list(SCHEMA["properties"]["access"]["properties"]) == [*CELLS, *GROUPS, TYPE_ONLY]


def test_the_schema_knows_the_defaults() -> None:
    defaults = tomli.loads("\n".join(lines(Config(Path("/"), preset="layers"))))
    stated = {key: described["default"] for key, described in SCHEMA["properties"].items() if "default" in described}

    assert {key: defaults[key] for key in stated} == stated


@pytest.mark.parametrize("text", ["", ALL_KEYS, EVERYTHING])
def test_what_gwlint_accepts_is_valid(text: str) -> None:
    assert list(VALIDATOR.iter_errors(tomli.loads(text))) == []


@given(configs())
def test_what_gwlint_shows_is_valid(config: Config) -> None:
    assert list(VALIDATOR.iter_errors(tomli.loads("\n".join(lines(config))))) == []


@pytest.mark.parametrize(
    "text",
    [
        "baseline = ''",
        "roots = ['']",
        "layout = 'fancy'",
        "entry-points = ['app/handler.py']",
        "infer = 0",
        "config = ['app config']",
        "layers = ['a']",
        "layers = ['a', 'b|']",
        "components.a = {}",
        "components.a.gateway = 'a*'",
        "components.a = { gateway = 'a', package = 1 }",
        "components.a = { gateway = 'a', package = true, internals = ['b'] }",
        "components.'' = { gateway = 'a' }",
        "extensions.a = []",
        "access.gateway-to-gateway = 'off'",
        "access.gateway = 'deny'",
        "contracts = {}",
        "contracts = [{ name = 'a', layers = ['b', 'c'] }]",
        "contracts = [{ name = 'a', type = 'forbidden', layers = ['b', 'c'] }]",
        "contracts = [{ name = 'a', type = 'layers', layers = ['b', 'c|'] }]",
        "duplicates.min-statements = 0",
        "duplicates.threshold = 82",
        "duplicates.kinds = ['same']",
        "duplicates.kind = ['exact']",
        "budgets.memory-mb = 0",
        "budgets.init-ms = true",
        "budgets.package-mb = 99999",
        "budgets.site-packages = ' '",
        "budgets.memory = 128",
        "functions = []",
        "functions.'' = {}",
        "functions.a.handler = 'main'",
        "functions.a.memory-mb = 64",
        "functions.a.memory = 128",
        "functions.a.runtime = 'python2.7'",
        "functions.a.architecture = 'arm'",
        "select = []",
        "ignore = ['E501']",
        "severity.GW1 = 'info'",
        "severity.E501 = 'off'",
        "per-file-ignores.a = []",
        "per-file-ignores.'!a' = ['GW1']",
        "docs-url = 'docs/rules'",
        "docs-url = 'https://example.com/{rule}'",
        "issues-url = 'https://'",
    ],
)
def test_a_mistake_is_seen_in_the_editor(text: str) -> None:
    assert not VALIDATOR.is_valid(tomli.loads(text))
