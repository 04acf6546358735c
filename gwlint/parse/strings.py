"""Which strings an expression can be, as far as one file says.

A small abstract interpreter over the syntax tree: literals, constants, tables, loops over them, unpacking,
string methods, and parameters that receive them from calls in the same file. It is blind to the order of
execution: a name is everything that is ever bound to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, product
from math import prod
from typing import NamedTuple

from tree_sitter import Node, Tree

from gwlint.parse.grammar import FIELD

_DEEPEST = 24
_MOST = 4096
_LONGEST = 1000
"""No module has a longer name, and strings that are made of one another can grow without bound."""
_PATIENCE = 200_000
"""How many expressions are looked at for one file: names that refer to one another can make exponentially many."""
_OWN_NAMES = {"__name__", "__package__"}
_PURE_METHODS = {
    "format", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rpartition", "rsplit",
    "rstrip", "split", "strip",
}  # fmt: skip
_PLAIN_FORMAT = re.compile(r"(?:[^{}]|\{\d*\})*")


class Text(NamedTuple):
    """A string, and the literal to look at for it."""

    value: str
    origin: Node


class Number(NamedTuple):
    """A whole number, such as the one that says how often to split."""

    value: int


class Items(NamedTuple):
    """A list or tuple: what each place can hold."""

    places: tuple[Values, ...]


class Table(NamedTuple):
    """A dictionary: what each key can hold."""

    pairs: tuple[tuple[Values, Values], ...]


class Values(NamedTuple):
    """All that an expression is known to be; `complete` when it can be nothing else."""

    known: tuple[Text | Number | Items | Table, ...]
    complete: bool


class _Lookup(NamedTuple):
    """A test whether something is in a container, and the arm that runs when it is; None when this can't be told."""

    container: Node
    arm: Node | None


_UNKNOWN = Values((), False)
_NOTHING = Values((), True)
_ANYBODY = -1
"""Stands for the owner of an attribute where that of a name stands."""
_Selector = Callable[[Values], Values]


