"""`gwlint duplicates`, as it is printed."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gwlint import __version__
from tests.conftest import Golden
from tests.projects import FIXTURES, REPOSITORY, gwlint, write
from tests.test_clones import WORK

DRIFTED = FIXTURES / "drifted"
SCHEMA = json.loads((REPOSITORY / "gwlint/schemas/duplicates.schema.json").read_bytes())


def test_copies_are_listed(golden: Golden) -> None:
    ran = gwlint("duplicates", DRIFTED, "--no-cache")

    assert ran == (0, golden.text("duplicates.text", ran.out), "")


def test_copies_are_shown_side_by_side(golden: Golden) -> None:
    ran = gwlint("duplicates", DRIFTED, "--diff", "--no-cache", COLUMNS="130")

    assert ran == (0, golden.text("duplicates--diff.text", ran.out), "")


def test_copies_are_coloured(golden: Golden) -> None:
    ran = gwlint("duplicates", DRIFTED, "--diff", "--no-cache", COLUMNS="80", FORCE_COLOR="1")

    assert ran == (0, golden.text("duplicates-coloured.text", ran.out), "")


def test_copies_are_json(golden: Golden) -> None:
    ran = gwlint("duplicates", DRIFTED, "--format", "json", "--no-cache")
    said = ran.out.replace(f'"version": "{__version__}"', '"version": "0.0.0"')

    assert (ran.code, said) == (0, golden.text("duplicates.json", said))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(json.loads(said))] == []


@pytest.mark.parametrize(("seed", "jobs"), [("0", "1"), ("1", "2"), ("2", "1")])
def test_neither_hashes_nor_processes_change_what_is_found(seed: str, jobs: str, golden: Golden) -> None:
    ran = gwlint("duplicates", DRIFTED, "--no-cache", "--jobs", jobs, PYTHONHASHSEED=seed)

    assert ran.out == golden.text("duplicates.text")


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_every_object_of_the_schema_is_closed_and_requires_all_it_has() -> None:
    objects = [SCHEMA, *SCHEMA["$defs"].values()]

    assert [(one["additionalProperties"], one["required"]) for one in objects] == [
        (False, list(one["properties"])) for one in objects
    ]


def test_only_the_copies_of_a_file_are_shown(tmp_path: Path) -> None:
    files = {name: WORK.format(name="work").replace("deleted", name[0] * 4) for name in ("aa.py", "ba.py")}
    write(tmp_path, {"gwlint.toml": "", **files, "c/aa.py": files["aa.py"], "c/ba.py": files["ba.py"]})
    ran = gwlint("duplicates", "ba.py", cwd=tmp_path)

    assert ran.out.splitlines()[1:3] == ["  aa.py:1: aa.work, 10 lines", "  ba.py:1: ba.work, 10 lines"]


def test_there_may_be_none(tmp_path: Path) -> None:
    assert gwlint("duplicates", write(tmp_path, {"a.py": "x = 1\n"})) == (0, "no copies of functions\n", "")


def test_a_mistake_in_the_settings_is_one_line(tmp_path: Path) -> None:
    ran = gwlint("duplicates", write(tmp_path, {"gwlint.toml": "duplicates.threshold = 82\n"}))

    assert ran == (
        2,
        "",
        "gwlint: error: gwlint.toml: 'duplicates.threshold' can't be 82; write a number from 0.5 to 1\n",
    )
