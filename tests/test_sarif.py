"""SARIF as GitHub's code scanning wants it: on a project with every finding, and on files that are hard to point at."""

import gzip
import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gwlint.explain import address, home, page
from gwlint.finding import FIRST_LINE, Finding, Related, Silenced
from gwlint.model import Span
from gwlint.report import Report
from gwlint.reporters import check_sarif
from gwlint.rules import RULES
from tests import sarif_multitool
from tests.code_scanning import Object, complaints
from tests.desk import Desk
from tests.projects import FIXTURES, Ran, gwlint, write
from tests.reports import CLEAN, REPORT, SOURCES
from tests.tricky import FILES, tricky

DOCS = 'docs-url = "https://docs.example.com/rules/{code}-{name}"\n'


@pytest.fixture(scope="session")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drifted") / "repository"
    shutil.copytree(FIXTURES / "drifted", folder)
    settings = (folder / "gwlint.toml").read_text(encoding="utf-8")
    return write(folder, {".git/HEAD": "", "gwlint.toml": DOCS + settings})


@pytest.fixture(scope="session")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tricky(tmp_path_factory.mktemp("tricky"))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setattr("gwlint.reporters.check_sarif.__version__", "1.2.3")
    return Desk(write(tmp_path / "project", {**SOURCES, ".git": "gitdir: elsewhere\n"}), monkeypatch, capfd)


def sarif(folder: Path, *options: str, **environment: str) -> Ran:
    return gwlint("check", "-f", "sarif", "--no-cache", *options, cwd=folder, **environment)


def results(ran: Ran) -> list[Object]:
    found: list[Object] = json.loads(ran.out)["runs"][0]["results"]
    return found


def uri(result: Object) -> str:
    return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def region(result: Object) -> tuple[int, ...]:
    found = result["locations"][0]["physicalLocation"]["region"]
    return tuple(found[key] for key in ("startLine", "startColumn", "endLine", "endColumn"))


# What is in a file


def test_every_finding_of_every_rule_is_as_code_scanning_wants_it(drifted: Path) -> None:
    ran = sarif(drifted)
    concise = gwlint("check", "-q", "--no-cache", cwd=drifted).out.splitlines()

    assert complaints(json.loads(ran.out), drifted) == []
    assert (ran.code, ran.err, len(results(ran))) == (1, "", len(concise))


def test_files_that_are_hard_to_point_at_are_pointed_at(hard: Path) -> None:
    ran = sarif(hard)
    offences = [one for one in results(ran) if one["ruleId"] == "GW101"]
    marked = {one["locations"][0]["physicalLocation"]["region"]["snippet"]["text"] for one in offences}

    assert complaints(json.loads(ran.out), hard) == []
    assert marked == {
        "import gate_core",
        "import gate_core, \\\n    gate_more",
        "from gate_core import (\n    a,\n    b,\n)",
    }
    assert len({uri(one) for one in results(ran)}) == len(FILES) - len(["silent.py"])


def test_a_broken_file_is_a_result(hard: Path) -> None:
    broken = [one for one in results(sarif(hard)) if one["ruleId"] == "GW001"]

    assert [(uri(one), one["level"]) for one in broken] == [("broken.py", "error"), ("broken_at_end.py", "error")]


def test_a_finding_about_a_file_is_where_its_code_begins(hard: Path) -> None:
    about_files = [
        one for one in results(sarif(hard)) if one["ruleId"] == "GW205" and uri(one).endswith(("os.py", "class.py"))
    ]

    assert [(uri(one), region(one)) for one in about_files] == [
        ("os.py", (3, 1, 3, 6)),
        ("sub/class.py", (1, 1, 1, 1)),
    ]


def test_every_rule_that_is_on_is_described_by_its_page(drifted: Path) -> None:
    driver = json.loads(sarif(drifted, "--select", "GW10,GW201", "--ignore", "GW103").out)["runs"][0]["tool"]["driver"]

    assert [(rule["id"], rule["help"]["markdown"]) for rule in driver["rules"]] == [
        (code, page(code)) for code in ("GW101", "GW102", "GW104", "GW105", "GW106", "GW107", "GW201")
    ]
    assert driver["rules"][0]["helpUri"] == "https://docs.example.com/rules/GW101-gateway-bypass"
    assert driver["informationUri"] == "https://docs.example.com/rules/"


def test_a_level_is_that_of_the_settings(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": "[severity]\nGW1 = 'note'\nGW203 = 'error'\n"})
    rules = json.loads(sarif(tmp_path).out)["runs"][0]["tool"]["driver"]["rules"]
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules}

    assert (levels["GW101"], levels["GW203"], levels["GW201"]) == ("note", "error", "error")


