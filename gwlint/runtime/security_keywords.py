"""Keywords of JSON Schema about plain values and lists, each as a function that compiles it to a check."""

from __future__ import annotations

from .security_json_values import (
    TYPES,
    Failure,
    compiled_pattern,
    has_doubles,
    is_equal,
    is_integer,
    is_multiple,
    is_number,
    schema_list,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .security_json_values import Check
    from .security_schema import Compiler

    Schema = dict[str, Any]  # Any: whatever a schema says
    KeywordCompiler = Callable[[Compiler, str, Schema], Check | None]


def plain(compile_one: Callable[[str, Schema], Check | None]) -> KeywordCompiler:
    """Return what compiles a keyword that has no schemas in it."""
    return lambda _, pointer, schema: compile_one(pointer, schema)


def _type(pointer: str, schema: Schema) -> Check:
    said = schema["type"]
    names = [said] if isinstance(said, str) else said
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name in TYPES for name in names):
        raise ValueError(f"#{pointer}/type: one or several of {', '.join(TYPES)} are expected")
    tests = tuple(TYPES[name] for name in names)
    if names == ["string"]:
        return lambda value: None if isinstance(value, str) else Failure("type")
    if names == ["object"]:
        return lambda value: None if isinstance(value, dict) else Failure("type")
    if len(tests) == 1:
        test = tests[0]
        return lambda value: None if test(value) else Failure("type")
    return lambda value: None if any(test(value) for test in tests) else Failure("type")


def _enum(pointer: str, schema: Schema) -> Check:
    allowed = schema["enum"]
    if not isinstance(allowed, list):
        raise ValueError(f"#{pointer}/enum: a list is expected")
    if all(isinstance(one, str) for one in allowed):
        texts = frozenset(allowed)
        return lambda value: None if isinstance(value, str) and value in texts else Failure("enum")
    return lambda value: None if any(is_equal(value, one) for one in allowed) else Failure("enum")


def _const(_pointer: str, schema: Schema) -> Check:
    only = schema["const"]
    return lambda value: None if is_equal(value, only) else Failure("const")


# Numbers.


def _number(pointer: str, schema: Schema, keyword: str) -> Any:  # Any: an int or a float
    limit = schema[keyword]
    if not is_number(limit) or limit != limit or abs(limit) == float("inf"):
        raise ValueError(f"#{pointer}/{keyword}: a number is expected")
    return limit


def _compared(keyword: str, is_met: Callable[[Any, Any], bool]) -> KeywordCompiler:  # Any: ints and floats
    def compile_one(pointer: str, schema: Schema) -> Check:
        limit = _number(pointer, schema, keyword)
        return lambda value: None if not is_number(value) or is_met(value, limit) else Failure(keyword)

    return plain(compile_one)


def _multiple_of(pointer: str, schema: Schema) -> Check:
    of = _number(pointer, schema, "multipleOf")
    if of <= 0:
        raise ValueError(f"#{pointer}/multipleOf: more than 0 is expected")

    def check(value: Any) -> Failure | None:  # Any: whatever the data is
        return None if not is_number(value) or is_multiple(value, of) else Failure("multipleOf")

    return check


# Sizes.


def _count(pointer: str, schema: Schema, keyword: str) -> int:
    count = schema[keyword]
    if not is_integer(count) or count < 0:
        raise ValueError(f"#{pointer}/{keyword}: a whole number of at least 0 is expected")
    return int(count)


def _sized(keyword: str, kind: type[str | list[Any] | dict[str, Any]], is_most: bool) -> KeywordCompiler:
    def compile_one(pointer: str, schema: Schema) -> Check:
        limit = _count(pointer, schema, keyword)

        def at_most(value: Any) -> Failure | None:  # Any: whatever the data is
            return Failure(keyword) if isinstance(value, kind) and len(value) > limit else None

        def at_least(value: Any) -> Failure | None:  # Any: whatever the data is
            return Failure(keyword) if isinstance(value, kind) and len(value) < limit else None

        return at_most if is_most else at_least

    return plain(compile_one)


def _pattern(pointer: str, schema: Schema) -> Check:
    search = compiled_pattern(f"{pointer}/pattern", schema["pattern"])
    return lambda value: None if not isinstance(value, str) or search(value) else Failure("pattern")


# Lists.


def _items(compiler: Compiler, pointer: str, schema: Schema) -> Check | None:
    if "prefixItems" in schema:
        return None
    check_item = compiler.part(pointer, "items", schema["items"])
    return None if check_item is None else _checked_items((), check_item)


def _prefix_items(compiler: Compiler, pointer: str, schema: Schema) -> Check:
    prefix = schema_list(pointer, schema, "prefixItems")
    checks = tuple(compiler.part(pointer, f"prefixItems/{place}", one) for place, one in enumerate(prefix))
    rest = compiler.part(pointer, "items", schema["items"]) if "items" in schema else None
    return _checked_items(checks, rest)


def _checked_items(prefix: tuple[Check | None, ...], rest: Check | None) -> Check:
    def check(value: object) -> Failure | None:
        if not isinstance(value, list):
            return None
        for place, item in enumerate(value):
            check_item = prefix[place] if place < len(prefix) else rest
            failure = None if check_item is None else check_item(item)
            if failure is not None:
                return failure.within(str(place))
        return None

    return check


def _contains(compiler: Compiler, pointer: str, schema: Schema) -> Check:
    check_item = compiler.part(pointer, "contains", schema["contains"])
    fewest = _count(pointer, schema, "minContains") if "minContains" in schema else 1
    most = _count(pointer, schema, "maxContains") if "maxContains" in schema else None

    def check(value: object) -> Failure | None:
        if not isinstance(value, list):
            return None
        found = sum(check_item is None or check_item(item) is None for item in value)
        if found < fewest:
            return Failure("minContains" if "minContains" in schema else "contains")
        return Failure("maxContains") if most is not None and found > most else None

    return check


def _checked_with_contains(keyword: str) -> KeywordCompiler:
    def compile_one(pointer: str, schema: Schema) -> None:
        # `contains` asks for it; without that it says nothing, but has to be a number all the same.
        _count(pointer, schema, keyword)

    return plain(compile_one)


def _unique_items(pointer: str, schema: Schema) -> Check | None:
    if not isinstance(schema["uniqueItems"], bool):
        raise ValueError(f"#{pointer}/uniqueItems: true or false is expected")
    if not schema["uniqueItems"]:
        return None
    return lambda value: Failure("uniqueItems") if isinstance(value, list) and has_doubles(value) else None


COMPILERS: dict[str, KeywordCompiler] = {
    "const": plain(_const),
    "contains": _contains,
    "enum": plain(_enum),
    "exclusiveMaximum": _compared("exclusiveMaximum", lambda value, limit: value < limit),
    "exclusiveMinimum": _compared("exclusiveMinimum", lambda value, limit: value > limit),
    "items": _items,
    "maxContains": _checked_with_contains("maxContains"),
    "maxItems": _sized("maxItems", list, True),
    "maxLength": _sized("maxLength", str, True),
    "maxProperties": _sized("maxProperties", dict, True),
    "maximum": _compared("maximum", lambda value, limit: value <= limit),
    "minContains": _checked_with_contains("minContains"),
    "minItems": _sized("minItems", list, False),
    "minLength": _sized("minLength", str, False),
    "minProperties": _sized("minProperties", dict, False),
    "minimum": _compared("minimum", lambda value, limit: value >= limit),
    "multipleOf": plain(_multiple_of),
    "pattern": plain(_pattern),
    "prefixItems": _prefix_items,
    "type": plain(_type),
    "uniqueItems": plain(_unique_items),
}
