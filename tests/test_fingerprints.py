"""Functions in the form in which they are compared."""

import pytest

from gwlint.model import Function, Functions, Span
from gwlint.parse import functions


def only(source: str) -> Function:
    (function,) = functions(source.encode()).functions
    return function


def body(text: str, signature: str = "data, key") -> Function:
    """Return the only function of a source, with a body that is long enough to count."""
    lines = "\n".join(f"    {line}" for line in (text + "\nstore.put(key, data, 'x')\nstore.flush(key)").split("\n"))
    return only(f"def f({signature}):\n{lines}\n")


def names(said: Functions) -> list[str]:
    return [function.name for function in said.functions]


SAME = {
    "negation": ("if not data:\n    a(key)\nelse:\n    b(key)", "if data:\n    b(key)\nelse:\n    a(key)"),
    "both negated": ("x = not (data or key)", "x = not data and not key"),
    "not in": ("x = not key in data", "x = key not in data"),
    "nested ifs": ("if data:\n    if key:\n        a(key)", "if data and key:\n    a(key)"),
    "comparison": ("if data > key:\n    a(key)", "if key < data:\n    a(key)"),
    "comparison with a constant": ("x = None is data\nif 3 == key: a(key)", "x = None is data\nif key == 3: a(key)"),
    "inverted comparison": (
        "if data <= key:\n    a(key)\nelse:\n    b(key)",
        "if data > key:\n    b(key)\nelse:\n    a(key)",
    ),
    "conditional": ("x = a(key) if data else b(key)", "if data:\n    x = a(key)\nelse:\n    x = b(key)"),
    "in place": ("key += data", "key = key + data"),
    "comprehension": (
        "x = [one.name for one in data if one.age]",
        "x = []\nfor one in data:\n    if one.age:\n        x.append(one.name)",
    ),
    "dictionary": ("x = {one.id: one for one in data}", "x = {}\nfor one in data:\n    x[one.id] = one"),
    "formatting": ("x = 'a %s of %s' % (data, key)", "x = f'a {data} of {key}'"),
    "formatting by method": ("x = 'a {}'.format(key)", "x = 'a ' + str(key)"),
    "logging": ("logger.info('x %s', key)\na(key)", "a(key)"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_is_put_in_another_way_has_the_same_tokens_and_is_not_taken_for_equal(one: str, other: str) -> None:
    first, second = body(one), body(other)

    assert first.tokens == second.tokens
    assert first.exact != second.exact


def test_what_follows_an_if_that_leaves_is_its_else() -> None:
    guard = only("def f(a, b):\n    if not a:\n        return None\n    b.x(a)\n    b.y(a)\n    return b.z(a)\n")
    whole = only("def f(a, b):\n    if a:\n        b.x(a)\n        b.y(a)\n        return b.z(a)\n    return None\n")

    assert guard.tokens == whole.tokens


def test_a_result_may_have_a_name() -> None:
    named = only("def f(a, b):\n    b.x(a, 1)\n    b.y(a, 2)\n    r = b.z(a, 'q')\n    return r\n")
    bare = only("def f(a, b):\n    b.x(a, 1)\n    b.y(a, 2)\n    return b.z(a, 'q')\n")

    assert named.tokens == bare.tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = store.get(key)", "x = store.pop(key)"),
        ("x = data + key", "x = data - key"),
        ("x = read(key)", "x = load(key)"),
        ("if data:\n    a(key)", "if not data:\n    a(key)"),
        ("x = None", "x = True"),
        ("x = store.get(key, ttl=3)", "x = store.get(key, age=3)"),
    ],
)
def test_what_does_something_else_has_other_tokens(one: str, other: str) -> None:
    assert body(one).tokens != body(other).tokens


def test_layout_comments_documentation_annotations_and_the_name_make_no_difference() -> None:
    plain = only("def f(a, b):\n    a.x(b, 1)\n    return a.y(b, 'q')[0]\n")
    told = only(
        '@traced\ndef other(a: int,\n          b: str = None) -> str:\n    """It does."""\n'
        '    # first\n    a.x(b,\n        1)\n\n    return (a.y(b, "q")[0])\n'.replace(" = None", "")
    )

    assert (plain.exact, plain.renamed, plain.tokens) == (told.exact, told.renamed, told.tokens)


def test_names_and_values_make_no_difference_to_what_is_equal_under_other_names() -> None:
    one = only("def f(a, b):\n    for c in a:\n        b.x(c, 1)\n    return b.y(a, 'q')\n")
    other = only("def g(rows, db):\n    for row in rows:\n        db.x(row, 20)\n    return db.y(rows, 'w')\n")

    assert one.exact != other.exact
    assert (one.renamed, one.tokens) == (other.renamed, other.tokens)
    assert (one.literals, other.literals) == ("1\0'q'", "20\0'w'")


