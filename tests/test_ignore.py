import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gwlint.discover.files import Reader
from gwlint.discover.ignore import Patterns, Surroundings, is_ignored, narrowed, surroundings
from gwlint.discover.walk import walk

NAMES = ("a.py", "b.py", "ab.py", "[.py", "-.py", "]x.py", "A.py", "x y.py", "a b .py", "é.py")
FOLDERS = ("", "a/", "b/", "foo/", "a/b/", "a/a/", "foo/b/", "foo/foo/", "a/b/foo/", "a/b/foo/b/")
SEGMENTS = (
    *("a", "b", "foo", "*", "**", "***", "?", "*.py", "a*", "fo[o]", "[ab]", "[!a]*", "[^b]*", "[a-b].py", "[b-a]*"),
    *("[]]x.py", "[]-a]*", "[[:alpha:]]*", "[[:upper:]-].py", "[[:nonsense:]]", "[[:alpha:]", "[[:a]*", "[\\]]x.py"),
    *("\\a", "\\[*", "a\\", "[a", "**a", "foo**", "*o*o*", "*a*b*", "*b*.*", "x\\ y.py", "x y.py", "a b\\ .py"),
)
COMMON = ("*", "!*/", "!*.py", "/*", "!/a/", "foo/", "foo/**", "!foo/**/", "!foo/b.py", "**/b", "a/**/b.py", "#a", "")

lines = st.one_of(
    st.sampled_from(COMMON),
    st.builds(
        "{}{}{}{}{}".format,
        st.sampled_from(("", "", "!", "\\!", "#")),
        st.sampled_from(("", "", "/")),
        st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=4).map("/".join),
        st.sampled_from(("", "", "/", "//")),
        st.sampled_from(("", "", "", " ", "\\ ", "\t", "\r")),
    ),
)
ignore_files = st.lists(lines, max_size=5)


def git(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    run = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=True, env=environment)
    return run.stdout.decode()


def written(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    git(root, "init", "--quiet")
    for folder in FOLDERS:
        for name in NAMES:
            written(root / folder / name)
    return root


def files_of(project: Path) -> list[str]:
    return [file.path for file in walk(project).files]


def files_of_git(project: Path) -> list[str]:
    return sorted(filter(None, git(project, "ls-files", "-oz", "--exclude-standard", "--", "*.py").split("\0")))


def meaning(lines: Sequence[str], path: str, is_folder: bool = False) -> list[int]:
    return Patterns(lines).meaning(path, path.rpartition("/")[2], is_folder)


@settings(max_examples=150, deadline=None)
@given(outer=ignore_files, inner=ignore_files, excludes=ignore_files)
@example(outer=["*", "!*/", "!b.py"], inner=[], excludes=[])
@example(outer=["a/**", "!a/a.py"], inner=["!b/", "b.py"], excludes=[])
@example(outer=["!a.py"], inner=["/b.py"], excludes=["a.py", "b.py"])
@example(outer=["\ufeffa.py\r", "b.py\r"], inner=[], excludes=[])
def test_a_walk_keeps_the_files_that_git_does_not_ignore(
    repository: Path, outer: list[str], inner: list[str], excludes: list[str]
) -> None:
    written(repository / ".gitignore", "\n".join(outer))
    written(repository / "a/.gitignore", "\n".join(inner) + "\n")
    written(repository / ".git/info/exclude", "\n".join(excludes))

    assert files_of(repository) == files_of_git(repository)


@settings(max_examples=50, deadline=None)
@given(outer=ignore_files, inner=ignore_files)
@example(outer=["/a/b.py", "a/b/", "a.py"], inner=["!a.py"])
def test_so_does_a_walk_that_starts_below_the_root_of_the_repository(
    repository: Path, outer: list[str], inner: list[str]
) -> None:
    written(repository / ".gitignore", "\n".join([*outer, "!a/"]))
    written(repository / "a/.gitignore", "\n".join(inner))
    written(repository / ".git/info/exclude")

    assert files_of(repository / "a") == files_of_git(repository / "a")


def test_a_worktree_uses_the_excludes_of_its_repository(tmp_path: Path) -> None:
    main, other = tmp_path / "main", tmp_path / "other"
    git(tmp_path, "init", "--quiet", str(main))
    git(main, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "--allow-empty", "--message=x")
    git(main, "worktree", "add", "--quiet", str(other))
    written(main / ".git/info/exclude", "secret.py\n")
    written(other / "secret.py")
    written(other / "a.py")

    assert files_of(other) == files_of_git(other) == ["a.py"]


def test_an_ignored_project_was_asked_for_by_name(tmp_path: Path) -> None:
    written(tmp_path / ".git/HEAD")
    written(tmp_path / "env/.gitignore", "*")
    project = tmp_path / "env/lib"
    project.mkdir()

    assert surroundings(str(project), Reader(str(project))) == Surroundings("", ())


def test_nothing_speaks_for_a_project_outside_a_repository(tmp_path: Path) -> None:
    written(tmp_path / ".gitignore", "*.py")
    project = tmp_path / "project"
    project.mkdir()

    assert surroundings(str(project), Reader(str(project))) == Surroundings("", ())


def test_the_innermost_file_that_means_an_entry_decides() -> None:
    scopes = narrowed(narrowed((), b"*.py\n*.txt", ""), b"!keep.*", "a/")

    verdicts = [is_ignored(scopes, f"a/{name}", name, is_folder=False) for name in ("keep.py", "b.txt", "c.md")]
    assert verdicts == [False, True, False]


def test_every_line_that_means_an_entry_is_named() -> None:
    assert meaning(["*.py", "a.md", "!a.py", "/b/a.py", "b/", "**/a.py"], "b/a.py") == [0, 2, 3, 5]


def test_a_folder_is_not_meant_by_what_means_all_that_it_holds() -> None:
    assert meaning(["a/**", "a/*", "a/"], "a", is_folder=True) == [2]


def test_names_that_are_no_text_are_compared_too() -> None:
    scopes = narrowed((), b"\xff.py", "")

    assert is_ignored(scopes, "\udcff.py", "\udcff.py", is_folder=False)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="its regular expressions have no atomic groups")
@pytest.mark.parametrize("glob", ["*a" * 40 + "b", "**/a/" * 40 + "b", "**/*a*/" * 40 + "b"])
def test_a_malicious_glob_takes_no_time(glob: str) -> None:
    assert meaning([glob], "a/" * 100 + "a" * 100) == []
