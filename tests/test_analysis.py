"""What is said of a project depends on its files alone: on no cache, no order and no number of processes."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwlint import analysis, cache, parse
from gwlint.analysis import analyse
from gwlint.cache import FOLDER, Cache
from gwlint.components import Components
from gwlint.config import Config, load
from gwlint.discover import walk
from gwlint.discover.files import Stat
from gwlint.project import Project, Unreadable
from gwlint.reporters import graph_json
from tests.projects import REPOSITORY, edit, gwlint, write

Changes = Mapping[str, str | None]

TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: orders/, Handler: main.run, Runtime: python3.12, Layers: [!Ref Shared]}
  Shared:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: shared/}
"""
BASE = {
    "gwlint.toml": "",
    ".gitignore": "*.log\n",
    "template.yaml": TEMPLATE,
    "app/__init__.py": "",
    "app/handler.py": "from app import cache, late\nfrom logging import getLogger, emit\nimport json.decoder\n",
    "app/cache.py": "from app.cache_core import get\n",
    "app/cache_core.py": "def get():\n    from app import cache\n",
    "app/made/stubs.py": "import app.cache\n",
    "orders/main.py": "import clock\nfrom cache_core import get\nfrom logging import emit\n",
    "shared/python/clock.py": "import time\n",
    "tools/run.py": "import app.handler, helper\n",
    "tools/helper.py": "from logging import emit\n",
}
EDITS: dict[str, Changes] = {
    "an import more": {"app/cache_core.py": "import app.late\n\ndef get():\n    from app import cache\n"},
    "a broken file": {"app/cache.py": "from app.cache_core import get\ndef (\n"},
    "a new file": {"app/late.py": "import app.handler\n"},
    "a file less": {"app/cache_core.py": None},
    "a new name": {"app/cache.py": None, "app/caches.py": "from app.cache_core import get\n"},
    "a moved folder": {"tools": None, "bin/run.py": "import app.handler, helper\n", "bin/helper.py": ""},
    "a module becomes a package": {
        "app/cache.py": None,
        "app/cache/__init__.py": "",
        "app/cache/core.py": "import app\n",
    },
    "a package becomes a module": {"app/cache": None, "app/cache.py": "import app.cache_core\n"},
    "a package beside its module": {"app/cache/__init__.py": "import json\n", "app/cache.py": "import app\n"},
    "a shadow of a standard module": {"logging": None, "logging.py": "def emit(): pass\n"},
    "a shadow without the name": {"logging": None, "logging.py": "def other(): pass\n"},
    "a package as a shadow": {"logging.py": None, "logging/__init__.py": "def emit(): pass\n"},
    "a package without the name": {"logging.py": None, "logging/__init__.py": "def other(): pass\n"},
    "a shadow in one function": {"orders/logging.py": "emit = print\n"},
    "an initialiser less": {"app/__init__.py": None},
    "the project is a package": {"__init__.py": ""},
    "a stub": {"app/late.pyi": ""},
    "a compiled module": {"app/late.so": ""},
    "a project in the project": {"tools/pyproject.toml": "[project]\nname = 'tools'\n"},
    "other roots": {"gwlint.toml": "roots = ['app']\n"},
    "another layout": {"gwlint.toml": "layout = 'flat'\n"},
    "an exclusion": {"gwlint.toml": "exclude = ['made/']\n"},
    "more tests": {"gwlint.toml": "tests = ['tools/**']\n"},
    "an entry point": {"gwlint.toml": "entry-points = ['app.handler']\n"},
    "settings elsewhere": {"pyproject.toml": "[tool.gwlint]\nlayout = 'package'\n", "gwlint.toml": None},
    "another function": {"template.yaml": TEMPLATE.replace("Orders", "Bills").replace("main.run", "other.run")},
    "a layer less": {"template.yaml": TEMPLATE.replace(", Layers: [!Ref Shared]", "")},
    "a broken template": {"template.yaml": TEMPLATE + "  {"},
    "no template": {"template.yaml": None},
    "a template of another kind": {"serverless.yml": "service: x\nfunctions: {a: {handler: tools/run.main}}\n"},
    "a folder ignored": {".gitignore": "made/\n"},
    "an ignore file inside": {"app/.gitignore": "cache*.py\n"},
    "nothing": {},
    "everything as it was": dict(BASE),
}


def silently(done: int, total: int) -> None:
    pass


def said(project: Project) -> tuple[bytes, tuple[str, ...]]:
    return b"".join(graph_json.render(project, Components(Config(Path()), project))), project.notices


