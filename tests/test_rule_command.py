"""What `gwlint rule` prints."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from gwlint.rules import RULES as REAL_RULES
from tests.conftest import Golden
from tests.desk import Desk
from tests.projects import REPOSITORY, Ran, gwlint, write

BYPASS = "# GW101: gateway-bypass\n\nCode outside a component imports its internal.\n\n## Why\n\nBecause of größe.\n"
CYCLE = "# GW201: eager-cycle\n\nModules import one another at load time.\n"
RECORDS = [
    {
        "code": "GW101",
        "name": "gateway-bypass",
        "summary": "Code outside a component imports its internal.",
        "severity": "error",
        "fixable": False,
        "page": BYPASS,
    },
    {
        "code": "GW201",
        "name": "eager-cycle",
        "summary": "Modules import one another at load time.",
        "severity": "warning",
        "fixable": False,
        "page": CYCLE,
    },
]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    write(tmp_path, {"GW101-gateway-bypass.md": BYPASS, "GW201-eager-cycle.md": CYCLE, "README.md": ""})
    monkeypatch.setattr("gwlint.explain._CHECKOUT", tmp_path)
    return Desk(tmp_path, monkeypatch, capfd)


def test_all_rules_are_a_table(desk: Desk) -> None:
    assert desk.run("rule") == Ran(
        0,
        "GW101  error    gateway-bypass  Code outside a component imports its internal.\n"
        "GW201  warning  eager-cycle     Modules import one another at load time.\n",
        "",
    )


@pytest.mark.parametrize("code", ["GW101", "gw101", "gateway-bypass"])
def test_a_rule_is_its_page_as_it_is_written(desk: Desk, code: str) -> None:
    assert desk.run("rule", code) == Ran(0, BYPASS, "")


def test_all_pages_come_one_after_the_other(desk: Desk) -> None:
    assert desk.run("rule", "--all") == Ran(0, f"{BYPASS}\n{CYCLE}", "")


@pytest.mark.parametrize("options", [(), ("--all",)])
def test_rules_as_json(desk: Desk, options: tuple[str, ...]) -> None:
    ran = desk.run("rule", "--format", "json", *options)

    assert (ran.code, json.loads(ran.out), ran.err) == (0, RECORDS, "")


def test_one_rule_as_json(desk: Desk) -> None:
    ran = desk.run("rule", "gw201", "-f", "json")

    assert (ran.code, json.loads(ran.out), ran.err) == (0, RECORDS[1], "")


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("GW110", "did you mean `GW101`?"),
        ("gw20", "did you mean `GW201`?"),
        ("gw1", "did you mean `GW101`?"),
        ("gatway-bypass", "did you mean `gateway-bypass`?"),
        ("x", "`gwlint rule` lists them"),
    ],
)
def test_an_unknown_rule_is_refused_with_the_nearest(desk: Desk, code: str, remedy: str) -> None:
    assert desk.run("rule", code) == Ran(2, "", f"gwlint: error: there is no rule `{code}`; {remedy}\n")


def test_a_rule_and_all_rules_exclude_one_another(desk: Desk) -> None:
    assert desk.run("rule", "GW101", "--all") == Ran(
        2, "", "gwlint: error: CODE and --all exclude one another; choose one\n"
    )


def test_every_rule_has_a_page_of_its_name() -> None:
    printed = json.loads(gwlint("rule", "--all", "-f", "json").out)

    assert [(one["code"], one["name"]) for one in printed] == [(rule.id, rule.name) for rule in REAL_RULES]
    assert [one["page"].splitlines()[0] for one in printed] == [f"# {rule.id}: {rule.name}" for rule in REAL_RULES]
    assert {f"{rule.id}-{rule.name}.md" for rule in REAL_RULES} <= {
        file.name for file in (REPOSITORY / "rules").iterdir()
    }


ON_TERMINAL = """
import sys
from gwlint import explain, rules
from gwlint.cli import main
from pathlib import Path
from tests.reports import RULES
explain._CHECKOUT, rules.RULES = Path.cwd(), RULES
main()
"""


def test_a_terminal_shows_a_page_without_its_markup(desk: Desk) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "80"}
    command = [sys.executable, "-c", ON_TERMINAL, "rule", "GW101"]
    subprocess.run(command, cwd=desk.folder, env=environment, stdout=theirs, check=True)
    os.close(theirs)
    seen = os.read(ours, 100_000).decode()
    os.close(ours)

    assert "Because of größe." in seen
    assert "#" not in seen


def test_help_says_what_a_rule_is(golden: Golden) -> None:
    ran = gwlint("rule", "--help", COLUMNS="100")

    assert ran == (0, golden.text("rule--help.text", ran.out), "")