class Strings:
    """The string values of one file."""

    def __init__(self, tree: Tree) -> None:
        """Note every binding of the file."""
        self._bindings: dict[tuple[int, str], list[tuple[Node, _Selector]]] = defaultdict(list)
        self._attributes: dict[str, list[tuple[Node, _Selector]]] = defaultdict(list)
        self._functions: dict[str, list[Node]] = defaultdict(list)
        self._calls: dict[str, list[Node]] = defaultdict(list)
        self._lookups: dict[tuple[int, str], list[_Lookup]] = defaultdict(list)
        self._open: set[tuple[int, str]] = set()
        self._patience = _PATIENCE
        for node in _descendants(tree.root_node):
            self._note(node)

    def of(self, node: Node) -> Values:
        """Return what an expression can be."""
        return self._values(node, 0)

    # What binds what.

    def _note(self, node: Node) -> None:
        match node.type:
            case "assignment" | "named_expression":
                left = node.child_by_field_id(FIELD["left"]) or node.child_by_field_id(FIELD["name"])
                right = node.child_by_field_id(FIELD["right"]) or node.child_by_field_id(FIELD["value"])
                if left is not None and right is not None:
                    self._bind(left, right, _as_it_is)
            case "for_statement" | "for_in_clause":
                left, right = node.child_by_field_id(FIELD["left"]), node.child_by_field_id(FIELD["right"])
                if left is not None and right is not None:
                    self._bind(left, right, _each)
            case "function_definition":
                self._functions[_field_text(node, "name")].append(node)
            case "call":
                self._calls[_field_text(node, "function").rpartition(".")[2]].append(node)
            case "comparison_operator" if any(child.type in ("in", "not in") for child in node.children):
                tested, container = node.named_children[0], node.named_children[-1]
                self._lookups[_function_of(node), _text(tested)].append(_Lookup(container, _arm_of(node)))

    def _bind(self, left: Node, right: Node, select: _Selector) -> None:
        if left.type == "identifier":
            self._bindings[_function_of(left), _text(left)].append((right, select))
            # The same name may be a class's: `self.TABLE` is looked up by its last part alone.
            self._attributes[_text(left)].append((right, select))
        elif left.type == "attribute":
            self._attributes[_field_text(left, "attribute")].append((right, select))
        elif left.type in ("pattern_list", "tuple_pattern", "list_pattern"):
            for place, part in enumerate(left.named_children):
                self._bind(part, right, _then_place(select, place))

    # What an expression is.

    def _values(self, node: Node, depth: int) -> Values:
        self._patience -= 1
        if depth > _DEEPEST or self._patience < 0:
            return _UNKNOWN
        deeper = depth + 1
        match node.type:
            case "string" | "concatenated_string":
                return self._string(node, deeper)
            case "identifier":
                return self._name(node, deeper)
            case "attribute":
                return self._attribute(node, deeper)
            case "parenthesized_expression" | "await":
                return self._values(node.named_children[0], deeper) if node.named_children else _UNKNOWN
            case "list" | "tuple" | "set" | "expression_list":
                return Values((Items(tuple(self._values(child, deeper) for child in _elements(node))),), True)
            case "dictionary":
                return self._table(node, deeper)
            case "subscript":
                return self._subscript(node, deeper)
            case "call":
                return self._call(node, deeper)
            case "integer" if _text(node).isdecimal():
                return Values((Number(int(_text(node))),), True)
            case "assignment" | "named_expression":
                return self._values(node.named_children[-1], deeper)
            case "conditional_expression":
                return _union(self._values(arm, deeper) for arm in (node.named_children[0], node.named_children[-1]))
            case "boolean_operator":
                return _union(self._values(side, deeper) for side in node.named_children)
            case "binary_operator" if any(child.type == "+" for child in node.children):
                return _joined([self._values(side, deeper) for side in node.named_children], node)
            case "binary_operator" if any(child.type == "%" for child in node.children):
                left, right = (self._values(side, deeper) for side in (node.named_children[0], node.named_children[-1]))
                return _filled(left, right, node)
            case _:
                return _UNKNOWN

    def _string(self, node: Node, depth: int) -> Values:
        if node.type == "concatenated_string":
            return _joined([self._string(part, depth) for part in _elements(node)], node)
        parts = []
        for child in node.named_children:
            if child.type == "string_content":
                # Escapes stay as they are: text that has one is no module's name.
                parts.append(_literal(_text(child), node))
            elif child.type == "interpolation":
                inner = child.child_by_field_name("expression")
                parts.append(_UNKNOWN if inner is None or child.named_child_count > 1 else self._values(inner, depth))
            elif child.type == "string_start" and b"b" in (child.text or b"").lower():
                return _UNKNOWN
        return _joined(parts, node)

    def _name(self, node: Node, depth: int) -> Values:
        name = _text(node)
        if name in _OWN_NAMES:
            return _literal(name, node)
        for function in _enclosing_functions(node):
            owner = function.id if function else 0
            if (owner, name) in self._open:
                return _NOTHING
            self._open.add((owner, name))
            try:
                found = self._bound(node, function, name, depth)
            finally:
                self._open.discard((owner, name))
            if found is not None:
                return found
        return _UNKNOWN

    def _bound(self, use: Node, function: Node | None, name: str, depth: int) -> Values | None:
        owner = function.id if function else 0
        sources = [select(self._values(node, depth)) for node, select in self._bindings.get((owner, name), ())]
        if function is not None and name in _parameters(function):
            sources.append(self._parameter(use, function, name, depth))
        return _union(sources) if sources else None

    def _parameter(self, use: Node, function: Node, name: str, depth: int) -> Values:
        """Return what a parameter receives: from the calls in this file, or from what it was found to be in."""
        lookups = self._lookups.get((function.id, name), ())
        deciding = [one for one in lookups if one.arm and is_within(use, one.arm)][-1:]
        deciding = deciding or [one for one in lookups if one.arm is None]
        if deciding:
            return _union(_each(self._values(one.container, depth)) for one in deciding)
        parameters = _parameters(function)
        place = list(parameters).index(name)
        defaults = [self._values(default, depth) for default in (parameters[name],) if default is not None]
        function_name = _field_text(function, "name")
        passed = [
            _UNKNOWN if argument is None else self._values(argument, depth)
            for call in self._calls.get(function_name, ())
            for argument in _arguments(call, place, name, is_method=next(iter(parameters)) in ("self", "cls"))
        ]
        # Somebody else's file may call a public function with another name.
        closed = function_name.startswith("_") and not function_name.startswith("__") and bool(passed)
        received = _union([*passed, *defaults])
        return received if closed else Values(received.known, False)

    def _attribute(self, node: Node, depth: int) -> Values:
        """Return what an attribute can hold, whoever's it is: set on an instance, or in the body of a class."""
        name = _field_text(node, "attribute")
        if (_ANYBODY, name) in self._open:
            return _NOTHING
        self._open.add((_ANYBODY, name))
        try:
            found = [select(self._values(value, depth)) for value, select in self._attributes.get(name, ())]
        finally:
            self._open.discard((_ANYBODY, name))
        return _union(found) if found else _UNKNOWN

    def _table(self, node: Node, depth: int) -> Values:
        pairs, complete = [], True
        for child in _elements(node):
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if child.type == "pair" and key is not None and value is not None:
                pairs.append((self._values(key, depth), self._values(value, depth)))
            elif child.type == "dictionary_splat" and child.named_children:
                spread = self._values(child.named_children[0], depth)
                tables = [known for known in spread.known if isinstance(known, Table)]
                pairs += [pair for table in tables for pair in table.pairs]
                complete = complete and spread.complete and len(tables) == len(spread.known)
            else:
                complete = False
        return Values((Table(tuple(pairs)),), complete)

    def _subscript(self, node: Node, depth: int) -> Values:
        container = self._values(node.named_children[0], depth)
        index = node.named_children[-1]
        if index.type == "integer" or _text(index).lstrip("-").isdigit():
            return _place(container, int(_text(index)))
        return _looked_up(container, self._values(index, depth))

    def _call(self, node: Node, depth: int) -> Values:
        function = node.child_by_field_id(FIELD["function"])
        arguments = list(_elements(node.child_by_field_id(FIELD["arguments"])))
        if function is None or function.type != "attribute":
            return self._returned(node, depth) if function is not None else _UNKNOWN
        method = _field_text(function, "attribute")
        receiver = function.child_by_field_id(FIELD["object"])
        if receiver is None:
            return _UNKNOWN
        owner = self._values(receiver, depth)
        match method:
            case "get" | "pop" | "setdefault" if arguments:
                found = _looked_up(owner, self._values(arguments[0], depth))
                return _union([found, *(self._values(one, depth) for one in arguments[1:] if one.type != "none")])
            case "values" | "keys" | "items":
                return _view(owner, method)
            case "join" if arguments:
                return _strung(owner, self._values(arguments[0], depth), node)
            case _ if method in _PURE_METHODS:
                return _applied(owner, method, [self._values(argument, depth) for argument in arguments])
            case _:
                return _UNKNOWN

    def _returned(self, node: Node, depth: int) -> Values:
        """Return what `tuple(x)`, `sorted(x)` and their like hand through."""
        wrapped = _field_text(node, "function") in ("list", "tuple", "set", "frozenset", "sorted", "dict", "iter")
        arguments = list(_elements(node.child_by_field_id(FIELD["arguments"])))
        return self._values(arguments[0], depth) if wrapped and arguments else _UNKNOWN


