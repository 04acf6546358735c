import json
from collections.abc import Callable
from json import encoder

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime.json_encoder import make_encoder

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=10,
)


@pytest.fixture(params=["as it is", "without its encoder in C"])
def encode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[object], str]:
    if request.param != "as it is":
        monkeypatch.setattr(encoder, "c_make_encoder", None)
    return make_encoder(lambda value: f"<{type(value).__name__}>")


@given(_JSON, st.booleans())
def test_writes_what_the_standard_library_does(value: object, ensure_ascii: bool) -> None:
    expected = json.dumps(value, ensure_ascii=ensure_ascii, separators=(",", ":"))

    assert make_encoder(ensure_ascii=ensure_ascii)(value) == expected


def test_asks_for_what_it_does_not_know(encode: Callable[[object], str]) -> None:
    assert (encode([{1}, "é", {2: None}]), encode("x")) == ('["<set>","\\u00e9",{"2":null}]', '"x"')


def _circle() -> list[object]:
    circle: list[object] = []
    circle.append(circle)
    return circle


@pytest.mark.parametrize(
    ("value", "error"), [(float("nan"), ValueError), ({(1, 2): 3}, TypeError), (_circle(), RecursionError)]
)
def test_refuses_what_has_no_json(encode: Callable[[object], str], value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        encode(value)
