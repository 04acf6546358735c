import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime.circuit_breaker import CircuitBreaker
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.context import limited
from gwlint.runtime.errors import CircuitOpen, DeadlineExceeded, HttpError
from gwlint.runtime.http_client import Client, Headers, Pool, StatusError

LOOPBACK = ("127.0.0.0/8",)
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers as a test says, and notes what it was asked."""

    protocol_version = "HTTP/1.1"
    answer: Answer
    asked: list[tuple[str, str, dict[str, str], bytes]]
    ports: set[int]

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        self.ports.add(self.client_address[1])
        type(self).answer(self)

    do_POST = do_GET  # noqa: N815  the name that the base class calls

    def log_message(self, *_: object) -> None:
        pass

    def say(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Site:
    """A server and what it was asked."""

    def __init__(self, url: str, handler: type[Handler]) -> None:
        self.url = url
        self.asked = handler.asked
        self.ports = handler.ports


@contextmanager
def site(answer: Answer) -> Iterator[Site]:
    handler = type("One", (Handler,), {"answer": staticmethod(answer), "asked": [], "ports": set()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Site(f"http://127.0.0.1:{server.server_address[1]}", handler)
        server.shutdown()


_pools: list[Pool] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _pools:
        _pools.pop().close()


def client(pool: Pool | None = None, **options: object) -> Client:
    _pools.append(Pool() if pool is None else pool)
    given = {"allow": LOOPBACK, "timeout": 5.0, "retries": 0, "pool": _pools[-1], **options}
    return Client(**given)  # type: ignore[arg-type]  # whatever a test wants


def in_turn(*answers: Answer) -> Answer:
    left = list(answers)

    def answer(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def test_json_goes_out_and_comes_in() -> None:
    with site(lambda one: one.say(201, b'{"id": 7}', Content_Type="application/json")) as there:
        got = client().post(f"{there.url}/orders", json={"sku": "a"}, params={"q": "ä b"})

    assert (got.status, got.json(), got.headers["content-type"]) == (201, {"id": 7}, "application/json")
    assert [(method, path, json.loads(body)) for method, path, _, body in there.asked] == [
        ("POST", "/orders?q=%C3%A4+b", {"sku": "a"})
    ] or there.asked[0][1] == "/orders?q=%C3%A4%20b"


def test_a_connection_is_kept() -> None:
    with site(lambda one: one.say(body=b"x")) as there:
        asking = client()
        texts = [asking.get(there.url).text for _ in range(3)]

    assert (texts, len(there.ports)) == (["x"] * 3, 1)


def test_a_connection_is_not_kept_over_a_freeze() -> None:
    clock = FakeClock()
    with site(lambda one: one.say(body=b"x")) as there:
        asking = client(pool=Pool(clock=clock))
        asking.get(there.url)
        clock.freeze(61)
        asking.get(there.url)

    assert len(there.ports) == 2


def test_a_status_is_an_answer_until_it_is_asked_to_be_an_error() -> None:
    with site(lambda one: one.say(404, b"none")) as there:
        got = client().get(there.url)

    assert got.status == 404
    with pytest.raises(StatusError, match="404"):
        got.raise_for_status()


def test_what_may_be_sent_again_is() -> None:
    with site(in_turn(lambda one: one.say(503), lambda one: one.say(body=b"up"))) as there:
        asking = client(retries=2, clock=FakeClock())

        assert (asking.get(there.url).text, len(there.asked)) == ("up", 2)


def test_what_must_not_be_sent_twice_is_not_unless_it_has_a_key() -> None:
    with site(lambda one: one.say(503)) as there:
        asking = client(retries=2, clock=FakeClock())
        asking.post(there.url, json=1)
        without_key = len(there.asked)
        asking.post(there.url, json=1, idempotency_key="k")

    assert (without_key, len(there.asked)) == (1, 4)


def test_the_time_of_the_invocation_is_all_there_is() -> None:
    with site(lambda one: one.say()) as there, limited(0.0), pytest.raises(DeadlineExceeded):
        client().get(there.url)

    assert there.asked == []


def test_who_does_not_answer_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"

        with pytest.raises((HttpError, DeadlineExceeded)):
            client(timeout=0.2).get(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://[::1]:1/", "http://169.254.169.254/", "http://10.0.0.1/"]
)
def test_no_request_goes_to_where_only_insiders_are(url: str) -> None:
    with pytest.raises(HttpError, match="address"):
        Client(retries=0, timeout=1.0).get(url)


def test_nor_by_a_redirect() -> None:
    with (
        site(lambda one: one.say(302, Location="http://169.254.169.254/")) as there,
        pytest.raises(HttpError, match="address"),
    ):
        client().get(there.url)


def test_secrets_do_not_follow_to_another_host() -> None:
    with site(lambda one: one.say(body=b"x")) as other:
        elsewhere = other.url.replace("127.0.0.1", "127.0.0.2")
        with site(lambda one: one.say(302, Location=elsewhere)) as there, suppress(HttpError):
            client().get(there.url, headers={"Authorization": "Bearer s", "Cookie": "a=b"})

    assert all("authorization" not in headers and "cookie" not in headers for _, _, headers, _ in other.asked)


def test_redirects_have_an_end() -> None:
    with site(lambda one: one.say(302, Location="/again")) as there, pytest.raises(HttpError):
        client(max_redirects=3).get(there.url)

    assert len(there.asked) == 4


def test_an_answer_has_a_size() -> None:
    with site(lambda one: one.say(body=b"x" * 10_000)) as there, pytest.raises(HttpError):
        client(max_bytes=1000).get(there.url)


def test_what_is_packed_has_a_size_too() -> None:
    packed = gzip.compress(b"x" * 10_000_000)
    with site(lambda one: one.say(body=packed, Content_Encoding="gzip")) as there, pytest.raises(HttpError):
        client(max_bytes=100_000).get(there.url)


def test_what_is_packed_is_unpacked() -> None:
    with site(lambda one: one.say(body=gzip.compress(b"plain"), Content_Encoding="gzip")) as there:
        assert client().get(there.url).text == "plain"


def test_a_breaker_is_asked_first() -> None:
    breaker = CircuitBreaker("there")
    breaker.force_open()
    with site(lambda one: one.say()) as there, pytest.raises(CircuitOpen):
        client().get(there.url, breaker=breaker)

    assert there.asked == []


def test_a_stream_is_read_piece_by_piece() -> None:
    with site(lambda one: one.say(body=b"x" * 300_000)) as there, client().stream("GET", there.url) as answer:
        total = sum(len(piece) for piece in answer)

    assert total == 300_000


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=20), st.sampled_from("\r\n\0"))
def test_a_header_can_not_smuggle_another_one(text: str, control: str) -> None:
    with pytest.raises(HttpError):
        Client(headers={"X-Note": f"{text}{control}X-Other: 1"})


@given(st.text(max_size=12))
def test_names_of_headers_are_alike_in_any_case(value: str) -> None:
    headers = Headers([("Content-Type", value)])

    assert (headers["content-type"], headers["CONTENT-TYPE"]) == (value, value)
