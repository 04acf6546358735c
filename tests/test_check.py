"""A check as a whole: what is asked, silenced, graded and kept."""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gwlint import analysis, check
from gwlint.cache import FOLDER, Cache
from gwlint.config import ConfigError, DeclaredComponent, LayersContract, load
from gwlint.finding import Silenced
from gwlint.project import Project
from gwlint.report import Report
from tests.projects import REPOSITORY, edit, write

TODAY = date(2026, 1, 15)
BYPASS = "from cache_core import get"
CACHE = {"cache.py": "from cache_core import get\n", "cache_core.py": "def get(key): ...\n"}
Settings = dict[str, Any]  # whatever `Config` takes
CYCLE = {"a.py": "import b\n", "b.py": "import a\n"}


def checked(
    folder: Path,
    *,
    cached: bool = False,
    jobs: int = 1,
    today: date = TODAY,
    overlay: dict[str, bytes] | None = None,
    noqa: bool = True,
    **settings: Any,
) -> Report:
    with closing(Cache(folder / FOLDER if cached else None)) as cache:
        config = replace(load(folder), **settings)
        return check.check(config, cache, jobs, lambda _done, _total: None, today=today, overlay=overlay, noqa=noqa)


def said(report: Report) -> list[str]:
    return [f"{one.path}:{one.at.line} {one.rule} {one.severity}" for one in report.findings]


def orders(tmp_path: Path, source: str, **settings: Any) -> list[str]:
    """Check a project in which a module of this source stands beside a component, and return what is said of it."""
    report = checked(write(tmp_path, {**CACHE, "orders.py": source}), **settings)
    return [line.removeprefix("orders.py:") for line in said(report) if line.startswith("orders.py:")]


# Suppressions


@pytest.mark.parametrize(
    "comment",
    [
        "# gwlint: ignore[GW101]",
        "# gwlint: ignore[GW101, GW104] with a reason",
        "# gwlint: ignore[gw101]",
        "# gwlint: ignore",
        "# noqa: GW101",
        "# noqa: E501, GW101",
        "# noqa",
        "# type: ignore # noqa: GW101",
        "# gwlint: ignore[GW101] until=2026-01-15",
        "# gwlint: ignore[GW101] until=2099-12-31 when the move is done",
        "# gwlint: ignore[GW101] until=2099-12-31, or when the move is done",
    ],
)
def test_a_comment_on_a_line_silences_its_findings(comment: str, tmp_path: Path) -> None:
    assert [line for line in orders(tmp_path, f"{BYPASS}  {comment}\n") if "GW101" in line] == []


@pytest.mark.parametrize("line", [1, 2, 3])
def test_a_comment_on_any_line_of_a_statement_silences_it(line: int, tmp_path: Path) -> None:
    lines = ["from cache_core import (", "    get,", ")"]
    lines[line - 1] += "  # gwlint: ignore[GW101]"

    assert orders(tmp_path, "\n".join(lines)) == []


@pytest.mark.parametrize(
    "comment",
    [
        "# gwlint: ignore[GW104]",
        "# noqa: F401",
        "# noqa: GW104",
        "# gwlint ignore[GW101]",
        "; TEXT = '# gwlint: ignore[GW101]'",
        "\n# gwlint: ignore[GW101]",
    ],
)
def test_other_comments_silence_nothing(comment: str, tmp_path: Path) -> None:
    assert "1 GW101 warning" in orders(tmp_path, f"{BYPASS}{comment}\n")


@pytest.mark.parametrize("head", ["", '"""Orders."""\n', "#!/usr/bin/env python\n\n"])
@pytest.mark.parametrize("codes", ["[GW101]", "[GW104, GW101]", ""])
def test_a_comment_at_the_top_silences_a_whole_file(head: str, codes: str, tmp_path: Path) -> None:
    found = orders(tmp_path, f"{head}# gwlint: ignore-file{codes} generated\nimport json\n{BYPASS}\n")

    assert [line for line in found if "GW101" in line] == []


def test_further_down_it_silences_nothing_and_says_so(tmp_path: Path) -> None:
    assert orders(tmp_path, f"{BYPASS}\n# gwlint: ignore-file[GW101]\n{BYPASS}\n") == [
        "1 GW101 warning",
        "2 GW002 warning",
        "3 GW101 warning",
    ]


