"""A baseline: the findings that a project had when somebody drew a line, and what has become of them.

It has no line numbers. An entry stands for a finding of the same fingerprint that it describes, else for one that it
describes, else for one that it would describe if the files that have moved were called what they are called now, else
for what is left of the cycle it describes. Entries that stand for nothing are stale.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from gwlint.config import BASELINE, Config, ConfigError
from gwlint.discover.files import reason_of
from gwlint.finding import Finding
from gwlint.model import Span
from gwlint.moves import Told, moves

_VERSION = 1
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FINGERPRINT = re.compile(rb'"fingerprint"\s*:\s*"([^"]*)"')
_AT_BYTE = re.compile(r" \(byte (\d+)\)$")
_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7}|\|{7})(?= |\r?$)", re.MULTILINE)
_REMEDY = "restore it, or begin anew with `gwlint baseline write --force`"


class Entry(msgspec.Struct, frozen=True, order=True, gc=False, forbid_unknown_fields=True):
    """A finding that is known: `identity` says what it is about, `fingerprint` tells it from others like it."""

    path: str
    rule: str
    identity: str
    fingerprint: str

    @classmethod
    def of(cls, finding: Finding) -> Entry:
        """Return the entry for a finding."""
        return cls(finding.path, finding.rule, finding.identity, finding.fingerprint)

    @property
    def told(self) -> Told:
        """What the finding is about, in words."""
        return Told.of(self.rule, self.path, self.identity)


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    version: int
    findings: list[Entry | None]


class _Outline(msgspec.Struct):
    version: int
    findings: list[msgspec.Raw] = []


@dataclass(frozen=True, slots=True)
class Match:
    """What a baseline means for some findings: those that are `new`, those that are `known`, and what is `idle`.

    Known findings come with the entries that stand for them; an idle entry stands for none.
    """

    new: tuple[Finding, ...]
    known: tuple[tuple[Entry, Finding], ...]
    idle: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of a file, in its order. `name` is what the project calls the file."""

    name: str
    content: bytes
    entries: tuple[Entry, ...]

    def matched(self, findings: Sequence[Finding], modules: Collection[str]) -> Match:
        """Tell the findings that are known from the new ones. `modules` are the paths of all modules there are."""
        left = dict.fromkeys(self.entries)
        known: dict[Finding, Entry] = {}
        for finding in findings:
            entry = Entry.of(finding)
            if entry in left:
                del left[entry]
                known[finding] = entry
        new = [finding for finding in findings if finding not in known]
        if left and new:
            stale = [*left]
            known.update(_followed(stale, new, self.entries, modules))
            standing = {*known.values()}
            left = dict.fromkeys(entry for entry in stale if entry not in standing)
        return Match(
            tuple(finding for finding in new if finding not in known),
            tuple((known[finding], finding) for finding in findings if finding in known),
            tuple(sorted(left)),
        )

    def lines(self) -> dict[str, Span]:
        """Return the line of every entry by its fingerprint."""
        found: dict[str, Span] = {}
        for number, line in enumerate(self.content.split(b"\n"), 1):
            for fingerprint in _FINGERPRINT.findall(line):
                width = len(line.decode(errors="replace").rstrip("\r,"))
                found.setdefault(fingerprint.decode(errors="replace"), Span(number, 1, number, width + 1))
        return found


def written(entries: Iterable[Entry]) -> bytes:
    """Return the content of a file with some entries: sorted, one to a line.

    The lines of all entries end alike, so that nobody has to put a comma right when lines go or two files are merged.
    """
    lines = (msgspec.json.format(msgspec.json.encode(entry), indent=0) for entry in sorted({*entries}))
    return b'{"version": %d, "findings": [\n' % _VERSION + b"".join(b"%s,\n" % line for line in lines) + b"null]}\n"