def _descendants(root: Node) -> Iterator[Node]:
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.is_named:
            yield node
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return


def _elements(node: Node | None) -> Iterator[Node]:
    for child in node.named_children if node is not None else ():
        if child.type != "comment":
            yield child


def _enclosing_functions(node: Node) -> Iterator[Node | None]:
    """Yield the functions around a node, innermost first, then None for the module."""
    above = node.parent
    while above is not None:
        if above.type == "function_definition":
            yield above
        above = above.parent
    yield None


def _function_of(node: Node) -> int:
    function = next(_enclosing_functions(node))
    return function.id if function else 0


def _arm_of(test: Node) -> Node | None:
    """Return the arm of the `if` that a test is the whole condition of, or a part of the condition."""
    inner, outer = test, test.parent
    while outer is not None and outer.type in ("boolean_operator", "parenthesized_expression"):
        inner, outer = outer, outer.parent
    if outer is None or outer.type not in ("if_statement", "elif_clause"):
        return None
    denied = any(child.type == "not in" for child in test.children)
    return (
        None
        if denied or outer.child_by_field_id(FIELD["condition"]) != inner
        else outer.child_by_field_id(FIELD["consequence"])
    )


def is_within(node: Node, whole: Node) -> bool:
    """Tell whether a node is a part of another, or the same."""
    return whole.start_byte <= node.start_byte and node.end_byte <= whole.end_byte


