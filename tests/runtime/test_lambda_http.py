"""Requests over HTTP: what they are, where they go, what is answered."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime.errors import (
    CircuitOpen,
    DeadlineExceeded,
    Denied,
    Invalid,
    RateLimited,
    Unauthenticated,
)
from gwlint.runtime.lambda_ import Problem, Request, Response, Router, handler, kind_of, request_of, wsgi
from tests.runtime import events

Event = dict[str, Any]  # Any: JSON
MAKERS = [events.rest, events.http, events.alb, events.lattice]


def test_tells_events_by_what_they_come_from() -> None:
    given: list[object] = [
        events.rest(), events.http(), events.alb(), events.lattice(), events.first_lattice(), events.sqs("a"),
        events.kinesis("1"), events.dynamodb("1"), events.sns("a"), events.s3("a"), events.eventbridge(),
        events.schedule(), events.websocket(), {}, [], None, {"Records": []}, {"Records": [1]},
    ]  # fmt: skip

    assert [kind_of(event) for event in given] == [
        "rest", "http", "alb", "lattice", "lattice", "sqs", "kinesis", "dynamodb", "sns", "s3", "eventbridge",
        "schedule", "", "", "", "", "", "",
    ]  # fmt: skip


def said(request: Request) -> tuple[object, ...]:
    return request.method, request.path, request.query, request.cookies, request.body, request.source_ip


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (events.rest(), ("GET", "/orders/7", {"tag": ["a", "b"]}, (), b"", "192.0.2.1")),
        (
            events.http(path="/v1/orders", stage="v1", body="é"),
            ("GET", "/orders", {"tag": ["a", "b,c"], "empty": [""]}, ("s=1", "t=2"), "é".encode(), "192.0.2.2"),
        ),
        (events.alb("POST"), ("POST", "/orders/7", {"tag": ["a b c"]}, ("s=1", "t=2"), b"", "192.0.2.3")),
        (events.lattice(), ("GET", "/orders/7", {"tag": ["a", "b"]}, (), b'{"n": 1}', "192.0.2.4")),
        (events.first_lattice(), ("GET", "/orders/7", {"tag": ["a"]}, (), b"hello", "")),
    ],
)
def test_reads_a_request(event: Event, expected: tuple[object, ...]) -> None:
    assert said(request_of(event)) == expected


@pytest.mark.parametrize("make", MAKERS)
def test_finds_headers_in_any_case(make: Callable[[], Event]) -> None:
    event = {**make(), "headers": {"X-Name": "a"}, "multiValueHeaders": None}

    assert request_of(event).header("x-nAME") == "a"


def test_keeps_all_values_of_a_header() -> None:
    assert [request_of(make()).header("Accept") for make in (events.rest, events.http, events.lattice)] == [
        "text/html, text/plain", "text/html,text/plain", "text/html, text/plain",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "event",
    [
        events.sqs("a"), events.websocket(), events.http(body=1), events.http(body="%", isBase64Encoded=True),
        {**events.rest(), "path": 1},
    ],
)  # fmt: skip
def test_refuses_what_is_no_request(event: Event) -> None:
    with pytest.raises(Invalid):
        request_of(event)


@pytest.mark.parametrize("body", ["", "{", "NaN", "[" * 100_000, '{"a": Infinity}'])
def test_refuses_bodies_that_are_not_strictly_json(body: str) -> None:
    with pytest.raises(Invalid):
        request_of(events.http(body=body)).json()


def cases(count: int) -> list[str]:
    return ["set-cookie", "Set-cookie", "sEt-cookie"][:count]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            events.rest(),
            {
                "multiValueHeaders": {
                    "X": ["1", "2"], "Content-Type": ["application/json"], "Set-Cookie": ["a=1", "b=2"],
                },
            },
        ),
        (events.http(), {"headers": {"X": "1, 2", "Content-Type": "application/json"}, "cookies": ["a=1", "b=2"]}),
        (
            events.alb(),
            {
                "headers": {"X": "1, 2", "Content-Type": "application/json", "set-cookie": "a=1", "Set-cookie": "b=2"},
                "statusDescription": "200 OK",
            },
        ),
        (
            events.alb(multiValueHeaders={}),
            {
                "multiValueHeaders": {
                    "X": ["1", "2"], "Content-Type": ["application/json"], "Set-Cookie": ["a=1", "b=2"],
                },
                "statusDescription": "200 OK",
            },
        ),
        (
            events.lattice(),
            {"headers": {"X": "1, 2", "Content-Type": "application/json", "set-cookie": "a=1", "Set-cookie": "b=2"}},
        ),
    ],
)  # fmt: skip
def test_answers_in_the_form_of_what_the_request_came_through(event: Event, expected: Event) -> None:
    response = Response({"n": 1}, headers={"X": ["1", "2"]}, cookies=["a=1", "b=2"])

    assert response.rendered(kind_of(event), event) == {
        "statusCode": 200, "body": '{"n":1}', "isBase64Encoded": False, **expected,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("é", ("é", False, "text/plain; charset=utf-8")),
        (b"\xff", ("/w==", True, "application/octet-stream")),
        ([1, None], ("[1,null]", False, "application/json")),
        (None, ("", False, None)),
    ],
)
def test_sends_a_body_as_what_it_is(body: object, expected: tuple[object, ...]) -> None:
    answer = Response(body).rendered("http")

    assert (answer["body"], answer["isBase64Encoded"], answer["headers"].get("Content-Type")) == expected


@given(st.text(), st.text())
def test_no_header_ends_before_it_should(name: str, value: str) -> None:
    try:
        headers = Response(headers={name: value}).headers
    except ValueError:
        return

    assert not set("\r\n\0: ").intersection(name)
    assert not set("\r\n\0").intersection(headers[name][0])


# Routes.


@pytest.fixture
def app() -> Router:
    app = Router(prefix="/shop")

    @app.get("/orders/{number}")
    def order(request: Request, number: str) -> object:
        return {"number": number, "parameters": dict(request.parameters)}

    @app.get("/orders/new")
    def new(request: Request) -> str:
        return "new"

    @app.delete("/orders/{number}")
    def delete(request: Request, number: str) -> None:
        return None

    @app.get("/files/{path+}")
    def file(request: Request, path: str) -> Response:
        return Response(path, 203, content_type="text/css")

    @app.get("/")
    def home(request: Request) -> str:
        return "home"

    return app


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/orders/7", 200, '{"number":"7","parameters":{"number":"7"}}'),
        ("GET", "/shop/orders/7/", 200, '{"number":"7","parameters":{"number":"7"}}'),
        ("GET", "/orders/a%2Fb", 200, '{"number":"a/b","parameters":{"number":"a/b"}}'),
        ("GET", "/orders/new", 200, "new"),
        ("HEAD", "/orders/new", 200, ""),
        ("DELETE", "/orders/7", 204, ""),
        ("GET", "/files/a/b.css", 203, "a/b.css"),
        ("GET", "/shop", 200, "home"),
        ("OPTIONS", "/orders/7", 204, ""),
    ],
)
@pytest.mark.parametrize("make", MAKERS)
def test_finds_the_function_of_a_path(
    app: Router, make: Callable[[str, str], Event], method: str, path: str, status: int, body: str
) -> None:
    answer = app(make(method, path))

    assert (answer["statusCode"], answer["body"]) == (status, body)


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/gone", 404, None),
        ("GET", "/orders", 404, None),
        ("GET", "/orders//", 404, None),
        ("GET", "/" + "a/" * 100, 404, None),
        ("POST", "/orders/7", 405, "DELETE, GET, HEAD, OPTIONS"),
    ],
)
def test_says_what_there_is_not(app: Router, method: str, path: str, status: int, allow: str | None) -> None:
    answer = app(events.http(method, path))

    assert (answer["statusCode"], answer["headers"].get("Allow")) == (status, allow)


@pytest.mark.parametrize("path", ["orders", "/{}/a/{x}/{x}", "/{a+}/b", "/{1}"])
def test_refuses_paths_that_can_not_be(path: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  two messages
        Router().get(path)(lambda request: None)


def test_refuses_two_functions_for_one_path(app: Router) -> None:
    with pytest.raises(ValueError, match="GET /orders/"):
        app.get("/orders/{other}")(lambda request, other: None)


SEGMENTS = st.sampled_from(["a", "b", "{x}", "{y}"])


@given(st.lists(st.lists(SEGMENTS, max_size=3, unique=True), max_size=8), st.lists(st.sampled_from("abc"), max_size=3))
def test_finds_a_route_if_and_only_if_one_matches(routes: list[list[str]], asked: list[str]) -> None:
    app, added = Router(), []
    for route in routes:
        pattern = tuple("*" if part.startswith("{") else part for part in route)
        if pattern not in added:
            app.get("/" + "/".join(route))(lambda request, pattern=pattern, **_: list(pattern))
            added.append(pattern)
    matching = [one for one in added if len(one) == len(asked) and all(map(fits, one, asked))]
    best = min(matching, key=lambda one: [part == "*" for part in one], default=None)
    expected = [404, None] if best is None else [200, list(best)]

    answer = app(events.http(path="/" + "/".join(asked)))

    assert [answer["statusCode"], json.loads(answer["body"]) if matching else None] == expected


def fits(pattern: str, part: str) -> bool:
    return pattern in ("*", part)


# Errors.


@pytest.mark.parametrize(
    ("error", "status", "headers", "said"),
    [
        (Problem(409, "taken"), 409, {}, {"title": "Conflict", "detail": "taken"}),
        (Invalid("secret", "a/b", "type"), 400, {}, {"title": "Bad Request", "path": "a/b", "keyword": "type"}),
        (Unauthenticated("secret", "rule"), 401, {"WWW-Authenticate": "Bearer"}, {"title": "Unauthorized"}),
        (Denied("secret", "rule"), 403, {}, {"title": "Forbidden"}),
        (RateLimited("secret", 1.2), 429, {"Retry-After": "2"}, {"title": "Too Many Requests"}),
        (CircuitOpen("secret", 30), 503, {"Retry-After": "30"}, {"title": "Service Unavailable"}),
        (DeadlineExceeded("secret"), 504, {}, {"title": "Gateway Timeout"}),
        (KeyError("secret"), 500, {}, {"title": "Internal Server Error"}),
    ],
)
def test_tells_of_an_error_what_may_be_told(
    error: Exception, status: int, headers: dict[str, str], said: dict[str, str]
) -> None:
    @handler(on_error=lambda error: None)
    def failing(event: object, context: object) -> None:
        raise error

    answer = failing(events.http(), events.LambdaContext())

    assert answer["headers"] == {"Content-Type": "application/problem+json", **headers}
    assert (answer["statusCode"], json.loads(answer["body"])) == (
        status, {"type": "about:blank", "status": status, "request_id": "r-1", **said},
    )  # fmt: skip


# WSGI.


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("201 Created", [("Content-Type", "text/plain; charset=utf-8"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "REMOTE_ADDR", "CONTENT_LENGTH")
    return [json.dumps([environ[name] for name in names]).encode(), environ["wsgi.input"].read()]


def test_answers_by_a_wsgi_application() -> None:
    answer = wsgi(echo)(events.http("POST", "/a%20b", body="é"))

    assert answer == {
        "statusCode": 201,
        "headers": {"content-type": "text/plain; charset=utf-8"},
        "cookies": ["a=1", "b=2"],
        "isBase64Encoded": False,
        "body": '["POST", "/a b", "tag=a&tag=b%2Cc&empty=", "api.example.org", "192.0.2.2", "2"]é',
    }


def test_keeps_to_the_protocol_of_wsgi() -> None:
    from wsgiref.validate import validator

    def simple(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "image/png")])
        return [environ["wsgi.input"].read(8)]

    answers = [wsgi(validator(simple))(make("POST", body="abc", isBase64Encoded=False)) for make in MAKERS]

    assert [(one["statusCode"], one["body"], one["isBase64Encoded"]) for one in answers] == [(200, "YWJj", True)] * 4
