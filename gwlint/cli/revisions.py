"""What git knows: the files that have changed since a revision, and the files of the last commit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from gwlint.cli.refusal import Refusal

_MISSING = "--diff-base needs git, which can't be run; install it, or name the changed files instead"


def changed_since(root: Path, revision: str) -> frozenset[str]:
    """Return the files of a project that differ from where the work on it left a revision, as the project calls them.

    They are those of all commits since then, those that are not committed or not even known to git, and those that are
    gone: a renamed file counts under both names. Refuses what git can't tell.
    """
    if _git(root, "rev-parse", "--is-inside-work-tree") is None:
        raise Refusal(f"--diff-base: {root} is in no git repository; leave the option out, or name the changed files")
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        raise Refusal(f"--diff-base: git knows no commit `{revision}`; correct it, or fetch it first")
    base = _git(root, "merge-base", commit.strip(), "HEAD")
    if base is None:
        raise Refusal(f"--diff-base: `{revision}` and HEAD have no commit in common; fetch more of their history")
    options = ("--name-only", "--no-renames", "--no-ext-diff", "--ignore-submodules", "--relative", "-z")
    differing = _git(root, "diff", *options, base.strip())
    unknown = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    if differing is None or unknown is None:
        raise Refusal(f"--diff-base: git can't compare the files with `{revision}`; `git diff {revision}` says why")
    return _paths(differing + unknown)


def is_deleted(path: Path) -> bool:
    """Tell whether the last commit has a file or folder that is not there any more."""
    folder = next((one for one in path.absolute().parents if one.is_dir()), None)
    if folder is None:
        return False
    relative = os.path.relpath(path.absolute(), folder).replace(os.sep, "/")
    try:
        return _git(folder, "cat-file", "-e", f"HEAD:./{relative}") is not None
    except Refusal:
        return False


def _paths(listed: str) -> frozenset[str]:
    from gwlint.discover.files import printable

    return frozenset(printable(path) for path in listed.split("\0") if path)


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints, and None where it fails. Refuses to go on without git."""
    import subprocess

    command: Sequence[str] = ("git", "-C", os.fspath(folder), *arguments)
    try:
        ran = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    except OSError:
        raise Refusal(_MISSING) from None
    return os.fsdecode(ran.stdout) if ran.returncode == 0 else None
