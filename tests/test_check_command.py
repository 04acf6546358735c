"""What `gwlint check` prints, and when it fails."""

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gwlint.cli.outputs import FORMS
from gwlint.config import Config, ConfigError
from gwlint.report import Report
from gwlint.reporters import check_concise, check_text
from tests.conftest import Golden
from tests.desk import Desk
from tests.projects import REPOSITORY, Ran, write
from tests.reports import CLEAN, FINDINGS, REPORT, SOURCES

SCHEMA = json.loads((REPOSITORY / "gwlint/schemas/check.schema.json").read_bytes())
SUMMARY = (
    "4 findings: 2 errors, 1 warning, 1 note\n"
    "52 files: 48 analysed, 3 partial, 1 excluded; 2 findings suppressed; 1 component inferred; 1 notice"
    " (-v lists them)\n"
)
CLEAN_LINE = "no findings in 1 file: 1 analysed, 0 partial, 0 excluded\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Desk:
    return Desk(write(tmp_path / "project", SOURCES), monkeypatch, capfd)


def only(*findings: int) -> Report:
    return msgspec.structs.replace(REPORT, findings=tuple(FINDINGS[number] for number in findings))


# What is printed


@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_a_report_looks_as_it_should(desk: Desk, form: str, golden: Golden) -> None:
    ran = desk.run("check", "--format", form)

    assert ran == (1, golden.text(f"check.{form}", ran.out), "")


def test_in_a_pipe_findings_are_concise(desk: Desk) -> None:
    assert desk.run("check") == desk.run("check", "-f", "concise")


@pytest.mark.parametrize("form", ["text", "concise"])
def test_a_clean_report_is_one_line(desk: Desk, form: str) -> None:
    desk.report = CLEAN

    assert desk.run("check", "--format", form) == Ran(0, CLEAN_LINE, "")


@pytest.mark.parametrize("form", ["text", "concise"])
def test_a_clean_report_is_nothing_at_all_when_quiet(desk: Desk, form: str) -> None:
    desk.report = CLEAN

    assert desk.run("check", "--format", form, "-q") == Ran(0, "", "")


@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_quiet_leaves_out_the_summary_and_nothing_else(desk: Desk, form: str) -> None:
    loud, quiet = desk.run("check", "-f", form), desk.run("check", "-f", form, "--quiet")

    assert loud.out.removesuffix(SUMMARY) == quiet.out
    assert (quiet.code, quiet.err) == (1, "")


def test_verbose_tells_what_the_answer_rests_on(desk: Desk) -> None:
    desk.report = only()

    assert desk.run("check", "-v").out == (
        "settings: gwlint.toml\n"
        "layout package, roots: app, jobs\n"
        "component `cache`: gateway app/cache.py, 2 internals, declared\n"
        "component `store`: gateway app/store.py, 1 internal, inferred\n"
        "notice: `exclude`: nothing matches `gone/**`\n"
        "no findings in 52 files: 48 analysed, 3 partial, 1 excluded; "
        "2 findings suppressed; 1 component inferred; 1 notice\n"
    )


def test_verbose_stays_out_of_json(desk: Desk) -> None:
    plain, verbose = desk.run("check", "-f", "json"), desk.run("check", "-f", "json", "-v")

    assert verbose.out == plain.out
    assert verbose.err.startswith("settings: gwlint.toml\n")


def test_quiet_and_verbose_exclude_one_another(desk: Desk) -> None:
    assert desk.run("check", "-q", "-v") == Ran(
        2, "", "gwlint: error: --quiet and --verbose exclude one another; choose one\n"
    )


