import json
import re

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwlint.runtime.errors import Invalid
from gwlint.runtime.security import SUPPORTED, parse_json, validate
from tests.json_schema_suite import found

ORDER = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^o-[0-9]+$"},
        "amount": {"type": "number", "exclusiveMinimum": 0},
        "currency": {"enum": ["EUR", "USD"]},
        "items": {"type": "array", "items": {"$ref": "#/$defs/item"}, "minItems": 1},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["id", "amount"],
    "additionalProperties": False,
    "$defs": {"item": {"type": "object", "properties": {"a/b": {"type": "integer"}}}},
}

# Of what each keyword says yes and no to, a share of the official tests.
VECTORS: list[tuple[object, list[object], list[object]]] = [
    ({"type": "integer"}, [1, 1.0, -3, 1e300], [1.1, "1", True, None, {}, []]),
    ({"type": "number"}, [1, 1.5], ["1", False, None]),
    ({"type": "boolean"}, [True, False], [0, 1, "", None]),
    ({"type": "null"}, [None], [0, False, "", [], {}]),
    ({"type": "array"}, [[]], [{}, "x", None]),
    ({"type": ["integer", "string"]}, [1, "x"], [1.1, {}, None]),
    ({"enum": [0]}, [0, 0.0], [False, None, [0]]),
    ({"enum": [[True]]}, [[True]], [[1], [1.0]]),
    ({"enum": [{"a": False}]}, [{"a": False}], [{"a": 0}, {"a": 0.0}]),
    ({"const": 1}, [1, 1.0], [True, "1"]),
    ({"const": False}, [False], [0, 0.0, [], None]),
    ({"const": None}, [None], [0, False]),
    ({"minimum": 1.1}, [1.1, 2.6, "x"], [0.6]),
    ({"maximum": 3.0}, [3, "x"], [3.5]),
    ({"exclusiveMinimum": 1.1}, [1.2, "x"], [1.1, 0.6]),
    ({"exclusiveMaximum": 3.0}, [2.2], [3, 3.5]),
    ({"multipleOf": 2}, [10, 0, "x"], [7]),
    ({"multipleOf": 1.5}, [0, 4.5], [35]),
    ({"multipleOf": 0.0001}, [0.0075], [0.00751]),
    ({"multipleOf": 0.1}, [0.3, 1.1], [0.35]),
    ({"type": "integer", "multipleOf": 0.123456789}, [], [1e308]),
    ({"multipleOf": 1e-8}, [12391239123], []),
    ({"minLength": 2}, ["foo", "fo", 1, "\U0001f4a9\U0001f4a9"], ["f", "\U0001f4a9"]),
    ({"maxLength": 2.0}, ["f", "\U0001f4a9\U0001f4a9"], ["foo"]),
    ({"pattern": "^a*$"}, ["aaa", "", 1, {}], ["abc", "aa\n"]),
    ({"pattern": "a+"}, ["xxaayy"], ["b"]),
    ({"pattern": r"^\d$"}, ["1"], ["\u07c0"]),
    ({"pattern": r"^\s[^\s]\S$"}, ["\u00a0xx", "\ufeffxx"], ["xxx"]),
    ({"items": {"type": "integer"}}, [[1, 2], [], {"0": "x"}], [[1, "x"]]),
    ({"items": False}, [[]], [[None]]),
    (
        {"prefixItems": [{}, {"type": "string"}], "items": {"type": "null"}},
        [[1], [1, "x", None]],
        [[1, 2], [1, "x", 1]],
    ),
    ({"minItems": 1}, [[1], ""], [[]]),
    ({"maxItems": 2.0}, [[1, 2], "foobar"], [[1, 2, 3]]),
    (
        {"uniqueItems": True},
        [[1, True], [0, False], [[1], [True]], ["1", 1]],
        [[1, 1.0], [{"a": 1}, {"a": 1.0}], [[], []]],
    ),
    ({"uniqueItems": False}, [[1, 1]], []),
    ({"contains": {"minimum": 5}}, [[3, 5], {}], [[2, 3], []]),
    ({"contains": {"const": 1}, "minContains": 2, "maxContains": 2}, [[1, 1, 2]], [[1], [1, 1, 1]]),
    ({"contains": {"const": 1}, "minContains": 0}, [[], [2]], []),
    ({"minContains": 2}, [[1]], []),
    (
        {"properties": {"foo": {"type": "integer"}, "bar": False}},
        [{"foo": 1}, {"x": 1}, []],
        [{"foo": "x"}, {"bar": 1}],
    ),
    ({"required": ["foo", "__proto__"]}, [{"foo": 1, "__proto__": 2}, []], [{"foo": 1}]),
    ({"patternProperties": {"f.*o": {"type": "integer"}}}, [{"foo": 1, "x": "y"}, "foo"], [{"foo": "x"}]),
    (
        {"properties": {"foo": {}}, "patternProperties": {"^v": {}}, "additionalProperties": False},
        [{"foo": 1, "vroom": 2}, [1]],
        [{"foo": 1, "quux": 2}],
    ),
    ({"additionalProperties": {"type": "boolean"}}, [{"a": True}], [{"a": 1}]),
    ({"propertyNames": {"maxLength": 3}}, [{"f": 1}, [], {}], [{"foobar": 1}]),
    ({"propertyNames": False}, [{}], [{"a": 1}]),
    ({"minProperties": 1}, [{"a": 1}, []], [{}]),
    ({"maxProperties": 0}, [{}], [{"a": 1}]),
    (
        {"dependentRequired": {"quux": ["foo", "bar"]}},
        [{"foo": 1}, {"quux": 1, "foo": 1, "bar": 1}],
        [{"quux": 1, "foo": 1}],
    ),
    ({"dependentSchemas": {"bar": {"required": ["foo"]}}}, [{"foo": 1}, "bar", {"bar": 1, "foo": 2}], [{"bar": 1}]),
    ({"allOf": [{"minimum": 2}, {"maximum": 3}]}, [2, 3], [1, 4]),
    ({"anyOf": [{"type": "integer"}, {"minimum": 2}]}, [1, 2.5, 3], [1.5]),
    ({"anyOf": [True, False]}, [1], []),
    ({"oneOf": [{"type": "integer"}, {"minimum": 2}]}, [1, 2.5], [3, 1.5]),
    ({"not": {"type": "integer"}}, ["x"], [1]),
    ({"not": {}}, [], [1, None]),
    ({"if": {"exclusiveMaximum": 0}, "then": {"minimum": -10}, "else": {"multipleOf": 2}}, [-1, 4], [-100, 3]),
    ({"then": {"const": 0}, "else": {"const": 1}}, ["x"], []),
    ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"type": "integer"}}, "$ref": "#/$defs/a"}, [5], ["a"]),
    (
        {"properties": {"foo": {"$ref": "#"}}, "additionalProperties": False},
        [{"foo": {"foo": 1}}],
        [{"foo": {"bar": 1}}],
    ),
    ({"$ref": "#/$defs/slash~1field%25", "$defs": {"slash/field%": {"type": "string"}}}, ["x"], [1]),
    ({"prefixItems": [{"type": "integer"}, {"$ref": "#/prefixItems/0"}]}, [[1, 2]], [[1, "x"]]),
    ({"$ref": "#/$defs/yes", "maxItems": 2, "$defs": {"yes": True}}, [[1]], [[1, 2, 3]]),
    (True, [1, None, {}], []),
    (False, [], [1, None, {}]),
]


