"""Which document goes where: several formats in one run, files, and what is said beside them."""

import json
import os
from pathlib import Path

import msgspec
import pytest

from gwlint.cli.outputs import FOR_PEOPLE, FORMS
from gwlint.cli.repository import folder_in_repository
from tests.desk import Desk
from tests.projects import Ran, gwlint, write
from tests.reports import CLEAN, REPORT, SOURCES

DOCUMENTS = [form for form in FORMS if form not in FOR_PEOPLE]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    return Desk(write(tmp_path / "project", SOURCES), monkeypatch, capfd)


def alone(desk: Desk, form: str) -> str:
    return desk.run("check", "-q", "-f", form).out


@pytest.mark.parametrize("form", FORMS)
def test_a_format_may_go_to_a_file_of_its_own(desk: Desk, form: str) -> None:
    expected, summary = alone(desk, form), desk.run("check").out.removeprefix(alone(desk, "concise"))

    assert desk.run("check", "-f", f"{form}=found=it.txt") == Ran(1, summary, "")
    assert (desk.folder / "found=it.txt").read_bytes() == expected.encode()


def test_several_formats_come_from_one_run(desk: Desk) -> None:
    expected = {form: alone(desk, form) for form in ("sarif", "junit", "github")}
    desk.asked.clear()
    ran = desk.run("check", "-f", "sarif=out.sarif", "-f", "github", "--format=junit=out.xml")

    assert ran == Ran(1, expected["github"], "")
    assert [(desk.folder / name).read_text() for name in ("out.sarif", "out.xml")] == [
        expected["sarif"],
        expected["junit"],
    ]
    assert len(desk.asked) == 1


def test_what_has_no_file_goes_to_the_output_file(desk: Desk) -> None:
    expected = alone(desk, "json")
    ran = desk.run("check", "-q", "-f", "sarif=out.sarif", "-f", "json", "-o", "out.json")

    assert ran == Ran(1, "", "")
    assert (desk.folder / "out.json").read_text() == expected


@pytest.mark.parametrize("form", DOCUMENTS)
def test_nothing_is_said_in_a_document_for_programs(desk: Desk, form: str) -> None:
    plain, verbose = desk.run("check", "-f", form), desk.run("check", "-f", form, "-v")

    assert plain == Ran(1, alone(desk, form), "")
    assert (verbose.out, verbose.err.splitlines()[0]) == (plain.out, "settings: gwlint.toml")


@pytest.mark.parametrize("form", FORMS)
def test_no_document_has_colours(desk: Desk, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.report = msgspec.structs.replace(REPORT, findings=REPORT.findings[2:])
    expected = desk.run("check", "-q", "-f", form).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    desk.run("check", "-f", f"{form}=out.txt")

    assert "\x1b" not in expected
    assert (desk.folder / "out.txt").read_text() == expected


@pytest.mark.parametrize("form", FORMS)
def test_a_clean_run_is_clean_in_every_format(desk: Desk, form: str) -> None:
    desk.report = CLEAN

    assert desk.run("check", "-f", form, "-o", "out.txt", "-q") == Ran(0, "", "")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("-f", "sarif", "-f", "github"),
            "--format: sarif and github can't both go to one place; give one a file: --format github=FILE",
        ),
        (("-f", "sarif=a", "-o", "b"), "--output-file: every --format has a file already; leave it out"),
        (
            ("-f", "sarif=a", "-f", "json=./a"),
            "--format: a would be written twice; give each format a file of its own",
        ),
        (
            ("-f", "sarif=a", "-f", "json", "-o", "app/../a"),
            "--output-file: app/../a would be written twice; give each format a file of its own",
        ),
        (("-f", "sarif=gone/a"), "--format: gone/a can't be written: No such file or directory"),
        (("-f", "sarif=app"), "--format: app can't be written: Is a directory"),
        (
            ("--statistics", "-f", "sarif=a"),
            "--statistics has no form sarif; choose from text, concise, json",
        ),
        (("--sarif-category", "x"), "--sarif-category is for SARIF; add --format sarif=FILE, or leave it out"),
        (
            ("--sarif-suppressed", "-f", "json"),
            "--sarif-suppressed is for SARIF; add --format sarif=FILE, or leave it out",
        ),
        (
            ("--sarif-category", "/", "-f", "sarif"),
            "--sarif-category is empty; give it a name, or leave it out",
        ),
    ],
)
def test_what_has_no_clear_place_is_refused(desk: Desk, options: tuple[str, ...], told: str) -> None:
    assert desk.run("check", *options) == Ran(2, "", f"gwlint: error: {told}\n")


def test_a_shell_knows_the_formats(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = {"_GWLINT_COMPLETE": "bash_complete", "COMP_WORDS": "gwlint check -f j", "COMP_CWORD": "3"}
    for name, value in typed.items():
        monkeypatch.setenv(name, value)

    assert desk.run().out.split() == ["plain,json", "plain,jsonl", "plain,junit"]


# Where a project is in its repository


@pytest.mark.parametrize(
    ("repository", "project", "folder"),
    [
        (".git/HEAD", "a/b", "a/b"),
        ("a/.git", "a/b", "b"),
        ("a/b/.git/HEAD", "a/b", "."),
        ("a/.gitignore", "a/b", "."),
    ],
)
def test_a_repository_is_found_around_a_project(tmp_path: Path, repository: str, project: str, folder: str) -> None:
    write(tmp_path, {repository: "", f"{project}/app.py": ""})

    assert folder_in_repository(tmp_path / project) == folder


def test_a_link_to_a_project_leads_to_its_repository(tmp_path: Path) -> None:
    write(tmp_path, {"repository/.git/HEAD": "", "repository/back/app.py": ""})
    (tmp_path / "link").symlink_to("repository/back")

    assert folder_in_repository(tmp_path / "link") == "back"


# What can't be read


def test_nobody_waits_for_a_file_that_is_none(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": "", "app.py": ""})
    os.mkfifo(tmp_path / "fifo.py")
    rans = [gwlint("check", "-f", form, "-q", "--no-cache", cwd=tmp_path) for form in ("text", "sarif", "rdjson")]
    results = json.loads(rans[1].out)["runs"][0]["results"]

    assert [(ran.code, ran.err) for ran in rans] == [(1, "")] * 3
    assert [one["ruleId"] for one in results] == ["GW007"]


# Bugs


def forced(folder: Path, *options: str) -> Ran:
    return gwlint("check", "--no-cache", *options, cwd=folder, GWLINT_DEBUG_RAISE="1")


BUG = "gwlint: internal error: RuntimeError: asked for by GWLINT_DEBUG_RAISE; --debug shows where"


def test_a_bug_is_told_where_the_settings_say(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": "issues-url = 'https://example.com/issues'"})
    long = forced(tmp_path, "--debug")

    assert forced(tmp_path) == Ran(2, "", f"{BUG}; please tell of it at https://example.com/issues\n")
    assert (long.code, long.err.splitlines()[0]) == (2, "Traceback (most recent call last):")
    assert long.err.splitlines()[-2:] == [
        "RuntimeError: asked for by GWLINT_DEBUG_RAISE",
        "please tell of it at https://example.com/issues",
    ]


def test_without_such_a_place_a_bug_names_none(tmp_path: Path) -> None:
    write(tmp_path, {"gwlint.toml": ""})

    assert forced(tmp_path) == Ran(2, "", f"{BUG}\n")
    assert gwlint("graph", "--no-cache", cwd=tmp_path, GWLINT_DEBUG_RAISE="1") == Ran(2, "", f"{BUG}\n")
