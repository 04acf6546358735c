"""The engine: what is alike, what belongs together, and that neither hangs on the order of things."""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.clones import NO_INDEX, CloneClass, Limits, classes, indexed, sketches
from gwlint.clones.linkage import Link, linked
from gwlint.clones.profile import Profile, bag_ratio, common_subsequence
from gwlint.model import Function, Span
from gwlint.parse import functions

LIMITS = Limits(3, 0.82)
WORK = """\
def {name}(rows, table, limit):
    kept = []
    for row in rows:
        if row.deleted or row.age > limit:
            continue
        row.source = table.name
        table.put(row.key, row)
        kept.append(row.key)
    table.flush(len(kept))
    return kept
"""


def read(files: Mapping[str, str]) -> dict[str, tuple[Function, ...]]:
    return {path: functions(source.encode()).functions for path, source in files.items()}


def found(files: Mapping[str, str], limits: Limits = LIMITS) -> list[CloneClass]:
    known = read(files)
    sketched = {path: sketches(said, limits) for path, said in known.items()}
    index = indexed(NO_INDEX, sketched, lambda _paths: known, limits)
    return classes(sketched, index.links, lambda _paths: known, limits)


def said(files: Mapping[str, str], limits: Limits = LIMITS) -> list[str]:
    """Say in a line each what is alike."""
    return [
        f"{one.kind}: {', '.join(f'{member.path}:{member.function.name}' for member in one.members)}"
        for one in found(files, limits)
    ]


def tokens(codes: list[int]) -> Profile:
    encoded = b"".join(code.to_bytes(2, "little") for code in codes)
    return Profile(Function("f", Span(1, 1, 1, 1), 1, (), 0, 0, 0, encoded, b"", b"", b"", ""))


codes = st.lists(st.integers(2, 9), min_size=1, max_size=40)


def longest_common_subsequence(one: list[int], other: list[int]) -> int:
    row = [0] * (len(other) + 1)
    for first in one:
        row = _next(row, first, other)
    return row[-1]


def _next(row: list[int], first: int, other: list[int]) -> list[int]:
    new = [0]
    for place, second in enumerate(other):
        new.append(row[place] + 1 if first == second else max(row[place + 1], new[-1]))
    return new


@given(codes, codes)
def test_the_bits_count_the_longest_common_subsequence(one: list[int], other: list[int]) -> None:
    assert common_subsequence(tokens(one), tokens(other)) == longest_common_subsequence(one, other)


@given(codes, codes)
def test_the_bag_bounds_the_order(one: list[int], other: list[int]) -> None:
    first, second = tokens(one), tokens(other)
    ratio = 2 * common_subsequence(first, second) / (len(one) + len(other))

    assert bag_ratio(first, second) == bag_ratio(second, first)
    assert ratio <= bag_ratio(first, second)


def test_copies_are_told_apart_by_what_differs() -> None:
    renamed = WORK.replace("rows", "items").replace("row", "item").replace("kept", "done")
    near = WORK.replace(
        "        row.source = table.name\n", "        row.source = table.name\n        row.tag(limit)\n"
    )
    files = {"a.py": WORK.format(name="a"), "b.py": WORK.format(name="b")}

    assert said(files) == ["exact: a.py:a, b.py:b"]
    assert said({**files, "c.py": renamed.format(name="c")}) == ["renamed: a.py:a, b.py:b, c.py:c"]
    assert said({**files, "d.py": near.format(name="d")}) == ["near: a.py:a, b.py:b, d.py:d"]


def test_copies_of_a_kind_are_found_among_others() -> None:
    renamed = WORK.replace("rows", "items").replace("kept", "done")
    near = WORK.replace("table.flush(len(kept))", "table.flush(len(kept), True)")
    files = {
        f"{name}.py": work.format(name=name) for name, work in zip("abcd", (WORK, WORK, renamed, near), strict=True)
    }

    assert said(files) == ["near: a.py:a, b.py:b, c.py:c, d.py:d"]
    assert said(files, Limits(3, 0.82, ("exact", "renamed"))) == ["renamed: a.py:a, b.py:b, c.py:c"]
    assert said(files, Limits(3, 0.82, ("exact",))) == ["exact: a.py:a, b.py:b"]