@pytest.mark.parametrize(("schema", "valid", "invalid"), VECTORS, ids=lambda value: json.dumps(value)[:40])
def test_keywords_say_what_they_say(schema: dict[str, object], valid: list[object], invalid: list[object]) -> None:
    is_valid = validate(schema).is_valid

    assert ([one for one in valid if not is_valid(one)], [one for one in invalid if is_valid(one)]) == ([], [])


SUITE = {path.stem: json.loads(path.read_text()) for path in found()}
# What the suite asks of other keywords, of other documents, and of names for places.
OTHERS = {
    "anchor", "content", "dynamicRef", "format", "refRemote", "unevaluatedItems", "unevaluatedProperties", "vocabulary",
}  # fmt: skip
REFUSED = {"defs": 1, "not": 1, "ref": 22}


@pytest.mark.skipif(not SUITE, reason="the suite is not there: python tests/json_schema_suite.py fetches it")
@pytest.mark.parametrize("name", sorted(set(SUITE) - OTHERS))
def test_passes_the_official_suite(name: str) -> None:
    refused, wrong = 0, []
    for group in SUITE[name]:
        try:
            is_valid = validate(group["schema"]).is_valid
        except ValueError:
            refused += 1
            continue
        wrong += [
            (group["description"], one["description"])
            for one in group["tests"]
            if is_valid(one["data"]) != one["valid"]
        ]

    assert (wrong, refused) == ([], REFUSED.get(name, 0))