def test_the_steps_of_a_cycle_are_a_flow(drifted: Path) -> None:
    cycles = [one for one in results(sarif(drifted)) if one["ruleId"] in ("GW201", "GW202", "GW203")]
    ways = [one["codeFlows"][0]["threadFlows"][0]["locations"] for one in cycles]

    assert {len(one["codeFlows"]) for one in cycles} == {1}
    assert all(step["location"]["message"]["text"].startswith("imports `") for way in ways for step in way)
    assert min(map(len, ways)) >= 2


def test_other_places_are_linked(desk: Desk) -> None:
    finding = Finding(
        "GW101",
        "error",
        "`a[b](1).py` is odd",
        "app/handler.py",
        Span(1, 1, 1, 10),
        "odd",
        (Related("app/[bold]\x1b[31m.py", FIRST_LINE, "is [odd](2)"), Related("app/tax.py", Span(1, 1, 1, 5), "too")),
        "f",
    )
    desk.report = msgspec.structs.replace(REPORT, findings=(finding,))
    log = json.loads(desk.run("check", "-f", "sarif").out)
    (result,) = log["runs"][0]["results"]

    assert complaints(log, desk.folder) == []
    assert result["message"]["text"] == (
        r"`a\[b\](1).py` is odd. See [app/\[bold\]\\x1b\[31m.py:1](1): is \[odd\](2); [app/tax.py:1](2): too"
    )


def test_nothing_is_enough_for_a_file(desk: Desk) -> None:
    desk.report = CLEAN
    log = json.loads(desk.run("check", "-f", "sarif").out)

    assert complaints(log, desk.folder) == []
    assert (log["runs"][0]["results"], len(log["runs"][0]["tool"]["driver"]["rules"])) == ([], 2)


def test_without_an_address_of_pages_there_is_none(desk: Desk) -> None:
    driver = json.loads(desk.run("check", "-f", "sarif").out)["runs"][0]["tool"]["driver"]

    assert driver.keys() == {"name", "version", "semanticVersion", "rules"}
    assert [rule.keys() & {"helpUri"} for rule in driver["rules"]] == [set(), set()]


@pytest.mark.parametrize(
    ("url", "of_a_rule", "of_all"),
    [
        (None, None, None),
        ("https://a.b/rules/", "https://a.b/rules/GW101-gateway-bypass.md", "https://a.b/rules/"),
        ("https://a.b/rules", "https://a.b/rules/GW101-gateway-bypass.md", "https://a.b/rules"),
        ("https://a.b/r/{code}?v=1", "https://a.b/r/GW101?v=1", "https://a.b/r/"),
        ("https://a.b/r?of={name}", "https://a.b/r?of=gateway-bypass", "https://a.b/"),
    ],
)
def test_pages_have_the_address_that_the_settings_give(url: str | None, of_a_rule: str | None, of_all: str) -> None:
    assert (address(url, "GW101", "gateway-bypass"), home(url)) == (of_a_rule, of_all)


