"""The intrinsic functions of CloudFormation, as far as a template alone says what they come to."""

import re
from collections.abc import Callable
from collections.abc import Mapping as Table

from gwlint.templates.literals import listed, mapping, text
from gwlint.templates.values import NULL, Mapping, Scalar, Sequence, Value

Given = tuple[tuple[str, str | None], ...]
"""Parameters that whoever deploys a template sets, by name; the value is `None` where that is unknown."""

_STEPS = 20_000
_DEPTH = 30
_LONGEST = 8192
"""More than templates need: what is shared by thousands of functions need not be worked out for each of them."""

_VARIABLE = re.compile(r"\$\{([^${}]*)\}")
_FUNCTIONS = frozenset({"Ref", "Condition"})
_NO_VALUE = "AWS::NoValue"


class Stack:
    """What a template says of its own values: parameters with their defaults, mappings, conditions."""

    def __init__(self, root: Mapping, given: Given = ()) -> None:
        """Look at nothing yet. `given` are parameters that go before their defaults."""
        self._parameters = mapping(root.get("Parameters"))
        self._mappings = mapping(root.get("Mappings"))
        self._conditions = mapping(root.get("Conditions"))
        self._given = dict(given)
        self._left = _STEPS
        self._functions: Table[str, Callable[[Value, int], Value | None]] = {
            "Ref": self._ref,
            "Sub": self._sub,
            "FindInMap": self._find_in_map,
            "If": self._if,
            "Join": self._join,
            "Select": self._select,
        }

    def resolve(self, value: Value, depth: int = 0) -> Value:
        """Return what a value comes to: itself where it is literal, or nobody can tell; `NULL` for no value at all."""
        self._left -= 1
        call = _call(value)
        if call is None or depth > _DEPTH or self._left < 0:
            return value
        name, argument = call
        function = self._functions.get(name)
        found = function(argument, depth + 1) if function is not None else None
        return value if found is None else found

    def _text(self, value: Value | None, depth: int) -> str | None:
        return None if value is None else text(self.resolve(value, depth))

    def _texts(self, values: Value, depth: int) -> list[str | None]:
        return [self._text(value, depth) for value in listed(values)]

    def _ref(self, argument: Value, _depth: int) -> Value | None:
        name = argument.text if isinstance(argument, Scalar) else ""
        if name == _NO_VALUE:
            return NULL
        if name in self._given:
            given = self._given[name]
            return None if given is None else self._typed(name, given)
        default = mapping(self._parameters.get(name)).get("Default")
        return self._typed(name, default.text) if isinstance(default, Scalar) else None

    def _typed(self, name: str, default: str) -> Value | None:
        kind = text(mapping(self._parameters.get(name)).get("Type")) or "String"
        if kind.startswith("AWS::SSM::"):
            # The parameter has the name of another one, and nobody knows that one's value.
            return None
        if kind == "CommaDelimitedList" or kind.startswith("List<"):
            return Sequence(tuple(Scalar(one.strip()) for one in default.split(",")))
        return Scalar(default)

    def _sub(self, argument: Value, depth: int) -> Value | None:
        pattern, *rest = listed(argument) if isinstance(argument, Sequence) else (argument,)
        own = mapping(rest[0] if rest else None)
        if not isinstance(pattern, Scalar):
            return None
        known: dict[str, str] = {}
        for name in dict.fromkeys(_VARIABLE.findall(pattern.text)):
            if not name.startswith("!"):
                found = self._text(own.get(name) or Scalar(name, "!Ref"), depth)
                if found is None:
                    return None
                known[name] = found
        said = _VARIABLE.sub(lambda match: known.get(match[1], f"${{{match[1][1:]}}}"), pattern.text)
        return Scalar(said) if len(said) <= _LONGEST else None

    def _find_in_map(self, argument: Value, depth: int) -> Value | None:
        name, top, second = (*self._texts(argument, depth)[:3], None, None, None)[:3]
        if name is None or top is None or second is None:
            return None
        return mapping(mapping(self._mappings.get(name)).get(top)).get(second)

    def _if(self, argument: Value, depth: int) -> Value | None:
        condition, *branches = listed(argument)[:3] or (NULL,)
        if len(branches) != len(("then", "else")):
            return None
        holds = self._condition(text(condition) or "", depth)
        if holds is not None:
            return self.resolve(branches[0 if holds else 1], depth)
        both = [self.resolve(branch, depth) for branch in branches]
        return both[0] if both[0] == both[1] and _call(both[0]) is None else None

    def _condition(self, name: str, depth: int) -> bool | None:
        value = self._conditions.get(name)
        return None if value is None else self._holds(value, depth + 1)

    def _holds(self, value: Value, depth: int) -> bool | None:
        self._left -= 1
        call = _call(value)
        if call is None or depth > _DEPTH or self._left < 0:
            return None
        name, argument = call
        if name == "Condition":
            return self._condition(argument.text, depth) if isinstance(argument, Scalar) else None
        if name == "Equals":
            one, other = (*self._texts(argument, depth)[:2], None, None)[:2]
            return None if one is None or other is None else one == other
        inner = [self._holds(part, depth + 1) for part in listed(argument)]
        if name == "Not" and len(inner) == 1:
            return None if inner[0] is None else not inner[0]
        if name in ("And", "Or") and inner:
            decisive = name == "Or"
            return decisive if decisive in inner else None if None in inner else not decisive
        return None

    def _join(self, argument: Value, depth: int) -> Value | None:
        separator, *lists = listed(argument)[:2] or (NULL,)
        if not lists or not isinstance(separator, Scalar):
            return None
        parts = self._texts(self.resolve(lists[0], depth), depth)
        said = separator.text.join(part or "" for part in parts)
        return None if None in parts or len(said) > _LONGEST else Scalar(said)

    def _select(self, argument: Value, depth: int) -> Value | None:
        index, *lists = (*listed(argument)[:2],) or (NULL,)
        position = self._text(index, depth) or ""
        items = listed(self.resolve(lists[0], depth)) if lists else ()
        if not position.isascii() or not position.isdigit() or int(position[:9]) >= len(items):
            return None
        return self.resolve(items[int(position)], depth)


def is_call(value: Value) -> bool:
    """Tell whether a value is the result of a function."""
    return _call(value) is not None


def is_choice(value: Value) -> bool:
    """Tell whether it is still open which of two values it is, or whether there is one."""
    call = _call(value)
    return call is not None and call[0] == "If"


def _call(value: Value) -> tuple[str, Value] | None:
    """Return the name of the function that a value is a call of, and its argument."""
    if isinstance(value, Mapping):
        if len(value.entries) != 1:
            return None
        (key, entry), *_ = value.entries.items()
        name = key.removeprefix("Fn::")
        return (name, entry.value) if name != key or key in _FUNCTIONS else None
    if value.tag is None or not value.tag.startswith("!") or value.tag == "!":
        return None
    return value.tag[1:], Scalar(value.text) if isinstance(value, Scalar) else Sequence(value.items)
