import ast
import keyword
from pathlib import Path

import click
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gwlint.model import NO_DEFINITION, Data, Definition, Import, SourceError, Span
from gwlint.parse import parse


def imports(source: str) -> list[tuple[str, int, tuple[str, ...], tuple[str, ...]]]:
    return [(one.module, one.level, one.names, one.bound) for one in parse(source.encode()).imports]


def kinds(source: str) -> dict[str, str]:
    return {one.module: one.kind for one in parse(source.encode()).imports}


def guarded(source: str) -> list[str]:
    return [one.module for one in parse(source.encode()).imports if one.guarded]


def recovered(source: str) -> list[tuple[int, str]]:
    return [(one.at.line, one.written()) for one in parse(source.encode()).imports if one.recovered]


def places(source: bytes) -> list[tuple[str, int, int]]:
    return [(one.module, one.at.line, one.at.column) for one in parse(source).imports]


def uses(source: str) -> list[str]:
    return [one.name for one in parse(source.encode()).uses]


# The forms of the statement.


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a", [("a", 0, (), ("a",))]),
        ("import a.b.c", [("a.b.c", 0, (), ("a",))]),
        ("import a.b as c", [("a.b", 0, (), ("c",))]),
        ("import a, b.c as d", [("a", 0, (), ("a",)), ("b.c", 0, (), ("d",))]),
        ("from a import b", [("a", 0, ("b",), ("b",))]),
        ("from a import b as c, d", [("a", 0, ("b", "d"), ("c", "d"))]),
        ("from a import (\n    b,  # why\n    c,\n)", [("a", 0, ("b", "c"), ("b", "c"))]),
        ("from a import b \\\n    , c", [("a", 0, ("b", "c"), ("b", "c"))]),
        ("from a import *", [("a", 0, ("*",), ())]),
        ("from . import a", [("", 1, ("a",), ("a",))]),
        ("from .. import *", [("", 2, ("*",), ())]),
        ("from...a.b import c", [("a.b", 3, ("c",), ("c",))]),
        ("from . a . b import(c)", [("a.b", 1, ("c",), ("c",))]),
        ("from __future__ import annotations", [("__future__", 0, ("annotations",), ("annotations",))]),
        ("import größe", [("größe", 0, (), ("größe",))]),
        ("x = 1; import a; from b import c", [("a", 0, (), ("a",)), ("b", 0, ("c",), ("c",))]),
        ("if x: import a", [("a", 0, (), ("a",))]),
    ],
)
def test_reads_every_form_of_import(source: str, expected: list[object]) -> None:
    assert imports(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "'import a'",
        '"""\nimport a\nfrom lambda import b\n"""',
        "# import a",
        "x = '''\nimport a'''",
        "import_a = 1",
        "f'{x}import a'",
        "lazy = 1\nlazy\n",
    ],
)
def test_text_is_no_import(source: str) -> None:
    assert imports(source) == []


@pytest.mark.parametrize(
    "source", ["import a, b.c", "from a import b", "from ..a import b, c", "from . import x", "from a import *"]
)
def test_writes_an_import_as_it_was(source: str) -> None:
    *first, last = parse(source.encode()).imports

    assert ", ".join([*(one.written() for one in first), last.written().removeprefix("import " if first else "")]) == (
        source
    )


# When it runs.


def test_code_at_module_level_runs_at_load() -> None:
    source = (
        "import a\nclass C:\n  import b\ntry: import c\nfinally: import d\nwith x: import e\n"
        "for y in z: import f\nwhile x: import g\nmatch x:\n  case 1: import h\nif x: import i\n"
    )

    assert kinds(source) == dict.fromkeys("abcdefghi", "eager")


def test_code_in_functions_runs_when_they_are_called() -> None:
    source = (
        "def f():\n  import a\n  class C:\n    import b\n  try: import c\n  finally: pass\nasync def g(): import d\n"
        "class D:\n  def m(self):\n    import e\ndef __getattr__(name):\n  from . import f\n"
    )

    assert kinds(source) == {
        "a": "deferred",
        "b": "deferred",
        "c": "deferred",
        "d": "deferred",
        "e": "deferred",
        "": "deferred",
    }


def test_a_lazy_import_is_deferred_and_nothing_is_wrong_with_it() -> None:
    facts = parse(b"lazy import a.b\nlazy from c import d\nimport e\n")

    assert [(one.module, one.kind, one.recovered) for one in facts.imports] == [
        ("a.b", "deferred", False),
        ("c", "deferred", False),
        ("e", "eager", False),
    ]
    assert facts.error is None


def test_code_of_a_script_is_deferred() -> None:
    assert kinds(
        "if __name__ == '__main__':\n  import a\nelse:\n  import b\nif \"__main__\" == __name__: import c"
    ) == {
        "a": "deferred",
        "b": "eager",
        "c": "deferred",
    }


