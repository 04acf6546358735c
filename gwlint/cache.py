"""What was learnt before: the facts of files by their content, and the last run of a project.

A cache may be stale, truncated, written by two processes at once or by somebody else, or not writable at all. None
of this changes an answer: what can't be read back is computed again, what can't be written is not.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import msgspec

FOLDER = ".gwlint_cache"

_T = TypeVar("_T")
_PACKAGE = Path(__file__).parent
_DATABASE = "facts.sqlite"
_PACKAGES = "packages.sqlite"
_LOCK = "turn.sqlite"
_BUSY_SECONDS = 5.0
_BREATH_SECONDS = 0.02
_BATCH = 500
_CHECKSUM_BYTES = 4
_README = "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of gwlint: this folder can be deleted at any time.\n"
_READERS = ("tree_sitter_python", "tree_sitter", "libcst")


class Cache:
    """The cache of one project, to be closed in the end. Without a folder it knows nothing and keeps nothing."""

    def __init__(
        self, folder: Path | None, *, is_kept: bool = True, patience: float = 0.0, facts: str = _DATABASE
    ) -> None:
        """Touch nothing yet: files are opened when they are needed. Unless it is kept, nothing is written to it.

        `patience` is how many seconds to wait for what another process is finding out; `facts` is the name of the
        database that has these.
        """
        self._folder = folder
        self._is_kept = is_kept
        self._patience = patience
        self._facts = facts
        self._packages: Cache | None = None
        self._has_database = True
        self._database: sqlite3.Connection | None = None

    def as_it_is(self) -> Cache:
        """Return a cache that knows the same, and keeps nothing."""
        return Cache(self._folder, is_kept=False)

    @property
    def packages(self) -> Cache:
        """What is known of the files of installed packages, which are not those of the project to be forgotten."""
        if self._packages is None:
            self._packages = Cache(self._folder, is_kept=self._is_kept, facts=_PACKAGES)
        return self._packages

    def close(self) -> None:
        """Close the databases."""
        if self._packages is not None:
            self._packages.close()
        if self._database is not None:
            self._database.close()
            self._database = None

    def facts(self, keys: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return what is known of these keys."""
        wanted = list(keys)
        return self._with_database(lambda database: dict(_selected(database, wanted))) or {}

    def keep_facts(self, facts: Mapping[bytes, bytes]) -> None:
        """Keep facts by key."""
        rows = [(key, _sealed(content)) for key, content in facts.items()]
        if rows and self._is_kept:
            self._with_database(lambda database: _insert(database, rows))

    def forget_facts(self, known: Iterable[bytes]) -> None:
        """Drop what belongs to none of the known keys, once it outweighs them."""
        kept = {(key,) for key in known}
        if self._is_kept:
            self._with_database(lambda database: _prune(database, kept))

    def run(self, name: str) -> memoryview | None:
        """Return the last run kept under a name."""
        if self._folder is None:
            return None
        path = self._folder / f"{name}.run"
        try:
            return _unsealed(path.read_bytes()) if _is_own(self._folder) and _is_regular(path) else None
        except OSError:
            return None

    def run_of(self, name: str, kind: type[_T]) -> _T | None:
        """Return the last run kept under a name, decoded; None where what is kept is of no such kind."""
        content = self.run(name)
        if content is None:
            return None
        try:
            return msgspec.msgpack.decode(content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def keep_run(self, name: str, content: bytes) -> None:
        """Keep a run under a name; of two processes that do so at once, one wins whole."""
        if self._folder is None or not self._is_kept:
            return
        target = self._folder / f"{name}.run"
        draft = self._folder / f"{name}.{os.getpid()}.draft"
        try:
            _make(self._folder)
            draft.unlink(missing_ok=True)
            with draft.open("xb") as stream:
                stream.write(_sealed(content))
            draft.replace(target)
        except OSError:
            with suppress(OSError):
                draft.unlink()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Find something out while the other patient processes wait for it; they can read it afterwards.

        Nobody waits for a process that has ended, nor longer than patience lasts.
        """
        lock = self._lock()
        try:
            yield
        finally:
            if lock is not None:
                lock.close()

    def _lock(self) -> sqlite3.Connection | None:
        """Return what to close when others may go on; None where it can't be had, or not in time."""
        if self._folder is None or not self._is_kept or not self._patience:
            return None
        try:
            _make(self._folder)
            path = self._folder / _LOCK
            return _locked(path, self._patience) if _is_regular(path) else None
        except (OSError, sqlite3.Error):
            return None

    def _with_database(self, work: Callable[[sqlite3.Connection], _T]) -> _T | None:
        """Do something with the database; None when there can be none. What is no database of ours is put away."""
        if self._folder is None or not self._has_database:
            return None
        try:
            if self._database is None:
                if not self._is_kept and not (self._folder / self._facts).exists():
                    return None
                _make(self._folder)
                self._database = _connected(self._folder / self._facts)
            return work(self._database)
        except OSError:
            self._has_database = False
        except sqlite3.DatabaseError as error:
            self._put_away(self._folder, error)
        return None

    def _put_away(self, folder: Path, error: sqlite3.DatabaseError) -> None:
        self.close()
        if _is_passing(error) or not self._is_kept:
            # Whoever waited once for another process need not wait again.
            self._has_database = False
            return
        with suppress(OSError):
            # A journal that is left behind would be rolled back into the next database.
            for path in (folder / f"{self._facts}-journal", folder / self._facts):
                path.unlink(missing_ok=True)


def _selected(database: sqlite3.Connection, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        query = f"SELECT key, sealed FROM facts WHERE key IN ({','.join('?' * len(batch))})"
        for key, sealed in database.execute(query, batch):
            content = _unsealed(sealed)
            if content is not None:
                yield key, bytes(content)


def _insert(database: sqlite3.Connection, rows: Iterable[tuple[bytes, bytes]]) -> None:
    with database:
        database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", rows)


def _prune(database: sqlite3.Connection, kept: AbstractSet[tuple[bytes]]) -> None:
    (count,) = database.execute("SELECT count(*) FROM facts").fetchone()
    if count > 2 * len(kept) + _BATCH:
        stale = set(database.execute("SELECT key FROM facts")) - kept
        with database:
            database.executemany("DELETE FROM facts WHERE key = ?", stale)


def _is_passing(error: sqlite3.DatabaseError) -> bool:
    """Tell a database that is busy, or on a disk that is full or read-only, from one that is broken or foreign."""
    return any(sign in str(error) for sign in ("locked", "readonly", "full", "unable to open"))


def facts_schema() -> str:
    """Return what facts depend on besides the file: the code that reads it, its grammars and the interpreter."""
    code = [
        *(_PACKAGE / f"{name}.py" for name in ("model", "steps", "syntax")),
        *sorted((_PACKAGE / "parse").glob("*.py")),
    ]
    grammars = " ".join(_version(module) for module in _READERS)
    return f"{_checksum(code):08x} {sys.version_info[0]}.{sys.version_info[1]} {grammars}"


def run_schema() -> str:
    """Return what a run depends on besides the project and its facts: all of the code."""
    return f"{_checksum(sorted(_PACKAGE.rglob('*.py'))):08x}"


def _checksum(code: Iterable[Path]) -> int:
    checksum = 0
    for path in code:
        checksum = zlib.crc32(path.read_bytes(), checksum)
    return checksum


def _version(module: str) -> str:
    """Return the version in the name of a distribution's folder: `importlib.metadata` costs more than a warm run."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return "?"
    site = Path(spec.origin).parent.parent
    return next((name for name in sorted(entry.name for entry in site.iterdir()) if name.startswith(f"{module}-")), "?")


def _is_own(folder: Path) -> bool:
    """Tell whether a folder is one in the project, not a link to somewhere else."""
    return not folder.is_symlink()


def _is_regular(path: Path) -> bool:
    """Tell a file, or none at all, from what a hostile project may put in its place: a link, a FIFO."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def _make(folder: Path) -> None:
    """Make the folder, unless it is there. Raises OSError where it can't be used."""
    if not _is_own(folder):
        raise NotADirectoryError(folder)
    if not folder.is_dir():
        folder.mkdir(exist_ok=True)
        (folder / "CACHEDIR.TAG").write_text(_README, encoding="utf-8")
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")


def _connected(path: Path) -> sqlite3.Connection:
    if not _is_regular(path):
        raise OSError(path)
    database = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    try:
        # What is lost in a crash is computed again.
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID")
    except sqlite3.Error:
        database.close()
        raise
    return database


def _locked(path: Path, patience: float) -> sqlite3.Connection | None:
    """Lock a database that is there for this alone: on every system, the lock goes with the process that holds it."""
    deadline = time.monotonic() + patience
    lock = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        while not _takes(lock):
            if time.monotonic() > deadline:
                lock.close()
                return None
            # An interrupt from the keyboard would not be heard inside of the database.
            time.sleep(_BREATH_SECONDS)
    except BaseException:
        lock.close()
        raise
    return lock


def _takes(lock: sqlite3.Connection) -> bool:
    """Take a lock, unless somebody has it."""
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if "locked" in str(error):
            return False
        raise
    return True


def _sealed(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "big") + content


def _unsealed(sealed: object) -> memoryview | None:
    """Return what was sealed, without a copy of it, unless something has happened to it since."""
    if not isinstance(sealed, bytes):
        return None
    content = memoryview(sealed)[_CHECKSUM_BYTES:]
    return content if zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "big") == sealed[:_CHECKSUM_BYTES] else None
