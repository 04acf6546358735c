"""What a check says of the files that have changed, and of files that are gone."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from gwlint.config import BASELINE
from tests.projects import Ran, edit, gwlint, write

FILES = {
    "app/__init__.py": "",
    "app/a.py": "import app.b\n",
    "app/b.py": "import app.a\n",
    "app/c.py": "import app.gone\n",
    "app/d.py": "import app.gone_too\n",
    "app/e.py": "",
}
IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "somebody"), ("EMAIL", "somebody@example.com"))
}

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **IDENTITY}
    subprocess.run(["git", "-C", folder, *arguments], env={**os.environ, **settings}, check=True, capture_output=True)


def commit(folder: Path, message: str = "more") -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of a repository, on a branch that has left `main`."""
    write(tmp_path / "service", {**FILES, "gwlint.toml": ""})
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    git(tmp_path, "checkout", "-q", "-b", "work")
    return tmp_path / "service"


def findings(project: Path, *options: str) -> list[str]:
    ran = gwlint("check", "-f", "json", "--no-cache", *options, cwd=project)
    return [f"{one['path']}:{one['line']} {one['rule']}" for one in json.loads(ran.out)["findings"]]


def test_where_nothing_has_changed_there_is_nothing_to_say(project: Path) -> None:
    ran = gwlint("check", "--diff-base", "main", "-q", "--no-cache", cwd=project)

    assert (ran, len(findings(project))) == (Ran(0, "", ""), 3)


@pytest.mark.parametrize("path", ["app/a.py", "app/b.py"])
def test_a_finding_counts_when_any_of_its_places_has_changed(project: Path, path: str) -> None:
    edit(project, {path: FILES[path] + "\n"})

    assert findings(project, "--diff-base", "main") == [one for one in findings(project) if "GW201" in one]


def test_what_is_committed_staged_changed_or_unknown_to_git_has_changed(project: Path) -> None:
    edit(project, {"app/c.py": "\nimport app.gone\n"})
    commit(project)
    edit(project, {"app/d.py": "\nimport app.gone_too\n", "app/new é.py": "import app.gone\n"})
    git(project, "add", "app/d.py")

    assert findings(project, "--diff-base", "main") == [
        "app/c.py:2 GW204",
        "app/d.py:2 GW204",
        "app/new é.py:1 GW204",
    ]


def test_what_the_base_has_done_since_is_no_change_of_ours(project: Path) -> None:
    edit(project, {"app/e.py": "import app.gone\n"})
    commit(project)
    git(project, "checkout", "-q", "main")
    edit(project, {"app/c.py": "import app.gone, os\n"})
    commit(project)
    git(project, "checkout", "-q", "work")

    assert findings(project, "--diff-base", "main") == ["app/e.py:1 GW204"]


def test_a_check_of_changes_is_the_full_one_filtered(project: Path) -> None:
    edit(project, {"app/b.py": "import app.a  # still\n", "app/d.py": None, "app/moved.py": FILES["app/d.py"]})
    commit(project)
    edit(project, {"app/e.py": "import app.c\n"})
    full = json.loads(gwlint("check", "-f", "json", "--no-cache", cwd=project).out)["findings"]
    ran = gwlint("check", "-f", "json", "--no-cache", "--diff-base", "main", cwd=project)
    changed = {"app/b.py", "app/d.py", "app/moved.py", "app/e.py"}

    assert json.loads(ran.out)["findings"] == [
        one for one in full if changed & {one["path"], *(related["path"] for related in one["related"])}
    ]
    assert [one["path"] for one in full] == ["app/a.py", "app/c.py", "app/moved.py"]
    assert findings(project, "--diff-base", "main") == ["app/a.py:1 GW201", "app/moved.py:1 GW204"]


def test_paths_and_changes_filter_together(project: Path) -> None:
    edit(project, {"app/c.py": "\nimport app.gone\n", "app/d.py": "\nimport app.gone_too\n"})

    assert findings(project, "--diff-base", "main", "app/c.py", "app/a.py") == ["app/c.py:2 GW204"]


