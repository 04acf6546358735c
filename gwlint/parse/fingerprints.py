"""The functions of one file in the form in which they are compared, and the definitions that get lost in it."""

from __future__ import annotations

import ast
import builtins
import gc
import warnings
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from zlib import crc32

from gwlint.model import Function, Functions
from gwlint.parse import boilerplate, redefinitions
from gwlint.parse.canonical import HIDDEN, Canonical
from gwlint.parse.canonical import Function as Node
from gwlint.parse.forms import SIMPLE_STATEMENTS
from gwlint.parse.source import Source

_FEWEST_TOKENS = 8
"""What is shorter is no match for anything, however few statements the settings ask for."""

_OF_THE_OUTSIDE = 0x8000
_LOCAL = 1
_FIRST_FREE = 2
_GRAM = 4
_SAMPLED = 3
_FARTHEST = 0xFFFF
_BRANCHING = frozenset({"<if>", "<for>", "<while>", "<try>", "<match>", "<def>"})
_BUILTINS = frozenset(dir(builtins))

_Place = tuple[ast.stmt, str, bool, bool, bool]
"""A statement, the prefix of names there, whether that is in a class, in a function, under a condition."""


class _Codes(dict[str, int]):
    """The codes of tokens: 0 for hidden ones."""

    def __missing__(self, token: str) -> int:
        code = crc32(token.encode("utf-8", "surrogatepass")) & 0x7FFF
        if token.startswith(HIDDEN):
            code = 0
        elif _is_of_the_outside(token):
            code |= _OF_THE_OUTSIDE
        else:
            code = max(code, _FIRST_FREE)
        self[token] = code
        return code


def _is_of_the_outside(token: str) -> bool:
    return (token.isidentifier() and token not in _BUILTINS) or token[0] == "." or token.startswith("<import>")


_CODES = _Codes()


def functions(raw: bytes) -> Functions:
    """Return what a file says about duplication. Never raises."""
    source = Source(raw)
    if boilerplate.is_generated(source.data):
        return Functions()
    with at_rest():
        module = tree_of(source.data)
        if module is None:
            return Functions(functions=tuple(_of_broken(source)))
        return Functions(
            functions=tuple(_functions(module.body, source, "", 0)),
            redefinitions=tuple(redefinitions.of(module, source)),
        )


@contextmanager
def at_rest() -> Iterator[None]:
    """Keep the collector of garbage away from trees, in which there is none, and warnings from the terminal."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if was_on:
            gc.enable()


def tree_of(data: bytes) -> ast.Module | None:
    """Return the syntax tree of a source, if it has one."""
    try:
        return ast.parse(data.decode())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _of_broken(source: Source) -> Iterator[Function]:
    """Yield the functions of a file that does not parse, as far as they do themselves."""
    from gwlint.parse.intact import intact

    for prefix, in_class, line, text in intact(source):
        module = tree_of(text)
        if module is None:
            continue
        inner = module.body[0].body if isinstance(module.body[0], ast.If) else module.body
        yield from _functions(inner, source, prefix, line, in_class=in_class)


def _functions(
    body: Sequence[ast.stmt], source: Source, prefix: str, line: int, *, in_class: bool = False
) -> Iterator[Function]:
    """Yield the functions among some statements, in order; `line` is to be added to the lines of the tree."""
    pending: list[_Place] = [(one, prefix, in_class, False, False) for one in reversed(body)]
    while pending:
        node, prefix, is_method, is_local, is_alternative = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            made = _function(node, source, prefix, line, is_method, is_local, is_alternative)
            if made is not None:
                yield made
            below = f"{prefix}{node.name}.<locals>."
            pending += [(one, below, False, True, False) for one in reversed(node.body)]
        elif isinstance(node, ast.ClassDef):
            below = f"{prefix}{node.name}."
            pending += [(one, below, True, is_local, is_alternative) for one in reversed(node.body)]
        elif type(node) not in SIMPLE_STATEMENTS:
            inner = [*_blocks(node)]
            pending += [(one, prefix, is_method, is_local, True) for one in reversed(inner)]


def _blocks(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements right inside of a compound one."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        for child in getattr(node, field, ()):
            if isinstance(child, ast.stmt):
                yield child
            else:
                yield from child.body


def _function(
    node: Node, source: Source, prefix: str, line: int, is_method: bool, is_local: bool, is_alternative: bool
) -> Function | None:
    if boilerplate.is_declared_only(node):
        return None
    try:
        read = Canonical(node)
    except RecursionError:
        return None
    tokens, bound = read.tokens, read.bound
    if len(tokens) < _FEWEST_TOKENS:
        return None
    ends = [start for start, _ in read.starts[1:]] + [len(tokens)]
    codes: list[int] = []
    statements, lines = array("I"), array("H")
    for (start, at), end in zip(read.starts, ends, strict=True):
        own = [code for token in tokens[start:end] if (code := _LOCAL if token in bound else _CODES[token])]
        if own:
            statements.append(crc32(array("H", own).tobytes()))
            lines.append(min(max(at - node.lineno, 0), _FARTHEST))
            codes += own
    if len(codes) < _FEWEST_TOKENS:
        return None
    encoded = array("H", codes).tobytes()
    own_line = line + node.lineno
    return Function(
        name=prefix + node.name,
        at=redefinitions.name_span(source, own_line, node),
        end_line=line + (node.end_lineno or node.lineno),
        traits=(
            *boilerplate.traits(node, is_method=is_method, is_local=is_local, is_alternative=is_alternative),
            *(("straight",) if _BRANCHING.isdisjoint(tokens) else ()),
        ),
        calls=read.calls,
        exact=_digest("\0".join((*read.signature, *tokens, HIDDEN, *read.literals, *read.logged))),
        renamed=_digest("\0".join(_renamed(read))),
        tokens=encoded,
        statements=statements.tobytes(),
        lines=lines.tobytes(),
        features=_features(codes, encoded).tobytes(),
        literals="\0".join(read.literals),
    )


def _renamed(read: Canonical) -> Iterator[str]:
    """Yield the tokens of a function with its own names numbered by first appearance."""
    numbers: dict[str, str] = {}
    for token in (*read.signature, *read.tokens):
        if token in read.bound:
            yield numbers.setdefault(token, f"{HIDDEN}{len(numbers)}")
        else:
            yield token


def _features(codes: Sequence[int], encoded: bytes) -> array[int]:
    """Return one in four of the runs of tokens, chosen by what they are."""
    grams = {
        crc32(encoded[2 * place : 2 * (place + _GRAM)])
        for place, (one, other) in enumerate(zip(codes, codes[2:-1], strict=False))
        if not (one ^ other) & _SAMPLED
    }
    return array("I", sorted(grams))


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