@pytest.mark.skipif(not SUITE, reason="the suite is not there: python tests/json_schema_suite.py fetches it")
def test_the_suite_has_a_file_for_each_keyword() -> None:
    together = {"if", "then", "else", "$defs", "$ref", "$schema", "default"}
    annotations = {"$comment", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"}

    assert SUITE.keys() >= SUPPORTED - together - annotations | {"if-then-else", "defs", "ref", "default"}


Scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.5, 1.0, 2.0, "", "a", "ab", "b"])
Data = st.recursive(
    Scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
Leaves = st.one_of(
    st.booleans(),
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["integer", "number", "string", "boolean", "null", "array", "object"]),
            "minimum": st.integers(-2, 2), "exclusiveMaximum": st.integers(-2, 2), "multipleOf": st.integers(1, 3),
            "minLength": st.integers(0, 2), "maxLength": st.integers(0, 2),
            "pattern": st.sampled_from(["a", "^b", "b$"]),
            "minItems": st.integers(0, 2), "uniqueItems": st.booleans(), "maxProperties": st.integers(0, 2),
            "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
            "enum": st.lists(Data, min_size=1, max_size=3), "const": Data,
        },
    ),
)  # fmt: skip


def combined(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    several = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(st.sampled_from("abc"), inner, max_size=2)
    return st.fixed_dictionaries(
        {},
        optional={
            "properties": named, "patternProperties": named, "additionalProperties": inner, "propertyNames": inner,
            "dependentSchemas": named, "items": inner, "prefixItems": several, "contains": inner,
            "minContains": st.integers(0, 2), "maxContains": st.integers(0, 2), "allOf": several, "anyOf": several,
            "oneOf": several, "not": inner, "if": inner, "then": inner, "else": inner,
        },
    )  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.recursive(Leaves, combined, max_leaves=6), st.lists(Data, min_size=1, max_size=5))
def test_judges_as_another_implementation_does(schema: dict[str, object], data: list[object]) -> None:
    ours, theirs = validate(schema), jsonschema.Draft202012Validator(schema)

    assert [ours.is_valid(one) for one in data] == [theirs.is_valid(one) for one in data]


@pytest.mark.parametrize(
    ("data", "path", "keyword"),
    [
        ({"id": "o-1"}, "", "required"),
        ({"id": "secret", "amount": 1}, "/id", "pattern"),
        ({"id": "o-1", "amount": 0}, "/amount", "exclusiveMinimum"),
        ({"id": "o-1", "amount": 1, "items": [{}, {"a/b": "secret"}]}, "/items/1/a~1b", "type"),
        ({"id": "o-1", "amount": 1, "labels": {"secret": 1}}, "/labels/*", "type"),
        ({"id": "o-1", "amount": 1, "secret": 1}, "", "additionalProperties"),
    ],
)
def test_says_where_and_what_and_quotes_nothing(data: object, path: str, keyword: str) -> None:
    with pytest.raises(Invalid) as caught:
        validate(ORDER)(data)

    assert (caught.value.path, caught.value.keyword, str(caught.value)) == (
        path, keyword, f"{path or 'the data'}: `{keyword}` does not hold",
    )  # fmt: skip