def test_a_baseline_and_changes_filter_together(project: Path) -> None:
    gwlint("baseline", "write", cwd=project)
    commit(project)
    git(project, "branch", "-f", "main")
    edit(project, {"app/c.py": "import app.gone, app.lost\n", "app/d.py": None})

    assert findings(project, "--diff-base", "main") == [f"{BASELINE}:4 GW006", "app/c.py:1 GW204"]


def test_the_files_that_have_changed_can_be_listed(project: Path) -> None:
    edit(project, {"app/c.py": "", "app/d.py": None, "README.md": ""})

    assert gwlint("check", "--show-files", "--diff-base", "main", cwd=project).out == "app/c.py\n"


@pytest.mark.parametrize("revision", ["HEAD~9", "gone", "--output=x", "", "HEAD:service"])
def test_a_revision_that_git_does_not_know_is_refused(project: Path, revision: str) -> None:
    assert gwlint("check", f"--diff-base={revision}", cwd=project) == Ran(
        2, "", f"gwlint: error: --diff-base: git knows no commit `{revision}`; correct it, or fetch it first\n"
    )


def test_histories_without_a_common_commit_are_refused(project: Path) -> None:
    git(project, "checkout", "-q", "--orphan", "other")
    commit(project, "a beginning of its own")

    assert gwlint("check", "--diff-base", "main", cwd=project) == Ran(
        2, "", "gwlint: error: --diff-base: `main` and HEAD have no commit in common; fetch more of their history\n"
    )


def test_a_project_without_git_is_refused(tmp_path: Path) -> None:
    write(tmp_path, FILES)

    assert gwlint("check", "--diff-base", "main", cwd=tmp_path, GIT_CEILING_DIRECTORIES=str(tmp_path.parent)) == Ran(
        2,
        "",
        f"gwlint: error: --diff-base: {tmp_path} is in no git repository; "
        "leave the option out, or name the changed files\n",
    )


def test_a_machine_without_git_is_refused(project: Path) -> None:
    assert gwlint("check", "--diff-base", "main", cwd=project, PATH="/nowhere") == Ran(
        2,
        "",
        "gwlint: error: --diff-base needs git, which can't be run; install it, or name the changed files instead\n",
    )


def test_who_imports_a_file_that_is_gone_is_touched_by_that(project: Path) -> None:
    edit(project, {"app/gone.py": "", "app/gone_too/__init__.py": ""})
    commit(project)
    git(project, "branch", "-f", "main")
    edit(project, {"app/gone.py": None, "app/gone_too": None})

    assert findings(project, "--diff-base", "main") == ["app/c.py:1 GW204", "app/d.py:1 GW204"]
    assert findings(project, "app/gone.py") == ["app/c.py:1 GW204"]


# Files that are named one by one, as hooks do


def test_a_file_that_is_excluded_stays_so_when_it_is_named(project: Path) -> None:
    edit(project, {"gwlint.toml": "exclude = ['app/c.py']"})

    assert gwlint("check", "app/c.py", "-q", cwd=project) == Ran(
        0, "", "warning: `app/c.py` holds no module of the project\n"
    )


def test_a_file_that_was_deleted_since_the_last_commit_may_be_named(project: Path) -> None:
    edit(project, {"app/d.py": None})

    assert findings(project, "app/c.py", "app/d.py") == ["app/c.py:1 GW204"]
    assert gwlint("check", "app/d.py", "-q", cwd=project).code == 0


def test_so_may_a_folder(project: Path) -> None:
    shutil.rmtree(project / "app")
    edit(project, {"main.py": ""})

    assert gwlint("check", "app/d.py", "app", "-q", cwd=project).code == 0


def test_a_path_that_never_was_is_a_mistake(project: Path) -> None:
    assert gwlint("check", "app/c.py", "app/f.py", cwd=project) == Ran(
        2, "", "gwlint: error: app/f.py: there is no such file or folder\n"
    )


def test_without_git_every_missing_path_is_a_mistake(project: Path) -> None:
    edit(project, {"app/d.py": None})

    assert gwlint("check", "app/d.py", cwd=project, PATH="/nowhere").code == 2