def test_what_is_silenced_is_counted(tmp_path: Path) -> None:
    report = checked(write(tmp_path, {**CACHE, "orders.py": f"{BYPASS}  # noqa\n{BYPASS}  # gwlint: ignore[GW101]\n"}))

    assert (said(report), report.suppressed) == ([], 2)


def test_what_is_silenced_is_known_by_what_it_was_before(tmp_path: Path) -> None:
    (loud,) = checked(write(tmp_path, {**CACHE, "orders.py": f"{BYPASS}\n"}), severity=(("GW101", "note"),)).findings
    silent = checked(
        write(tmp_path, {"orders.py": f"{BYPASS}  # gwlint: ignore[GW101] for now\n"}), severity=(("GW101", "note"),)
    )

    assert (silent.findings, silent.silenced) == ((), (Silenced(loud, "for now"),))
    assert silent.touching(["orders.py"]).silenced == silent.silenced
    assert silent.touching(["cache.py"]).silenced == ()


def test_of_equal_findings_the_silenced_ones_are_counted_last(tmp_path: Path) -> None:
    sources = (f"{BYPASS}  # noqa: GW101\n{BYPASS}\n", f"{BYPASS}\n{BYPASS}\n")
    silenced, loud = (checked(write(tmp_path, {**CACHE, "orders.py": source})) for source in sources)
    known = [*silenced.findings, *(one.finding for one in silenced.silenced)]

    assert [one.fingerprint for one in known] == [one.fingerprint for one in loud.findings]


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("# gwlint: ignore[GW101, GW104]", ["1 GW002 warning"]),
        ("# gwlint: ignore[GW104, GW103]", ["1 GW002 warning", "1 GW002 warning", "1 GW101 warning"]),
        ("# noqa: GW104", ["1 GW002 warning", "1 GW101 warning"]),
        ("# gwlint: ignore[GW999]", ["1 GW003 warning", "1 GW101 warning"]),
        ("# gwlint: ignore[F401]", ["1 GW003 warning", "1 GW101 warning"]),
        ("# noqa: GW999", ["1 GW003 warning", "1 GW101 warning"]),
        ("# gwlint: ignore[GW101] until=2026-01-14", ["1 GW004 error", "1 GW101 warning"]),
        ("# gwlint: ignore[GW101] until=tomorrow", ["1 GW004 error", "1 GW101 warning"]),
        ("# gwlint: ignore[GW101] until=", ["1 GW004 error", "1 GW101 warning"]),
        ("# gwlint: ignore[GW101] until=20991231", ["1 GW004 error", "1 GW101 warning"]),
        ("# gwlint: ignore[]", ["1 GW003 warning", "1 GW101 warning"]),
        ("# noqa: GW101 until=2026-01-14", ["1 GW004 error", "1 GW101 warning"]),
    ],
)
def test_what_is_wrong_with_a_comment_is_said(comment: str, found: list[str], tmp_path: Path) -> None:
    assert sorted(orders(tmp_path, f"{BYPASS}  {comment}\n")) == found


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("GW1", "write each code in full, such as `GW101`"),
        ("gateway-bypas", "did you mean `GW101`?"),
        ("F401", "`gwlint rule` lists them"),
    ],
)
def test_a_code_that_is_none_is_put_right(code: str, remedy: str, tmp_path: Path) -> None:
    report = checked(write(tmp_path, {"orders.py": f"import json  # gwlint: ignore[{code}]\n"}))

    assert [one.message for one in report.findings] == [f"there is no rule `{code.upper()}`; {remedy}"]


@pytest.mark.parametrize("comment", ["# noqa", "# gwlint: ignore", "# noqa: F401", "# noqa: anything"])
def test_a_bare_or_foreign_comment_is_never_unused(comment: str, tmp_path: Path) -> None:
    assert orders(tmp_path, f"import json  {comment}\n") == []


@pytest.mark.parametrize("comment", ["# noqa: E501", "# noqa: E501 until=2020-01-01", "# noqa until=never", "# noqa"])
def test_comments_for_other_tools_need_no_reason_and_no_date(comment: str, tmp_path: Path) -> None:
    assert orders(tmp_path, f"import json  {comment}\n", require_reason=True) == []