def analysed(folder: Path, *, cached: bool, jobs: int = 1) -> Project:
    with closing(Cache(folder / FOLDER if cached else None)) as opened:
        return analyse(load(folder), opened, jobs, silently)


def warm(folder: Path) -> tuple[bytes, tuple[str, ...]]:
    return said(analysed(folder, cached=True))


def cold(folder: Path) -> tuple[bytes, tuple[str, ...]]:
    return said(analysed(folder, cached=False))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "project", BASE)


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are believed to be as old as they would be in a longer test."""
    monkeypatch.setattr(analysis, "_TICK_NS", -3_600_000_000_000)


# Deterministic


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that is worth several processes."""
    folder = tmp_path_factory.mktemp("large")
    shutil.copytree(REPOSITORY / "gwlint", folder / "gwlint", ignore=shutil.ignore_patterns("__pycache__", FOLDER))
    return write(folder, BASE)


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_hash_seed_no_number_of_processes_and_no_cache_changes_a_byte(large: Path, form: str) -> None:
    options = (("--jobs", "1"), ("--jobs", "2", "--no-cache"), ("--jobs", "4"), ("--jobs", "4", "--no-cache"))
    runs = [
        gwlint("graph", "--format", form, *jobs, cwd=large, PYTHONHASHSEED=str(seed))
        for seed, jobs in enumerate(options)
    ]

    assert runs == [runs[0]] * len(options)
    assert runs[0].code == 0


# Incremental: the same as cold


def check(folder: Path, edits: Iterator[Changes]) -> None:
    for changes in edits:
        edit(folder, changes)
        expected = cold(folder)
        assert (warm(folder), warm(folder)) == (expected, expected)


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_shows_as_in_a_run_without_a_cache(project: Path, name: str, trusting: None) -> None:
    check(project, iter([{}, EDITS[name], {}, BASE]))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=2, max_size=8), st.sampled_from([-(10**13), 2 * 10**9]))
def test_a_series_of_edits_shows_as_in_runs_without_a_cache(names: list[str], tick_ns: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(analysis, "_TICK_NS", tick_ns)
        check(write(Path(folder), BASE), (EDITS[name] for name in names))


@pytest.mark.parametrize("first", [name for name, changes in EDITS.items() if "logging" in str(changes)])
@pytest.mark.parametrize("second", [name for name, changes in EDITS.items() if "logging" in str(changes)])
def test_what_shadows_a_standard_module_is_watched(project: Path, first: str, second: str, trusting: None) -> None:
    check(project, iter([EDITS[first], EDITS[second]]))


def test_a_file_rewritten_in_the_tick_of_a_run_is_read_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    monkeypatch.setattr(walk, "stat_of", lambda found: Stat(found.st_size, now, now, found.st_ino))
    before = warm(project)
    write(
        project, {"app/cache.py": "from app.cache_core import put\n", "template.yaml": TEMPLATE.replace("er:", "ar:")}
    )

    assert warm(project) == cold(project) != before


def test_what_is_old_enough_and_unchanged_is_not_read_again(project: Path, trusting: None) -> None:
    warm(project)
    with pytest.MonkeyPatch.context() as monkeypatch:
        opened = opened_below(project, monkeypatch)
        warm(project)

    assert opened == [project / ".gitignore"]


def test_a_touched_file_is_read_again_and_nothing_else(project: Path, trusting: None) -> None:
    warm(project)
    os.utime(project / "app/cache.py", ns=(1, 1))
    with pytest.MonkeyPatch.context() as monkeypatch:
        opened = opened_below(project, monkeypatch)
        warm(project)

    assert opened == [project / ".gitignore", project / "app/cache.py"]


def opened_below(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files of a project that are opened from now on, the cache and the settings apart."""
    opened: list[Path] = []
    open_ = Path.open
    read_before = load(project)

    def opening(path: Path, *options: Any, **more: Any) -> Any:
        opened.extend([path] if path.is_relative_to(project) and FOLDER not in path.parts else [])
        return open_(path, *options, **more)

    monkeypatch.setattr(sys.modules[__name__], "load", lambda folder: read_before)
    monkeypatch.setattr(Path, "open", opening)
    return opened


# Files that can't be read


def refuse(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system refuse a file, as it never does for root."""
    open_ = Path.open
    refused = {file: PermissionError(13, "Permission denied")}

    def opening(path: Path, *options: Any, **more: Any) -> Any:
        with suppress(KeyError):
            raise refused[path]
        return open_(path, *options, **more)

    monkeypatch.setattr(Path, "open", opening)


def account(project: Project) -> tuple[int, int, int, int]:
    one = project.account
    return one.found, one.analysed, one.partial, one.excluded


@pytest.mark.parametrize("path", ["app/cache.py", "logging.py"])
def test_a_file_that_can_not_be_read_is_partial_and_told_every_time(
    project: Path, monkeypatch: pytest.MonkeyPatch, path: str, trusting: None
) -> None:
    write(project, {"logging.py": "def emit(): pass\n"})
    refuse(project / path, monkeypatch)
    runs = [analysed(project, cached=True) for _ in range(2)]

    assert [(account(run), run.unreadable) for run in runs] == 2 * [
        ((10, 9, 1, 0), (Unreadable(path, "Permission denied"),))
    ]


@pytest.mark.parametrize("path", ["app/cache.py", "template.yaml"])
def test_a_file_that_can_be_read_again_is(project: Path, path: str, trusting: None) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        refuse(project / path, monkeypatch)
        refused = warm(project)

    assert warm(project) == cold(project) != refused


def test_a_file_that_vanishes_when_its_facts_are_lost_is_partial(
    project: Path, monkeypatch: pytest.MonkeyPatch, trusting: None
) -> None:
    warm(project)
    (project / FOLDER / "facts.sqlite").unlink()
    write(project, {"app/late.py": ""})
    with monkeypatch.context() as patched:
        refuse(project / "app/cache.py", patched)
        run = analysed(project, cached=True)

    assert (account(run), run.unreadable) == ((10, 9, 1, 0), (Unreadable("app/cache.py", "Permission denied"),))
    assert warm(project) == cold(project)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="CPython 3.10 may wait for a dead process for ever")
def test_a_process_that_dies_ends_the_run(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "parse", lambda source: os._exit(1))

    with pytest.raises(BrokenProcessPool):
        analysed(large, cached=False, jobs=2)


# The cache


def foreign_database(*statements: str) -> bytes:
    with TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "x")
        database.executescript(";".join(statements))
        database.close()
        return (Path(folder) / "x").read_bytes()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "garbage": lambda content: b"garbage" * 1000,
    "truncated": lambda content: content[: len(content) // 2],
    "a bit flipped": lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
    "foreign": lambda content: foreign_database("CREATE TABLE facts (a, b)"),
    "of another table": lambda content: foreign_database("CREATE TABLE others (a)"),
    "of other types": lambda content: foreign_database(
        "CREATE TABLE facts (key, sealed)", "INSERT INTO facts VALUES (1, 'x')"
    ),
    "a view": lambda content: foreign_database("CREATE TABLE x (key, sealed)", "CREATE VIEW facts AS SELECT * FROM x"),
}