def _parameters(function: Node) -> dict[str, Node | None]:
    """Return the parameters of a function by name, with their defaults."""
    parameters: dict[str, Node | None] = {}
    for child in _elements(function.child_by_field_id(FIELD["parameters"])):
        name = child.child_by_field_id(FIELD["name"]) or (child.named_children[0] if child.named_children else child)
        parameters[_text(name)] = child.child_by_field_id(FIELD["value"])
    return parameters or {"": None}


def _arguments(call: Node, place: int, name: str, *, is_method: bool) -> Iterator[Node | None]:
    """Yield what a call passes for a parameter, None where it can't be told."""
    arguments = list(_elements(call.child_by_field_id(FIELD["arguments"])))
    for argument in arguments:
        if argument.type == "keyword_argument" and _field_text(argument, "name") == name:
            yield argument.child_by_field_id(FIELD["value"])
            return
    positional = [argument for argument in arguments if argument.type != "keyword_argument"]
    place -= is_method and "." in _field_text(call, "function")
    if any("splat" in argument.type for argument in arguments):
        yield None
    elif 0 <= place < len(positional):
        yield positional[place]


def _literal(value: str, origin: Node) -> Values:
    return Values((Text(value, origin),), True)


def _as_it_is(values: Values) -> Values:
    return values


def _each(values: Values) -> Values:
    """Return what a loop over the values meets."""
    met: list[Values] = []
    for known in values.known:
        if isinstance(known, Items):
            met += known.places
        elif isinstance(known, Table):
            met += [key for key, _ in known.pairs]
        else:
            met.append(_UNKNOWN)
    return _union([*met, Values((), values.complete)])


def _place(values: Values, place: int) -> Values:
    found = [Values((), values.complete)]
    for known in values.known:
        if isinstance(known, Items) and -len(known.places) <= place < len(known.places):
            found.append(known.places[place])
        elif isinstance(known, Table):
            found.append(_looked_up(Values((known,), True), _UNKNOWN))
    return _union(found)


def _then_place(select: _Selector, place: int) -> _Selector:
    return lambda values: _place(select(values), place)


def _looked_up(container: Values, keys: Values) -> Values:
    """Return what a table holds under some keys: under any, when the key is not known."""
    wanted = {key.value for key in keys.known if isinstance(key, Text)} if keys.complete else None
    found = [Values((), container.complete)]
    for known in container.known:
        if isinstance(known, Table):
            found += [value for key, value in known.pairs if wanted is None or _may_be(key, wanted)]
        elif isinstance(known, Items):
            found += known.places
    return _union(found)


def _may_be(key: Values, wanted: set[str]) -> bool:
    return not key.complete or any(isinstance(one, Text) and one.value in wanted for one in key.known)