@pytest.mark.parametrize("line", ["import json  # gwlint: ignore[GW104]", "import json\n# gwlint: ignore-file[GW101]"])
def test_whatever_is_said_of_a_comment_can_be_silenced(line: str, tmp_path: Path) -> None:
    head = "# gwlint: ignore-file[GW002] they stay\n"

    assert orders(tmp_path / "a", f"{head}{line}\n") == []
    assert orders(tmp_path / "b", f"{head}{line}\n", require_reason=True) == []


def test_only_rules_that_ran_are_judged(tmp_path: Path) -> None:
    source = "import json  # gwlint: ignore[GW101, GW104]\n"
    ignores = (("orders.py", ("GW101",)),)

    assert orders(tmp_path / "a", source, ignore=("GW101",)) == ["1 GW002 warning"]
    assert orders(tmp_path / "b", source, per_file_ignores=ignores) == ["1 GW002 warning"]
    assert orders(tmp_path / "c", source, select=("GW2",)) == []


@pytest.mark.parametrize("code", ["GW002", "GW003", "GW004"])
def test_what_is_said_of_comments_is_silenced_by_its_code_alone(code: str, tmp_path: Path) -> None:
    comments = {"GW002": "ignore[GW104]", "GW003": "ignore[GW999]", "GW004": "ignore[GW104] until=never"}
    line = f"import json  # gwlint: {comments[code]}"

    assert orders(tmp_path / "a", f"{line}\n") == [f"1 {code} {'error' if code == 'GW004' else 'warning'}"]
    assert orders(tmp_path / "b", f"{line} # gwlint: ignore\n") == orders(tmp_path / "a", f"{line}\n")
    assert orders(tmp_path / "c", f"# gwlint: ignore-file[{code}]\n{line}\n") == []
    assert orders(tmp_path / "d", f"# gwlint: ignore-file[{code}]\nimport json\n") == ["1 GW002 warning"]


def test_a_reason_can_be_required(tmp_path: Path) -> None:
    source = f"{BYPASS}  # gwlint: ignore[GW101]\n{BYPASS}  # gwlint: ignore[GW101] for now\n{BYPASS}  # noqa\n"

    assert orders(tmp_path, source, require_reason=True) == ["1 GW101 warning", "1 GW002 warning", "3 GW101 warning"]


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        ("# noqa", ["1 GW101 warning"]),
        ("# noqa: GW101", ["1 GW101 warning"]),
        ("# noqa: GW101  # gwlint: ignore[GW101]", []),
        ("# noqa: GW1, GW", ["1 GW101 warning"]),
        ("# noqa: GW104", ["1 GW002 warning", "1 GW101 warning"]),
        ("# noqa: GW1011", ["1 GW003 warning", "1 GW101 warning"]),
        ("# noqa: GW002, GW104", ["1 GW002 warning", "1 GW101 warning"]),
    ],
)
def test_a_noqa_can_be_left_to_another_tool(comment: str, found: list[str], tmp_path: Path) -> None:
    assert sorted(orders(tmp_path, f"{BYPASS}  {comment}\n", noqa=False)) == found


def test_what_is_left_to_another_tool_changes_no_fingerprint(tmp_path: Path) -> None:
    write(tmp_path, {**CACHE, "orders.py": f"{BYPASS}  # noqa\n{BYPASS}\n"})
    (heeded,), (first, second) = (checked(tmp_path, noqa=noqa).findings for noqa in (True, False))

    assert (heeded, heeded.at.line) == (second, 2)
    assert first.fingerprint != second.fingerprint


def test_for_that_nothing_is_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {**CACHE, "orders.py": f"{BYPASS}  # noqa\n"})
    heeded = checked(tmp_path, cached=True)
    monkeypatch.setattr(analysis.Survey, "project", lambda self: pytest.fail("the answer is known"))

    assert (said(heeded), heeded.suppressed) == ([], 1)
    assert said(checked(tmp_path, cached=True, noqa=False)) == ["orders.py:1 GW101 warning"]


# Cycles that comments take apart