@pytest.mark.parametrize(
    ("preamble", "condition"),
    [
        ("from typing import TYPE_CHECKING", "TYPE_CHECKING"),
        ("from typing import TYPE_CHECKING as TC", "TC"),
        ("import typing", "typing.TYPE_CHECKING"),
        ("import typing as t", "t.TYPE_CHECKING"),
        ("import typing_extensions as te", "te.TYPE_CHECKING"),
        ("TYPE_CHECKING = False", "TYPE_CHECKING"),
        ("MYPY = False", "MYPY"),
        ("", "False"),
        ("", "0"),
        ("import typing", "(typing.TYPE_CHECKING)"),
        ("import typing", "typing.TYPE_CHECKING and x"),
        ("import typing", "x and typing.TYPE_CHECKING"),
        ("import typing", "not not typing.TYPE_CHECKING"),
    ],
)
def test_what_only_a_type_checker_sees_is_type_only(preamble: str, condition: str) -> None:
    got = kinds(f"{preamble}\nif {condition}:\n  import a\n  def f(): import b\nelse:\n  import c\n")

    assert (got["a"], got["b"], got["c"]) == ("type-only", "type-only", "eager")


@pytest.mark.parametrize("condition", ["not TYPE_CHECKING", "True", "1", "not (TYPE_CHECKING)", "x or not MYPY"])
def test_the_rest_of_what_always_runs_is_type_only(condition: str) -> None:
    got = kinds(f"if {condition}:\n  import a\nelif x:\n  import b  # TYPE_CHECKING\nelse:\n  import c\n")

    assert got == {"a": "eager", "b": "type-only", "c": "type-only"}


@pytest.mark.parametrize(
    "condition", ["TYPE_CHECKING or x", "x.TYPE_CHECKING", "TYPE_CHECKING == x", "f(TYPE_CHECKING)"]
)
def test_what_may_run_is_eager(condition: str) -> None:
    assert kinds(f"if {condition}: import a") == {"a": "eager"}


# What is guarded.


@pytest.mark.parametrize(
    "handler",
    [
        "except ImportError:",
        "except ModuleNotFoundError as e:",
        "except (ValueError, ImportError):",
        "except Exception:",
        "except:",
        "except BaseException:",
        "except* ImportError:",
        "except builtins.ImportError:",
    ],
)
def test_a_missing_module_that_is_caught_is_guarded(handler: str) -> None:
    assert guarded(f"try:\n  import a\n{handler}\n  import b\nelse:\n  import c\nfinally:\n  import d\n") == ["a", "b"]


@pytest.mark.parametrize("handler", ["except ValueError:", "except MyImportErrors:", "finally:"])
def test_another_error_guards_nothing(handler: str) -> None:
    assert guarded(f"try:\n  import a\n{handler}\n  import b\n") == []


@pytest.mark.parametrize(
    "context", ["suppress(ImportError)", "contextlib.suppress(OSError, ImportError)", "x, suppress(Exception)"]
)
def test_suppressed_errors_guard(context: str) -> None:
    assert guarded(f"with {context}:\n  import a\nimport b\n") == ["a"]


def test_a_function_is_not_guarded_by_what_surrounds_its_definition() -> None:
    source = "try:\n  def f(): import a\n  class C: import b\n  import c\nexcept ImportError: pass\n"

    assert guarded(source) == ["b", "c"]


# Broken files.


def test_recovers_imports_of_a_module_whose_name_is_a_keyword() -> None:
    source = (
        "from lambda import x\nfrom lambda.core import y as z\nimport lambda\nimport lambda.core as c, d\nimport e\n"
    )

    assert recovered(source) == [
        (1, "from lambda import x"),
        (2, "from lambda.core import y"),
        (3, "import lambda"),
        (4, "import d"),
        (4, "import lambda.core"),
    ]
    assert parse(source.encode()).error == SourceError("syntax", "invalid syntax", 1, 6)


def test_recovers_an_import_over_several_lines() -> None:
    assert recovered("x = 1\nfrom lambda import (\n    a,\n    b as c,\n)\n") == [(2, "from lambda import a, b")]


def test_what_follows_a_broken_line_still_counts() -> None:
    source = "import a\ndef f(:\n    import b\nx = = 1\nfrom c import d\nclass E\n    import f\n"

    assert {module: kind for module, _, _, _ in imports(source) for kind in [kinds(source)[module]]} == {
        "a": "eager",
        "b": "deferred",
        "c": "eager",
        "f": "eager",
    }


def test_recovers_nothing_from_text_in_a_broken_file() -> None:
    assert recovered(
        "from lambda import x\n'''\nfrom class import y\n'''\n# from def import z\ns = 'import q' '\n"
    ) == [(1, "from lambda import x")]


