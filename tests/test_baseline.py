"""A baseline as a file: what is written, what is read, what is refused; and what it means for a check."""

import json
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.baseline import Entry, read, written
from gwlint.cache import FOLDER, Cache
from gwlint.check import check
from gwlint.config import BASELINE, ConfigError, load
from gwlint.report import Report
from tests.projects import FIXTURES, edit, write

TODAY = date(2026, 6, 1)
FILES = {
    "cache.py": "from cache_core import get\n\n__all__ = ['get']\n",
    "cache_core.py": "def get(key): ...\n",
    "orders.py": "from cache_core import get\n",
    "bills.py": "import orders\nfrom cache_core import get\n",
}

entries = st.builds(Entry, st.text(), st.sampled_from(["GW101", "GW201"]), st.text(), st.text("0123456789abcdef"))


def checked(folder: Path, *, cached: bool = False, **settings: Any) -> Report:  # Any: whatever `Config` takes
    with closing(Cache(folder / FOLDER if cached else None)) as cache:
        return check(replace(load(folder), **settings), cache, 1, lambda _done, _total: None, today=TODAY)


def all_of(folder: Path) -> bytes:
    """Return the baseline with all findings of a project."""
    return written(Entry.of(finding) for finding in checked(folder, baseline=None).findings)


def known(folder: Path, name: str = BASELINE) -> Path:
    """Write a baseline for a project, and return the project."""
    (folder / name).write_bytes(all_of(folder))
    return folder


def said(report: Report) -> list[str]:
    return [f"{one.path}:{one.at.line} {one.rule}" for one in report.findings]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return known(write(tmp_path, FILES))


# The file


def test_a_baseline_has_a_line_for_every_finding_and_no_line_numbers(project: Path) -> None:
    lines = (project / BASELINE).read_text().splitlines()

    assert (lines[0], lines[-1]) == ('{"version": 1, "findings": [', "null]}")
    assert [{**json.loads(line.removesuffix(",")), "fingerprint": "…"} for line in lines[1:-1]] == [
        {"path": path, "rule": "GW101", "identity": "cache_core.py", "fingerprint": "…"}
        for path in ("bills.py", "orders.py")
    ]


@given(st.lists(entries))
def test_what_is_written_can_be_read(some: list[Entry]) -> None:
    assert read("x", written(some)).entries == tuple(sorted({*some}))


@given(st.lists(entries), st.randoms())
def test_the_order_of_findings_leaves_no_trace(some: list[Entry], chance: Any) -> None:  # Any: hypothesis's own
    shuffled = [*some, *some]
    chance.shuffle(shuffled)

    assert written(shuffled) == written(some)


@given(st.lists(entries), st.lists(entries))
def test_the_lines_of_two_baselines_are_a_baseline(ours: list[Entry], theirs: list[Entry]) -> None:
    head, *our_lines = written(ours).split(b"\n")[:-2]
    _, *their_lines = written(theirs).split(b"\n")[:-2]
    merged = read("x", b"\n".join([head, *our_lines, *their_lines, b"null]}\n"]))

    assert written(merged.entries) == written([*ours, *theirs])


@pytest.mark.parametrize(
    "changed",
    [
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: json.dumps(json.loads(content), indent=4).encode(),
        lambda content: json.dumps(json.loads(content), sort_keys=True).encode(),
    ],
)
def test_a_baseline_may_be_formatted_by_others(project: Path, changed: Callable[[bytes], bytes]) -> None:
    (project / BASELINE).write_bytes(changed((project / BASELINE).read_bytes()))

    assert (said(checked(project)), checked(project).known) == ([], 2)