@pytest.mark.parametrize(
    ("version", "semantic"),
    [
        ("1.2.3", "1.2.3"),
        ("1", "1.0.0"),
        ("1.2rc1", "1.2.0-rc.1"),
        ("1.2.3a4.dev5", "1.2.3-alpha.4.dev.5"),
        ("0.1.0.post1", "0.1.0"),
    ],
)
def test_a_version_is_a_semantic_one(desk: Desk, version: str, semantic: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gwlint.reporters.check_sarif.__version__", version)
    driver = json.loads(desk.run("check", "-f", "sarif").out)["runs"][0]["tool"]["driver"]

    assert (driver["version"], driver["semanticVersion"]) == (version, semantic)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_how_precise_it_is_and_what_it_is_about(rule: Any) -> None:  # Any: what a rule may lack
    assert rule.precision in ("low", "medium", "high", "very-high")
    assert 0 < len(rule.tags) <= 10
    assert list(rule.tags) == sorted(rule.tags)


# Where files are


def test_files_are_where_they_are_in_the_repository(tmp_path: Path) -> None:
    files = {"app/gate.py": "from gate_core import a", "app/gate_core.py": "a = 1", "app/user.py": "import gate_core"}
    write(tmp_path, {"my repo/.git/HEAD": "", "my repo/back end/gwlint.toml": ""})
    project = write(tmp_path / "my repo/back end", files)
    from_project, from_folder = sarif(project), sarif(project / "app", ".")

    assert [uri(one) for one in results(from_project)] == ["back%20end/app/user.py"]
    assert from_project.out == from_folder.out
    assert complaints(json.loads(from_project.out), tmp_path / "my repo") == []
    assert str(tmp_path) not in from_project.out


def test_without_a_repository_files_are_where_they_are_in_the_project(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": "", "sub/import.py": ""})

    assert [uri(one) for one in results(sarif(tmp_path))] == ["sub/import.py"]


# What stays the same


def test_nothing_in_a_file_is_by_chance(drifted: Path) -> None:
    first = sarif(drifted, "--jobs", "1", PYTHONHASHSEED="1")

    assert sarif(drifted, "--jobs", "2", PYTHONHASHSEED="2") == first


def test_a_result_is_known_again_when_lines_are_added_above(hard: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(hard, moved)
    # A byte order mark, and whatever decides how a file is read, stays in the first line; an empty file has but one.
    files = [name for name in FILES if not name.startswith(("bom", "latin", "sub"))]
    for name in files:
        (moved / name).write_bytes(b"# What is said above changes nothing\n\n" + (hard / name).read_bytes())
    before, after = (Counter(map(known_by, results(sarif(folder)))) for folder in (hard, moved))

    assert after - before == before - after == Counter()


def known_by(result: Object) -> tuple[str, str, str]:
    return result["ruleId"], uri(result), json.dumps(result["partialFingerprints"])


def test_no_two_results_have_one_fingerprint(hard: Path) -> None:
    fingerprints = [one["partialFingerprints"]["gwlint/v1"] for one in results(sarif(hard))]

    assert len(set(fingerprints)) == len(fingerprints)


# What is suppressed


def test_what_is_suppressed_is_left_out_unless_it_is_wanted(hard: Path) -> None:
    without, with_it = sarif(hard), sarif(hard, "--sarif-suppressed")
    more = [one for one in results(with_it) if one["suppressions"]]

    assert [one for one in results(without) if "suppressions" in one] == []
    assert [(uri(one), one["suppressions"]) for one in more] == [
        ("silent.py", [{"kind": "inSource", "justification": "for [a](1) `test`"}])
    ]
    assert [{**one, "suppressions": []} for one in results(without)] == [
        one for one in results(with_it) if one not in more
    ]
    assert complaints(json.loads(with_it.out), hard) == []


def test_a_category_tells_runs_apart(desk: Desk) -> None:
    named, slashed, plain = (
        json.loads(desk.run("check", "-f", "sarif", *options).out)["runs"][0]
        for options in (("--sarif-category", "a/b"), ("--sarif-category", "a/b/"), ())
    )

    assert named == slashed == {**plain, "automationDetails": {"id": "a/b/"}}


# How much it is


def many(count: int) -> Report:
    template = REPORT.findings[3]
    findings = tuple(
        msgspec.structs.replace(template, severity="error" if number % 3 else "note", at=Span(number, 1, number, 9))
        for number in range(1, count + 1)
    )
    return msgspec.structs.replace(REPORT, findings=findings)


def test_the_gravest_are_kept_of_what_is_more_than_github_takes(desk: Desk) -> None:
    desk.report = many(30_000)
    ran = desk.run("check", "-f", "sarif", "-o", "found.sarif", "-q")
    written = (desk.folder / "found.sarif").read_bytes()
    levels = Counter(one["level"] for one in json.loads(written)["runs"][0]["results"])

    assert ran == Ran(
        1,
        "",
        "warning: sarif: 25000 results are written, as GitHub takes no more; 5000 of the mildest are left out\n",
    )
    assert (levels, len(gzip.compress(written)) < 10_000_000) == ({"error": 20_000, "note": 5_000}, True)


def test_a_result_has_no_more_places_than_are_shown() -> None:
    places = tuple(Related("a.py", Span(n, 1, n, 2), "here", is_step=n % 2 == 0) for n in range(1, 3_001))
    finding = msgspec.structs.replace(REPORT.findings[1], related=places, rule=RULES[0].id)
    rules = [check_sarif.Description(RULES[0], "error", page(RULES[0].id), None)]
    report = msgspec.structs.replace(REPORT, findings=(finding,))
    log = json.loads(b"".join(check_sarif.render(report, rules, lambda _: (), lambda _: None)))
    (result,) = log["runs"][0]["results"]

    assert len(result["relatedLocations"]) == 100
    assert len(result["codeFlows"][0]["threadFlows"][0]["locations"]) == 1_000


def test_what_is_suppressed_counts_too() -> None:
    report = msgspec.structs.replace(many(24_999), silenced=(Silenced(REPORT.findings[0], ""),) * 3)

    assert (check_sarif.left_out(report), check_sarif.left_out(report, with_silenced=True)) == (0, 2)


# What others say


@pytest.mark.skipif(sarif_multitool.found() is None, reason="python tests/sarif_multitool.py fetches it")
@pytest.mark.parametrize("project", ["drifted", "hard"])
def test_the_multitool_has_nothing_to_say(
    project: str, drifted: Path, hard: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "found.sarif").write_text(sarif(request.getfixturevalue(project)).out, encoding="utf-8")
    command = [str(sarif_multitool.found()), "validate", "found.sarif", "--rule-kind", "Sarif;Ghas"]
    options = ["--level", "Error;Warning", "--output", "said.sarif"]
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    subprocess.run([*command, *options], cwd=tmp_path, env=environment, capture_output=True, check=False)
    said = json.loads((tmp_path / "said.sarif").read_text(encoding="utf-8-sig"))

    assert [result for run in said["runs"] for result in run["results"]] == []
