"""Whole projects: one as it should be, the same after two years of drift, and one that wants to break its reader."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gwlint import __version__
from gwlint.cache import Cache
from gwlint.check import check
from gwlint.config import load
from gwlint.finding import Finding
from gwlint.project import Account
from gwlint.report import Report
from gwlint.rules import RULES
from tests.conftest import Golden
from tests.projects import FIXTURES, REPOSITORY, gwlint

TODAY = date(2026, 6, 1)
PROJECTS = ("compliant", "drifted", "hostile")
UNPARSED = {
    "backslash.py": 2,
    "brackets_left_open.py": 2,
    "conflict.py": 1,
    "half_a_statement.py": 1,
    "keyword_import.py": 1,
    "left_open.py": 2,
    "mixed_indent.py": 3,
    "nul.py": 1,
    "nul_in_string.py": 1,
    "only_nul.py": 1,
    "operators.py": 1,
    "parentheses.py": 2,
    "python2.py": 2,
    "utf_16_no_bom.py": 1,
}
UNDECODED = {
    "bytes.py": 3,
    "latin_bare.py": 1,
    "lying_cookie.py": 3,
    "rot13_cookie.py": 1,
    "surrogate.py": 1,
    "unknown_cookie.py": 1,
    "utf_16.py": 1,
}
UNREAD = ("dangling.py", "one.py", "self.py", "two.py")
OUTSIDE = ("outside.py",)

PLANTED_BESIDE = {"drifted": [(".gwlint-baseline.json", 2, "GW006")]}
"""What is planted where no comment can say so."""

Place = tuple[str, int, str]


@cache
def report(project: str) -> Report:
    with closing(Cache(None)) as unkept:
        return check(load(FIXTURES / project), unkept, 1, lambda _done, _total: None, today=TODAY)


def places(findings: Iterable[Finding]) -> list[Place]:
    return sorted((finding.path, finding.at.line, finding.rule) for finding in findings)


def planted(project: str) -> list[Place]:
    """Return what the comments of a project say there is to find, and what is planted beside them."""
    sources = sorted(file for form in ("*.py", "*.yaml") for file in (FIXTURES / project).rglob(form))
    commented = (place for file in sources for place in _planted_in(FIXTURES / project, file))
    return sorted([*commented, *PLANTED_BESIDE.get(project, ())])


def _planted_in(folder: Path, file: Path) -> Iterator[Place]:
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        for codes in re.findall(rb"# planted: (GW\d+(?:, GW\d+)*)", line):
            yield from ((file.relative_to(folder).as_posix(), number, code) for code in codes.decode().split(", "))


def test_there_is_nothing_to_say_about_a_compliant_project() -> None:
    said = report("compliant")

    assert (said.findings, said.suppressed, said.notices, said.account) == ((), 1, (), Account(67, 67, 0, 0))


def test_a_drifted_project_has_what_is_planted_and_nothing_else() -> None:
    assert places(report("drifted").findings) == planted("drifted")


def test_something_is_planted_for_every_rule() -> None:
    assert {code for _, _, code in planted("drifted")} == {rule.id for rule in RULES}


def test_every_file_of_a_hostile_project_is_accounted_for() -> None:
    said, sources = report("hostile"), _sources(FIXTURES / "hostile")
    partial = len(UNPARSED) + len(UNDECODED) + len(UNREAD)
    found = len(sources) + len(UNREAD) + len(OUTSIDE)

    assert sorted(said.modules) == sorted({*sources, *UNREAD})
    assert said.account == Account(found, found - partial - len(OUTSIDE), partial, len(OUTSIDE))


def _sources(folder: Path) -> set[str]:
    files = (Path(above, name) for above, _, names in os.walk(folder) for name in names)
    return {file.relative_to(folder).as_posix() for file in files if file.suffix == ".py" and not file.is_symlink()}


def test_what_can_not_be_parsed_or_read_is_found() -> None:
    found = [finding for finding in report("hostile").findings if finding.rule in ("GW001", "GW007")]
    unread = {**UNDECODED, **dict.fromkeys(UNREAD, 1)}

    assert places(found) == sorted(
        [
            *((path, line, "GW001") for path, line in UNPARSED.items()),
            *((path, line, "GW007") for path, line in unread.items()),
        ]
    )


@pytest.mark.parametrize("form", ["text", "concise", "json"])
@pytest.mark.parametrize("project", PROJECTS)
def test_a_check_of_a_fixture_looks_as_it_should(project: str, form: str, golden: Golden) -> None:
    ran = gwlint("check", FIXTURES / project, "--format", form, "--no-cache")
    said = ran.out.replace(f'"version": "{__version__}"', '"version": "0.0.0"')

    assert said == golden.text(f"check-{project}.{form}", said)
    assert ran.code == int(project != "compliant")


@pytest.mark.parametrize("project", PROJECTS)
def test_the_json_of_a_check_follows_the_schema(project: str, golden: Golden) -> None:
    schema = json.loads((REPOSITORY / "gwlint/schemas/check.schema.json").read_bytes())
    said = json.loads(golden.text(f"check-{project}.json"))
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(said)]

    assert errors == []