def load(config: Config) -> Baseline | None:
    """Return the baseline of a project, if it has one. Raises `ConfigError` where it can't be used."""
    if config.baseline is None:
        return None
    file = config.project / config.baseline
    try:
        # Opening a FIFO would wait for ever.
        if not stat.S_ISREG(file.stat().st_mode):
            raise ConfigError((f"{config.baseline}: is no regular file, and no baseline; rename or remove it",))
        return read(config.baseline, file.read_bytes())
    except FileNotFoundError as error:
        if config.baseline == BASELINE:
            return None
        source = dict(config.sources).get("baseline", config.source)
        problem = f"{source}: the baseline '{config.baseline}' does not exist; `gwlint baseline write` writes it"
        raise ConfigError((problem,)) from error
    except OSError as error:
        raise ConfigError((f"{config.baseline}: can't be read: {reason_of(error)}; make it readable",)) from error


def read(name: str, content: bytes) -> Baseline:
    """Return the baseline in a file. Raises `ConfigError` where it is none."""
    content = content.removeprefix(_BYTE_ORDER_MARK)
    try:
        document = msgspec.json.decode(content, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError((f"{name}: {_fault(content, error)}",)) from error
    if document.version != _VERSION:
        raise ConfigError((f"{name}: {_of_another_version(document.version)}",))
    return Baseline(name, content, tuple(entry for entry in document.findings if entry is not None))


# What files that have moved, and cycles that have shrunk, are to a baseline.


def _followed(
    idle: Sequence[Entry], new: Sequence[Finding], entries: Iterable[Entry], modules: Collection[str]
) -> Iterator[tuple[Finding, Entry]]:
    """Yield findings with the entries that stand for them all the same."""
    then = {entry: entry.told for entry in idle}
    now = {finding: Told.of(finding.rule, finding.path, finding.identity) for finding in new}
    named = {path for entry in entries for path in entry.told.paths}
    moved = moves(then.values(), now.values(), named, {*modules})
    meant = {entry: told.after(moved) for entry, told in then.items()}
    waiting: dict[Told, list[Entry]] = {}
    for entry in reversed(idle):
        waiting.setdefault(meant[entry], []).append(entry)
    sets = [entry for entry in idle if not meant[entry].path]
    for finding, told in now.items():
        if waiting.get(told):
            yield finding, waiting[told].pop()
        elif whole := next((entry for entry in sets if told.is_part_of(meant[entry])), None):
            yield finding, whole


# What is wrong with a file.


def _fault(content: bytes, error: Exception) -> str:
    """Say what is wrong with a file that can't be decoded, and what to do about it."""
    conflict = _CONFLICT.search(content)
    if conflict:
        line = _line(content, conflict.start())
        return f"line {line} is a conflict of a merge; keep the entries of both sides, and `gwlint baseline prune` it"
    try:
        content.decode()
    except UnicodeDecodeError as misfit:
        return f"line {_line(content, misfit.start)} is not UTF-8; {_REMEDY}"
    if isinstance(error, msgspec.ValidationError):
        return _misfit(content)
    at = _AT_BYTE.search(str(error))
    line = _line(content, int(at[1]) if at else len(content.rstrip()))
    return f"line {line} is no valid JSON: {_AT_BYTE.sub('', str(error))}; {_REMEDY}"


def _misfit(content: bytes) -> str:
    try:
        outline = msgspec.json.decode(content, type=_Outline)
    except (msgspec.DecodeError, RecursionError):
        return f"is JSON, but no baseline of gwlint; {_REMEDY}"
    if outline.version != _VERSION:
        return _of_another_version(outline.version)
    refused = ((raw, reason) for raw in outline.findings if (reason := _refused(raw)))
    raw, reason = next(refused, (msgspec.Raw(content), "this is no baseline of gwlint"))
    return f"line {_line(content, content.index(bytes(raw)))}: {reason}; {_REMEDY}"


def _refused(raw: msgspec.Raw) -> str:
    """Say why something is no entry; nothing where it is one."""
    try:
        msgspec.json.decode(raw, type=Entry | None)
    except (msgspec.DecodeError, RecursionError) as error:
        return f"this is no entry: {error}"
    return ""


def _of_another_version(version: int) -> str:
    if version > _VERSION:
        return f"has format {version}, of a newer gwlint than this one, which knows format {_VERSION}; update gwlint"
    return f"has format {version}, which there never was; {_REMEDY}"


def _line(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1
