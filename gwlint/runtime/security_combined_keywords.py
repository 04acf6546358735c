"""Keywords of JSON Schema that combine schemas about the same data, each as a function that compiles it to a check."""

from __future__ import annotations

from .security_json_values import Failure, schema_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .security_json_values import Check
    from .security_keywords import KeywordCompiler, Schema
    from .security_schema import Compiler


def _parts(compiler: Compiler, pointer: str, schema: Schema, keyword: str) -> list[Check | None]:
    listed = schema_list(pointer, schema, keyword)
    return [compiler.same(pointer, f"{keyword}/{place}", one) for place, one in enumerate(listed)]


def _all_of(compiler: Compiler, pointer: str, schema: Schema) -> Check | None:
    checks = [check for check in _parts(compiler, pointer, schema, "allOf") if check is not None]

    def check(value: object) -> Failure | None:
        for one in checks:
            failure = one(value)
            if failure is not None:
                return failure
        return None

    return check if checks else None


def _any_of(compiler: Compiler, pointer: str, schema: Schema) -> Check | None:
    checks = _parts(compiler, pointer, schema, "anyOf")
    strict = [check for check in checks if check is not None]
    if len(strict) < len(checks):
        return None
    return lambda value: None if any(check(value) is None for check in strict) else Failure("anyOf")


def _one_of(compiler: Compiler, pointer: str, schema: Schema) -> Check:
    checks = _parts(compiler, pointer, schema, "oneOf")

    def check(value: object) -> Failure | None:
        fitting = sum(one is None or one(value) is None for one in checks)
        return None if fitting == 1 else Failure("oneOf")

    return check


def _not(compiler: Compiler, pointer: str, schema: Schema) -> Check:
    forbidden = compiler.same(pointer, "not", schema["not"])
    return lambda value: Failure("not") if forbidden is None or forbidden(value) is None else None


def _if(compiler: Compiler, pointer: str, schema: Schema) -> Check | None:
    condition = compiler.same(pointer, "if", schema["if"])
    then = compiler.same(pointer, "then", schema["then"]) if "then" in schema else None
    otherwise = compiler.same(pointer, "else", schema["else"]) if "else" in schema else None

    def check(value: object) -> Failure | None:
        branch = then if condition is None or condition(value) is None else otherwise
        return None if branch is None else branch(value)

    return check if then is not None or otherwise is not None else None


def _branch(keyword: str) -> KeywordCompiler:
    def compile_one(compiler: Compiler, pointer: str, schema: Schema) -> None:
        # `if` asks for it; without that it says nothing, but has to be a schema all the same.
        compiler.same(pointer, keyword, schema[keyword])

    return compile_one


COMPILERS: dict[str, KeywordCompiler] = {
    "allOf": _all_of,
    "anyOf": _any_of,
    "else": _branch("else"),
    "if": _if,
    "not": _not,
    "oneOf": _one_of,
    "then": _branch("then"),
}
