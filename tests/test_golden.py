"""What users see of the fixtures. `pytest tests/test_golden.py --update-golden` writes it down anew."""

import json

import pytest
from jsonschema import Draft202012Validator

from tests.conftest import Golden
from tests.projects import FIXTURES, REPOSITORY, gwlint

SCHEMA = json.loads((REPOSITORY / "gwlint/schemas/graph.schema.json").read_bytes())
PROJECTS = ("flat", "orders")


@pytest.mark.parametrize("form", ["text", "json", "dot", "mermaid"])
@pytest.mark.parametrize("project", PROJECTS)
def test_a_fixture_looks_as_it_should(project: str, form: str, golden: Golden) -> None:
    ran = gwlint("graph", FIXTURES / project, "--format", form, "--no-cache")

    assert ran == (0, golden.text(f"{project}.{form}", ran.out), "")


@pytest.mark.parametrize("options", [("--cycles",), ("--kind", "dynamic"), ("--focus", "cache_core")])
def test_a_part_of_a_fixture_looks_as_it_should(options: tuple[str, ...], golden: Golden) -> None:
    ran = gwlint("graph", FIXTURES / "orders", *options, "--no-cache")

    assert ran == (0, golden.text(f"orders{''.join(options)}.text", ran.out), "")


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("project", PROJECTS)
def test_the_json_of_a_fixture_follows_the_schema(project: str, golden: Golden) -> None:
    graph = json.loads(golden.text(f"{project}.json"))
    errors = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(graph)]

    assert errors == []


def test_every_object_of_the_schema_is_closed_and_requires_all_it_has() -> None:
    objects = [SCHEMA, SCHEMA["properties"]["files"], *(one for one in SCHEMA["$defs"].values() if "properties" in one)]

    assert [(one["additionalProperties"], one["required"]) for one in objects] == [
        (False, list(one["properties"])) for one in objects
    ]
