"""The hooks for pre-commit: what they are, and in CI, where pre-commit is installed, what they do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from tests.projects import REPOSITORY, Ran, edit, write

MANIFEST = ".pre-commit-hooks.yaml"
INSTALLED = (MANIFEST, "LICENSE", "README.md", "pyproject.toml", "gwlint", "rules")
CLEAN = {"gwlint.toml": "", "src/a.py": "import b\n", "src/b.py": "", "src/cache.py": "", "src/cache_core.py": ""}
BYPASS = "src/orders.py:1:1: GW101 `orders` imports `cache_core`, an internal of `cache`; import `cache` [warning]"
IDENTITY = {f"GIT_{who}_{what}": "nobody@localhost" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

with_pre_commit = pytest.mark.skipif(find_spec("pre_commit") is None, reason="pre-commit is not installed")


def run(*command: str, cwd: Path, **environment: str) -> Ran:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHONPATH"))}
    nowhere = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    ran = subprocess.run(
        command,
        cwd=cwd,
        env={**inherited, **IDENTITY, **nowhere, **environment},
        capture_output=True,
        timeout=600,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def committed(folder: Path) -> Path:
    """Make a folder a repository with one commit."""
    for command in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "All of it")):
        assert run("git", *command, cwd=folder).code == 0
    return folder


class Desk:
    """A repository with our hooks, whose environment is built once."""

    def __init__(self, hooks: Path, home: Path, folder: Path) -> None:
        self.hooks = hooks
        self.folder = folder
        self._home = home

    def starts_with(self, files: dict[str, str]) -> None:
        """Commit some files, and the settings of pre-commit."""
        revision = run("git", "rev-parse", "HEAD", cwd=self.hooks).out.strip()
        named = [{"id": hook} for hook in ("gwlint", "gwlint-changed")]
        repositories = [{"repo": str(self.hooks), "rev": revision, "hooks": named}]
        write(self.folder, {".pre-commit-config.yaml": yaml.safe_dump({"repos": repositories}), **files})
        committed(self.folder)

    def commits(self, hook: str, changes: dict[str, str | None]) -> Ran:
        """Stage some changes, and return what a hook makes of them."""
        edit(self.folder, changes)
        run("git", "add", "--all", cwd=self.folder)
        return self.pre_commit("run", hook, "--verbose")

    def pre_commit(self, *arguments: str) -> Ran:
        command = (sys.executable, "-m", "pre_commit", *arguments, "--color=never")
        return run(*command, cwd=self.folder, PRE_COMMIT_HOME=str(self._home))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    hooks = tmp_path_factory.mktemp("hooks")
    for name in INSTALLED:
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy
        copy(REPOSITORY / name, hooks / name)
    return committed(hooks), tmp_path_factory.mktemp("home")


@pytest.fixture
def desk(built: tuple[Path, Path], tmp_path: Path) -> Desk:
    return Desk(*built, tmp_path)


def findings(ran: Ran) -> list[str]:
    return [line for line in ran.out.splitlines() if ": GW" in line]


def test_one_hook_looks_at_the_whole_and_the_other_at_what_has_changed() -> None:
    common = {"entry": "gwlint check", "language": "python", "require_serial": True}
    whole, changed = yaml.safe_load((REPOSITORY / MANIFEST).read_text(encoding="utf-8"))

    assert {**whole, **common, "id": "gwlint", "pass_filenames": False, "always_run": True} == whole
    assert {**changed, **common, "id": "gwlint-changed", "types_or": ["python", "pyi"]} == changed


@with_pre_commit
def test_the_manifest_is_valid() -> None:
    assert run(sys.executable, "-m", "pre_commit", "validate-manifest", MANIFEST, cwd=REPOSITORY).code == 0


@with_pre_commit
def test_a_checkout_can_be_tried(desk: Desk) -> None:
    write(desk.folder, CLEAN)
    committed(desk.folder)
    ran = desk.pre_commit("try-repo", str(desk.hooks), "gwlint", "--all-files", "--verbose")

    assert (ran.code, "no findings in 4 files" in ran.out) == (0, True)


@with_pre_commit
@pytest.mark.parametrize("hook", ["gwlint", "gwlint-changed"])
def test_a_finding_fails_a_commit(hook: str, desk: Desk) -> None:
    desk.starts_with(CLEAN)
    before = desk.pre_commit("run", hook, "--all-files")
    after = desk.commits(hook, {"src/orders.py": "import cache_core\n"})

    assert (before.code, after.code) == (0, 1)
    assert findings(after) == [BYPASS]


@with_pre_commit
@pytest.mark.parametrize("hook", ["gwlint", "gwlint-changed"])
def test_many_files_are_one_run(hook: str, desk: Desk) -> None:
    desk.starts_with({**CLEAN, **{f"src/module_{number}.py": "" for number in range(60)}})
    ran = desk.pre_commit("run", hook, "--all-files", "--verbose")

    assert (ran.code, ran.out.count("no findings in 64 files")) == (0, 1)


@with_pre_commit
def test_a_commit_that_only_deletes_is_checked(desk: Desk) -> None:
    desk.starts_with({**CLEAN, "src/a.py": "import pack.gone\n", "src/pack/__init__.py": "", "src/pack/gone.py": ""})
    ran = desk.commits("gwlint", {"src/pack/gone.py": None})

    assert (ran.code, [line.partition(" `")[0] for line in findings(ran)]) == (1, ["src/a.py:1:1: GW204"])


@with_pre_commit
def test_an_edit_of_the_settings_is_checked(desk: Desk) -> None:
    desk.starts_with({**CLEAN, "src/orders.py": "import cache_core\n", "gwlint.toml": 'ignore = ["GW101"]\n'})
    ran = desk.commits("gwlint", {"gwlint.toml": 'ignore = ["GW2"]\n'})

    assert (ran.code, findings(ran)) == (1, [BYPASS])


@with_pre_commit
def test_what_a_change_does_to_another_file_is_told_and_what_it_has_no_part_in_is_not(desk: Desk) -> None:
    desk.starts_with({**CLEAN, "src/orders.py": "import cache_core\n"})
    ran = desk.commits("gwlint-changed", {"src/b.py": "import a\n"})

    assert (ran.code, [line.partition(" ")[0] for line in findings(ran)]) == (1, ["src/a.py:1:1:"])
