import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.reporters.bars import ASCII, UNICODE, Marks, bar
from gwlint.reporters.budget_figures import Figure

VALUES = st.floats(0, 100_000)


def figure_of(values: tuple[float, float, float], limit: float | None) -> Figure:
    low, estimate, high = sorted(values)
    return Figure(low, estimate, high, limit)


LIMITED = st.builds(figure_of, st.tuples(VALUES, VALUES, VALUES), st.floats(1, 100_000))
WIDTHS = st.integers(6, 60)


@pytest.mark.parametrize(
    ("figure", "drawn"),
    [
        (Figure(50, 60, 80, 100), "████████▓░░░   │     "),
        (Figure(50, 60, 120, 100), "████████▓░░░░░░│░░░  "),
        (Figure(110, 120, 130, 100), "███████████████│██▓░ "),
        (Figure(110, 900, 999, 100), "███████████████│██▓▓▶"),
        (Figure(20, 20, 20, 100), "███            │     "),
        (Figure(0, 0, 0, 100), "               │     "),
        (Figure(10, 20, 30, None), "███████▓▓▓▓▓▓░░░░░░░ "),
    ],
)
def test_a_bar_shows_an_interval_and_a_limit(figure: Figure, drawn: str) -> None:
    assert bar(figure, 21, UNICODE) == drawn


@given(LIMITED, WIDTHS, st.sampled_from([UNICODE, ASCII]))
def test_bars_of_one_width_have_their_limits_one_below_the_other(figure: Figure, width: int, marks: Marks) -> None:
    drawn = bar(figure, width, marks)

    assert len(drawn) == width
    assert drawn.index(marks.limit) == bar(Figure(0, 0, 0, 1), width, marks).index(marks.limit)


@given(LIMITED, WIDTHS)
def test_a_bar_is_beyond_its_limit_if_and_only_if_the_interval_is(figure: Figure, width: int) -> None:
    beyond = bar(figure, width, UNICODE).partition(UNICODE.limit)[2].strip()

    assert bool(beyond) == (figure.verdict != "within")
    assert beyond.startswith(UNICODE.low) == (figure.verdict == "over")


@given(VALUES, VALUES, VALUES, WIDTHS)
def test_without_a_limit_a_bar_has_no_mark_for_it(one: float, two: float, three: float, width: int) -> None:
    drawn = bar(figure_of((one, two, three), None), width, ASCII)

    assert (len(drawn), ASCII.limit in drawn) == (width, False)
