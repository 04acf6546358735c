"""Imports by string: `import_module("a.b")`, `__import__`, `pkgutil.resolve_name`, and the tables that feed them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tree_sitter import Node, Tree

from gwlint.model import Import, Kind, UnknownImport
from gwlint.parse.grammar import FIELD
from gwlint.parse.outline import IMPORT_FUNCTIONS, DottedCall
from gwlint.parse.source import Source
from gwlint.parse.strings import Number, Strings, Text, Values, is_within

_SIGNS = (b"import_module", b"__import__", b"resolve_name")
_RESOLVE_NAME = "pkgutil.resolve_name"
_NAME = r"[^\W\d][\w-]*"  # by string, `order-handler` can be imported, too
_MODULE = re.compile(rf"(?P<dots>\.*)(?P<module>{_NAME}(?:\.{_NAME})*)?(?::(?P<object>[\w.]*))?")


def matter(data: bytes) -> bool:
    """Tell whether a source can import anything by string."""
    return any(sign in data for sign in _SIGNS)


def imports(source: Source, tree: Tree, calls: Iterable[DottedCall]) -> Iterator[Import | UnknownImport]:
    """Yield an import for every module that a call can name, and an unknown one where that isn't all."""
    strings: Strings | None = None
    for call in calls:
        callee = call.region.scope.written_out(call.callee) or call.callee
        if callee in IMPORT_FUNCTIONS:
            strings = strings or Strings(tree)
            yield from _imports_of(source, strings, call, resolves_name=callee == _RESOLVE_NAME)


class _Named(NamedTuple):
    """What one string asks for."""

    module: str
    level: int
    taken: str


def _imports_of(
    source: Source, strings: Strings, call: DottedCall, *, resolves_name: bool
) -> Iterator[Import | UnknownImport]:
    node, region = call.node, call.region
    argument = _argument(node, 0, "name")
    values = strings.of(argument) if argument is not None else Values((), False)
    is_relative = any(isinstance(value, Text) and value.value.startswith(".") for value in values.known)
    anchors = _anchors(strings, call) if is_relative else Values((), True)
    level = _level(strings, call)
    text = " ".join(source.text(*node.byte_range).split())
    found: dict[tuple[str, int, int], Import] = {}
    for value in (one for one in values.known if isinstance(one, Text)):
        for module, dots, taken in _named(value, anchors):
            if resolves_name and not taken:
                # Without a colon, the last part may be a module or an object in one, as in `from a import b`.
                module, _, taken = module.rpartition(".") if "." in module else (module, "", "")
            # The row of a table is what one has to edit; a name that stands in the call is the call's.
            at = value.origin if not is_within(value.origin, node) else node
            names = (taken,) if taken and resolves_name else ()
            kind: Kind = "type-only" if region.type_only else "dynamic"
            found[module, dots, at.start_byte] = Import(
                module, level or dots, names, (), kind, region.deferred, region.guarded, False,
                source.span(*at.byte_range), text,
            )  # fmt: skip
    yield from found.values()
    if not found or not values.complete or not anchors.complete:
        yield UnknownImport(text, region.deferred, source.span(*node.byte_range))


def _anchors(strings: Strings, call: DottedCall) -> Values:
    """Return what a relative name is relative to. Without an anchor it can't be imported at all."""
    package = None if "__import__" in call.callee else _argument(call.node, 1, "package")
    return Values((), True) if package is None else strings.of(package)


def _level(strings: Strings, call: DottedCall) -> int:
    level = _argument(call.node, 4, "level") if "__import__" in call.callee else None
    numbers = [one.value for one in strings.of(level).known if isinstance(one, Number)] if level is not None else []
    return numbers[0] if len(numbers) == 1 else 0


def _named(text: Text, anchors: Values) -> Iterator[_Named]:
    """Yield what a string asks for, if it can be a module's name: if relative, one for every anchor."""
    match = _MODULE.fullmatch(text.value)
    if match is None:
        return
    module, dots, taken = match["module"] or "", len(match["dots"]), match["object"] or ""
    if not dots:
        yield from [_Named(module, 0, taken)] if module else ()
        return
    for anchor in anchors.known:
        if isinstance(anchor, Text) and anchor.value in ("__name__", "__package__"):
            yield _Named(module, dots, taken)
        elif isinstance(anchor, Text) and dots <= anchor.value.count(".") + 1:
            yield _Named(_absolute(anchor.value, dots, module), 0, taken)


def _absolute(package: str, level: int, module: str) -> str:
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - level + 1], *([module] if module else [])])


def _argument(call: Node, place: int, name: str) -> Node | None:
    arguments = call.child_by_field_id(FIELD["arguments"])
    listed = [child for child in arguments.named_children if child.type != "comment"] if arguments else []
    for argument in listed:
        if argument.type == "keyword_argument":
            field = argument.child_by_field_id(FIELD["name"])
            if field is not None and field.text == name.encode():
                return argument.child_by_field_id(FIELD["value"])
    positional = [argument for argument in listed if argument.type != "keyword_argument"]
    return positional[place] if place < len(positional) else None
