"""Bytes to a `Document`: the only module that knows PyYAML.

It takes the events of the parser and nothing above them. So no tag can fail, no alias is expanded, no depth reaches
the interpreter's stack, and what stands before a syntax error is not lost.
"""

import re
import reprlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import yaml

from gwlint.templates.values import MERGED_MAPPINGS, Document, Entry, Mapping, Scalar, Sequence, Value

MAX_BYTES = 1 << 20
"""What CloudFormation takes at most; anything larger is no template."""

MAX_DEPTH = 100
MAX_DIRECTIVES = 100
"""Far more than a template has. The time that libyaml takes grows with the square of either."""

_KEPT_DEPTH = 2
"""What is cut short is kept above this depth: the root, `Resources`, `functions`; never half a function."""


def parse(source: bytes, path: str = "") -> Document:
    """Return what can be read of a file in YAML or JSON, and the first or the fatal problem with it. Raises nothing.

    Entries are noted to stand in the file at `path`.
    """
    if len(source) > MAX_BYTES:
        return Document(None, False, f"line 1: the file is larger than the {MAX_BYTES} bytes of a template; not read")
    text, problem = _decode(source)
    builder = _Builder(problem, path)
    try:
        builder.take_first_document(_events(_tidy(text)))
    except _UnreadableError as error:
        builder.give_up()
        return Document(builder.root, False, f"{error}; the rest is not read")
    return Document(builder.root, True, builder.problem)


class _UnreadableError(Exception):
    """The reading ends here. The text is the problem."""


def _decode(source: bytes) -> tuple[str, str | None]:
    """Return the text, with U+FFFD in place of what is none, and the first problem with it."""
    try:
        text, problem = source.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        problem = f"line {_line_after(error.object[: error.start].decode())}: not UTF-8"
        text = source.decode("utf-8-sig", "replace")
    control = _CONTROL.search(text)
    if control is None:
        return text, problem
    return _CONTROL.sub("\ufffd", text), problem or f"line {_line_after(text[: control.start()])}: a control character"


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def _line_after(text: str) -> int:
    return len(re.findall(r"\r\n?|\n", text)) + 1


def _tidy(text: str) -> str:
    """Return a text of the same lines that a YAML parser reads as everyone else reads the original."""
    # YAML 1.1 alone takes these for line ends.
    text = re.sub("[\x85\u2028\u2029]", " ", text)
    if not text.lstrip().startswith("{"):
        return text
    # JSON may be indented with tabs and have surrogate pairs; YAML may not.
    return re.sub(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}", r"\\ufffd", text.replace("\t", " "))


def _events(text: str) -> Iterator[yaml.Event]:
    """Yield what PyYAML finds. Raises `_UnreadableError`."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    line = 1
    if len(re.findall(r"[\r\n]%", text)) > MAX_DIRECTIVES:
        raise _UnreadableError(f"line 1: more than {MAX_DIRECTIVES} lines begin with %")
    try:
        for event in yaml.parse(text, loader):
            line = _line(event)
            yield event
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else line
        raise _UnreadableError(f"line {line}: no valid YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:
        # What the parser that is written in Python says of absurd numbers and escapes.
        raise _UnreadableError(f"line {line}: no valid YAML") from error


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


@dataclass(slots=True)
class _Open:
    """A container whose end is still to come. The `children` of a mapping are keys and values by turns."""

    line: int
    start: yaml.CollectionStartEvent
    children: list[tuple[int, Value]] = field(default_factory=list)


class _Builder:
    """Makes values of events, from the leaves up: a container joins its parent when it ends."""

    def __init__(self, problem: str | None, path: str) -> None:
        self._path = path
        self.root: Value | None = None
        self.problem = problem
        self._open: list[_Open] = []
        self._anchored: dict[str, Value] = {}

    def take_first_document(self, events: Iterable[yaml.Event]) -> None:
        """Take the events up to a second document. Raises `_UnreadableError`."""
        for event in events:
            line = _line(event)
            if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
                self._note(line, "a second document begins; only the first is read")
                return
            self._take(event, line)
        if self.root is None:
            self._note(1, "the file is empty")

    def give_up(self) -> None:
        """End what is open, without what would mislead when it is cut short."""
        del self._open[_KEPT_DEPTH:]
        while self._open:
            self._end()

    def _take(self, event: yaml.Event, line: int) -> None:
        match event:
            case yaml.ScalarEvent():
                self._add(line, Scalar(event.value, event.tag, event.implicit[0]), event.anchor)
            case yaml.AliasEvent():
                self._add(line, self._aliased(line, event.anchor), None)
            case yaml.CollectionStartEvent():
                self._begin(line, event)
            case yaml.CollectionEndEvent():
                self._end()

    def _begin(self, line: int, start: yaml.CollectionStartEvent) -> None:
        if len(self._open) == MAX_DEPTH:
            raise _UnreadableError(f"line {line}: nested more than {MAX_DEPTH} deep")
        self._open.append(_Open(line, start))

    def _end(self) -> None:
        ended = self._open.pop()
        self._add(ended.line, self._container(ended), ended.start.anchor)

    def _add(self, line: int, value: Value, anchor: str | None) -> None:
        if anchor is not None:
            self._anchored[anchor] = value
        if self._open:
            self._open[-1].children.append((line, value))
        else:
            self.root = value

    def _aliased(self, line: int, anchor: str | None) -> Value:
        """Return the very value that has the anchor: nothing is expanded, and nothing can contain itself."""
        value = self._anchored.get(anchor or "")
        if value is None:
            self._note(line, f"'*{anchor}' refers to nothing that ends before it")
            return _UNKNOWN
        return value

    def _container(self, ended: _Open) -> Value:
        if isinstance(ended.start, yaml.MappingStartEvent):
            return self._mapping(ended.children)
        return Sequence(tuple(value for _, value in ended.children), ended.start.tag)

    def _mapping(self, children: list[tuple[int, Value]]) -> Mapping:
        entries: dict[str, Entry] = {}
        merged: list[Mapping] = []
        for (line, key), (_, value) in zip(children[::2], children[1::2]):  # noqa: B905  a last key may lack its value
            if key == _MERGE:
                merged.extend(_mappings(value))
            elif isinstance(key, Scalar):
                if key.text in entries:
                    self._note(line, f"{reprlib.repr(key.text)} is on line {entries[key.text].line} already")
                entries[key.text] = Entry(value, line, self._path)
        return Mapping(entries, tuple(merged[:MERGED_MAPPINGS]))

    def _note(self, line: int, problem: str) -> None:
        self.problem = self.problem or f"line {line}: {problem}"


def _mappings(value: Value) -> Iterator[Mapping]:
    """Yield what `<<` merges: one mapping, or those in a list."""
    candidates = value.items[:MERGED_MAPPINGS] if isinstance(value, Sequence) else (value,)
    return (candidate for candidate in candidates if isinstance(candidate, Mapping))


_MERGE = Scalar("<<", plain=True)
_UNKNOWN = Scalar("", tag="*")
