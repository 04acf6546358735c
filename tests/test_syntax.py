import subprocess
import sys

import pytest

from gwlint.model import SourceError
from gwlint.syntax import check

NEWER = {
    "type parameters": "def f[T: int = str](x: T) -> T: ...\nclass C[*Ts]: ...\ntype X[T] = list[T]\n",
    "quotes in f-strings": "x = f\"{a[\"b\"]}\"\ny = f'{'\\n'.join(z)}'\n",
    "exception groups": "try: pass\nexcept* (A, B): pass\n",
    "exceptions without parentheses": "try: pass\nexcept A, B: pass\n",
    "template strings": "x = t'{name!r:>{width}}'\n",
    "match": "match x:\n    case {'a': [1, *_], **k} | C(d=e) if f: pass\n    case (((a, b), c), d): pass\n",
    "parenthesised with": "with (a as b, c as d,): pass\n",
}

ABOUT_NAMES = [
    ("def f(a, a): pass\n", "duplicate argument 'a' in function definition"),
    ("nonlocal x\n", "nonlocal declaration not allowed at module level"),
    ("from __future__ import nope\n", "future feature nope is not defined"),
    ("def f():\n  x = 1\n  global x\n", "name 'x' is assigned to before global declaration"),
    ("def f():\n  from a import *\n", "import * only allowed at module level"),
]

# Each repeats what libcst, or the interpreter, descends into.
DEEP = [
    "'(' * N",
    "'(' * N + ')' * N",
    "'[' * N",
    "'{1:' * N",
    "'(a,' * N",
    "'f(a=' * N",
    "'a[b:' * N",
    "'{**' * N",
    "'x = ' + 'lambda: ' * N + '1 x'",
    "'x = ' + 'lambda a, b=1: ' * N + '1 x'",
    "'not ' * N + 'x'",
    "'-' * N + 'x'",
    "'a' + '.b' * N + ' x'",
    "'a' + '()' * N + ' x'",
    "'1' + '+1' * N + ' x'",
    "'a if b else ' * N + '1 x'",
    "'[a ' + 'for a in b ' * N + '] x'",
    "'match x:\\n case ' + '[a,' * N",
    "'match x:\\n case ' + 'C(a=' * N",
    "'match x:\\n case ' + '(' * N",
    "'del ' + '(' * N",
    "'\"a\" ' * N + 'x y'",
    "'f\"{' * N",
    "'if a: pass\\n' + 'elif a: pass\\n' * N + 'x y'",
    "'await ' * N + 'a b'",
    "'x = ' * N + 'a b'",
    "''.join(' ' * i + 'if a:\\n' for i in range(N // 10))",
]


@pytest.mark.parametrize("source", NEWER.values(), ids=NEWER.keys())
def test_accepts_the_newest_syntax_on_every_interpreter(source: str) -> None:
    assert check(source.encode()) is None


@pytest.mark.parametrize(("source", "message"), ABOUT_NAMES)
def test_an_error_about_names_stands(source: str, message: str) -> None:
    error = check(source.encode())

    assert error is not None
    assert error.message == message


@pytest.mark.parametrize(
    "source", ["from lambda import x", "def f(:", "x = ", "if x:\n\ta\n        b\n", "def f():\n", "(", "'", "x = = 1"]
)
def test_an_error_of_grammar_stands(source: str) -> None:
    assert check(source.encode()) is not None


@pytest.mark.parametrize(
    "source", ["", "\n", "# only\n", "x = 1", "x = '\u2028é'", "# coding: latin-1\ns = 'é'\n", "\f\n"]
)
def test_finds_no_fault_with_valid_source(source: str) -> None:
    assert check(source.encode()) is None


@pytest.mark.parametrize("count", [1, 40])
def test_newer_syntax_hides_no_error_elsewhere(count: int) -> None:
    newer = "type X[T] = list[T]\n@d\nclass C[T]:\n    pass\n" * count

    assert check(newer.encode()) is None
    assert check(f"{newer}def f(a, a): pass\n".encode()) == SourceError(
        "syntax", "duplicate argument 'a' in function definition", 4 * count + 1, 10
    )
    assert check(f"{newer}from lambda import x\n{newer}".encode()) == SourceError(
        "syntax", "invalid syntax", 4 * count + 1, 6
    )


def test_a_null_byte_is_an_error_where_it_stands() -> None:
    assert check(b"import a\nx = '\0'\n") == SourceError("syntax", "source contains a null byte", 2, 6)


def test_ten_thousand_parentheses_are_an_error() -> None:
    assert check(b"(" * 10_000 + b")" * 10_000) is not None


def test_no_depth_takes_the_interpreter_down_or_forever() -> None:
    # In a process of its own: what overflows the stack can't be caught.
    program = (
        "from gwlint.syntax import check\n"
        f"for N in (100, 290, 3_000):\n  for source in {DEEP}: check(eval(source).encode())"
    )
    done = subprocess.run([sys.executable, "-c", program], timeout=120, check=False)

    assert done.returncode == 0
