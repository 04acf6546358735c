"""Two independent readings of a file's import statements: over `ast`, and with a plain libcst visitor."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

import libcst
from libcst.metadata import MetadataWrapper, PositionProvider

IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


class Statement(NamedTuple):
    line: int
    module: str
    level: int
    names: tuple[str, ...]
    kind: str
    guarded: bool


def by_ast(source: bytes) -> list[Statement]:
    tree = ast.parse(source)
    return sorted(_AstReader(_type_checking_names(tree)).read(tree.body, "eager", guarded=False))


def by_libcst(source: bytes) -> list[Statement]:
    wrapper = MetadataWrapper(libcst.parse_module(source), unsafe_skip_copy=True)
    reader = _LibcstReader()
    wrapper.visit(reader)
    return sorted(reader.statements)


def _type_checking_names(tree: ast.Module) -> set[str]:
    names = {"TYPE_CHECKING", "MYPY", "typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {f"{a.asname}.TYPE_CHECKING" for a in node.names if a.asname and a.name.startswith("typing")}
        if isinstance(node, ast.ImportFrom) and node.module in ("typing", "typing_extensions"):
            names |= {a.asname or a.name for a in node.names if a.name == "TYPE_CHECKING"}
    return names


class _AstReader:
    def __init__(self, type_checking: set[str]) -> None:
        self._type_checking = type_checking

    def read(self, nodes: list[ast.stmt], kind: str, *, guarded: bool) -> Iterator[Statement]:
        for node in nodes:
            yield from self._one(node, kind, guarded=guarded)

    def _one(self, node: ast.stmt, kind: str, *, guarded: bool) -> Iterator[Statement]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Statement(node.lineno, alias.name, 0, (), kind, guarded)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            yield Statement(node.lineno, node.module or "", node.level, names, kind, guarded)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from self.read(node.body, "deferred" if kind == "eager" else kind, guarded=False)
        elif isinstance(node, ast.If):
            yield from self._if(node, kind, guarded=guarded)
        elif isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            yield from self._try(node, kind, guarded=guarded)  # type: ignore[arg-type]
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            suppressed = any(_suppresses(item.context_expr) for item in node.items)
            yield from self.read(node.body, kind, guarded=guarded or suppressed)
        else:
            for field in ("body", "orelse"):
                yield from self.read(getattr(node, field, []), kind, guarded=guarded)
            for case in getattr(node, "cases", []):
                yield from self.read(case.body, kind, guarded=guarded)

    def _if(self, node: ast.If, kind: str, *, guarded: bool) -> Iterator[Statement]:
        value = self._value(node.test)
        is_main = "__main__" in ast.unparse(node.test) and "__name__ ==" in ast.unparse(node.test)
        body_kind = "type-only" if value is False else "deferred" if is_main and kind == "eager" else kind
        yield from self.read(node.body, body_kind, guarded=guarded)
        yield from self.read(node.orelse, "type-only" if value is True else kind, guarded=guarded)

    def _try(self, node: ast.Try, kind: str, *, guarded: bool) -> Iterator[Statement]:
        catching = [handler for handler in node.handlers if _caught(handler) & IMPORT_ERRORS]
        yield from self.read(node.body, kind, guarded=guarded or bool(catching))
        for handler in node.handlers:
            yield from self.read(handler.body, kind, guarded=guarded or handler in catching)
        yield from self.read(node.orelse + node.finalbody, kind, guarded=guarded)

    def _value(self, test: ast.expr) -> bool | None:
        if isinstance(test, ast.Constant) and isinstance(test.value, (bool, int)):
            return bool(test.value)
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            value = self._value(test.operand)
            return None if value is None else not value
        if isinstance(test, ast.BoolOp):
            values = [self._value(value) for value in test.values]
            decisive = isinstance(test.op, ast.Or)
            return decisive if decisive in values else None if None in values else not decisive
        return False if ast.unparse(test) in self._type_checking else None


def _caught(handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return IMPORT_ERRORS
    return {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}


def _suppresses(expression: ast.expr) -> bool:
    if not isinstance(expression, ast.Call) or not ast.unparse(expression.func).endswith("suppress"):
        return False
    return any(isinstance(node, ast.Name) and node.id in IMPORT_ERRORS for node in ast.walk(expression))


class _LibcstReader(libcst.CSTVisitor):
    """Knows functions and the plain `if TYPE_CHECKING:`, nothing else; `guarded` is left False."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.statements: list[Statement] = []
        self._functions = 0
        self._type_checking = 0

    def visit_FunctionDef(self, node: libcst.FunctionDef) -> None:
        self._functions += 1

    def leave_FunctionDef(self, original_node: libcst.FunctionDef) -> None:
        self._functions -= 1

    def visit_If_body(self, node: libcst.If) -> None:
        self._type_checking += libcst.Module([]).code_for_node(node.test).endswith("TYPE_CHECKING")

    def leave_If_body(self, node: libcst.If) -> None:
        self._type_checking -= libcst.Module([]).code_for_node(node.test).endswith("TYPE_CHECKING")

    def visit_Import(self, node: libcst.Import) -> None:
        for alias in node.names:
            self._add(node, _dotted(alias.name), 0, ())

    def visit_ImportFrom(self, node: libcst.ImportFrom) -> None:
        names = ("*",) if isinstance(node.names, libcst.ImportStar) else tuple(_dotted(one.name) for one in node.names)
        self._add(node, _dotted(node.module) if node.module else "", len(node.relative), names)

    def _add(self, node: libcst.CSTNode, module: str, level: int, names: tuple[str, ...]) -> None:
        line = self.get_metadata(PositionProvider, node).start.line
        kind = "type-only" if self._type_checking else "deferred" if self._functions else "eager"
        self.statements.append(Statement(line, module, level, names, kind, guarded=False))


def _dotted(node: libcst.CSTNode) -> str:
    return libcst.Module([]).code_for_node(node).replace(" ", "")