def test_a_comment_takes_an_import_out_of_the_search_for_cycles(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import b  # gwlint: ignore[GW201] for now\n", "b.py": "import a\n"})

    assert said(checked(tmp_path)) == []


def test_what_remains_cyclic_is_still_reported(tmp_path: Path) -> None:
    files = {"a.py": "import b  # gwlint: ignore[GW201]\nimport c\n", "b.py": "import a\n", "c.py": "import a\n"}

    assert said(checked(write(tmp_path, files))) == ["a.py:2 GW201 error"]


def test_a_comment_about_deferred_cycles_leaves_eager_ones(tmp_path: Path) -> None:
    files = {**CYCLE, "a.py": "import b  # gwlint: ignore[GW202]\n"}

    assert said(checked(write(tmp_path, files))) == ["a.py:1 GW201 error", "a.py:1 GW002 warning"]


def test_a_comment_about_a_cycle_that_is_none_is_unused(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "import b  # gwlint: ignore[GW201]\n", "b.py": ""})

    assert said(checked(tmp_path)) == ["a.py:1 GW002 warning"]


def test_a_noqa_silences_a_cycle_only_where_it_is_reported(tmp_path: Path) -> None:
    there, elsewhere = {**CYCLE, "a.py": "import b  # noqa: GW201\n"}, {**CYCLE, "b.py": "import a  # noqa: GW201\n"}

    assert said(checked(write(tmp_path / "a", there))) == []
    assert said(checked(write(tmp_path / "b", elsewhere))) == ["a.py:1 GW201 error", "b.py:1 GW002 warning"]


def test_a_date_decides_even_when_the_answer_is_kept(tmp_path: Path) -> None:
    write(tmp_path, {**CYCLE, "a.py": "import b  # gwlint: ignore[GW201] until=2026-06-30\n"})
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 6, 30)]

    assert [said(checked(tmp_path, cached=True, today=day)) for day in days] == [
        [],
        ["a.py:1 GW201 error", "a.py:1 GW004 error"],
        [],
    ]


# Which rules are on, and how grave


@pytest.mark.parametrize(
    ("settings", "rules"),
    [
        ({}, ["GW101", "GW201"]),
        ({"select": ("GW1",)}, ["GW101"]),
        ({"select": ("GW201",)}, ["GW201"]),
        ({"ignore": ("GW1",)}, ["GW201"]),
        ({"ignore": ("GW",)}, []),
        ({"ignore": ("GW1",), "extend_select": ("GW101",)}, ["GW101", "GW201"]),
        ({"select": ("GW2",), "extend_select": ("GW1",)}, ["GW101", "GW201"]),
        ({"select": ("GW101",), "ignore": ("GW101",)}, []),
        ({"severity": (("GW101", "off"),)}, ["GW201"]),
        ({"severity": (("GW", "off"), ("GW101", "note"))}, ["GW101"]),
        ({"per_file_ignores": (("a.py", ("GW2",)),)}, ["GW101"]),
        ({"per_file_ignores": (("*.py", ("GW2",)), ("orders.*", ("GW101",)))}, []),
    ],
)
def test_rules_are_chosen_by_the_longest_code(settings: Settings, rules: list[str], tmp_path: Path) -> None:
    write(tmp_path, {**CACHE, **CYCLE, "orders.py": f"{BYPASS}\n"})

    assert sorted(one.rule for one in checked(tmp_path, **settings).findings) == rules


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ({}, []),
        ({"select": ("GW2",)}, []),
        ({"extend_select": ("GW203",)}, ["a.py:3 GW203 warning"]),
        ({"severity": (("GW203", "note"),)}, ["a.py:3 GW203 note"]),
        ({"severity": (("GW2", "error"),)}, []),
    ],
)
def test_a_rule_that_is_off_has_to_be_asked_for(settings: Settings, found: list[str], tmp_path: Path) -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import b\n"

    assert said(checked(write(tmp_path, {"a.py": source, "b.py": "import a\n"}), **settings)) == found


