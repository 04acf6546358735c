"""Source frames: the line and its carets, aligned whatever the line holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.finding import FIRST_LINE
from gwlint.model import Span
from gwlint.reporters.controls import harmless
from gwlint.reporters.frame import Frame, frame

LINE = st.text(st.characters(exclude_characters="\r\n"), max_size=400)


def on_line(line: str, first: int, last: int) -> Frame | None:
    """The frame of some columns of a file's only line."""
    return frame([line], Span(1, first, 1, last))


@pytest.mark.parametrize(
    ("line", "piece", "shown", "carets"),
    [
        ("import os", "os", "import os", "       ^^"),
        ("\timport os", "import", "    import os", "    ^^^^^^"),
        ("\tif x:\timport os", "import", "    if x:    import os", "             ^^^^^^"),
        ("値 = 1; import os", "import", "値 = 1; import os", "        ^^^^^^"),
        ("import 値段", "値段", "import 値段", "       ^^^^"),
        ("gro\u0308ße = 1", "= 1", "gro\u0308ße = 1", "      ^^^"),
        ("s = '😀'; import os", "import", "s = '😀'; import os", "          ^^^^^^"),
        ("\x0cimport os", "import", "\\x0cimport os", "    ^^^^^^"),
        ("s = '\u202e'; import os", "import", "s = '\\u202e'; import os", "              ^^^^^^"),
    ],
)
def test_carets_stand_below_their_piece(line: str, piece: str, shown: str, carets: str) -> None:
    first = line.index(piece) + 1
    got = on_line(line, first, first + len(piece))

    assert got is not None
    assert (got.source, got.indent + got.carets) == (shown, carets)


def test_a_piece_of_several_lines_goes_on() -> None:
    assert frame(["x", "  from a import (  ", "    b)"], Span(2, 3, 3, 7)) == Frame(
        "  from a import (", "  ", "^^^^^^^^^^^^^^^…"
    )


@pytest.mark.parametrize(("first", "last"), [(4, 4), (10, 12), (99, 99)])
def test_a_place_without_extent_has_one_caret(first: int, last: int) -> None:
    got = on_line("import os", first, last)

    assert got == Frame("import os", " " * min(first - 1, 9), "^")


@pytest.mark.parametrize("at", [FIRST_LINE, Span(3, 1, 3, 2), Span(0, 1, 0, 2)])
def test_a_whole_file_and_a_line_that_is_not_there_have_no_frame(at: Span) -> None:
    assert frame(["import os", "import re"], at) is None


def test_a_file_that_can_not_be_read_has_no_frame() -> None:
    assert frame([], Span(1, 1, 1, 5)) is None


def test_an_endless_line_is_cut_around_its_piece() -> None:
    line = f"x = {'1' * 1000}; import os; y = {'2' * 1000}"
    first = line.index("import os") + 1

    assert on_line(line, first, first + 9) == Frame(f"…{'1' * 38}; import os; y = {'2' * 105}…", " " * 41, "^" * 9)


def test_the_carets_of_an_endless_piece_are_cut_with_it() -> None:
    assert on_line("x" * 1000, 1, 1001) == Frame(f"{'x' * 160}…", "", f"{'^' * 160}…")


@given(LINE, st.integers(1, 500), st.integers(0, 500))
def test_a_frame_is_harmless_and_never_too_wide(line: str, first: int, length: int) -> None:
    got = on_line(line, first, first + length)

    assert got is None or (got.source == harmless(got.source) and "\t" not in got.source)
    assert got is None or len(got.indent + got.carets) <= 2 + 160 + 4 * 40


@given(st.text(st.characters(codec="ascii"), max_size=40), st.integers(0, 40), st.integers(1, 40))
def test_carets_cover_what_the_piece_shows(line: str, start: int, length: int) -> None:
    piece = line[start : start + length].replace("\t", "    ")
    got = on_line(line.replace("\n", " ").replace("\r", " "), start + 1, start + length + 1)

    assert got is None or len(got.carets) == max(len(harmless(piece.replace("\n", " ").replace("\r", " "))), 1)