def test_a_finding_is_one_line_however_narrow_the_terminal_is(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    assert len(desk.run("check", "-q").out.splitlines()) == len(FINDINGS)


@given(st.text(), st.text())
def test_no_name_breaks_a_line_or_commands_a_terminal(path: str, message: str) -> None:
    finding = msgspec.structs.replace(FINDINGS[3], path=path, message=message)
    report = msgspec.structs.replace(REPORT, findings=(finding,))
    (concise,) = check_concise.render(report)
    text = [*check_text.render(report, {"GW101": "gateway-bypass"}, lambda _: ())]

    assert concise.splitlines() == [concise]
    assert [line for line in text if line] == "\n".join(text).strip("\n").splitlines()
    assert "\x1b" not in concise + "".join(text)


def test_statistics_count_findings_by_rule(desk: Desk) -> None:
    desk.report = only(0, 1, 3)

    assert desk.run("check", "--statistics", "-q") == Ran(1, "2  GW101  gateway-bypass\n1  GW201  eager-cycle\n", "")


def test_statistics_of_equal_count_are_sorted_by_code(desk: Desk) -> None:
    assert desk.run("check", "--statistics") == Ran(
        1, f"2  GW101  gateway-bypass\n2  GW201  eager-cycle\n{SUMMARY}", ""
    )


def test_statistics_as_json(desk: Desk) -> None:
    assert desk.run("check", "--statistics", "-f", "json") == Ran(
        1,
        '[\n{"rule":"GW101","name":"gateway-bypass","count":2},\n{"rule":"GW201","name":"eager-cycle","count":2}]\n',
        "",
    )


def test_statistics_of_nothing_are_an_empty_list(desk: Desk) -> None:
    desk.report = CLEAN

    assert desk.run("check", "--statistics", "-f", "json") == Ran(0, "[]\n", "")


# Colour


@pytest.mark.parametrize("variables", [{}, {"FORCE_COLOR": ""}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}])
@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_a_pipe_has_no_colour(
    desk: Desk, form: str, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert "\x1b" not in desk.run("check", "-f", form).out


@pytest.mark.parametrize("form", ["text", "concise"])
def test_forced_colour_adds_nothing_but_colour(desk: Desk, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = desk.run("check", "-f", form).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    painted = desk.run("check", "-f", form).out

    assert "\x1b[1;31merror\x1b[0m" in painted
    assert without_colour(painted) == plain


def test_json_has_no_colour_by_force_either(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")

    assert "\x1b" not in desk.run("check", "-f", "json").out


def without_colour(text: str) -> str:
    for code in ("0", "1", "34", "1;31", "1;33", "1;36"):
        text = text.replace(f"\x1b[{code}m", "")
    return text


ON_TERMINAL = """
import sys
from gwlint import check, rules
from gwlint.cli import main
from tests.reports import REPORT, RULES
check.check = lambda *_, **__: REPORT
rules.RULES = RULES
sys.argv[0] = "gwlint"
main()
"""


def on_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """What a run shows on a terminal."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    command = [sys.executable, "-c", ON_TERMINAL, *arguments]
    own = {"PYTHONPATH": str(REPOSITORY), "TERM": "xterm", **environment}
    with subprocess.Popen(command, cwd=folder, env=kept | own, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while piece := _read(ours):
            seen += piece
        process.wait(60)
    os.close(ours)
    return seen.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 100_000)
    except OSError:  # Linux says so when the other side is closed
        return b""


def test_a_terminal_shows_frames_in_colour(desk: Desk, golden: Golden) -> None:
    seen = on_terminal(desk.folder, "check")

    assert seen == golden.text("check-coloured.text", seen)
    assert without_colour(seen) == golden.text("check.text")


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}])
def test_a_terminal_without_colour(desk: Desk, environment: dict[str, str], golden: Golden) -> None:
    assert on_terminal(desk.folder, "check", **environment) == golden.text("check.text")


# JSON


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", [REPORT, CLEAN])
def test_the_json_follows_the_schema(desk: Desk, report: Report) -> None:
    desk.report = report
    errors = Draft202012Validator(SCHEMA).iter_errors(json.loads(desk.run("check", "-f", "json").out))

    assert [error.message for error in errors] == []


def test_every_object_of_the_schema_is_closed_and_requires_all_it_has() -> None:
    objects = [SCHEMA, SCHEMA["properties"]["files"], *(one for one in SCHEMA["$defs"].values() if "properties" in one)]

    assert len(objects) == 4
    assert [(one["additionalProperties"], one["required"]) for one in objects] == [
        (False, list(one["properties"])) for one in objects
    ]


def test_json_has_one_finding_to_a_line(desk: Desk) -> None:
    lines = desk.run("check", "-f", "json").out.splitlines()
    findings = [json.loads(line.removesuffix("]}").removesuffix(",")) for line in lines[3:]]

    assert [finding["fingerprint"] for finding in findings] == ["f1", "f2", "f3", "f4"]


# Where it is printed


MANY = """
import sys, msgspec
from gwlint import check, rules
from gwlint.cli import main
from tests.reports import REPORT, RULES
check.check = lambda *_, **__: msgspec.structs.replace(REPORT, findings=REPORT.findings * 5000)
rules.RULES = RULES
main()
"""


def test_a_reader_that_has_seen_enough_is_no_error(desk: Desk) -> None:
    write(desk.folder, {"many.py": MANY})
    command = f"{sys.executable} many.py check | head -n 1; echo ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran = subprocess.run(["bash", "-c", command], cwd=desk.folder, env=environment, capture_output=True, check=False)

    assert (ran.stdout, ran.stderr) == (b"app/__init__.py:1:1: GW201 a finding about a file [note]\n1\n", b"")


def test_a_report_goes_to_a_file_and_its_summary_to_the_terminal(desk: Desk, golden: Golden) -> None:
    assert desk.run("check", "-f", "json", "-o", "found.json") == Ran(1, SUMMARY, "")
    assert (desk.folder / "found.json").read_text() == golden.text("check.json")


def test_a_file_is_concise_and_without_colour(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = desk.run("check", "-q").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    on_terminal(desk.folder, "check", "--output-file", "found.txt", FORCE_COLOR="1")

    assert (desk.folder / "found.txt").read_text() == expected


def test_a_file_that_can_not_be_written_is_refused(desk: Desk) -> None:
    assert desk.run("check", "-o", "gone/found.txt") == Ran(
        2, "", "gwlint: error: --output-file: gone/found.txt can't be written: No such file or directory\n"
    )


# What is reported of a project


def test_a_path_keeps_what_touches_it(desk: Desk) -> None:
    ran = desk.run("check", "app/price.py", "-f", "json")

    assert [one["fingerprint"] for one in json.loads(ran.out)["findings"]] == ["f3"]


def test_a_clean_part_of_a_project_is_clean(desk: Desk) -> None:
    write(desk.folder, {"jobs/nightly.py": ""})
    ran = desk.run("check", "jobs", "-q")

    assert ran == Ran(0, "", "")


def test_the_whole_project_is_checked_from_wherever_in_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder / "app")
    ran = desk.run("check", "price.py", "-q")

    assert ran.code == 1
    assert desk.asked == [(Config(desk.folder, "gwlint.toml"), None)]


def test_a_path_without_a_module_is_mentioned(desk: Desk) -> None:
    write(desk.folder, {"README.md": ""})

    assert desk.run("check", "README.md", "-q") == Ran(0, "", "warning: `README.md` holds no module of the project\n")


def test_a_warning_commands_no_terminal(desk: Desk) -> None:
    write(desk.folder, {"\x1b[31m.md": ""})

    assert desk.run("check", "\x1b[31m.md", "-q").err == "warning: `\\x1b[31m.md` holds no module of the project\n"


def test_a_project_without_python_is_mentioned(desk: Desk) -> None:
    desk.report = msgspec.structs.replace(CLEAN, modules=())

    assert desk.run("check", "-q") == Ran(0, "", f"warning: {desk.folder} has no Python file to check\n")


def test_a_missing_path_is_refused(desk: Desk) -> None:
    assert desk.run("check", "ap") == Ran(2, "", "gwlint: error: ap: there is no such file or folder\n")


def test_a_path_of_another_project_is_refused(desk: Desk) -> None:
    write(desk.folder.parent, {"other/gwlint.toml": ""})

    assert desk.run("check", "app", "../other") == Ran(
        2, "", f"gwlint: error: ../other: is not in the project {desk.folder}; check one project at a time\n"
    )


def test_show_files_lists_what_would_be_checked(desk: Desk) -> None:
    assert desk.run("check", "--show-files", "--no-cache", "app/tax.py", "app/price.py") == Ran(
        0, "app/price.py\napp/tax.py\n", ""
    )


def test_show_files_spells_odd_names_out(desk: Desk) -> None:
    assert desk.run("check", "--show-files", "--no-cache").out.splitlines()[0] == r"app/[bold]\x1b[31m.py"


# Standard input


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"import \xff\n")))


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize("name", ["app/basket.py", "./app/../app/basket.py"])
def test_a_buffer_stands_for_its_file(desk: Desk, name: str) -> None:
    ran = desk.run("check", "--stdin-filename", name, "-", "-q")

    assert (ran.code, [line.partition(":")[0] for line in ran.out.splitlines()]) == (1, ["app/basket.py"])
    assert desk.asked == [(Config(desk.folder, "gwlint.toml"), {"app/basket.py": b"import \xff\n"})]


@pytest.mark.usefixtures("typed")
def test_the_frame_shows_the_buffer(desk: Desk) -> None:
    assert desk.run("check", "-", "--stdin-filename", "app/basket.py", "-f", "text").out.splitlines()[1:3] == [
        "  1 | import \N{REPLACEMENT CHARACTER}",
        "    | ^^^^^^^^",
    ]


@pytest.mark.usefixtures("typed")
def test_the_file_of_a_buffer_need_not_exist(desk: Desk) -> None:
    desk.report = msgspec.structs.replace(CLEAN, modules=("new/file.py",))
    ran = desk.run("check", "-", "--stdin-filename", desk.folder / "new/file.py")

    assert ran == Ran(0, CLEAN_LINE, "")
    assert desk.asked == [(Config(desk.folder, "gwlint.toml"), {"new/file.py": b"import \xff\n"})]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-",), "`-` reads a file from standard input; say which with --stdin-filename FILE"),
        (("app", "-"), "`-` reads a file from standard input; say which with --stdin-filename FILE"),
        (
            ("--stdin-filename", "a.py"),
            "--stdin-filename goes with `-` as the only path; write --stdin-filename FILE -",
        ),
        (
            ("--stdin-filename", "a.py", "app", "-"),
            "--stdin-filename goes with `-` as the only path; write --stdin-filename FILE -",
        ),
        (("--stdin-filename", "app", "-"), "--stdin-filename: app is a folder; name a file"),
    ],
)
def test_a_buffer_and_its_name_go_together(desk: Desk, arguments: tuple[str, ...], told: str) -> None:
    assert desk.run("check", *arguments) == Ran(2, "", f"gwlint: error: {told}\n")


# Exit codes


@pytest.mark.parametrize(
    ("fail_on", "finding", "code"),
    [
        ("error", 1, 1), ("error", 2, 0), ("error", 0, 0),
        ("warning", 1, 1), ("warning", 2, 1), ("warning", 0, 0),
        ("note", 1, 1), ("note", 2, 1), ("note", 0, 1),
        ("never", 1, 0), ("never", 2, 0), ("never", 0, 0),
    ],
)  # fmt: skip
def test_a_run_fails_at_a_severity(desk: Desk, fail_on: str, finding: int, code: int) -> None:
    desk.report = only(finding)

    assert desk.run("check", "--fail-on", fail_on).code == code


@pytest.mark.parametrize("options", [("--exit-zero",), ("--exit-zero", "--fail-on", "note"), ("--fail-on", "never")])
def test_findings_may_be_no_failure(desk: Desk, options: tuple[str, ...]) -> None:
    assert desk.run("check", *options).code == 0


def test_what_could_not_be_checked_is_a_failure_always(desk: Desk) -> None:
    write(desk.folder, {"gwlint.toml": "layout = 'flatt'\n"})

    assert desk.run("check", "--exit-zero").code == 2


def raising(error: BaseException) -> Callable[..., Report]:
    """A check that comes to nothing."""

    def fail(*_: object, **__: object) -> Report:
        raise error

    return fail


def test_settings_that_do_not_fit_the_files_are_told_line_by_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gwlint.check.check", raising(ConfigError(("gwlint.toml: one", "gwlint.toml: two"))))

    assert desk.run("check", "--exit-zero") == Ran(
        2, "", "gwlint: error: gwlint.toml: one\ngwlint: error: gwlint.toml: two\n"
    )


def test_a_bug_is_no_clean_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gwlint.check.check", raising(KeyError("gone")))

    assert desk.run("check", "--exit-zero") == Ran(
        2, "", "gwlint: internal error: KeyError: 'gone'; --debug shows where\n"
    )


def test_an_interrupted_check_is_no_clean_run(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gwlint.check.check", raising(KeyboardInterrupt()))

    assert desk.run("check").code == 130


# Options


def test_options_go_before_settings(desk: Desk) -> None:
    desk.run("check", "--select", "GW101, gw2", "--select", "GW", "--ignore", "GW201", "--extend-select=GW1")

    assert desk.asked == [
        (
            Config(
                desk.folder,
                "gwlint.toml",
                select=("GW101", "GW2", "GW"),
                ignore=("GW201",),
                extend_select=("GW1",),
            ),
            None,
        )
    ]


def test_a_selection_is_all_that_is_selected(desk: Desk) -> None:
    write(desk.folder, {"gwlint.toml": "extend-select = ['GW201']\nignore = ['GW2']\n"})
    desk.run("check", "--select", "GW1")

    assert desk.asked == [(Config(desk.folder, "gwlint.toml", select=("GW1",), ignore=("GW2",)), None)]


@pytest.mark.parametrize("option", ["--select", "--ignore", "--extend-select"])
@pytest.mark.parametrize(("code", "remedy"), [("GW110", "did you mean 'GW101'?"), ("XYZ", ""), ("", "")])
def test_an_unknown_code_is_refused(desk: Desk, option: str, code: str, remedy: str) -> None:
    ran = desk.run("check", option, code)

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(f"gwlint: error: {option} holds ")
    assert remedy in ran.err


def test_an_unknown_code_in_the_settings_is_refused(desk: Desk) -> None:
    write(desk.folder, {"gwlint.toml": "ignore = ['GW999']\n"})

    assert desk.run("check").code == 2


def test_settings_may_come_from_any_file(desk: Desk) -> None:
    write(desk.folder, {"strict.toml": "fail-on = 'note'\n"})
    desk.report = only(0)
    ran = desk.run("check", "--config", "strict.toml", "-v")

    assert (ran.code, ran.out.splitlines()[1]) == (1, "settings: strict.toml, not gwlint.toml")
    assert desk.asked == [(Config(desk.folder, "strict.toml", fail_on="note"), None)]


def test_a_missing_file_of_settings_is_refused(desk: Desk) -> None:
    ran = desk.run("check", "--config", "gone.toml")

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("gwlint: error: gone.toml: ")


def test_show_settings_says_where_each_comes_from(desk: Desk) -> None:
    write(desk.folder, {"gwlint.toml": "ignore = ['GW201']\n"})
    ran = desk.run("check", "--show-settings", "--fail-on", "error")

    assert (ran.code, ran.err, desk.asked) == (0, "", [])
    assert [line for line in ran.out.splitlines() if "default" not in line] == [
        'ignore = ["GW201"]  # from gwlint.toml',
        'fail-on = "error"  # from --fail-on',
    ]


def test_isolated_takes_the_defaults(desk: Desk) -> None:
    write(desk.folder, {"gwlint.toml": "layout = 'flat'\n"})
    desk.run("check", "--isolated")

    assert desk.asked == [(Config(desk.folder), None)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--formt", "text"), "there is no option '--formt'; did you mean '--format'? See gwlint check --help"),
        (
            ("--fail-on", "x"),
            "--fail-on: 'x' is not one of 'error', 'warning', 'note', 'never'; see gwlint check --help",
        ),
        (("--jobs", "0"), "--jobs: 0 is not in the range x>=1; see gwlint check --help"),
        (
            ("--format", "svg"),
            f"--format: 'svg' is not one of {', '.join(map(repr, FORMS))}; see gwlint check --help",
        ),
        (
            ("--format", "sarif="),
            "--format: 'sarif=' names no file; write it like 'sarif=FILE'; see gwlint check --help",
        ),
    ],
)
def test_a_mistyped_option_is_refused(desk: Desk, arguments: tuple[str, ...], told: str) -> None:
    assert desk.run("check", *arguments) == Ran(2, "", f"gwlint: error: {told}\n")


def test_an_unknown_format_is_refused_with_those_that_there_are(desk: Desk) -> None:
    ran = desk.run("check", "--format", "svg")

    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("gwlint: error: --format: 'svg' is not one of 'text', 'concise', ")


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_says_what_a_check_is_of(desk: Desk, option: str, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    ran = desk.run("check", option)

    assert ran == (0, golden.text("check--help.text", ran.out), "")


# What is loaded


LOADED = """
import sys
from gwlint import check, rules
from gwlint.cli import cli
from tests.reports import REPORT, RULES
check.check = lambda *_, **__: REPORT
rules.RULES = RULES
cli.main(sys.argv[2:], standalone_mode=False)
heavy = ("rich", "networkx", "libcst", "difflib", "yaml", "gwlint.graph", "multiprocessing")
print([name for name in heavy if name in sys.modules], file=sys.stderr)
"""


@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_an_answer_loads_nothing_it_does_not_need(desk: Desk, form: str) -> None:
    command = [sys.executable, "-c", LOADED, "-", "check", "--format", form]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "FORCE_COLOR": "1"}
    ran = subprocess.run(command, cwd=desk.folder, env=environment, capture_output=True, check=False)

    assert ran.stderr == b"[]\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete(desk: Desk, shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_GWLINT_COMPLETE", f"{shell}_source")
    ran = desk.run()

    assert (ran.code, ran.err) == (0, "")
    assert "_GWLINT_COMPLETE" in ran.out
