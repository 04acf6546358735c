import pytest

from gwlint.model import Span, Suppression
from gwlint.parse import parse


def found(source: str) -> list[tuple[str, tuple[str, ...], str, str | None]]:
    return [(one.form, one.codes, one.reason, one.until) for one in parse(source.encode()).suppressions]


def lines(source: str) -> list[tuple[int, int]]:
    return [(one.first_line, one.last_line) for one in parse(source.encode()).suppressions]


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# gwlint: ignore", ("ignore", (), "", None)),
        ("#gwlint:ignore[GW101]", ("ignore", ("GW101",), "", None)),
        ("# gwlint: ignore[GW101, gw104] it must", ("ignore", ("GW101", "GW104"), "it must", None)),
        ("# gwlint: ignore[GW101] - it must", ("ignore", ("GW101",), "it must", None)),
        ("# gwlint: ignore[GW101]: it must", ("ignore", ("GW101",), "it must", None)),
        ("# gwlint: ignore[GW101] until=2027-01-31", ("ignore", ("GW101",), "", "2027-01-31")),
        ("# gwlint: ignore[GW101] it must until=2027-01-31", ("ignore", ("GW101",), "it must", "2027-01-31")),
        ("# gwlint: ignore it must", ("ignore", (), "it must", None)),
        ("# GWLINT: IGNORE[gw101]", ("ignore", ("GW101",), "", None)),
        ("# type: ignore  # gwlint: ignore[GW101]", ("ignore", ("GW101",), "", None)),
        ("# gwlint: ignore-file[GW301] made", ("ignore-file", ("GW301",), "made", None)),
        ("# gwlint: ignore[GW101", ("ignore", ("GW101",), "", None)),
        ("# gwlint: ignore GW101, gw104 it must", ("ignore", ("GW101", "GW104"), "it must", None)),
        ("# gwlint: ignore-file: GW101", ("ignore-file", ("GW101",), "", None)),
        ("# gwlint: ignore(GW101) it must", ("ignore", ("GW101",), "it must", None)),
        ("# gwlint: ignore[GW101 why", ("ignore", ("GW101", "WHY"), "", None)),
        ("# gwlint: ignore[GW101  # why", ("ignore", ("GW101",), "", None)),
        ("# noqa", ("noqa", (), "", None)),
        ("#NOQA", ("noqa", (), "", None)),
        ("# noqa: GW101", ("noqa", ("GW101",), "", None)),
        ("# noqa:E501,GW101 it must", ("noqa", ("E501", "GW101"), "it must", None)),
        ("# noqa : E501 GW101", ("noqa", ("E501", "GW101"), "", None)),
    ],
)
def test_reads_every_form(comment: str, expected: object) -> None:
    assert found(f"import a  {comment}\n") == [expected]


@pytest.mark.parametrize(
    "source",
    [
        "x = '# noqa'",
        "'''\n# gwlint: ignore\n'''",
        "import a  # gwlint: ignored",
        "import a  # noqable",
        "import a  # a noqa",
        "import noqa",
        "f'{x}# noqa'",
    ],
)
def test_only_a_real_comment_of_the_form_counts(source: str) -> None:
    assert found(source) == []


def test_one_comment_can_ask_twice() -> None:
    assert found("import a  # gwlint: ignore[GW101] why  # noqa: E501\n") == [
        ("ignore", ("GW101",), "why", None),
        ("noqa", ("E501",), "", None),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a  # noqa", (1, 1)),
        ("x = 1; import a  # noqa", (1, 1)),
        ("from a import (\n  b,  # noqa\n  c,\n)", (1, 4)),
        ("from a import (\n  b,\n)  # noqa", (1, 3)),
        ("from a import (  # noqa\n  b,\n)", (1, 3)),
        ("from a import b, \\\n  c  # noqa", (1, 2)),
        ("from lambda import (\n  x,  # noqa\n  y,\n)", (1, 4)),
        ("x = [\n  1,  # noqa\n]\n", (1, 3)),
        ("f(\n  lambda: 1,  # noqa\n)\n", (1, 3)),
        ("# noqa\nimport a", (1, 1)),
        ("import a\n# noqa\nimport b", (2, 2)),
        ("def f():  # noqa\n  import a", (1, 1)),
        ("def f(\n  a,  # noqa\n  b,\n):\n  pass", (1, 4)),
        ("def f(a,\n      b):  # noqa\n  pass", (1, 2)),
        ("async def f(\n  a,\n) -> b:  # noqa\n  pass", (1, 3)),
        ("class C(  # noqa\n  A,\n):\n  pass", (1, 3)),
        ("@a\n@b\ndef f():  # noqa\n  pass", (3, 3)),
        ("if x:  # noqa\n  import a\nelse:\n  import b", (1, 1)),
        ("if x:\n  import a\nelse:  # noqa\n  import b", (3, 3)),
        ("try:  # noqa\n  import a\nexcept E:\n  pass", (1, 1)),
        ("if x:\n  import a  # noqa\n  import b", (2, 2)),
        ("def f():\n  return 1  # noqa\nimport a", (2, 2)),
        ("def f():\n  pass\n  # noqa\nimport a", (3, 3)),
        ("class C:\n  def f(self): return 1  # noqa", (2, 2)),
    ],
)
def test_speaks_for_its_statement_or_header(source: str, expected: tuple[int, int]) -> None:
    assert lines(source) == [expected]


def test_knows_its_place() -> None:
    assert parse("x = 'é'  # gwlint: ignore[GW1] ü  ".encode()).suppressions == (
        Suppression("ignore", ("GW1",), "ü", None, 1, 1, Span(1, 12, 1, 33)),
    )
