"""One sweep over a file in source order: what it imports, defines, calls and binds, and when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Literal, NamedTuple

from tree_sitter import Node

from gwlint.model import NO_DEFINITION, Call, Data, Definition, Import, Kind, Span, Use
from gwlint.parse.grammar import FIELD, Captures
from gwlint.parse.regions import Effect
from gwlint.parse.scopes import Scope
from gwlint.parse.source import Source
from gwlint.parse.statements import Clause

_GAP = rb"(?:\s|\\\r?\n)*"
_DOTTED = re.compile(rb"[\w\x80-\xff]+(?:" + _GAP + rb"\." + _GAP + rb"[\w\x80-\xff]+)*")
_BOUND = re.compile(r"(?<![\w.])[^\W\d]\w*(?![\w.(\[])")
_PARAMETER = re.compile(r"\**\s*([^\W\d]\w*)")
_ANNOTATION = rb"\s*(?::(?:[^,=()\[\]]|\[[^()]*?\])*)?"
_EVENT_AND_CONTEXT = re.compile(
    rb"\(\s*_*(?:\w+_)?(?:event|evt)s?" + _ANNOTATION
    + rb",\s*_*(?:\w+_)?(?:context|ctx)" + _ANNOTATION + rb"(?:=[^,()]*)?,?\s*\)",
    re.IGNORECASE,
)  # fmt: skip
_HANDLER_NAME = re.compile(r"(?:\w+_)?handler|handle(?:_\w+)?|main|on_event|run", re.IGNORECASE)
IMPORT_FUNCTIONS = frozenset(
    {"importlib.import_module", "importlib.__import__", "__import__", "builtins.__import__", "pkgutil.resolve_name"}
)
"""What imports the module that a string names."""

_LITERALS = {
    "concatenated_string", "dictionary", "dictionary_comprehension", "expression_list", "false", "float",
    "generator_expression", "integer", "list", "list_comprehension", "none", "set", "set_comprehension", "string",
    "true", "tuple",
}  # fmt: skip


class Statement(NamedTuple):
    """An import statement, whole or recovered from a broken line."""

    start: int
    end: int
    clauses: list[Clause]
    deferred: bool = False
    recovered: bool = False


class Region(NamedTuple):
    """What holds from here to `end`."""

    end: int
    scope: Scope
    within: int
    prefix: str
    deferred: bool = False
    type_only: bool = False
    guarded: bool = False

    def kind(self, *, deferred: bool) -> Kind:
        """Return when an import statement runs that stands here."""
        if self.type_only:
            return "type-only"
        return "deferred" if self.deferred or deferred else "eager"


class DottedCall(NamedTuple):
    """A call of a dotted name as it stands in the source, and where."""

    callee: str
    region: Region
    node: Node


_Event = tuple[int, int, int, Callable[..., None], object]
"""Where something starts, where it ends (negative), its rank, and what to do with it: sorted, the outer comes
before the inner, and a region before what fills it."""

_ENTER, _VISIT = 0, 1


class Outline:
    """The sweep and its harvest.

    Names can be bound after the code that uses them, so uses and calls are written out only when asked for.
    """

    def __init__(
        self, source: Source, captures: Captures, statements: Sequence[Statement], effects: Iterable[Effect]
    ) -> None:
        """Sweep over the captured nodes of one file."""
        self.imports: list[Import] = []
        self.definitions: list[Definition] = []
        self.data: list[Data] = []
        self.names: set[str] = set()
        self.handlers: list[str] = []
        self.exports: tuple[str, ...] | None = None
        self.dotted_calls: list[DottedCall] = []
        self._attributes: list[tuple[str, Region, Span]] = []
        self._source = source
        self._decorators = dict(_decorators(captures.get("decorated", ())))
        self._imported = {name for one in statements for clause in one.clauses for name, _ in clause.bindings}
        self._module = Scope()
        self._region = Region(len(source.data) + 1, self._module, NO_DEFINITION, "")
        self._outer: list[Region] = []
        self._bodies: dict[int, Region] = {}
        for start, _, _, visit, what in self._events(captures, statements, effects):
            while self._region.end <= start:
                self._region = self._outer.pop()
            visit(what)

    def uses(self) -> Iterator[Use]:
        """Yield the attributes that are reached through imported names, in source order."""
        for dotted, region, span in self._attributes:
            name = region.scope.written_out(dotted)
            if name is not None:
                yield Use(name, region.deferred, region.type_only, span)

    def calls(self) -> Iterator[Call]:
        """Yield the calls of dotted names, in source order."""
        for dotted, region, node in self.dotted_calls:
            callee = region.scope.written_out(dotted) or dotted
            yield Call(callee, region.within, region.deferred, self._source.span(*node.byte_range))

    def _events(self, captures: Captures, statements: Iterable[Statement], effects: Iterable[Effect]) -> list[_Event]:
        events: list[_Event] = [(one.start, -one.end, _VISIT, self._import, one) for one in statements]
        events += [(one.start, -one.end, _ENTER, self._enter_arm, one) for one in effects]
        for tag, visit in (
            ("function", self._function),
            ("class", self._class),
            ("lambda", self._lambda),
            ("call", self._call),
            ("assignment", self._assign),
            ("target", self._bind),
        ):
            events += [(node.start_byte, -node.end_byte, _VISIT, visit, node) for node in captures.get(tag, ())]
        for node in captures.get("comprehension", ()):
            events.append((node.start_byte, -node.end_byte, _ENTER, self._enter_comprehension, node))
        for body in _bodies(captures):
            events.append((body.start_byte, -body.end_byte, _ENTER, self._enter_body, body))
        data, imported = self._source.data, {name.encode() for name in self._imported}
        for node in captures.get("root", ()):
            start, end = node.byte_range
            if data[start:end] in imported:
                events.append((start, -end, _VISIT, self._attribute, node))
        events.sort(key=itemgetter(0, 1, 2))
        return events

    def _enter(self, region: Region) -> None:
        self._outer.append(self._region)
        self._region = region

    def _enter_arm(self, effect: Effect) -> None:
        here = self._region
        self._enter(
            here._replace(
                end=effect.end,
                deferred=here.deferred or effect.deferred,
                type_only=here.type_only or effect.type_only,
                guarded=here.guarded or effect.guarded,
            )
        )

    def _enter_comprehension(self, node: Node) -> None:
        self._enter(self._region._replace(end=node.end_byte, scope=Scope(self._region.scope)))

    def _enter_body(self, body: Node) -> None:
        # A body without its header in the outline is a piece of a broken definition.
        region = self._bodies.pop(body.start_byte, None)
        if region is not None:
            self._enter(region)

    def _import(self, statement: Statement) -> None:
        region = self._region
        kind = region.kind(deferred=statement.deferred)
        span = self._source.span(statement.start, statement.end)
        for module, level, names, bindings in statement.clauses:
            for name, meaning in bindings:
                region.scope.imports(name, meaning)
            bound = tuple(name for name, _ in bindings)
            self._own(bound)
            self.imports.append(
                Import(module, level, names, bound, kind, kind == "deferred", region.guarded, statement.recovered, span)
            )

    def _function(self, node: Node) -> None:
        body = node.child_by_field_id(FIELD["body"])
        parameters = node.child_by_field_id(FIELD["parameters"])
        header_end = node.child_by_field_id(FIELD["return_type"]) or parameters
        scope = Scope(self._region.scope)
        self._bind_parameters(parameters, scope)
        if self._region.scope is self._module:
            self._note_handler(node, parameters)
        self._define("function", node, header_end, body, scope)

    def _note_handler(self, node: Node, parameters: Node | None) -> None:
        name = node.child_by_field_id(FIELD["name"])
        if name is None or parameters is None:
            return
        takes = _EVENT_AND_CONTEXT.fullmatch(self._source.data, parameters.start_byte, parameters.end_byte)
        if takes and _HANDLER_NAME.fullmatch(self._text(name)):
            self.handlers.append(self._text(name))

    def _class(self, node: Node) -> None:
        body = node.child_by_field_id(FIELD["body"])
        header_end = node.child_by_field_id(FIELD["superclasses"]) or node.child_by_field_id(FIELD["type_parameters"])
        self._define("class", node, header_end, body, Scope(self._region.scope, is_class=True))

    def _define(
        self, kind: Literal["function", "class"], node: Node, header_end: Node | None, body: Node | None, scope: Scope
    ) -> None:
        name_node = node.child_by_field_id(FIELD["name"])
        if name_node is None or body is None:
            return
        region = self._region
        name = self._text(name_node)
        region.scope.binds(name)
        self._own((name,))
        qualified_name = region.prefix + name
        self._bodies[body.start_byte] = Region(
            end=body.end_byte,
            scope=scope,
            within=len(self.definitions),
            prefix=qualified_name + (".<locals>." if kind == "function" else "."),
            deferred=region.deferred or kind == "function",
            type_only=region.type_only,
            # What fails in a function is not caught where the function is defined.
            guarded=region.guarded and kind == "class",
        )
        self.definitions.append(
            Definition(
                kind,
                name,
                qualified_name,
                region.within,
                self._decorators.get(node.start_byte, ()),
                self._header(node.start_byte, (header_end or name_node).end_byte),
                self._source.position(node.end_byte)[0],
            )
        )

    def _header(self, start: int, end: int) -> Span:
        colon = self._source.data.find(b":", end)
        return self._source.span(start, colon + 1 if colon >= 0 else end)

    def _lambda(self, node: Node) -> None:
        body = node.child_by_field_id(FIELD["body"])
        if body is None:
            return
        scope = Scope(self._region.scope)
        self._bind_parameters(node.child_by_field_id(FIELD["parameters"]), scope)
        self._bodies[body.start_byte] = self._region._replace(
            end=body.end_byte, scope=scope, deferred=True, guarded=False
        )

    def _bind_parameters(self, parameters: Node | None, scope: Scope) -> None:
        if parameters is None or self._imported.isdisjoint(_BOUND.findall(self._text(parameters))):
            return
        for child in parameters.named_children:
            parameter = _PARAMETER.match(self._text(child))
            if parameter:
                scope.binds(parameter[1])

    def _call(self, node: Node) -> None:
        function = node.child(0)
        if function is None:
            return
        match = _DOTTED.fullmatch(self._source.data, node.start_byte, function.end_byte)
        if match:
            self.dotted_calls.append(DottedCall(_squeezed(match[0]), self._region, node))

    def _attribute(self, root: Node) -> None:
        match = _DOTTED.match(self._source.data, root.start_byte)
        if match:
            self._attributes.append((_squeezed(match[0]), self._region, self._source.span(*match.span())))

    def _assign(self, node: Node) -> None:
        left, value = node.child(0), node.child_by_field_id(FIELD["right"])
        if left is None:
            return
        self._bind(left)
        if value is not None and value.type in ("identifier", "attribute"):
            self._alias(left, value)
        if self._region.scope is self._module and value is not None:
            self._harvest(self._text(left), value)

    def _alias(self, left: Node, value: Node) -> None:
        """Give another name to a function that imports, so that no call of it is missed."""
        name, scope = self._text(value), self._region.scope
        meaning = scope.written_out(name) or name
        if meaning in IMPORT_FUNCTIONS:
            scope.imports(self._text(left), meaning)

    def _harvest(self, name: str, value: Node) -> None:
        if name == "__all__":
            self.exports = _strings(value)
        if value.type in _LITERALS:
            start, end = value.byte_range
            self.data.append(Data(name, value.type, value.descendant_count, end - start, self._source.span(start, end)))

    def _bind(self, target: Node) -> None:
        text = self._text(target)
        names = (text,) if text.isidentifier() else tuple(_BOUND.findall(text))
        for name in names:
            if name in self._imported:
                self._region.scope.binds(name)
        self._own(names)

    def _own(self, names: Iterable[str]) -> None:
        """Note the names that belong to the module itself."""
        if self._region.scope is self._module:
            self.names.update(names)

    def _text(self, node: Node) -> str:
        return self._source.text(node.start_byte, node.end_byte)


def _bodies(captures: Captures) -> Iterator[Node]:
    for tag in ("function", "class", "lambda"):
        for node in captures.get(tag, ()):
            body = node.child_by_field_id(FIELD["body"])
            if body is not None:
                yield body


def _decorators(decorated: Iterable[Node]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the offset of every decorated definition with the names of its decorators, arguments left out."""
    for node in decorated:
        *decorators, definition = (child for child in node.named_children if child.type != "comment")
        texts = ((decorator.text or b"").lstrip(b"@").partition(b"(")[0] for decorator in decorators)
        yield definition.start_byte, tuple(map(_squeezed, texts))


def _strings(value: Node) -> tuple[str, ...] | None:
    """Return the strings of a literal list or tuple, or None when there is more in it than plain strings."""
    if value.type not in ("list", "tuple"):
        return None
    items = [child for child in value.named_children if child.type != "comment"]
    if any(item.type != "string" or item.named_child_count != 3 for item in items):
        return None
    return tuple((item.named_children[1].text or b"").decode() for item in items)


def _squeezed(dotted: bytes) -> str:
    return b"".join(dotted.replace(b"\\", b" ").split()).decode()