def test_steps_may_have_names_where_they_are_one_expression_in_the_end() -> None:
    bare = only("def f(a):\n    return b.c(Queue=Q, Body=json.dumps(a))['id']\n")
    named = only(
        "def f(a):\n    body = json.dumps(a)\n    log.info('x', a)\n    answer = b.c(Queue=Q, Body=body)\n"
        "    return answer['id']\n"
    )

    assert (bare.tokens, bare.length) == (named.tokens, named.length)
    assert bare.exact != named.exact


def test_names_that_change_places_are_no_renaming() -> None:
    one = only("def f(a, b):\n    a.x(b, 1)\n    return a.y(b, 'q')[0]\n")
    other = only("def f(a, b):\n    b.x(a, 1)\n    return a.y(b, 'q')[0]\n")

    assert one.tokens == other.tokens
    assert one.renamed != other.renamed


def test_a_function_knows_its_place() -> None:
    said = functions(
        b"class A:\n    @b\n    async def c(self, d):\n        self.e = d.f(1)\n        await d.g(self.e)\n"
    )
    (function,) = said.functions

    assert (function.name, function.at, function.end_line) == ("A.c", Span(3, 5, 3, 16), 5)
    assert (function.traits, function.length) == (("async", "method", "straight"), 2)


TRAITS = {
    "builder": "def f(p):\n    p.add_argument('--a', type=int)\n    p.add_argument('--b', type=int)",
    "delegate": "def f(a, b, *c, **d):\n    return core.sub.f(a, b, *c, **d)",
    "dunder": "def __len__(self):\n    return self.a.b.c(1) + self.d.e(2)",
    "initialiser": "def __init__(self, a, b=None):\n    super().__init__()\n    self.a = a\n    self.b = b or {}",
    "record": "def to_dict(self):\n    return {'a': self.a, 'b': str(self.b), 'c': self.c}",
    "test": "def test_a():\n    b = c(1, 2)\n    assert b.d == 3\n    assert b.e == 4",
    "property": "@property\ndef a(self):\n    return self.b.c(1, 2).d(3, 4)",
}


@pytest.mark.parametrize(("trait", "source"), TRAITS.items(), ids=TRAITS)
def test_boilerplate_is_known(trait: str, source: str) -> None:
    assert trait in only(source).traits


@pytest.mark.parametrize(
    "source",
    [
        "def f(a):\n    'It does.'",
        "def f(a):\n    raise NotImplementedError('f of a is for those who have an a and a b')",
        "@typing.overload\ndef f(a: int) -> int: return a.b(1, 2, 3, 4, 5, 6, 7)",
        "@abstractmethod\ndef f(a):\n    return a.b(1, 2, 3).c(4, 5, 6)",
        "# Code generated by a compiler. DO NOT EDIT.\ndef f(a):\n    return a.b(1, 2, 3).c(4, 5, 6)",
        "def f(a):\n    return a.b",
    ],
)
def test_what_has_nothing_of_its_own_is_left_out(source: str) -> None:
    assert functions(source.encode()).functions == ()


def test_functions_are_found_in_functions_classes_and_under_conditions() -> None:
    inner = "return a.b(1, 2, 3).c(4, 5, 6)"
    source = f"""\
def one(a):
    def two(a): {inner}
    {inner}
class Three:
    class Four:
        def five(self, a): {inner}
try:
    from x import six
except ImportError:
    def six(a): {inner}
"""

    assert names(functions(source.encode())) == ["one", "one.<locals>.two", "Three.Four.five", "six"]


def test_the_whole_functions_of_a_broken_file_are_read() -> None:
    inner = "return a.b(1, 2, 3).c(4, 5, 6)"
    source = (
        f"def one(a):\n    {inner}\n\nprint 'x'\n\nclass B:\n    def two(self, a):\n        {inner}\n\ndef three(:\n"
    )
    said = functions(source.encode())

    assert [(one.name, one.at.line, one.end_line) for one in said.functions] == [("one", 1, 2), ("B.two", 7, 8)]
    assert said.redefinitions == ()


def test_a_broken_file_says_of_its_functions_what_a_whole_one_does() -> None:
    source = "class A:\n    def b(self, c):\n        self.d = c.e(1)\n        return c.g(self.d, 'h')\n"

    assert functions(source.encode()).functions == functions(f"{source}\nprint 'x'\n".encode()).functions


def test_a_function_that_is_nested_too_deeply_is_left_out_alone() -> None:
    deep = f"def deep(a):\n    return {'+'.join(['a'] * 3000)}\n"
    whole = "def whole(a):\n    return a.b(1, 2, 3).c(4, 5, 6)\n"

    assert "whole" in names(functions((deep + whole).encode()))


def test_a_literal_may_be_huge() -> None:
    (function,) = functions(f"def f(a):\n    return a.b(0x{'f' * 9000}, 2, 3).c(4, 5, 6)\n".encode()).functions

    assert function.literals.startswith("0xfff")


@pytest.mark.parametrize("source", ["def f(:\n", "x = " + "(" * 500, "\0", "if 1:\n" * 120, "-" * 5000 + "1"])
def test_nothing_is_too_broken(source: str) -> None:
    assert functions(source.encode()) == Functions()
