"""The formats of services: whole outputs as they should be, and each of them read by a parser of its own kind."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gwlint import __version__
from gwlint.finding import FIRST_LINE, SEVERITIES, Related
from gwlint.model import Span
from gwlint.report import Report
from gwlint.reporters import check_checkstyle, check_github, check_gitlab, check_junit, check_markdown, check_rdjson
from gwlint.reporters.controls import harmless
from tests.code_scanning import SCHEMA
from tests.conftest import Golden
from tests.projects import FIXTURES, gwlint, write
from tests.reports import CLEAN, FINDINGS, REPORT
from tests.tricky import tricky

FORMS = ("jsonl", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown")
NAMES = {"GW101": "gateway-bypass", "GW201": "eager-cycle"}
ADDRESSES = {"GW101": "https://a.b/GW101?x=(1)"}

POSITION = {
    "type": "object",
    "additionalProperties": False,
    "required": ["line"],
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
}
RDJSON = {
    "type": "object",
    "additionalProperties": False,
    "required": ["source", "diagnostics"],
    "properties": {
        "source": {"const": {"name": "gwlint"}},
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["message", "location", "severity", "code"],
                "properties": {
                    "message": {"type": "string", "minLength": 1},
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
                    "code": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["value"],
                        "properties": {"value": {"type": "string"}, "url": {"type": "string"}},
                    },
                    "location": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["path", "range"],
                        "properties": {
                            "path": {"type": "string"},
                            "range": {
                                "type": "object",
                                "additionalProperties": False,
                                "required": ["start"],
                                "properties": {"start": POSITION, "end": POSITION},
                            },
                        },
                    },
                },
            },
        },
    },
}
"""What reviewdog reads, and nothing else."""


def odd(path: str, message: str) -> Report:
    """A report with one finding whose words may be anything."""
    related = (Related(path, Span(3, 1, 4, 2), message),)
    finding = msgspec.structs.replace(FINDINGS[3], path=path, message=message, related=related)
    return msgspec.structs.replace(REPORT, findings=(finding,))


anything = st.text(min_size=1) | st.text(st.sampled_from("`|\\[]()<>&*_\n\r,:%;'\"\x1b\u2028 a"), min_size=1)


# Whole outputs


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("project", ["drifted", "hostile"])
def test_a_fixture_looks_as_it_should(project: str, form: str, golden: Golden, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / project, tmp_path / "back end", symlinks=True)
    write(tmp_path, {".git/HEAD": ""})
    ran = gwlint("check", "--format", form, "--no-cache", cwd=tmp_path / "back end")
    said = without_pages(ran.out).replace(f'ersion": "{__version__}"', 'ersion": "0.0.0"')

    assert said == golden.text(f"check-{project}.{form}", said)
    assert (ran.code, ran.err) == (1, "")


def without_pages(text: str) -> str:
    """Leave out the lines of SARIF that describe rules: `test_sarif.py` compares them with the pages."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith('{"id":"GW'))


@pytest.mark.parametrize("form", FORMS)
def test_tricky_files_are_all_there_in_every_format(form: str, tmp_path: Path) -> None:
    ran = gwlint("check", "--format", form, "--no-cache", cwd=tricky(tmp_path))
    concise = gwlint("check", "-q", "--no-cache", cwd=tmp_path).out.splitlines()

    assert COUNTED[form](ran.out) == len(concise)
    assert (ran.code, ran.err) == (1, "")
    assert {one for one in ran.out.replace("file=\x1b[31m.py", "") if one < " "} == {"\n"}


COUNTED = {
    "jsonl": lambda text: len([json.loads(line) for line in text.split("\n")[:-1]]),
    "sarif": lambda text: len(json.loads(text)["runs"][0]["results"]),
    "github": lambda text: len(text.split("\n")[:-1]),
    "gitlab": lambda text: len({one["fingerprint"] for one in json.loads(text)}),
    "junit": lambda text: sum(
        len((one.text or "").split("\n")) for one in ElementTree.fromstring(text).iter("failure")
    ),
    "checkstyle": lambda text: len([*ElementTree.fromstring(text).iter("error")]),
    "rdjson": lambda text: len(json.loads(text)["diagnostics"]),
    "markdown": lambda text: len(rows(text)),
}


# Each by itself


def test_a_line_of_json_is_a_finding_of_the_json_report(tmp_path: Path) -> None:
    lines = gwlint("check", "-f", "jsonl", "--no-cache", cwd=tricky(tmp_path)).out.split("\n")[:-1]
    report = json.loads(gwlint("check", "-f", "json", "--no-cache", cwd=tmp_path).out)

    assert [json.loads(line) for line in lines] == report["findings"]


