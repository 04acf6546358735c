"""`gwlint baseline`, and what `gwlint check` does with what it wrote."""

import json
import shutil
from pathlib import Path

import pytest

from gwlint.config import BASELINE
from tests.conftest import Golden
from tests.projects import FIXTURES, Ran, edit, gwlint, write
from tests.test_baseline import FILES

CLEAN = "no findings in 4 files: 4 analysed, 0 partial, 0 excluded"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


def baseline(project: Path, command: str, *options: str) -> Ran:
    return gwlint("baseline", command, *options, cwd=project)


def findings(project: Path, *options: str) -> list[str]:
    """Return where a check reports what."""
    reported = json.loads(gwlint("check", "-f", "json", *options, cwd=project).out)["findings"]
    return [f"{one['path']}:{one['line']} {one['rule']}" for one in reported]


# write


def test_what_is_written_down_is_known_until_there_is_more(project: Path) -> None:
    wrote = baseline(project, "write")
    clean = gwlint("check", cwd=project)
    edit(project, {name: "\n" * 10 + source for name, source in FILES.items()})
    moved = gwlint("check", cwd=project)
    edit(
        project, {"orders.py": "from cache_core import get\nfrom cache import gone_for_good_core\nimport cache_lost\n"}
    )
    edit(project, {"carts.py": "from cache_core import get\n"})

    assert wrote == Ran(0, f"wrote 2 findings to {BASELINE}\n", "")
    assert clean == moved == Ran(0, f"{CLEAN}; 2 findings in the baseline; 1 component inferred (-v lists them)\n", "")
    assert gwlint("check", cwd=project).code == 1
    assert findings(project) == ["carts.py:1 GW101"]


def test_two_runs_write_the_same(project: Path) -> None:
    baseline(project, "write", "--no-cache", "--jobs", "1")
    first = (project / BASELINE).read_bytes()
    baseline(project, "write", "--force", "--jobs", "2")
    baseline(project, "write", "--force")

    assert (project / BASELINE).read_bytes() == first


def test_an_existing_baseline_is_not_written_over(project: Path) -> None:
    baseline(project, "write")
    edit(project, {"carts.py": "from cache_core import get\n"})
    before = (project / BASELINE).read_bytes()

    assert baseline(project, "write") == Ran(
        2,
        "",
        f"gwlint: error: {BASELINE}: is there already, and a baseline only shrinks; "
        "`gwlint baseline prune` takes out what is mended, and --force begins anew\n",
    )
    assert (project / BASELINE).read_bytes() == before


def test_force_begins_anew_and_says_what_that_means(project: Path) -> None:
    baseline(project, "write")
    edit(project, {"carts.py": "from cache_core import get\n", "orders.py": ""})

    assert baseline(project, "write", "--force").out == (
        f"wrote 2 findings to {BASELINE}: 1 new since the last time, 1 gone\n"
    )
    assert gwlint("check", cwd=project).code == 0


def test_force_writes_over_what_is_no_baseline(project: Path) -> None:
    edit(project, {BASELINE: "<<<<<<<"})

    assert baseline(project, "write", "--force") == Ran(0, f"wrote 2 findings to {BASELINE}\n", "")


def test_all_of_the_project_is_written_down_from_wherever_in_it(project: Path) -> None:
    write(project, {"gwlint.toml": "", "jobs/nightly.py": ""})

    assert gwlint("baseline", "write", project / "jobs").out == f"wrote 2 findings to {BASELINE}\n"
    assert (project / BASELINE).exists()


def test_a_baseline_where_nobody_may_write_is_refused(project: Path) -> None:
    assert baseline(project, "write", "--baseline", "gone/known.json") == Ran(
        2, "", f"gwlint: error: {project}/gone/known.json: can't be written: No such file or directory\n"
    )


# prune


def test_what_is_mended_is_reported_and_can_be_taken_out(project: Path) -> None:
    baseline(project, "write")
    edit(project, {"orders.py": ""})
    stale = findings(project)
    pruned = baseline(project, "prune")
    content = (project / BASELINE).read_bytes()

    assert stale == [f"{BASELINE}:3 GW006"]
    assert pruned == Ran(0, f"{BASELINE}: removed 1 stale; 1 finding left\n", "")
    assert gwlint("check", cwd=project).code == 0
    assert baseline(project, "prune") == Ran(0, f"{BASELINE}: nothing is stale; 1 finding left\n", "")
    assert (project / BASELINE).read_bytes() == content


def test_pruning_adds_nothing(project: Path) -> None:
    baseline(project, "write")
    before = (project / BASELINE).read_bytes()
    edit(project, {"carts.py": "from cache_core import get\n"})
    baseline(project, "prune")

    assert (project / BASELINE).read_bytes() == before


