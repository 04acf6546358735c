"""GitHub's hash of a line, against a slow one that is worked out as it is described."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.reporters.line_hash import line_hashes
from tests import code_scanning
from tests.tricky import FILES

texts = st.text(st.sampled_from("ab \t\r\n\x0c\u2028é😀\ufeff")).map(str.encode)


def all_of(content: bytes) -> dict[int, str]:
    hashes = line_hashes(content)
    numbered = ((line, hashes.of(line)) for line in range(content.count(b"\n") + content.count(b"\r") + 3))
    return {line: value for line, value in numbered if value is not None}


@given(texts | st.binary() | st.lists(st.sampled_from([b"import a\n", b"a" * 99, b"\n"])).map(b"".join))
def test_every_line_has_the_hash_that_is_described(content: bytes) -> None:
    assert all_of(content) == code_scanning.line_hashes(content)


@pytest.mark.parametrize("content", [one if isinstance(one, bytes) else one.encode() for one in FILES.values()])
def test_tricky_files_have_it_too(content: bytes) -> None:
    assert all_of(content) == code_scanning.line_hashes(content)


def test_an_empty_file_has_a_line() -> None:
    assert all_of(b"") == {1: code_scanning.line_hashes(b"")[1]}


def test_equal_lines_are_counted() -> None:
    first, second, _, _ = all_of((b"a" * 100 + b"\n") * 3).values()

    assert (first.partition(":")[0], first[-2:], second[-2:]) == (second.partition(":")[0], ":1", ":2")


@given(texts)
def test_blanks_and_ends_of_lines_make_no_difference(content: bytes) -> None:
    plain = content.replace(b"\r", b"")

    assert all_of(plain.replace(b"\n", b" \r\n\t")) == all_of(plain)


def test_a_file_that_can_not_be_read_has_none() -> None:
    assert line_hashes(None).of(1) is None