def test_sarif_follows_its_schema(golden: Golden) -> None:
    logs = [json.loads(golden.text(f"check-{project}.sarif")) for project in ("drifted", "hostile")]

    assert [error.message for log in logs for error in Draft4Validator(SCHEMA).iter_errors(log)] == []


COMMAND = re.compile(r"::(error|warning|notice) file=([^,]+),line=(\d+)([^:]*),title=([^:,]+)::(.*)")


@given(anything, anything)
def test_a_workflow_command_holds_whatever_is_said(path: str, message: str) -> None:
    (line,) = check_github.render(odd(path, message), NAMES)
    found = COMMAND.fullmatch(line)

    assert found is not None
    assert (found[1], unescaped(found[2]), found[3], found[4]) == ("error", path, "4", ",endLine=6")
    assert unescaped(found[6]) == f"{harmless(message)}\n{harmless(f'{path}:3: {message}')}"


def unescaped(text: str) -> str:
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def test_a_workflow_command_marks_a_piece_of_one_line_and_no_piece_of_a_file() -> None:
    places = [line.partition("line=")[2].partition(",title")[0] for line in check_github.render(REPORT, NAMES)]

    assert places == ["1", "1,endLine=1,col=14,endColumn=35", "1,endLine=1,col=1,endColumn=17", "4,endLine=6"]


def test_code_quality_has_what_gitlab_needs() -> None:
    found = json.loads(b"".join(check_gitlab.render(REPORT, NAMES)))

    assert [(one["fingerprint"], one["severity"], one["check_name"], one["location"]["lines"]) for one in found] == [
        ("f1", "info", "GW201", {"begin": 1, "end": 1}),
        ("f2", "major", "GW101", {"begin": 1, "end": 1}),
        ("f3", "minor", "GW201", {"begin": 1, "end": 1}),
        ("f4", "major", "GW101", {"begin": 4, "end": 6}),
    ]
    assert json.loads(b"".join(check_gitlab.render(CLEAN, NAMES))) == []


def test_a_test_fails_at_the_severity_that_fails_a_run() -> None:
    suites = ElementTree.fromstring("\n".join(check_junit.render(REPORT, NAMES, SEVERITIES[1:])))
    cases = [(case.get("name"), case.get("line"), [one.tag for one in case]) for case in suites.iter("testcase")]

    assert (suites.get("tests"), suites.get("failures")) == ("4", "3")
    assert cases == [
        ("GW201 eager-cycle", "1", ["system-out"]),
        ("GW101 gateway-bypass", "1", ["failure"]),
        ("GW201 eager-cycle", "1", ["failure"]),
        ("GW101 gateway-bypass", "4", ["failure"]),
    ]


def test_what_a_rule_says_of_one_file_is_one_test() -> None:
    again = msgspec.structs.replace(FINDINGS[3], at=Span(9, 1, 9, 2), message="again", severity="note")
    report = msgspec.structs.replace(REPORT, findings=(FINDINGS[3], again))
    suites = ElementTree.fromstring("\n".join(check_junit.render(report, NAMES, SEVERITIES[2:])))
    (failure,) = suites.iter("failure")

    assert (suites.get("tests"), suites.get("failures")) == ("1", "1")
    assert failure.get("message") == f"{FINDINGS[3].message} (and 1 more)"
    assert failure.text == f"app/handler.py:4:2: {FINDINGS[3].message}\napp/handler.py:9:1: again"


def test_a_clean_run_is_a_test_that_passes() -> None:
    suites = ElementTree.fromstring("\n".join(check_junit.render(CLEAN, NAMES, SEVERITIES)))

    assert [(case.get("name"), len(case)) for case in suites.iter("testcase")] == [("no findings", 0)]
    assert (suites.get("tests"), suites.get("failures")) == ("1", "0")


@given(st.text(st.characters(), min_size=1) | st.text(min_size=1), anything)
def test_xml_holds_whatever_is_said(path: str, message: str) -> None:
    report = odd(path, message)
    (suite,) = ElementTree.fromstring("\n".join(check_junit.render(report, NAMES, SEVERITIES)))
    (file,) = ElementTree.fromstring("\n".join(check_checkstyle.render(report)))

    assert suite.get("name") == file.get("name") == readable(path)
    assert [one.get("message") for one in (*suite.iter("failure"), *file)] == [readable(message)] * 2