def test_pruning_writes_down_where_findings_have_moved(project: Path) -> None:
    baseline(project, "write")
    edit(project, {"orders.py": None, "purchases.py": FILES["orders.py"], "bills.py": FILES["bills.py"][14:]})
    known = findings(project)

    assert known == []
    assert baseline(project, "prune").out == (
        f"{BASELINE}: nothing is stale; 1 finding under another path; 2 findings left\n"
    )
    assert [json.loads(line[:-1])["path"] for line in (project / BASELINE).read_text().splitlines()[1:-1]] == [
        "bills.py",
        "purchases.py",
    ]


def test_pruning_keeps_what_was_not_judged(project: Path) -> None:
    baseline(project, "write")
    before = (project / BASELINE).read_bytes()
    edit(project, {"orders.py": "", "bills.py": "", "gwlint.toml": "ignore = ['GW101']"})

    assert baseline(project, "prune").out == f"{BASELINE}: nothing is stale; 2 findings left\n"
    assert (project / BASELINE).read_bytes() == before


def test_merged_baselines_are_put_in_order(project: Path) -> None:
    baseline(project, "write")
    before = (project / BASELINE).read_text()
    head, first, second, end = before.splitlines(keepends=True)
    edit(project, {BASELINE: "".join([head, second, first, second, end])})
    baseline(project, "prune")

    assert (project / BASELINE).read_text() == before


@pytest.mark.parametrize("command", ["prune", "show"])
def test_there_has_to_be_a_baseline(project: Path, command: str) -> None:
    assert baseline(project, command) == Ran(
        2, "", f"gwlint: error: {BASELINE}: does not exist; `gwlint baseline write` writes it\n"
    )


@pytest.mark.parametrize("command", ["prune", "show"])
def test_what_is_no_baseline_is_refused(project: Path, command: str) -> None:
    edit(project, {BASELINE: "[]"})

    assert baseline(project, command) == Ran(
        2,
        "",
        f"gwlint: error: {BASELINE}: is JSON, but no baseline of gwlint; restore it, or begin anew with"
        " `gwlint baseline write --force`\n",
    )


# show


def test_a_baseline_looks_as_it_should(tmp_path: Path, golden: Golden) -> None:
    project = shutil.copytree(FIXTURES / "drifted", tmp_path / "project")
    baseline(project, "write", "--force")
    edit(project, {"functions/notify/tracing.py": None, "functions/nightly/overdue.py": ""})
    ran = baseline(project, "show")

    assert ran == (0, golden.text("baseline-show.text", ran.out), "")


def test_a_baseline_with_nothing_in_it_says_so(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": ""})
    baseline(tmp_path, "write")

    assert baseline(tmp_path, "show").out == f"{BASELINE}: 0 findings\n"


@pytest.mark.parametrize("command", [(), ("write",), ("prune",), ("show",)])
def test_help_says_what_a_baseline_is(command: tuple[str, ...], golden: Golden) -> None:
    ran = gwlint("baseline", *command, "--help", COLUMNS="100")

    assert ran == (0, golden.text(f"baseline{''.join(command)}--help.text", ran.out), "")


# check


def test_a_check_without_the_baseline_is_a_full_one(project: Path) -> None:
    full = gwlint("check", cwd=project)
    baseline(project, "write")

    assert gwlint("check", "--no-baseline", cwd=project) == full


def test_a_check_with_another_baseline(project: Path) -> None:
    baseline(project, "write", "--baseline", "known.json")

    assert findings(project) == ["bills.py:2 GW101", "orders.py:1 GW101"]
    assert findings(project, "--baseline", "known.json") == []


def test_a_stale_entry_is_reported_with_the_file_it_is_about(project: Path) -> None:
    baseline(project, "write")
    edit(project, {"orders.py": ""})

    assert findings(project, "orders.py") == [f"{BASELINE}:3 GW006"]
    assert findings(project, "bills.py") == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            ("--baseline", "gone.json"),
            "--baseline: gone.json does not exist; `gwlint baseline write --baseline FILE` writes one",
        ),
        (("--baseline", "."), "--baseline: . is a folder; name a file"),
        (("--baseline", BASELINE, "--no-baseline"), "--baseline and --no-baseline exclude one another; choose one"),
    ],
)
def test_options_about_a_baseline_make_sense_or_are_refused(
    project: Path, options: tuple[str, ...], problem: str
) -> None:
    assert gwlint("check", *options, cwd=project) == Ran(2, "", f"gwlint: error: {problem}\n")


def test_a_baseline_of_another_project_is_refused(project: Path) -> None:
    write(project, {"inner/gwlint.toml": "", "inner/app.py": "", "known.json": ""})

    assert gwlint("check", "--baseline", "../known.json", cwd=project / "inner").code == 2


def test_settings_say_which_baseline_counts(project: Path) -> None:
    shown = gwlint("check", "--show-settings", cwd=project).out.splitlines()
    without = gwlint("check", "--show-settings", "--no-baseline", cwd=project).out.splitlines()

    assert f'baseline = "{BASELINE}"  # default' in shown
    assert "# baseline is not set  # from --no-baseline" in without