def test_recovering_takes_time_in_proportion() -> None:
    assert len(parse(b"from lambda import a\n" * 20_000).imports) == 20_000


# Positions.


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"\xef\xbb\xbfimport a\n", [("a", 1, 1)]),
        (b"if x:\n\timport a\n", [("a", 2, 2)]),
        (b"import a\r\nimport b\r\n", [("a", 1, 1), ("b", 2, 1)]),
        (b"import a\rimport b\r\rimport c", [("a", 1, 1), ("b", 2, 1), ("c", 4, 1)]),
        ("s = '\U0001f600'; import a".encode(), [("a", 1, 10)]),
        ("s = 'é\u2028\x0b\x85'; import a\nimport b".encode(), [("a", 1, 13), ("b", 2, 1)]),
        ("# coding: latin-1\ns = 'é'; import a".encode("latin-1"), [("a", 2, 10)]),
        ("s = 'é'; import a".encode("latin-1"), [("a", 1, 10)]),
        (b"\x0cimport a\n", [("a", 1, 2)]),
    ],
)
def test_counts_lines_and_code_points(source: bytes, expected: list[object]) -> None:
    assert places(source) == expected


def test_a_span_ends_just_past_the_last_character() -> None:
    assert [one.at for one in parse("from ä import (\n  b,\n)  # c\n".encode()).imports] == [Span(1, 1, 3, 2)]


@pytest.mark.parametrize(("source", "lines"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\r\nb\rc\n\n", 4)])
def test_counts_the_lines_of_a_file(source: bytes, lines: int) -> None:
    assert parse(source).lines == lines


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (b"x = 1\ns = '\xe9'\n", SourceError("decode", "byte 0xe9 is not valid utf-8", 2, 6)),
        (b"# coding: nope\nimport a\n", SourceError("decode", "unknown encoding: nope", 1, 1)),
        (b"# coding: ascii\rs = '\xe9'", SourceError("decode", "byte 0xe9 is not valid ascii", 2, 6)),
    ],
)
def test_says_what_could_not_be_decoded(source: bytes, error: SourceError) -> None:
    assert parse(source).error == error


# Definitions, calls and uses.


def test_reads_definitions_with_their_headers() -> None:
    source = "@a\n@b.c(1)\n# why\nasync def f(\n    x: int,\n) -> {1: 2}:\n    class C(D):\n        def m(self): pass\n"

    assert parse(source.encode()).definitions == (
        Definition("function", "f", "f", NO_DEFINITION, ("a", "b.c"), Span(4, 1, 6, 13), 8),
        Definition("class", "C", "f.<locals>.C", 0, (), Span(7, 5, 7, 16), 8),
        Definition("function", "m", "f.<locals>.C.m", 1, (), Span(8, 9, 8, 21), 8),
    )


def test_writes_calls_out() -> None:
    source = "import a.b as c\nfrom .d import e\nc.x()\ndef f(g):\n    e(); g.h(); print()\n    return c.y()()\n"

    assert [(one.callee, one.within, one.deferred) for one in parse(source.encode()).calls] == [
        ("a.b.x", NO_DEFINITION, False),
        (".d.e", 0, True),
        ("g.h", 0, True),
        ("print", 0, True),
        ("a.b.y", 0, True),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a.b\na.b.c()", ["a.b.c"]),
        ("import a.b as c\nc.d.e", ["a.b.d.e"]),
        ("from . import a as b\nb.c", [".a.c"]),
        ("from ..a import b\nb.c().d", ["..a.b.c"]),
        ("import a\n(a\n .b)\na . c\na. \\\n d", ["a.b", "a.c", "a.d"]),
        ("import a\nf'{a.b}'\n'a.c'\n# a.d", ["a.b"]),
        ("a.b\nimport a", ["a.b"]),
        ("import a\nx.a.b\na\na[0].c", []),
        ("def f():\n  import a\n  a.b\na.c", ["a.b"]),
        ("try:\n  import a\nexcept ImportError:\n  a = None\na.b", ["a.b"]),
    ],
)
def test_writes_uses_out(source: str, expected: list[str]) -> None:
    assert uses(source) == expected


@pytest.mark.parametrize(
    "scope",
    [
        "def f(a): a.b",
        "def f(*a): a.b",
        "def f(**a): a.b",
        "def f(x, /, a: int = 1): a.b",
        "lambda a: a.b",
        "[a.b for a in x]",
        "{a.b: 1 for x, a in y}",
        "class C:\n  a = 1\n  a.b",
        "def f():\n  a = 1\n  a.b",
        "def f():\n  for a in x: a.b",
        "def f():\n  with x as a: a.b",
        "def f():\n  def a(): pass\n  a.b",
        "def f():\n  a = 1\n  def g(): a.b",
        "def f():\n  if (a := x): a.b",
        "def f():\n  x, (y, a) = z\n  a.b",
    ],
)
def test_another_binding_hides_an_import(scope: str) -> None:
    assert uses(f"import a\n{scope}\n") == []