def readable(text: str) -> str:
    return harmless(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def test_checkstyle_has_its_own_severities() -> None:
    files = ElementTree.fromstring("\n".join(check_checkstyle.render(REPORT)))
    errors = [
        (one.get("line"), one.get("column"), one.get("severity"), one.get("source")) for one in files.iter("error")
    ]

    assert errors == [
        ("1", "1", "info", "gwlint.GW201"),
        ("1", "14", "error", "gwlint.GW101"),
        ("1", "1", "warning", "gwlint.GW201"),
        ("4", "2", "error", "gwlint.GW101"),
    ]


def test_reviewdog_counts_bytes() -> None:
    texts = {
        "app/[bold]\x1b[31m.py": ["größe = '値'; import app.cache_core"],
        "app/handler.py": ["", "", "", "\tfrom", "", "\t)"],
    }
    found = json.loads(b"".join(check_rdjson.render(REPORT, lambda path: texts.get(path, ()), ADDRESSES)))

    assert [one["location"]["range"] for one in found["diagnostics"]] == [
        {"start": {"line": 1}},
        {"start": {"line": 1, "column": 18}, "end": {"line": 1, "column": 39}},
        {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 17}},
        {"start": {"line": 4, "column": 2}, "end": {"line": 6, "column": 3}},
    ]
    assert [one["code"] for one in found["diagnostics"][:2]] == [
        {"value": "GW201"},
        {"value": "GW101", "url": "https://a.b/GW101?x=(1)"},
    ]


@pytest.mark.parametrize("project", ["drifted", "hostile"])
def test_reviewdog_gets_what_it_reads(project: str, golden: Golden) -> None:
    found = json.loads(golden.text(f"check-{project}.rdjson"))

    assert [error.message for error in Draft202012Validator(RDJSON).iter_errors(found)] == []


# Markdown


def rows(text: str) -> list[list[Token]]:
    """Return the cells of the rows of the table in a text, but for the first row."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    cells = [token for before, token in pairwise(tokens) if before.type == "td_open"]
    return [cells[start : start + 4] for start in range(0, len(cells), 4)]


def plain(cell: Token) -> str:
    return "".join(one.content for one in cell.children or () if one.type in ("text", "text_special", "code_inline"))


def test_a_table_says_what_there_is() -> None:
    table = rows("\n".join(check_markdown.render(REPORT, NAMES, ADDRESSES)))
    links = [one.attrs["href"] for row in table for one in row[1].children or () if one.type == "link_open"]

    assert [[plain(cell) for cell in row] for row in table] == [
        [
            one.severity,
            f"{one.rule} {NAMES[one.rule]}",
            harmless(f"{one.path}:{one.at.line}"),
            without_ticks(one.message),
        ]
        for one in FINDINGS
    ]
    assert links == ["https://a.b/GW101?x=(1)"] * 2


def without_ticks(message: str) -> str:
    return harmless(message).replace("`", "")


@given(anything, anything)
def test_a_table_holds_whatever_is_said(path: str, message: str) -> None:
    (row,) = rows("\n".join(check_markdown.render(odd(path, message), NAMES, {})))
    tags = {one.type for cell in row for one in cell.children or ()}

    assert [plain(row[0]), plain(row[1])] == ["error", "GW101 gateway-bypass"]
    assert plain(row[2]).strip() == harmless(f"{path}:4").strip()
    assert tags <= {"text", "text_special", "code_inline"}


def test_a_long_table_is_cut_and_says_so() -> None:
    report = msgspec.structs.replace(REPORT, findings=FINDINGS * 300)
    text = "\n".join(check_markdown.render(report, NAMES, {}))

    assert (len(rows(text)), "200 more findings are not listed." in text.splitlines()) == (1_000, True)


def test_a_clean_summary_is_a_headline() -> None:
    assert [*check_markdown.render(CLEAN, NAMES, {})] == [
        "### gwlint: no findings in 1 file: 1 analysed, 0 partial, 0 excluded",
        "",
    ]


def test_paths_are_those_of_the_repository() -> None:
    report = REPORT.seen_from("back end")
    paths = [path for one in report.findings for path in (one.path, *(related.path for related in one.related))]

    assert Counter(path.partition("/")[0] for path in paths) == Counter({"back end": len(paths)})
    assert REPORT.seen_from(".") == REPORT
    assert [one.at for one in report.findings if one.at == FIRST_LINE] == [FIRST_LINE]
