"""What a file does when it is loaded, step by step."""

import msgspec
import pytest

from gwlint.model import SourceError
from gwlint.parse import loading
from gwlint.steps import (
    Annotate,
    Attempt,
    Bind,
    Branch,
    Call,
    Class,
    Constant,
    Dotted,
    Each,
    Evaluate,
    Expression,
    Function,
    Import,
    Items,
    Large,
    Leave,
    Loading,
    Loop,
    Operation,
    Other,
    Step,
    Table,
    Text,
    Within,
)


def steps(source: str) -> tuple[Step, ...]:
    return loading(source.encode()).steps


def value(source: str) -> Expression:
    """Return what is read of an expression."""
    (step,) = steps(f"_ = {source}")
    assert isinstance(step, Bind)
    return step.value


A, B = Dotted("a"), Dotted("b")

STEPS: dict[str, tuple[Step, ...]] = {
    "import a.b as c, d": (Import("a.b", 0, (), "c", 1), Import("d", 0, (), "", 1)),
    "from .a import b as c, d": (Import("a", 1, (("b", "c"), ("d", "d")), "", 1),),
    "from . import *": (Import("", 1, (("*", "*"),), "", 1),),
    "a = b, *c = d": (Bind((A, Items("tuple", (B, Operation("*_", (Dotted("c"),))))), Dotted("d"), "", 1),),
    "a += b": (Bind((A,), B, "+", 1),),
    "a: b.c = 1": (Annotate((Dotted("b.c"),), 1), Bind((A,), Constant(1), "", 1)),
    "from __future__ import annotations\na: b.c": (Import("__future__", 0, (("annotations", "annotations"),), "", 1),),
    "a: b": (),
    "'''text'''": (),
    "a()": (Evaluate(Call(A, (), (), 1), 1),),
    "if a: b\nelif b: a\nelse: 1": (Branch(((A, (Evaluate(B, 1),)), (B, (Evaluate(A, 2),)), (None, ())), 2),),
    "try: a\nexcept (a, b) as c: b\nexcept: raise\nelse: a\nfinally: b": (
        Attempt(
            (Evaluate(A, 1),),
            (((A, B), "c", (Evaluate(B, 2),)), ((), "", (Leave("raise", None, 3),))),
            (Evaluate(A, 4),),
            (Evaluate(B, 5),),
            1,
        ),
    ),
    "with a as b, b: a": (Within(((A, B), (B, None)), (Evaluate(A, 1),), 1),),
    "for a in b: a\nelse: b": (Loop(A, B, (Evaluate(A, 1),), (Evaluate(B, 2),), 1),),
    "while a: break": (Loop(None, A, (Leave("break", None, 1),), (), 1),),
    "match a:\n    case 1: b": (Evaluate(A, 1), Branch(((Other(()), (Evaluate(B, 2),)),), 1)),
    "@a\ndef f(x: a.b, /, y=1, *z, k=b, **w) -> a.c: return x": (
        Function(
            "f", ("x", "y"), ("k",), "z", "w", (("y", Constant(1)), ("k", B)), (A,), (Dotted("a.b"), Dotted("a.c")),
            False, 2, (Leave("return", Dotted("x"), 2),),
        ),
    ),
    "def f(): yield a": (Function("f", (), (), "", "", (), (), (), True, 1, (Evaluate(Other((A,)), 1),)),),
    "@a(1)\nclass C(b, metaclass=a):\n    x: int\n    y = 1\n    def f(self): ...": (
        Class(
            "C", (B,), (("metaclass", A),), (Call(A, (Constant(1),), (), 1),), 2, 2,
            (
                Bind((Dotted("y"),), Constant(1), "", 4),
                Function("f", ("self",), (), "", "", (), (), (), False, 5, ()),
            ),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), STEPS.items(), ids=STEPS)
def test_statements(source: str, expected: tuple[Step, ...]) -> None:
    assert steps(source) == expected


VALUES: dict[str, Expression] = {
    "'x'": Constant("x"),
    "-1": Constant(-1),
    "10 ** 100": Operation("**", (Constant(10), Constant(100))),
    "100000000000000000000": Other(()),
    "'\\ud800'": Other(()),
    "b'x'": Other(()),
    "a.b.c": Dotted("a.b.c"),
    "f'a{b}c'": Text((Constant("a"), B, Constant("c"))),
    "a(b, *b, c=1, **a)": Call(A, (B, Operation("*_", (B,))), (("c", Constant(1)), ("", A)), 1),
    "[1, a]": Items("list", (Constant(1), A)),
    "{'k': a, **b}": Table(((Constant("k"), A), (None, B))),
    "a and not b": Operation("and", (A, Operation("not", (B,)))),
    "a < b in a": Operation("and", (Operation("<", (A, B)), Operation("in", (B, A)))),
    "a if b else 1": Operation("if", (B, A, Constant(1))),
    "a[1:b]": Operation("[]", (A, Operation(":", (Constant(1), B)))),
    "a + b + 1": Operation("+", (A, B, Constant(1))),
    "{a: b for a in b if a}": Each("dict", Items("tuple", (A, B)), ((A, B, (A,)),), 1),
    "-a": Other((A,)),
    "a[0] ^ 1": Other((Operation("[]", (A, Constant(0))),)),
}


@pytest.mark.parametrize(("source", "expected"), VALUES.items(), ids=VALUES)
def test_expressions(source: str, expected: Expression) -> None:
    assert value(source) == expected


def test_large_literals_are_counted() -> None:
    rows = ", ".join(f"({one}, 'x', [1.5])" for one in range(100))

    assert value(f"[{rows}]") == Large(
        "list",
        (
            ("element", 500),
            ("float", 100),
            ("int", 100),
            ("list", 101),
            ("string", 100),
            ("string-bytes", 100),
            ("tuple", 100),
        ),
        100,
        len(rows) + 2,
        1,
        None,
    )


def test_large_literals_of_names_are_kept_besides() -> None:
    names = [f"name{one}" for one in range(100)]
    large = value(repr({name: name for name in names}))

    assert isinstance(large, Large)
    assert large.content == Table(tuple((Constant(name), Constant(name)) for name in names))


def test_long_text_is_counted() -> None:
    assert value(repr("x" * 1000)) == Large("string", (("string", 1), ("string-bytes", 1000)), 1000, 1002, 1, None)


def test_what_is_chained_does_not_nest() -> None:
    chained = value(" + ".join(["a"] * 500))

    assert chained == Operation("+", (A,) * 500)


def test_what_does_not_parse_has_what_does() -> None:
    source = "import a\ndef f(:\n    import b\nlazy import c\nfrom d import e\nx = 1\n"

    assert loading(source.encode()) == Loading(
        (
            Import("a", 0, (), "", 1),
            Import("d", 0, (("e", "e"),), "", 5),
            Bind((Dotted("x"),), Constant(1), "", 6),
        ),
        SourceError("syntax", "invalid syntax", 2, 7),
    )


def test_facts_come_back_from_the_cache_as_they_were() -> None:
    facts = loading("\n".join(STEPS).encode())

    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=Loading) == facts


@pytest.mark.parametrize(
    "source", [b"", b"\0", b"\xff\xfe", b"x = " + b"(" * 5000, b"\xef\xbb\xbfimport a", b"if 1:\n" * 3]
)
def test_nothing_raises(source: bytes) -> None:
    assert isinstance(loading(source), Loading)
