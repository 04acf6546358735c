"""What the code of the runtime says of itself, read with `ast`, and the manifest that follows from it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from gwlint.contract import RUNTIME, Contract, Gateway

_HEADER = """\
# The runtime as the linter knows it. `owns`, `clients` and `conventions` are written by hand; the rest is written by
# `pytest tests/runtime/test_contract.py --update-contract`, and a test holds it equal to the code.
"""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


def modules() -> list[str]:
    """Return the names of all modules but `__init__`."""
    return sorted(file.stem for file in RUNTIME.glob("*.py") if file.stem != "__init__")


def as_coded(before: Contract) -> Contract:
    """Return the manifest that the code is worth; what is written by hand is taken from the one before."""
    present = modules()
    gateways = {}
    for name, gateway in sorted(before.gateways.items()):
        internals = tuple(one for one in present if one != name and one.startswith(f"{name.rstrip('_')}_"))
        names = dict(_names(name)) if name in present else {}
        gateways[name] = Gateway(internals, names, gateway.owns, gateway.clients)
    taken = {*gateways, *(one for gateway in gateways.values() for one in gateway.internals)}
    foundations = tuple(one for one in present if one not in taken)
    return Contract(gateways, foundations, before.conventions, {one: _needs(one) for one in present})


def written(contract: Contract) -> str:
    """Return a manifest as it is to be written."""
    return _HEADER + "\n".join(_lines(contract)) + "\n"


def gateways_of_package() -> dict[str, str]:
    """Return which gateways `__init__` says there are, and what each stands for."""
    tree = ast.parse((RUNTIME / "__init__.py").read_text(encoding="utf-8"))
    (table,) = (
        statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "_GATEWAYS"
    )
    found: dict[str, str] = ast.literal_eval(table)
    return found


def _lines(contract: Contract) -> Iterator[str]:
    yield f"foundations = {_array(contract.foundations)}"
    yield f"conventions = {_array(contract.conventions)}"
    for name, gateway in contract.gateways.items():
        yield ""
        yield f"[gateways.{name}]"
        yield f"internals = {_array(gateway.internals)}"
        yield f"owns = {_array(gateway.owns)}"
        yield f"clients = {_array(gateway.clients)}"
        yield ""
        yield f"[gateways.{name}.names]"
        yield from (f"{_quoted(key)} = {_quoted(value)}" for key, value in gateway.names.items())
    yield ""
    yield "[needs]"
    yield from (f"{name} = {_array(needed)}" for name, needed in contract.needs.items())


def _array(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((RUNTIME / f"{module}.py").read_text(encoding="utf-8"))


def _needs(module: str) -> tuple[str, ...]:
    found: set[str] = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found.update([node.module] if node.module else [alias.name for alias in node.names])
    return tuple(sorted(found))


def _names(gateway: str) -> Iterator[tuple[str, str]]:
    for name in _exported(gateway):
        module, found = _definition(gateway, name)
        yield name, _described(module, found)
        if isinstance(found, ast.ClassDef):
            yield from ((f"{name}.{own}", said) for own, said in sorted(_members(module, found).items()))


def _exported(module: str) -> list[str]:
    for statement in _tree(module).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return sorted(ast.literal_eval(statement.value))
    raise AssertionError(f"{module} has no __all__")


def _definition(module: str, name: str) -> tuple[str, Definition]:
    """Return what a name stands for in a module, and the module that it is defined in."""
    for statement in _statements(module):
        if isinstance(statement, ast.ImportFrom) and statement.level == 1:
            for alias in statement.names:
                if (alias.asname or alias.name) == name and statement.module:
                    return _definition(statement.module, alias.name)
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and statement.name == name:
            return module, statement
        elif isinstance(statement, (ast.Assign, ast.AnnAssign)) and name in _assigned(statement):
            return _resolved(module, statement)
    raise AssertionError(f"{module} does not define {name}")


def _statements(module: str) -> Iterator[ast.stmt]:
    """Yield what a module consists of, and what it says to a type checker of names that it loads when asked."""
    for statement in _tree(module).body:
        yield statement
        if isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            yield from statement.body


def _assigned(statement: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return [ast.unparse(target) for target in targets]


def _resolved(module: str, statement: ast.Assign | ast.AnnAssign) -> tuple[str, Definition]:
    """Follow `get = _REGISTRY.get` to the method, where `_REGISTRY` is made of a class."""
    value = statement.value
    if isinstance(value, ast.Name):
        return _definition(module, value.id)
    if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
        _, made = _definition(module, value.value.id)
        if isinstance(made, ast.Assign) and isinstance(made.value, ast.Call):
            owner, found = _definition(module, ast.unparse(made.value.func))
            if isinstance(found, ast.ClassDef):
                method = next(one for one in found.body if getattr(one, "name", "") == value.attr)
                assert isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef))
                return owner, method
    return module, statement


def _described(module: str, found: Definition) -> str:
    if isinstance(found, ast.ClassDef):
        made = _methods(module, found).get("__init__")
        return f"class {_signature(made)}" if made is not None else "class ()"
    if isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return f"{'async ' if isinstance(found, ast.AsyncFunctionDef) else ''}def {_signature(found)}"
    return "value"


def _members(module: str, found: ast.ClassDef) -> Mapping[str, str]:
    return {
        name: f"property -> {ast.unparse(method.returns)}"
        if method.returns is not None and any(ast.unparse(one) == "property" for one in method.decorator_list)
        else _described(module, method)
        for name, method in _methods(module, found).items()
        if not name.startswith("_") or name == "__call__"
    }


def _methods(module: str, found: ast.ClassDef) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    methods: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    for base in reversed(found.bases):
        if isinstance(base, ast.Name) and base.id not in ("Exception", "Protocol", "dict", "list", "str"):
            owner, inherited = _definition(module, base.id)
            if isinstance(inherited, ast.ClassDef):
                methods.update(_methods(owner, inherited))
    own = (one for one in found.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return {**methods, **{one.name: one for one in own}}


def _signature(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    arguments = ast.unparse(function.args)
    is_static = any(ast.unparse(one) == "staticmethod" for one in function.decorator_list)
    first = (
        "" if is_static else next((one for one in ("self", "cls") if arguments.split(",")[0].split(":")[0] == one), "")
    )
    said = arguments.removeprefix(first).removeprefix(", ")
    returned = "" if function.returns is None or function.name == "__init__" else f" -> {ast.unparse(function.returns)}"
    return f"({said}){returned}"
