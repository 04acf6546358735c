"""What a value of a template says without being evaluated: text, a reference, a folder of the project."""

import posixpath
import re
from collections.abc import Iterable
from pathlib import PureWindowsPath

from gwlint.templates.values import Entry, Mapping, Scalar, Sequence, Value

_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str", "!Sub")
_PLACEHOLDERS = ("${", "{{", "\ufffd")
_NUMBER = re.compile(r"[0-9]{1,9}")
_LISTED = 64
"""How many entries of a list are looked at. Lambda takes five layers; hostile files share one list a thousand times."""


def text(value: Value | None) -> str | None:
    """Return a string that is no result of variables, functions or a template engine; never an empty one."""
    return literal(value) or None


def literal(value: Value | None) -> str | None:
    """Return a string that is no result of variables, functions or a template engine; it may be empty."""
    if isinstance(value, Mapping):
        value = value.get("Fn::Sub")
    if not isinstance(value, Scalar) or value.tag not in _TEXT_TAGS:
        return None
    if any(placeholder in value.text for placeholder in _PLACEHOLDERS):
        return None
    return value.text


def number(value: Value | None) -> int | None:
    """Return a whole number."""
    said = (text(value) or "").strip()
    return int(said) if _NUMBER.fullmatch(said) else None


def reference(value: Value) -> str | None:
    """Return the logical name in `!Ref Name` or `Ref: Name`."""
    if isinstance(value, Mapping):
        return text(value.get("Ref"))
    return value.text if isinstance(value, Scalar) and value.tag == "!Ref" else None


def listed(value: Value | None) -> tuple[Value, ...]:
    """Return the entries of a list that is written out, none of anything else."""
    return value.items[:_LISTED] if isinstance(value, Sequence) and value.tag is None else ()


def as_list(entry: Entry | None) -> Entry | None:
    """Return a single string as the list that has it alone; anything else as it is."""
    if entry is None or text(entry.value) is None:
        return entry
    return entry._replace(value=Sequence((entry.value,)))


def mapping(value: Value | None) -> Mapping:
    """Return a mapping that is written out, an empty one for anything else."""
    return value if isinstance(value, Mapping) else Mapping()


def folder(template: str, value: Value | None) -> str | None:
    """Return the folder that a path in a template means: relative to the project, and inside it."""
    path = file_in(template, value)
    return None if path is None or path.endswith((".zip", ".jar")) else path


def file_in(template: str, value: Value | None) -> str | None:
    """Return the file or folder that a path in a template means: relative to the project, and inside it."""
    path = text(value)
    if path is None or "://" in path or PureWindowsPath(path).anchor or path.startswith("~"):
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(template), path.replace("\\", "/")))
    return None if joined.split("/")[0] == ".." else joined


def may_be_python(runtimes: Iterable[str | None]) -> bool:
    """Whether Python is among the runtimes, or these are not, or not all, known."""
    runtimes = tuple(runtimes)
    return not runtimes or any(runtime is None or runtime.startswith("python") for runtime in runtimes)