@pytest.mark.parametrize(
    ("level", "declared", "inferred"),
    [("error", "error", "warning"), ("warning", "warning", "warning"), ("note", "note", "note")],
)
def test_what_is_milder_than_its_rule_stays_so(level: str, declared: str, inferred: str, tmp_path: Path) -> None:
    write(tmp_path, {**CACHE, "orders.py": f"{BYPASS}\n"})
    settings: Settings = {"severity": (("GW101", level),)}
    component = (DeclaredComponent("cache", "cache", ()),)

    assert said(checked(tmp_path, **settings)) == [f"orders.py:1 GW101 {inferred}"]
    assert said(checked(tmp_path, components=component, **settings)) == [f"orders.py:1 GW101 {declared}"]


def test_an_exhaustive_contract_switches_its_rule_on(tmp_path: Path) -> None:
    write(tmp_path, {"shop/__init__.py": "", "shop/a.py": "", "shop/b.py": "", "shop/c.py": ""})
    contract = LayersContract("all", (("shop.a",), ("shop.b",)), exhaustive=True)

    assert said(checked(tmp_path, contracts=(contract,))) == ["shop/c.py:1 GW005 error"]
    assert said(checked(tmp_path, contracts=(contract,), ignore=("GW005",))) == []


def test_a_glob_that_means_no_file_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": "[per-file-ignores]\n'legacy/**' = ['GW1']\n'a.py' = ['GW1']\n", **CYCLE})

    assert checked(tmp_path).notices == ("gwlint.toml: `per-file-ignores`: nothing matches `legacy/**`",)


# Findings


def test_fingerprints_do_not_depend_on_lines_and_differ(tmp_path: Path) -> None:
    source = f"{BYPASS}\nfrom cache_core import put\n"
    before = checked(write(tmp_path / "a", {**CACHE, "orders.py": source}))
    after = checked(write(tmp_path / "b", {**CACHE, "orders.py": f"\n\nimport json\n{source}"}))

    assert [one.fingerprint for one in before.findings] == [one.fingerprint for one in after.findings]
    assert len({one.fingerprint for one in before.findings}) == 2


def test_what_can_not_be_read_or_parsed_is_a_finding_and_not_a_notice(tmp_path: Path) -> None:
    write(
        tmp_path, {"a.py": b"# coding: klingon\n", "b.py": "def f(:\n", "c.py": b"x = '\xff'\n", "d.py": "import e\n"}
    )
    (tmp_path / "e.py").symlink_to(tmp_path / "nowhere.py")
    report = checked(tmp_path)

    assert said(report) == ["a.py:1 GW007 error", "b.py:1 GW001 error", "c.py:1 GW007 error", "e.py:1 GW007 error"]
    assert (report.notices, report.modules) == ((), ("a.py", "b.py", "c.py", "d.py", "e.py"))