def _view(values: Values, method: str) -> Values:
    found: list[Values] = []
    for known in values.known:
        if isinstance(known, Table):
            for key, value in known.pairs:
                pair = Values((Items((key, value)),), True)
                found.append({"keys": key, "values": value, "items": pair}[method])
    return Values((Items(tuple(found)),), values.complete)


def _applied(owner: Values, method: str, arguments: Sequence[Values]) -> Values:
    """Apply a string method to everything it can be applied to."""
    found: list[Values] = [Values((), owner.complete and all(argument.complete for argument in arguments))]
    choices = [[one for one in argument.known if isinstance(one, (Text, Number))] for argument in arguments]
    for text in owner.known:
        if isinstance(text, Text):
            every = islice(product(*choices), _MOST)
            found += [_outcome(text, method, [one.value for one in chosen]) for chosen in every]
    return _union(found)


def _outcome(text: Text, method: str, arguments: Sequence[str | int]) -> Values:
    if method == "format" and not _PLAIN_FORMAT.fullmatch(text.value):
        return _UNKNOWN
    try:
        result = getattr(text.value, method)(*arguments)
    except (TypeError, ValueError, LookupError, AttributeError):
        return _UNKNOWN
    if isinstance(result, str):
        return _literal(result, text.origin) if len(result) <= _LONGEST else _UNKNOWN
    return Values((Items(tuple(_literal(part, text.origin) for part in result)),), True)


def _joined(parts: Sequence[Values], whole: Node) -> Values:
    """Return every concatenation. The part that varies says where to look: it is the row of some table."""
    choices = [[one for one in part.known if isinstance(one, Text)] for part in parts]
    known = []
    varying = next((place for place, texts in enumerate(choices) if len(texts) > 1), None)
    for chosen in islice(product(*choices), _MOST):
        origin = whole if varying is None else chosen[varying].origin
        known.append(Text("".join(one.value for one in chosen), origin))
    short = [one for one in known if len(one.value) <= _LONGEST]
    is_whole = len(short) == prod(map(len, choices))
    return Values(tuple(short), is_whole and all(part.complete and _is_text(part) for part in parts))


def _is_text(values: Values) -> bool:
    return all(isinstance(one, Text) for one in values.known)


def _strung(separators: Values, lists: Values, whole: Node) -> Values:
    """Return what `separator.join(list)` makes."""
    found = [Values((), separators.complete and lists.complete)]
    for separator in separators.known:
        for listed in lists.known:
            if isinstance(separator, Text) and isinstance(listed, Items):
                between = _literal(separator.value, whole)
                parts = [part for place in listed.places for part in (between, place)]
                found.append(_joined(parts[1:], whole))
            else:
                found.append(_UNKNOWN)
    return _union(found)


def _filled(formats: Values, fillings: Values, whole: Node) -> Values:
    """Return what `format % fillings` makes, as far as there is nothing but `%s` in the format."""
    found = [Values((), formats.complete)]
    for text in formats.known:
        pieces = text.value.split("%s") if isinstance(text, Text) else []
        tuples = [one.places for one in fillings.known if isinstance(one, Items)] or [(fillings,)]
        for places in tuples:
            if len(pieces) == len(places) + 1 and not any("%" in piece for piece in pieces):
                literals = [_literal(piece, whole) for piece in pieces]
                parts = [part for pair in zip(literals, places, strict=False) for part in pair]
                found.append(_joined([*parts, literals[-1]], whole))
            else:
                found.append(_UNKNOWN)
    return _union(found)


def _union(parts: Iterable[Values]) -> Values:
    parts = list(parts)
    known = tuple(islice((one for part in parts for one in part.known), _MOST))
    return Values(known, sum(len(part.known) for part in parts) <= _MOST and all(part.complete for part in parts))


def _field_text(node: Node, field: str) -> str:
    child = node.child_by_field_id(FIELD[field])
    return "" if child is None else _text(child)


def _text(node: Node) -> str:
    return (node.text or b"").decode()
