"""What a value of a template says without being evaluated: text, a reference, a folder of the project."""

import posixpath
from collections.abc import Iterable
from pathlib import PureWindowsPath

from gwlint.templates.values import Mapping, Scalar, Sequence, Value

_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str", "!Sub")
_PLACEHOLDERS = ("${", "{{", "\ufffd")
_LISTED = 64
"""How many entries of a list are looked at. Lambda takes five layers; hostile files share one list a thousand times."""


def text(value: Value | None) -> str | None:
    """Return a string that is no result of variables, functions or a template engine; never an empty one."""
    if isinstance(value, Mapping):
        value = value.get("Fn::Sub")
    if not isinstance(value, Scalar) or value.tag not in _TEXT_TAGS:
        return None
    if any(placeholder in value.text for placeholder in _PLACEHOLDERS):
        return None
    return value.text or None


def reference(value: Value) -> str | None:
    """Return the logical name in `!Ref Name` or `Ref: Name`."""
    if isinstance(value, Mapping):
        return text(value.get("Ref"))
    return value.text if isinstance(value, Scalar) and value.tag == "!Ref" else None


def listed(value: Value | None) -> tuple[Value, ...]:
    """Return the entries of a list that is written out, none of anything else."""
    return value.items[:_LISTED] if isinstance(value, Sequence) and value.tag is None else ()


def mapping(value: Value | None) -> Mapping:
    """Return a mapping that is written out, an empty one for anything else."""
    return value if isinstance(value, Mapping) else Mapping()


def folder(template: str, value: Value | None) -> str | None:
    """Return the folder that a path in a template means: relative to the project, and inside it."""
    path = text(value)
    if path is None or "://" in path or PureWindowsPath(path).anchor or path.startswith("~"):
        return None
    if path.endswith((".zip", ".jar")):
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(template), path.replace("\\", "/")))
    return None if joined.split("/")[0] == ".." else joined


def may_be_python(runtimes: Iterable[str | None]) -> bool:
    """Whether Python is among the runtimes, or these are not, or not all, known."""
    runtimes = tuple(runtimes)
    return not runtimes or any(runtime is None or runtime.startswith("python") for runtime in runtimes)