def test_a_declaration_that_means_nothing_ends_the_check(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": "[components.cache]\ngateway = 'chache'\n", **CACHE})

    with pytest.raises(ConfigError, match=r"gwlint.toml: components.cache.gateway: there is no module 'chache'"):
        checked(tmp_path)


# What is kept


PROJECT = {
    **CACHE,
    **CYCLE,
    "gwlint.toml": "preset = 'gateway'\n",
    "orders.py": f"{BYPASS}\nimport gone\nimport a.b\n",
    "metrics.py": "def count(): return [1 for _ in range(9)]\n",
    "broken.py": "import cache_core\nprint 'x'\n",
    "bare.py": "import cache_core  # noqa\n",
}
EDITS: list[dict[str, str | None]] = [
    {},
    {"orders.py": "import json\n"},
    {"a.py": None},
    {"gwlint.toml": None},
    {"new.py": f"{BYPASS}\n"},
    {"metrics.py": "def count(): return 1\n"},
    {"b.py": "import a  # gwlint: ignore[GW201]\n"},
    {"cache.py": None},
    {"gwlint.toml": "preset = 'gateway'\nselect = ['GW1']\n"},
]


def test_the_answer_is_the_same_cold_warm_and_after_every_edit(tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    for changes in EDITS:
        edit(tmp_path, changes)
        cold, warm, again = (checked(tmp_path, cached=cached) for cached in (False, True, True))

        assert warm == cold
        assert again == cold


def test_an_unchanged_project_is_not_analysed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, PROJECT)
    first = checked(tmp_path, cached=True)
    monkeypatch.setattr(analysis.Survey, "project", lambda self: pytest.fail("the answer is known"))

    assert checked(tmp_path, cached=True) == first


@pytest.mark.parametrize("content", [b"", b"x" * 100, msgspec.msgpack.encode({"a": 1})])
def test_an_answer_that_is_none_is_found_anew(content: bytes, tmp_path: Path) -> None:
    write(tmp_path, PROJECT)
    first = checked(tmp_path, cached=True)
    (tmp_path / FOLDER / "check.run").write_bytes(content)
    broken = checked(tmp_path, cached=True)
    with closing(Cache(tmp_path / FOLDER)) as cache:
        cache.keep_run("check", content)

    assert (broken, checked(tmp_path, cached=True)) == (first, first)


def test_seeds_and_jobs_make_no_difference(tmp_path: Path) -> None:
    many = {f"m{number}.py": f"import m{(number * 7) % 60}, cache_core\n" for number in range(60)}
    write(tmp_path, {**PROJECT, **many})
    command = [sys.executable, "-m", "gwlint", "check", "--format", "json", "--no-cache", "--jobs"]
    runs = [
        subprocess.run(
            [*command, jobs],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONHASHSEED": seed},
            capture_output=True,
            check=False,
        )
        for jobs, seed in [("1", "1"), ("2", "2"), ("2", "3")]
    ]

    assert {(run.returncode, run.stdout, run.stderr) for run in runs} == {(1, runs[0].stdout, b"")}


def test_what_changes_during_a_check_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"gwlint.toml": "preset = 'gateway'\n", "metrics.py": "def count(): return 1\n"})
    found = analysis.Survey.project

    def changing(survey: analysis.Survey) -> Project:
        project = found(survey)
        write(tmp_path, {"metrics.py": "LIMIT = 1\n"})
        return project

    monkeypatch.setattr(analysis.Survey, "project", changing)
    checked(tmp_path, cached=True)

    assert not (tmp_path / FOLDER / "check.run").exists()


# A buffer in the place of a file


def test_a_buffer_stands_for_its_file(tmp_path: Path) -> None:
    write(tmp_path, {**CACHE, "orders.py": "import json\n"})
    overlay = {"orders.py": f"{BYPASS}\n".encode()}

    assert said(checked(tmp_path, overlay=overlay)) == ["orders.py:1 GW101 warning"]
    assert said(checked(tmp_path)) == []


@pytest.mark.parametrize("path", ["new.py", "deep/er/new.py"])
def test_a_buffer_needs_no_file(path: str, tmp_path: Path) -> None:
    write(tmp_path, {**CACHE, "orders.py": "import new\n"})

    assert said(checked(tmp_path, overlay={path: f"{BYPASS}\n".encode()})) == [f"{path}:1 GW101 warning"]


def test_a_buffer_makes_a_module_that_others_can_import(tmp_path: Path) -> None:
    write(tmp_path, {"shop/__init__.py": "", "orders.py": "import shop.late\n"})

    assert said(checked(tmp_path)) == ["orders.py:1 GW204 error"]
    assert said(checked(tmp_path, overlay={"shop/late.py": b""})) == []


def test_a_buffer_of_what_is_excluded_is_not_checked(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": "exclude = ['made', 'x.py']\n", "made/old.py": "", "x.py": "", **CACHE})
    overlays = [{path: BYPASS.encode()} for path in ("made/old.py", "made/new.py", "x.py", "made/deep/x.py")]

    assert [said(checked(tmp_path, overlay=overlay)) for overlay in overlays] == [[], [], [], []]


def test_nothing_of_a_buffer_is_kept(tmp_path: Path) -> None:
    write(tmp_path, {**CACHE, "orders.py": "import json\n"})
    checked(tmp_path, cached=True)
    kept = {path.name: path.read_bytes() for path in (tmp_path / FOLDER).iterdir()}
    checked(tmp_path, cached=True, overlay={"orders.py": BYPASS.encode()})
    after = {path.name: path.read_bytes() for path in (tmp_path / FOLDER).iterdir()}
    shutil.rmtree(tmp_path / FOLDER)
    checked(tmp_path, cached=True, overlay={"orders.py": BYPASS.encode()})

    assert after == kept
    assert not (tmp_path / FOLDER).exists()