def test_what_uses_other_things_is_no_copy() -> None:
    other = WORK.replace("deleted", "sent").replace("age", "price").replace("source", "owner").replace("put", "queue")

    assert said({"a.py": WORK.format(name="a"), "b.py": other.replace("flush", "commit").format(name="b")}) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_files_makes_no_difference(seed: int) -> None:
    near = WORK.replace("table.flush(len(kept))", "table.flush(len(kept), True)")
    files = {f"{name}.py": (near if name in "ce" else WORK).format(name=name) for name in "abcde"}
    shuffled = list(files)
    random.Random(seed).shuffle(shuffled)

    assert found({path: files[path] for path in shuffled}) == found(files)


def test_many_equal_functions_are_one_class() -> None:
    files = {f"{number:03}.py": WORK.format(name="work") for number in range(300)}

    assert [(one.kind, len(one.members)) for one in found(files)] == [("exact", 300)]


def test_a_chain_of_likeness_is_no_class() -> None:
    chain = [Link(0, 1, 0.9), Link(1, 2, 0.9), Link(2, 3, 0.9)]
    whole = [Link(0, 1, 0.9), Link(1, 2, 0.9), Link(0, 2, 0.85)]

    assert linked(chain) == [(0, 1), (2, 3)]
    assert linked(whole) == [(0, 1, 2)]


def test_the_settings_say_how_long_and_how_alike() -> None:
    near = WORK.replace("table.flush(len(kept))", "table.flush(len(kept), True)")
    files = {"a.py": WORK.format(name="a"), "b.py": near.format(name="b")}

    assert said(files) == ["near: a.py:a, b.py:b"]
    assert said(files, Limits(3, 1.0)) == []
    assert said(files, Limits(20, 0.82)) == []


REQUEST = """\
def {}(self):
    name = self.read("name")
    target = self.read("target")
    count = self.read("count", 1)
    result = self.backend.{}(name=name, target=target, count=count)
    return Answer(result, status=200)
"""


def test_handlers_that_do_one_thing_after_the_other_and_ask_for_other_things_are_no_copies() -> None:
    attach, detach = REQUEST.format("attach", "attach"), REQUEST.format("detach", "detach")

    assert said({"a.py": attach, "b.py": detach}) == []
    assert said({"a.py": attach, "b.py": REQUEST.format("other", "attach")}) == ["exact: a.py:attach, b.py:other"]


SHORT = "def {}(a):\n    return table({}).get_item(Key={{'id': a}}, Consistent=True)\n"


def test_a_short_function_counts_when_it_calls_something_with_the_same_values() -> None:
    same = {"a.py": SHORT.format("a", "'orders'"), "b.py": SHORT.format("b", "'orders'")}
    others = {"a.py": SHORT.format("a", "'orders'"), "b.py": SHORT.format("b", "'bills'")}
    handed_on = "def {}(a, b):\n    return core.get_item(a, b)\n"

    assert said(same) == ["exact: a.py:a, b.py:b"]
    assert said(others) == []
    assert said({"a.py": handed_on.format("a"), "b.py": handed_on.format("b")}) == []


def indented(source: str) -> str:
    return "".join(f"    {line}\n" for line in source.splitlines())


WORKED = WORK.format(name="work")
SILENT = {
    "an alternative": {"a.py": f"if fast:\n{indented(WORKED)}else:\n{indented(WORKED)}"},
    "asynchronous and not": {"a.py": WORKED, "b.py": f"async {WORKED}"},
    "twins by folder": {"_sync/a.py": WORKED, "_async/a.py": WORKED},
    "twins by class": {"a.py": f"class Client:\n{indented(WORKED)}class AsyncClient:\n{indented(WORKED)}"},
    "in itself": {"a.py": f"def outer(rows, table, limit):\n{indented(WORKED)}    return work\n"},
    "tests that differ in data": {
        "a.py": "def test_a():\n    b = c(1, 2, 'x')\n    assert b.d == 3\n    assert b.e == 4\n    assert b.f == 5\n",
        "b.py": "def test_a():\n    b = c(3, 4, 'y')\n    assert b.d == 9\n    assert b.e == 8\n    assert b.f == 7\n",
    },
}


@pytest.mark.parametrize("files", SILENT.values(), ids=SILENT)
def test_what_is_meant_to_be_alike_is_left_alone(files: dict[str, str]) -> None:
    assert said(files) == []


def test_of_a_function_in_a_copy_nothing_is_said_besides() -> None:
    end = "    table.open(limit)\n    return work(rows, table, limit)\n"
    outer = f"def outer(rows, table, limit):\n{indented(WORKED)}{end}"

    assert said({"a.py": outer, "b.py": outer}) == ["exact: a.py:outer, b.py:outer"]
