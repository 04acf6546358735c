"""The functions of a project compared: what the last run knew of them, brought up to date."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import msgspec

from gwlint.analysis import Survey
from gwlint.cache import Cache
from gwlint.clones import NO_INDEX, CloneClass, Index, Limits, Member, Sketch, classes, indexed, sketches
from gwlint.clones.resemblance import Resemblance, best, likely
from gwlint.config import Config
from gwlint.discover.ignore import Patterns
from gwlint.model import Fact, Function, Functions, Redefinition

_FILES = "functions"
_INDEX = "clones"
_DIGEST_BYTES = 16
_NOT_WRITTEN_BY_HAND = re.compile(r"(?:.*/)?(?:migrations/.*|\w+_pb2(?:_grpc)?\.py)")


class _File(Fact, frozen=True):
    """What is kept of a file whose content `key` stands for."""

    key: bytes
    sketches: tuple[Sketch, ...]
    redefinitions: tuple[Redefinition, ...]


class _KeptFiles(Fact, frozen=True):
    """What the last run knew of all files; it holds for what `basis` stands for."""

    basis: bytes
    files: dict[str, _File]


class _KeptIndex(Fact, frozen=True):
    """The index of the last run that asked for one; it holds for what `basis` stands for."""

    basis: bytes
    index: Index


_Kept = TypeVar("_Kept", _KeptFiles, _KeptIndex)
_Found = TypeVar("_Found", CloneClass, Resemblance)


class _ForgottenError(Exception):
    """What was kept speaks of a file that has changed since, and the cache has forgotten what it said."""


class Comparison:
    """What the functions of a project have to do with one another, found out when it is first asked for."""

    def __init__(self, survey: Survey, cache: Cache, config: Config) -> None:
        """Compare what the settings say is to be compared."""
        self._survey = survey
        self._cache = cache
        self._limits = Limits(config.duplicates.min_statements, config.duplicates.threshold, config.duplicates.kinds)
        self._excluded = config.duplicates.exclude
        self._basis = _digest(survey.schema, self._limits, self._excluded)
        self._read: dict[str, Functions] = {}

    @cached_property
    def redefinitions(self) -> Mapping[str, tuple[Redefinition, ...]]:
        """The definitions that get lost, by the path of their file."""
        return {path: file.redefinitions for path, file in self._files.items() if file.redefinitions}

    @cached_property
    def classes(self) -> list[CloneClass]:
        """The classes of copies, sorted by their first members."""
        return self._trusting(lambda: classes(self._sketches, self._index.links, self._functions, self._limits))

    def resembling(self, given: Sequence[Function]) -> list[Resemblance]:
        """Return the functions of the project that are copies of given ones, which are not of it, sorted by place."""
        return self._trusting(lambda: list(self._resembling(given)))

    def _resembling(self, given: Sequence[Function]) -> Iterator[Resemblance]:
        found = likely(given, self._sketches, self._index, self._limits)
        functions = self._functions(found)
        for path in sorted(found):
            for place, options in sorted(found[path].items()):
                resemblance = best(Member(path, functions[path][place]), options, self._limits)
                if resemblance is not None:
                    yield resemblance

    def _trusting(self, answer: Callable[[], list[_Found]]) -> list[_Found]:
        """Return an answer that rests on what was kept, or, where that can't be trusted, on nothing but the files."""
        try:
            return answer()
        except _ForgottenError:
            self._files = self._brought_up_to_date({})
            self.__dict__.pop("_index", None)
            return answer()

    @property
    def _sketches(self) -> Mapping[str, Sequence[Sketch]]:
        return {path: file.sketches for path, file in self._files.items()}

    @cached_property
    def _index(self) -> Index:
        last = self._last(_INDEX, _KeptIndex)
        before = last.index if last is not None else NO_INDEX
        index = indexed(before, self._sketches, self._functions, self._limits)
        if index is not before:
            self._keep(_INDEX, _KeptIndex(self._basis, index))
        return index

    @cached_property
    def _files(self) -> dict[str, _File]:
        last = self._last(_FILES, _KeptFiles)
        before = last.files if last is not None else {}
        files = self._brought_up_to_date(before)
        if files != before:
            self._keep(_FILES, _KeptFiles(self._basis, files))
        return files

    def _brought_up_to_date(self, before: Mapping[str, _File]) -> dict[str, _File]:
        """Return what is known of the files as they are now, where `before` is what was known of them."""
        keys = self._survey.keys
        same = {path: file for path, file in before.items() if keys.get(path) == file.key}
        excluded = Patterns(self._excluded)
        said = self._survey.duplication([path for path in keys if path not in same])
        self._read.update(said)
        read = {path: self._file(path, one, excluded) for path, one in said.items()}
        return {**same, **read}

    def _file(self, path: str, said: Functions, excluded: Patterns) -> _File:
        is_excluded = _NOT_WRITTEN_BY_HAND.fullmatch(path) or excluded.cover(path)
        compared = () if is_excluded else sketches(said.functions, self._limits)
        return _File(self._survey.keys[path], compared, said.redefinitions)

    def _functions(self, paths: Collection[str]) -> Mapping[str, tuple[Function, ...]]:
        """Return the functions of some files. Raises `_ForgottenError`."""
        unread = [path for path in paths if path not in self._read]
        self._read.update(self._survey.duplication(unread))
        if any(self._survey.keys.get(path) != self._files[path].key for path in unread):
            raise _ForgottenError
        return {path: self._read[path].functions for path in paths}

    def _last(self, name: str, kind: type[_Kept]) -> _Kept | None:
        """Return what the last run has kept under a name, unless it does not hold any more."""
        last = self._cache.run_of(name, kind)
        return last if last is not None and last.basis == self._basis else None

    def _keep(self, name: str, kept: _KeptFiles | _KeptIndex) -> None:
        self._cache.keep_run(name, msgspec.msgpack.encode(kept))


class Uncompared(NamedTuple):
    """Functions of which nobody asks what they have to do with one another."""

    redefinitions: Mapping[str, tuple[Redefinition, ...]] = MappingProxyType({})
    classes: Sequence[CloneClass] = ()

    def resembling(self, given: Sequence[Function]) -> list[Resemblance]:  # noqa: ARG002  for those who ask
        """Return none."""
        return []


UNCOMPARED = Uncompared()


def _digest(*parts: object) -> bytes:
    return blake2b(msgspec.msgpack.encode(parts), digest_size=_DIGEST_BYTES).digest()
