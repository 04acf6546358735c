"""What functions do whenever they are called, as the source says."""

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.model import Course
from gwlint.parse import courses

PIECES = ["def", "class", "if", "try", "except", ":", "f", "(", ")", "\n", "return", "import x", "x", "=", "@", "\n  "]


def course(body: str) -> Course:
    """Return the course of a function with some body."""
    indented = "\n".join(f"    {line}" for line in dedent(body).strip().split("\n"))
    return courses(f"def f(event, context):\n{indented}\n".encode())[1]


def imported(body: str) -> list[int]:
    """Return the lines of the imports in a body that run whenever it does."""
    return [at.line - 1 for at in course(body).imports]


@pytest.mark.parametrize(
    "body",
    [
        "import json",
        "from json import loads",
        "'''Doc.'''; import json",
        "with a:\n    import json",
        "try:\n    import json\nexcept ImportError:\n    x = 1",
        "try:\n    x = 1\nfinally:\n    import json",
        "try:\n    x = 1\nexcept E:\n    pass\nelse:\n    import json",
        "if bad:\n    raise ValueError\nimport json",
        "for x in y:\n    z(x)\nimport json",
        "global C\nif C is None:\n    import json\n    C = 1",
        "global C\nif not C:\n    import json\n    C = 1",
        "for record in event['Records']:\n    import json",
        "def g():\n    return 1\nimport json",
    ],
)
def test_an_import_that_runs_in_any_case(body: str) -> None:
    assert len(imported(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        "if event:\n    import json",
        "if event:\n    return 1\nimport json",
        "if event:\n    x = 1\nelse:\n    import json",
        "try:\n    x = 1\nexcept E:\n    import json",
        "try:\n    return g()\nexcept E:\n    x = 1\nimport json",
        "for x in y:\n    import json",
        "while x:\n    import json",
        "for x in y:\n    return x\nimport json",
        "return 1\nimport json",
        "def g():\n    import json\ng()",
        "class A:\n    import json",
        "match event:\n    case 1:\n        import json",
        "match event:\n    case 1:\n        return 1\nimport json",
        "if C is None:\n    import json",
        "global C\nif C:\n    import json",
        "global C\nif C is None:\n    import json\nelse:\n    return 1",
        "with a:\n    if b:\n        return 1\nimport json",
    ],
)
def test_an_import_that_may_not_run(body: str) -> None:
    assert imported(body) == []


def test_what_is_called_in_any_case() -> None:
    said = course("""
        a(b.c(1), [d(x) for x in e()], lambda: f())
        g() if h() else i()
        j() and k()
        with l() as m:
            n()
        if o():
            p()
        try:
            return q()
        except R:
            s()
        t()
    """)

    assert sorted(said.calls) == ["a", "b.c", "e", "h", "j", "l", "n", "o", "q"]


def test_what_a_choice_by_name_does() -> None:
    said = course("""
        if event["action"] == "a":
            return first(x.y)
        if event["action"] in ("b", "c") and z == "y":
            return never()
        if event["action"] in ("b", "c"):
            return second(key=third)
        if event:
            return fourth()
        match event:
            case 1:
                fifth()
            case 2:
                sixth()
        if only == "one":
            seventh()
    """)

    assert said.choices == (
        (("first", "x"), ("second", "third")),
        (("fifth",), ("sixth",)),
    )


def test_what_a_function_mentions_outside_of_choices() -> None:
    said = course("""
        import a
        b.c = d(e=f)
        if g == "h":
            return i
        elif g == "j":
            return k
        return [l for m in n]
    """)

    assert said.mentions == ("b", "d", "f", "g", "l", "m", "n")
    assert said.choices == ((("i",), ("k",)),)


def test_what_a_module_does_by_itself() -> None:
    (module, *functions) = courses(
        b"import a.b\nfrom . import c as d\n@e\ndef f(g, h: i = j) -> k:\n    l\n"
        b"class M(n):\n    o = p\n    def q(self):\n        r\nif s:\n    def t(): u\nv = w.x\n"
    )

    assert [(one.name, one.meaning, one.at.line) for one in module.bound] == [("a", "a", 1), ("d", ".c", 2)]
    assert module.mentions == ("e", "i", "j", "k", "n", "o", "p", "s", "v", "w")
    assert [(one.name, one.parameters, one.is_decorated) for one in functions] == [
        ("f", ("g", "h"), True),
        ("M.q", ("self",), False),
        ("t", (), False),
    ]


@given(st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_whatever_a_file_says_there_is_an_answer(text: str) -> None:
    assert courses(text.encode())[0].name == ""


@pytest.mark.parametrize("piece", ["if x:", "try:", "with a:", "def f():", "class A:"])
def test_what_is_nested_too_deep_to_be_read_is_no_trouble(piece: str) -> None:
    lines = [" " * depth + piece for depth in range(2000)]

    assert courses(("def f():\n " + "\n ".join(lines) + "\n" + " " * 2002 + "import x\n").encode())[0].name == ""
