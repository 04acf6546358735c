"""Keywords of JSON Schema about objects, each as a function that compiles it to a check."""

from __future__ import annotations

from .security_json_values import UNKNOWN_NAME, Failure, compiled_pattern, escaped, schema_mapping
from .security_keywords import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .security_json_values import Check
    from .security_keywords import KeywordCompiler, Schema
    from .security_schema import Compiler

    Patterns = tuple[tuple[Callable[[str], object], Check | None], ...]

_TOGETHER = ("properties", "patternProperties", "additionalProperties")


def _one_of_together(keyword: str) -> KeywordCompiler:
    """Return what compiles three keywords with the first of them that is there: each depends on those before."""

    def compile_one(compiler: Compiler, pointer: str, schema: Schema) -> Check | None:
        first = next(name for name in _TOGETHER if name in schema)
        return _together(compiler, pointer, schema) if first == keyword else None

    return compile_one


def _together(compiler: Compiler, pointer: str, schema: Schema) -> Check | None:
    named = {
        name: compiler.part(pointer, f"properties/{escaped(name)}", one)
        for name, one in schema_mapping(pointer, schema, "properties").items()
    }
    patterns = tuple(
        (
            compiled_pattern(f"{pointer}/patternProperties", pattern),
            compiler.part(pointer, f"patternProperties/{escaped(pattern)}", one),
        )
        for pattern, one in schema_mapping(pointer, schema, "patternProperties").items()
    )
    others = schema.get("additionalProperties", True)
    check_other = compiler.part(pointer, "additionalProperties", others)
    checks = tuple((name, check) for name, check in named.items() if check is not None)
    if not patterns and others is False:
        return _closed(checks, frozenset(named))
    if not patterns and check_other is None:
        return _open(checks) if checks else None
    return _by_name(named, patterns, check_other)


def _open(checks: tuple[tuple[str, Check], ...]) -> Check:
    def check(value: object) -> Failure | None:
        if isinstance(value, dict):
            for name, one in checks:
                if name in value:
                    failure = one(value[name])
                    if failure is not None:
                        return failure.within(name)
        return None

    return check


def _closed(checks: tuple[tuple[str, Check], ...], known: frozenset[str]) -> Check:
    check_known = _open(checks)

    def check(value: object) -> Failure | None:
        if isinstance(value, dict) and not value.keys() <= known:
            return Failure("additionalProperties")
        return check_known(value)

    return check


def _by_name(named: dict[str, Check | None], patterns: Patterns, check_other: Check | None) -> Check:
    def checks_of(name: object) -> list[tuple[str, Check | None]]:
        text = name if isinstance(name, str) else ""
        found = [(text, named[text])] if name in named else []
        found.extend((UNKNOWN_NAME, one) for search, one in patterns if search(text))
        return found or [(UNKNOWN_NAME, check_other)]

    def check(value: object) -> Failure | None:
        if isinstance(value, dict):
            for name, item in value.items():
                for called, one in checks_of(name):
                    failure = None if one is None else one(item)
                    if failure is not None:
                        return failure.within(called)
        return None

    return check


def _required(pointer: str, schema: Schema) -> Check | None:
    names = _names(f"{pointer}/required", schema["required"])
    needed = frozenset(names)
    if not names:
        return None

    def check(value: object) -> Failure | None:
        return None if not isinstance(value, dict) or needed <= value.keys() else Failure("required")

    return check


def _names(pointer: str, names: object) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"#{pointer}: a list of names is expected")
    return names


def _property_names(compiler: Compiler, pointer: str, schema: Schema) -> Check | None:
    check_name = compiler.part(pointer, "propertyNames", schema["propertyNames"])
    if check_name is None:
        return None

    def check(value: object) -> Failure | None:
        failures = map(check_name, value) if isinstance(value, dict) else iter(())
        failure = next((one for one in failures if one is not None), None)
        return None if failure is None else failure.within(UNKNOWN_NAME)

    return check


def _dependent_required(pointer: str, schema: Schema) -> Check | None:
    needs = {
        name: frozenset(_names(f"{pointer}/dependentRequired/{escaped(name)}", needed))
        for name, needed in schema_mapping(pointer, schema, "dependentRequired").items()
    }

    def check(value: object) -> Failure | None:
        if isinstance(value, dict) and any(name in value and not needs[name] <= value.keys() for name in needs):
            return Failure("dependentRequired")
        return None

    return check if needs else None


def _dependent_schemas(compiler: Compiler, pointer: str, schema: Schema) -> Check | None:
    checks = [
        (name, compiler.same(pointer, f"dependentSchemas/{escaped(name)}", one))
        for name, one in schema_mapping(pointer, schema, "dependentSchemas").items()
    ]

    def check(value: Any) -> Failure | None:  # Any: whatever the data is
        asked = (one(value) for name, one in checks if one is not None and isinstance(value, dict) and name in value)
        return next((failure for failure in asked if failure is not None), None)

    return check if checks else None


COMPILERS: dict[str, KeywordCompiler] = {
    **{keyword: _one_of_together(keyword) for keyword in _TOGETHER},
    "dependentRequired": plain(_dependent_required),
    "dependentSchemas": _dependent_schemas,
    "propertyNames": _property_names,
    "required": plain(_required),
}