GOOD = '{"path": "a.py", "rule": "GW101", "identity": "", "fingerprint": "f"}'
RESTORE = "restore it, or begin anew with `gwlint baseline write --force`"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", f"line 1 is no valid JSON: Input data was truncated; {RESTORE}"),
        (
            f'{{"version": 1, "findings": [\n{GOOD}\n{GOOD}]}}',
            f"line 3 is no valid JSON: JSON is malformed: expected ',' or ']'; {RESTORE}",
        ),
        (
            f'{{"version": 1, "findings": [\n<<<<<<< ours\n{GOOD},\n=======\n>>>>>>> theirs\nnull]}}',
            "line 2 is a conflict of a merge; keep the entries of both sides, and `gwlint baseline prune` it",
        ),
        (
            f'{{"version": 1, "findings": [\n{GOOD},\n{{"path": "a.py"}},\nnull]}}',
            f"line 3: this is no entry: Object missing required field `rule`; {RESTORE}",
        ),
        (
            f'{{"version": 1, "findings": [\n{GOOD[:-1]}, "line": 1}}]}}',
            f"line 2: this is no entry: Object contains unknown field `line`; {RESTORE}",
        ),
        (
            '{"version": 1, "findings": [\n\n7]}',
            f"line 3: this is no entry: Expected `object | null`, got `int`; {RESTORE}",
        ),
        (
            '{"version": 2, "findings": {}}',
            f"is JSON, but no baseline of gwlint; {RESTORE}",
        ),
        (
            '{"version": 2, "findings": [{"kind": 1}], "more": 1}',
            "has format 2, of a newer gwlint than this one, which knows format 1; update gwlint",
        ),
        (
            '{"version": 2, "findings": []}',
            "has format 2, of a newer gwlint than this one, which knows format 1; update gwlint",
        ),
        ('{"version": 0, "findings": []}', f"has format 0, which there never was; {RESTORE}"),
        ('{"version": 1, "findings": [], "more": 1}', f"line 1: this is no baseline of gwlint; {RESTORE}"),
        ("[]", f"is JSON, but no baseline of gwlint; {RESTORE}"),
        ("{}", f"is JSON, but no baseline of gwlint; {RESTORE}"),
        ('{"version": 1, "findings": [\n"\xff"]}', f"line 2 is not UTF-8; {RESTORE}"),
        ("[" * 100_000, f"is JSON, but no baseline of gwlint; {RESTORE}"),
        ('{"version": 1, "findings": ' + "[" * 100_000, f"is JSON, but no baseline of gwlint; {RESTORE}"),
        ('{"version": 1, "findings": [{"x": ' + "[" * 100_000, f"is JSON, but no baseline of gwlint; {RESTORE}"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    write(tmp_path, FILES | {BASELINE: content.encode("latin-1")})
    with pytest.raises(ConfigError) as error:
        checked(tmp_path)

    assert error.value.problems == (f"{BASELINE}: {problem}",)


def test_a_baseline_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    write(tmp_path, FILES | {"gwlint.toml": "baseline = 'known.json'"})
    with pytest.raises(ConfigError) as error:
        checked(tmp_path)

    assert error.value.problems == (
        "gwlint.toml: the baseline 'known.json' does not exist; `gwlint baseline write` writes it",
    )


def test_a_folder_or_a_pipe_is_no_baseline(tmp_path: Path) -> None:
    os.mkfifo(write(tmp_path, FILES) / BASELINE)
    with pytest.raises(ConfigError) as error:
        checked(tmp_path)

    assert error.value.problems == (f"{BASELINE}: is no regular file, and no baseline; rename or remove it",)


# What is known


def test_what_is_known_is_not_reported_but_counted(project: Path) -> None:
    report = checked(project)

    assert (said(report), report.known, report.suppressed) == ([], 2, 0)


def test_a_baseline_may_have_another_name(tmp_path: Path) -> None:
    write(tmp_path, FILES | {"gwlint.toml": "baseline = './ci/known.json'", "ci/x.txt": ""})
    known(tmp_path, "ci/known.json")

    assert said(checked(tmp_path)) == []


def test_what_is_new_is_reported(project: Path) -> None:
    edit(project, {"carts.py": "from cache_core import get\n", "bills.py": "import gone_core.x\n" + FILES["bills.py"]})

    assert said(checked(project)) == ["carts.py:1 GW101"]


def test_one_more_of_the_same_is_new(tmp_path: Path) -> None:
    source = "from importlib import import_module\nimport_module(name)\n"
    known(write(tmp_path, {"app.py": source}))
    edit(tmp_path, {"app.py": source + "import_module(name)\n"})

    assert said(checked(tmp_path)) == ["app.py:3 GW112"]


def test_an_entry_stands_for_what_it_says_whatever_its_fingerprint(project: Path) -> None:
    content = (project / BASELINE).read_text()
    first = json.loads(content.splitlines()[1].removesuffix(","))["fingerprint"]
    edit(project, {BASELINE: content.replace(first, "0" * 32)})

    assert said(checked(project)) == []


def test_a_fingerprint_hides_nothing_that_its_entry_does_not_say(project: Path) -> None:
    edit(project, {BASELINE: (project / BASELINE).read_text().replace("GW101", "GW102")})

    assert said(checked(project)) == [
        f"{BASELINE}:2 GW006",
        f"{BASELINE}:3 GW006",
        "bills.py:2 GW101",
        "orders.py:1 GW101",
    ]


def test_the_cache_knows_nothing_of_the_baseline(project: Path) -> None:
    cold, warm = checked(project, cached=True), checked(project, cached=True)
    (project / BASELINE).unlink()

    assert warm == cold
    assert said(checked(project, cached=True)) == ["bills.py:2 GW101", "orders.py:1 GW101"]


# What is stale


def test_what_is_mended_is_stale_where_the_baseline_says_it(project: Path) -> None:
    edit(project, {"orders.py": "from cache import get\n"})
    (finding,) = checked(project).findings

    assert (finding.path, finding.at.line, finding.severity) == (BASELINE, 3, "warning")
    assert finding.message == (
        "`GW101` in `orders.py` (cache_core.py) is not found any more; "
        "`gwlint baseline prune` removes it from the baseline"
    )


def test_what_is_suppressed_is_stale(project: Path) -> None:
    edit(project, {"orders.py": "from cache_core import get  # gwlint: ignore[GW101] for now\n"})

    assert said(checked(project)) == [f"{BASELINE}:3 GW006"]


def test_what_was_in_a_file_that_is_gone_is_stale(project: Path) -> None:
    edit(project, {"orders.py": None, "bills.py": "from cache_core import get\n"})

    assert said(checked(project)) == [f"{BASELINE}:3 GW006"]


@pytest.mark.parametrize(
    "settings",
    [
        {"ignore": ("GW101",)},
        {"select": ("GW2", "GW006")},
        {"severity": (("GW101", "off"),)},
        {"per_file_ignores": (("*.py", ("GW101",)),)},
        {"ignore": ("GW006",)},
        {"per_file_ignores": ((BASELINE, ("GW006",)),)},
    ],
)
def test_entries_whose_rule_did_not_run_are_not_judged(project: Path, settings: dict[str, Any]) -> None:
    edit(project, {"orders.py": "", "bills.py": ""})

    assert said(checked(project, **settings)) == []


def test_an_entry_of_a_rule_that_nobody_knows_is_left_alone(project: Path) -> None:
    edit(project, {"orders.py": "", BASELINE: (project / BASELINE).read_text().replace("GW101", "GW999")})

    assert said(checked(project)) == ["bills.py:2 GW101"]


def test_stale_entries_can_be_errors(project: Path) -> None:
    edit(project, {"orders.py": ""})
    (finding,) = checked(project, severity=(("GW006", "error"),)).findings

    assert finding.severity == "error"


@pytest.mark.parametrize(("path", "found"), [("orders.py", 1), ("bills.py", 0), (BASELINE, 1), ("x", 0)])
def test_a_stale_entry_touches_the_file_it_is_about(project: Path, path: str, found: int) -> None:
    edit(project, {"orders.py": None, "bills.py": "from cache_core import get\n"})

    assert len(checked(project).touching([path]).findings) == found


# Whole projects


@pytest.fixture(params=["drifted", "hostile"])
def fixture(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    shutil.copytree(FIXTURES / request.param, tmp_path / "project", symlinks=True)
    return known(tmp_path / "project")


def test_what_is_known_of_a_project_leaves_nothing_to_say(fixture: Path) -> None:
    report = checked(fixture)

    assert said(report) == []
    assert report.known == len(checked(fixture, baseline=None).findings)


def test_lines_that_move_make_nothing_new(fixture: Path) -> None:
    for finding in {one.path: one for one in checked(fixture, baseline=None).findings}.values():
        moved_down(fixture / finding.path)

    assert said(checked(fixture)) == []


def moved_down(file: Path) -> None:
    """Insert ten lines at the top of a source, below what has to stay there."""
    content = file.read_bytes() if file.exists() else b""
    stays = b"".join(content.splitlines(keepends=True)[:2]) if b"coding" in content[:99] else b""
    if file.exists() and not content.startswith((b"\xff\xfe", b"\xef\xbb\xbf")):
        file.write_bytes(stays + b"\n" * 10 + content.removeprefix(stays))


def test_a_folder_that_gets_another_name_makes_nothing_new(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "drifted", tmp_path / "project")
    project = known(tmp_path / "project")
    for old, new in (("functions/nightly", "functions/nights"), ("layers/runtime", "layers/base")):
        (project / old).rename(project / new)
        template = (project / "template.yaml").read_text()
        (project / "template.yaml").write_text(template.replace(old, new))
    edit(project, {"functions/nights/added.py": "import runtime.cache_core\n"})

    assert said(checked(project)) == ["functions/nights/added.py:1 GW101"]


def test_settings_may_speak_of_the_baseline_as_of_a_file(project: Path) -> None:
    edit(project, {"gwlint.toml": f"[per-file-ignores]\n'{BASELINE}' = ['GW006']\n'gone.py' = ['GW1']\n"})

    assert checked(project).notices == ("gwlint.toml: `per-file-ignores`: nothing matches `gone.py`",)