@pytest.mark.parametrize("name", ["facts.sqlite", "look.run", "project.run"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_cache_changes_nothing_and_is_mended(project: Path, name: str, damage: str, trusting: None) -> None:
    warm(project)
    file = project / FOLDER / name
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    write(project, {"app/late.py": ""})

    assert (warm(project), warm(project)) == (cold(project), cold(project))
    write(project, {"app/later.py": ""})
    assert warm(project) == cold(project)
    assert len(rows(project)) >= 9


def rows(project: Path) -> list[tuple[bytes]]:
    database = sqlite3.connect(project / FOLDER / "facts.sqlite")
    found = database.execute("SELECT key FROM facts").fetchall()
    database.close()
    return found


def test_a_journal_of_another_database_does_no_harm(project: Path) -> None:
    warm(project)
    (project / FOLDER / "facts.sqlite").write_bytes(b"garbage")
    (project / FOLDER / "facts.sqlite-journal").write_bytes(b"garbage")

    assert (warm(project), warm(project)) == (cold(project), cold(project))


def test_a_run_sealed_by_other_code_is_not_believed(project: Path) -> None:
    with closing(Cache(project / FOLDER)) as opened:
        opened.keep_run("project", b"\xa1\xff")

    assert warm(project) == cold(project)


@pytest.mark.parametrize("name", ["facts.sqlite", "look.run", "project.run"])
def test_a_folder_in_the_place_of_a_file_of_the_cache_changes_nothing(project: Path, name: str) -> None:
    (project / FOLDER / name).mkdir(parents=True)

    assert (warm(project), warm(project)) == (cold(project), cold(project))


@pytest.mark.parametrize("name", ["facts.sqlite", "look.run", "project.run"])
@pytest.mark.parametrize("target", ["/dev/zero", "fifo"])
def test_what_is_no_regular_file_is_not_taken_for_a_cache(project: Path, name: str, target: str) -> None:
    os.mkfifo(project / "fifo")
    (project / FOLDER).mkdir()
    (project / FOLDER / name).symlink_to(project / target)

    assert (warm(project), warm(project)) == (cold(project), cold(project))


def test_a_cache_that_is_a_link_is_not_followed(project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / FOLDER).symlink_to(tmp_path / "elsewhere")

    assert (warm(project), warm(project)) == (cold(project), cold(project))
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_folder_that_can_not_be_written_to_needs_no_cache(project: Path) -> None:
    write(project, {FOLDER: "no folder"})

    assert (warm(project), warm(project)) == (cold(project), cold(project))


def test_a_full_disk_needs_no_cache(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, *_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(cache, "_connected", full)
        patched.setattr(Path, "replace", full)
        got = warm(project)

    assert got == cold(project)
    assert sorted(path.name for path in (project / FOLDER).iterdir()) == [".gitignore", "CACHEDIR.TAG"]


@pytest.mark.parametrize("lost", [FOLDER, f"{FOLDER}/facts.sqlite", f"{FOLDER}/look.run", f"{FOLDER}/project.run"])
def test_a_cache_can_be_deleted_at_any_time(project: Path, lost: str, trusting: None) -> None:
    warm(project)
    edit(project, {lost: None, "app/late.py": "import app.cache\n"})

    assert (warm(project), warm(project)) == (cold(project), cold(project))


def test_a_busy_cache_is_waited_for_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(project)
    write(project, {"app/late.py": "import app.cache\n"})
    waits: list[float] = []
    connect = sqlite3.connect

    def connecting(path: Path, timeout: float = 0.0) -> sqlite3.Connection:
        waits.append(timeout)
        return connect(path, timeout=0.01)

    other = connect(project / FOLDER / "facts.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    monkeypatch.setattr(sqlite3, "connect", connecting)
    got = warm(project)
    other.close()

    assert (got, len(waits)) == (cold(project), 1)


def test_processes_may_share_a_cache(large: Path) -> None:
    expected = gwlint("graph", "--format", "json", "--no-cache", cwd=large)
    shutil.rmtree(large / FOLDER, ignore_errors=True)
    command = [sys.executable, "-m", "gwlint", "graph", "--format", "json", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    at_once = [
        subprocess.Popen(command, cwd=large, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    got = [process.communicate() for process in at_once]

    assert got == 4 * [(expected.out.encode(), b"")]
    assert sorted(path.name for path in (large / FOLDER).iterdir()) == [
        *(".gitignore", "CACHEDIR.TAG", "facts.sqlite", "look.run", "project.run")
    ]


KEEPING = """\
import sys
from contextlib import closing
from pathlib import Path
from gwlint.cache import Cache
with closing(Cache(Path(sys.argv[1]))) as cache:
    for number in range(50):
        cache.keep_facts({b"%s%d" % (sys.argv[2].encode(), number): b"x"})
"""


def test_processes_that_keep_facts_at_once_lose_none(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    at_once = [
        subprocess.Popen([sys.executable, "-c", KEEPING, str(tmp_path / "c"), name], env=environment) for name in "abc"
    ]
    codes = [process.wait(60) for process in at_once]
    keys = [b"%s%d" % (name, number) for name in (b"a", b"b", b"c") for number in range(50)]
    with closing(Cache(tmp_path / "c")) as opened:
        kept = opened.facts(keys)

    assert (codes, kept) == ([0, 0, 0], dict.fromkeys(keys, b"x"))


def test_a_cache_does_not_grow_for_ever(tmp_path: Path) -> None:
    with closing(Cache(tmp_path / "cache")) as opened:
        opened.keep_facts({b"%d" % number: b"fact" for number in range(2000)})
        opened.forget_facts([b"7", b"8"])
        opened.keep_facts({b"%d" % number: b"fact" for number in range(2000, 4000)})
        opened.forget_facts([b"7", b"2000"])
        kept = opened.facts([b"6", b"7", b"8", b"2000", b"2001"])

    assert kept == {b"7": b"fact", b"2000": b"fact"}


def test_git_does_not_see_the_cache(project: Path) -> None:
    warm(project)
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    status = ["git", "status", "--porcelain", "--untracked-files=all", FOLDER]

    assert subprocess.run(status, cwd=project, check=True, capture_output=True).stdout == b""


def test_a_moved_project_takes_its_cache_along(project: Path, tmp_path: Path, trusting: None) -> None:
    before = warm(project)
    project.rename(tmp_path / "moved")

    assert warm(tmp_path / "moved") == cold(tmp_path / "moved") == before