@pytest.mark.parametrize(
    "scope",
    [
        "def f(x=a.b): pass",
        "def f(x: a.b): pass",
        "def f() -> a.b: pass",
        "@a.b\ndef f(a): pass",
        "class C(a.b): pass",
        "class C:\n  a = 1\n  def m(self): a.b",
        "[x for x in a.b]",
        "lambda x=a.b: x",
        "def f(x=a.b, *, y): x.a",
        "def f(q, r=g(a)): a.b",
    ],
)
def test_an_import_is_seen_past_other_scopes(scope: str) -> None:
    assert uses(f"import a\n{scope}\n") == ["a.b"]


# What a module has.


def test_reads_module_level_data() -> None:
    source = "A = {1: 2}\nB: str = 'é'\nif x:\n  C = [f()]\ndef f(): D = 1\nclass E: F = 2\nG = f()\n"

    assert parse(source.encode()).data == (
        Data("A", "dictionary", 7, 6, Span(1, 5, 1, 11)),
        Data("B", "string", 4, 4, Span(2, 10, 2, 13)),
        Data("C", "list", 8, 5, Span(4, 7, 4, 12)),
    )


def test_collects_the_names_of_a_module() -> None:
    source = (
        "import a.b\nfrom c import d as e\nf, *g = 1, 2\nfor h in x: i = 1\n"
        "def j(k): l = 1\nclass M: n = 1\nif (o := 1): pass\n"
    )

    assert parse(source.encode()).names == ("M", "a", "e", "f", "g", "h", "i", "j", "o")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("__all__ = ['a', 'b']", ("a", "b")),
        ("__all__: list[str] = ('a',  # why\n)", ("a",)),
        ("__all__ = []", ()),
        ("__all__ = ['a', b]", None),
        ("__all__ = names()", None),
        ("def f(): __all__ = ['a']", None),
        ("x = 1", None),
    ],
)
def test_reads_literal_exports(source: str, expected: tuple[str, ...] | None) -> None:
    assert parse(source.encode()).exports == expected


# Anything.

REAL = [path.read_bytes() for path in sorted(Path(click.__path__[0]).glob("*.py")) if path.stat().st_size < 20_000]
NAMES = st.from_regex(r"[a-z_]\w{0,3}", fullmatch=True).filter(
    lambda name: name.isidentifier() and name.isascii() and not keyword.iskeyword(name) and name != "lazy"
)
DOTTED = st.lists(NAMES, min_size=1, max_size=3).map(".".join)


@settings(max_examples=150, deadline=None)
@example(b"\xef\xbb\xbf# coding: latin-1\n\xe9")
@example(b"# coding: utf-7\n+AGE-")
@given(st.binary(max_size=200))
def test_no_bytes_are_too_much(source: bytes) -> None:
    assert parse(source).lines >= 0


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(REAL), st.integers(0, 20_000), st.integers(0, 40), st.binary(max_size=6))
def test_no_damage_to_real_code_is_too_much(source: bytes, start: int, length: int, put: bytes) -> None:
    facts = parse(source[:start] + put + source[start + length :])

    assert all(one.at.line <= facts.lines for one in facts.imports)


@settings(deadline=None)
@given(DOTTED, st.one_of(st.none(), NAMES))
def test_gives_back_an_import_that_was_made(module: str, alias: str | None) -> None:
    statement = f"import {module}" + (f" as {alias}" if alias else "")

    assert imports(statement) == [(module, 0, (), (alias or module.partition(".")[0],))]


@settings(deadline=None)
@given(
    st.integers(0, 4),
    DOTTED,
    st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=4),
    st.sampled_from(["{}", "({})", "({},)", "(\n  {}\n)"]),
)
def test_gives_back_a_from_import_that_was_made(
    level: int, module: str, items: list[tuple[str, str]], listed: str
) -> None:
    statement = f"from {'.' * level}{module} import {listed.format(', '.join(f'{a} as {b}' for a, b in items))}"

    assert ast.parse(statement)
    assert imports(statement) == [(module, level, tuple(a for a, _ in items), tuple(b for _, b in items))]


def test_equal_bytes_give_equal_facts() -> None:
    assert [parse(source) for source in REAL[:3]] == [parse(source) for source in REAL[:3]]


def test_an_import_keeps_all_that_is_known_about_it() -> None:
    assert parse(b"try:\n  from .a import b as c\nexcept ImportError: pass\n").imports == (
        Import("a", 1, ("b",), ("c",), "eager", False, True, False, Span(2, 3, 2, 24)),
    )
