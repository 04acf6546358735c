"""Files of Terraform to values: the only module that knows python-hcl2.

Text in quotes stays text in which `${…}` stands for something; an expression without quotes becomes such a text, too.
So both are the same in the JSON form of the language, which needs no other reader than that of templates.
"""

import re
from collections.abc import Iterable

from gwlint.templates.parse_yaml import parse
from gwlint.templates.values import Document, Entry, Mapping, Sequence, Value, value_of

_MAX_BYTES = 1 << 19
"""Far more than anybody writes into one file; a grammar that is written in Python takes a second for less."""

_MAX_OPEN = 60
"""How deep brackets may be nested: the parser descends as deep as they do."""

_BLOCK = re.compile(r'^(?P<kind>[a-z]+)(?P<labels>(?:[ \t]+"?[\w-]+"?)*)[ \t]*\{', re.MULTILINE)
_ATTRIBUTE = re.compile(r"^[ \t]*(?P<name>[\w-]+)[ \t]*(?:=|\{)", re.MULTILINE)
_ESCAPE = re.compile(r'\\(["\\nrt])')
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def parse_terraform(source: bytes, path: str) -> Document:
    """Return what a file says, or why it can't be read. Raises nothing."""
    if path.endswith(".json"):
        return parse(source, path)
    try:
        import hcl2
        from hcl2.utils import SerializationOptions
        from lark.exceptions import LarkError
    except ImportError:
        return Document(None, False, "line 1: python-hcl2 reads such files; `pip install gwlint[terraform]`")
    if len(source) > _MAX_BYTES or _depth(source) > _MAX_OPEN:
        return Document(None, False, "line 1: the file is larger or deeper than can be read; not read")
    text = source.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    options = SerializationOptions(with_comments=False, explicit_blocks=False, preserve_heredocs=False)
    try:
        read = hcl2.loads(f"{text}\n", serialization_options=options)
    except (LarkError, RecursionError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError) as error:
        line = getattr(error, "line", None)
        return Document(
            None, False, f"line {line if isinstance(line, int) and line > 0 else 1}: no valid HCL; not read"
        )
    return Document(_located(value_of(read, 0, path, _unquoted), _lines(text)), True, None)


def _depth(source: bytes) -> int:
    """Return how many brackets are open at most, those in text and comments included."""
    depth = deepest = 0
    for byte in re.findall(rb"[\[\](){}]", source):
        depth = max(0, depth + (1 if byte in b"[({" else -1))
        deepest = max(deepest, depth)
    return deepest


def _unquoted(text: str) -> str:
    if len(text) < len('""') or text[0] != '"' or text[-1] != '"':
        return text
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text[1:-1])


_Lines = dict[tuple[str, ...], dict[str, int]]


def _lines(text: str) -> _Lines:
    """Return the lines of what every block at the top says, by its kind and labels; at "", its own."""
    blocks = list(_BLOCK.finditer(text))
    ends = [*(block.start() for block in blocks), len(text)][1:]
    lines: _Lines = {}
    line, at = 1, 0
    for block, end in zip(blocks, ends, strict=False):
        line, at = line + text.count("\n", at, block.start()), block.start()
        labels = block["labels"].replace('"', " ").split()
        lines.setdefault((block["kind"], *labels), {"": line, **_inner(text, block.end(), end, line)})
    return lines


def _inner(text: str, start: int, end: int, line: int) -> dict[str, int]:
    found: dict[str, int] = {}
    at = start
    for attribute in _ATTRIBUTE.finditer(text, start, end):
        line, at = line + text.count("\n", at, attribute.start("name")), attribute.start("name")
        found.setdefault(attribute["name"], line)
    return found


def _located(root: Value, lines: _Lines) -> Value:
    """Return the root with lines for the entries of labelled blocks, and for the blocks themselves."""
    return _with_lines(root, (), lines) if isinstance(root, Mapping) else root


def _with_lines(value: Value, path: tuple[str, ...], lines: _Lines) -> Value:
    if isinstance(value, Sequence):
        return Sequence(tuple(_with_lines(item, path, lines) for item in value.items))
    if not isinstance(value, Mapping):
        return value
    if path in lines:
        return _with_own_lines(value, lines[path])
    if len(path) >= len(("resource", "type", "name")):
        return value
    entries = {}
    for key, entry in value.entries.items():
        inner = (*path, key)
        line = lines[inner][""] if inner in lines else entry.line
        entries[key] = Entry(_with_lines(entry.value, inner, lines), line, entry.path)
    return Mapping(entries)


def _with_own_lines(value: Value, own: dict[str, int]) -> Value:
    """Return a block whose entries, and those of the blocks in it, have the lines of their names."""
    if isinstance(value, Sequence):
        return Sequence(tuple(_with_own_lines(item, own) for item in value.items))
    if not isinstance(value, Mapping):
        return value
    return Mapping(
        {
            key: Entry(_with_own_lines(entry.value, own), own.get(key, own[""]), entry.path)
            for key, entry in value.entries.items()
        }
    )


def merged(roots: Iterable[Value | None]) -> dict[str, tuple[Mapping, ...]]:
    """Return the blocks of all files of a folder, by kind."""
    found: dict[str, list[Mapping]] = {}
    for root in roots:
        for kind, (value, _, _) in root.items() if isinstance(root, Mapping) else ():
            found.setdefault(kind, []).extend(blocks(value))
    return {kind: tuple(several) for kind, several in found.items()}


def blocks(value: Value | None) -> tuple[Mapping, ...]:
    """Return blocks, of which there may be one or a list."""
    items = value.items if isinstance(value, Sequence) else (value,)
    return tuple(item for item in items if isinstance(item, Mapping))