def test_returns_what_is_valid() -> None:
    order = {"id": "o-1", "amount": 1.5, "items": [{"a/b": 1}]}

    assert validate(ORDER)(order) is order


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"typ": "string"}, "#: keywords that are not supported: typ"),
        ({"properties": {"a": {"format": "email"}}}, "#/properties/a: keywords that are not supported: format"),
        ({"then": {"unevaluatedItems": False}}, "#/then: keywords that are not supported: unevaluatedItems"),
        ({"$defs": {"a": {"$id": "x"}}}, "#/$defs/a: keywords that are not supported: $id"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "#: only the draft 2020-12 is supported"),
        ({"$ref": "other.json"}, "#/$ref: only # and #/… are supported"),
        ({"$ref": "#/$defs/gone"}, "#/$defs/gone: there is no such place in the schema"),
        ({"$ref": "#"}, "#: the schema refers to itself without end"),
        ({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}}, "refers to itself without end"),
        ({"type": "text"}, "#/type: one or several of"),
        ({"minLength": -1}, "#/minLength: a whole number"),
        ({"minimum": "1"}, "#/minimum: a number is expected"),
        ({"multipleOf": 0}, "#/multipleOf: more than 0"),
        ({"enum": "a"}, "#/enum: a list is expected"),
        ({"items": [{}]}, "#/items: a schema is a mapping"),
        ({"allOf": []}, "#/allOf: a list of schemas"),
        ({"properties": []}, "#/properties: a mapping"),
        ({"required": "a"}, "#/required: a list of names"),
        ({"uniqueItems": 1}, "#/uniqueItems: true or false"),
        ({"pattern": "("}, "#/pattern: the pattern '(' is not supported"),
        ({"pattern": r"\p{L}"}, "has an escape that is not supported"),
        ({"pattern": r"a\Z"}, "has an escape that is not supported"),
        ({"pattern": "(?i)a"}, "has a group of a kind that is not supported"),
        (1, "#: a schema is a mapping, true or false"),
    ],
)
def test_refuses_what_it_does_not_know(schema: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        validate(schema)


def test_data_too_deep_for_a_schema_are_invalid() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Invalid) as caught:
        validate({"items": {"$ref": "#"}})(deep)

    assert caught.value.keyword == "maxDepth"


# What is read before it is judged.


def refusal(text: str | bytes, **caps: int) -> str:
    with pytest.raises(Invalid) as caught:
        parse_json(text, **caps)
    assert "secret" not in str(caught.value)
    return caught.value.keyword


@given(Data)
def test_reads_json(data: object) -> None:
    assert parse_json(json.dumps(data)) == parse_json(json.dumps(data).encode()) == data


def test_caps_hold_before_anything_is_read() -> None:
    assert [
        refusal("x" * 11, max_bytes=10),
        refusal("é" * 6, max_bytes=11),
        refusal("[" * 33 + "]" * 33),
        refusal("[" * 1_000_000),
        refusal('{"a":' * 33 + "1" + "}" * 33),
        refusal('{"a":1,"b":2,"c":3}', max_keys=2),
        refusal(r'"\"' * 100_000 + "[" * 40 + ":"),
    ] == ["maxBytes", "maxBytes", "maxDepth", "maxDepth", "maxDepth", "maxKeys", "json"]
    assert parse_json('["[[[[", "{{{:::", "\\"[["]', max_depth=1, max_keys=0) == ["[[[[", "{{{:::", '"[[']


@pytest.mark.parametrize(
    "text",
    ["", "secret", "NaN", "-Infinity", "[1e999]", '{"secret":1,"secret":2}', "[1,]", b"\xff", "1" * 10_000, "{'a':1}"],
)
def test_refuses_what_is_no_json(text: str | bytes) -> None:
    assert refusal(text) == "json"
