"""A client: what holds for all of its requests, and what each of them goes through."""

from __future__ import annotations

from random import Random

from .clock import CLOCK, Clock
from .context import current
from .http_client_errors import StatusError
from .http_client_headers import checked
from .http_client_limits import Limits, Timeouts
from .http_client_pool import Pool
from .http_client_redirects import followed
from .http_client_request import prepared
from .http_client_response import Response, Stream
from .http_client_retries import Retries, RetryBudget
from .http_client_trace import trace_headers
from .http_client_url import parse, proxy_of, resolve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from ssl import SSLContext
    from typing import TypedDict, TypeVar

    from typing_extensions import Unpack

    from .circuit_breaker import CircuitBreaker
    from .http_client_exchange import Exchange, Lane
    from .http_client_request import Data, Request, Sign
    from .http_client_url import Params

    class Options(TypedDict, total=False):
        """What can be said of a request, besides what it is."""

        params: Params | None
        json: object
        data: Data
        headers: Mapping[str, str] | None
        timeout: Timeouts | float | None
        retries: int | None
        idempotency_key: str | None
        breaker: CircuitBreaker | None

    Answered = TypeVar("Answered", Response, Exchange)

_DEFAULTS = {"user-agent": ("User-Agent", "gateway-http-client"), "accept-encoding": ("Accept-Encoding", "gzip")}
_FAILED = 500
_MOST_BYTES = 10 * 1024 * 1024


class Client:
    """A client for one server, or for all of them. Threads may share it.

    With `base_url`, every URL is one below it, and requests go nowhere else on their own; `headers`, which go with each
    of them, may be secrets then. `timeout` is for each phase, or as a number for all of a request, which never takes
    more time than the invocation has left. What is worth another try is tried `retries` times more, within a `budget`:
    requests of which nothing has been sent, and idempotent ones, which those with an `idempotency_key` are, too. With
    a `breaker`, each try is a call of that one, and answers from 500 on have failed.

    Redirects are followed `max_redirects` times. To another host goes no body, and no header that might be a secret.
    An answer has `max_bytes` bytes at most, both as it is sent and unpacked.

    Requests go to public addresses only, and those in the networks that `allow` names, like "127.0.0.0/8"; what counts
    is the address that is connected to. `tls` is a context to trust others by than the default one. Only `proxy` makes
    requests go through one, never the environment; who may be asked for by name is its business then, and its own
    address may be any. `sign` returns further headers for each time that a request is sent, as `SigV4` does. With
    `trace`, requests carry the trace of the invocation.
    """

    __slots__ = ("_allow", "_base", "_breaker", "_budget", "_clock", "_headers", "_lane", "_max_bytes",
                 "_max_redirects", "_pool", "_proxy", "_retries", "_rng", "_sign", "_timeouts", "_tls",
                 "_trace")  # fmt: skip

    def __init__(
        self,
        *,
        base_url: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: Timeouts | float | None = None,
        retries: int = 2,
        budget: RetryBudget | None = None,
        breaker: CircuitBreaker | None = None,
        max_redirects: int = 5,
        max_bytes: int = _MOST_BYTES,
        allow: Iterable[str] = (),
        tls: SSLContext | None = None,
        proxy: str | None = None,
        sign: Sign | None = None,
        trace: bool = True,
        pool: Pool | None = None,
        clock: Clock = CLOCK,
        rng: Random | None = None,
    ) -> None:
        """Raise `HttpError` for URLs and headers that are none, and ValueError for other options that make no sense."""
        if min(retries, max_redirects) < 0 or max_bytes < 1:
            raise ValueError("retries and redirects are at least 0, and bytes at least 1")
        self._base = None if base_url is None else parse(base_url)
        self._headers = {**_DEFAULTS, **checked(headers or {})}
        self._timeouts = _timeouts(timeout, Timeouts())
        self._retries = retries
        self._budget = budget or RetryBudget()
        self._breaker = breaker
        self._max_redirects = max_redirects
        self._max_bytes = max_bytes
        self._allow = _networks(allow)
        self._tls = tls
        self._proxy = (None, None) if proxy is None else proxy_of(proxy)
        self._sign = sign
        self._trace = trace
        self._pool = Pool(clock=clock) if pool is None else pool
        self._clock = clock
        self._rng = rng or Random()
        self._lane: Lane | None = None

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        json: object = None,
        data: Data = None,
        headers: Mapping[str, str] | None = None,
        timeout: Timeouts | float | None = None,
        retries: int | None = None,
        idempotency_key: str | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> Response:
        """Send a request, and return the answer, whatever its status is.

        The body is `json`, unless that is None, or `data`: bytes, text, or the fields of a form. Raises `HttpError`
        where there is no answer that may be used, `DeadlineExceeded` where there is no time left, and `CircuitOpen`.
        """
        request = self._prepared(method, url, params, json, data, headers, idempotency_key)
        limits = Limits(_timeouts(timeout, self._timeouts), self._clock)

        def attempt() -> Response:
            return self._try(request, limits, breaker, self._max_bytes, lambda answer: answer.response())

        most = self._retries if retries is None else retries
        if not most:
            return attempt()
        return self._retrying().run(
            attempt, most=most, is_idempotent=request.is_idempotent, until=limits.until, discard=lambda _: None
        )

    def stream(
        self,
        method: str,
        url: str,
        *,
        params: Params | None = None,
        json: object = None,
        data: Data = None,
        headers: Mapping[str, str] | None = None,
        timeout: Timeouts | float | None = None,
        retries: int | None = None,
        idempotency_key: str | None = None,
        breaker: CircuitBreaker | None = None,
        max_bytes: int | None = None,
    ) -> Stream:
        """Return an answer to be read while it comes, for a `with`, which sends the request and raises as it does.

        However large an answer is, no more than a piece of it is in memory; with `max_bytes`, no more is read.
        """
        request = self._prepared(method, url, params, json, data, headers, idempotency_key)
        most = self._retries if retries is None else retries

        return Stream(
            lambda: self._begun(
                request, Limits(_timeouts(timeout, self._timeouts), self._clock), breaker, most, max_bytes
            )
        )

    def _begun(
        self, request: Request, limits: Limits, breaker: CircuitBreaker | None, most: int, max_bytes: int | None
    ) -> Exchange:
        return self._retrying().run(
            lambda: self._try(request, limits, breaker, max_bytes, lambda answer: answer),
            most=most,
            is_idempotent=request.is_idempotent,
            until=limits.until,
            discard=lambda answer: answer.discard(),
        )

    def get(self, url: str, **options: Unpack[Options]) -> Response:
        """Ask for what is there."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Unpack[Options]) -> Response:
        """Hand something over."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Unpack[Options]) -> Response:
        """Put something there."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Unpack[Options]) -> Response:
        """Change what is there."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Unpack[Options]) -> Response:
        """Remove what is there."""
        return self.request("DELETE", url, **options)

    def close(self) -> None:
        """Close the connections that are idle. The client can go on being used."""
        self._pool.close()

    def _prepared(
        self,
        method: str,
        url: str,
        params: Params | None,
        json: object,
        data: Data,
        headers: Mapping[str, str] | None,
        idempotency_key: str | None,
    ) -> Request:
        own = dict(self._headers)
        if self._trace:
            own.update(checked(trace_headers(current())))
        if headers:
            own.update(checked(headers))
        where = resolve(url, self._base, params)
        return prepared(method, where, own, json=json, data=data, idempotency_key=idempotency_key, sign=self._sign)

    def _retrying(self) -> Retries:
        return Retries(self._budget, self._clock, self._rng)

    def _try(
        self,
        request: Request,
        limits: Limits,
        breaker: CircuitBreaker | None,
        max_bytes: int | None,
        read: Callable[[Exchange], Answered],
    ) -> Answered:
        """Return what is read of the answer to one try, and let a breaker know how that went."""
        lane = self._lane or self._make_lane()

        def ask() -> Answered:
            return read(followed(request, lambda one: lane.ask(one, limits, max_bytes), self._max_redirects))

        breaker = breaker or self._breaker
        if breaker is None:
            return ask()
        answers = []
        try:
            with breaker.guard():
                answers.append(ask())
                _raise_for_failure(answers[0])
        except StatusError:
            # It was for the breaker only.
            return answers[0]
        return answers[0]

    def _make_lane(self) -> Lane:
        from .http_client_addresses import Guard
        from .http_client_connection import Route
        from .http_client_exchange import Lane

        self._lane = Lane(self._pool, Route(Guard(self._allow), self._tls, *self._proxy))
        return self._lane


def request(method: str, url: str, **options: Unpack[Options]) -> Response:
    """Send a request by the client that everybody shares who has no own one, as `Client.request` does."""
    return _shared().request(method, url, **options)


def get(url: str, **options: Unpack[Options]) -> Response:
    """Ask for what is there."""
    return _shared().request("GET", url, **options)


def post(url: str, **options: Unpack[Options]) -> Response:
    """Hand something over."""
    return _shared().request("POST", url, **options)


def put(url: str, **options: Unpack[Options]) -> Response:
    """Put something there."""
    return _shared().request("PUT", url, **options)


def patch(url: str, **options: Unpack[Options]) -> Response:
    """Change what is there."""
    return _shared().request("PATCH", url, **options)


def delete(url: str, **options: Unpack[Options]) -> Response:
    """Remove what is there."""
    return _shared().request("DELETE", url, **options)


def stream(method: str, url: str, *, max_bytes: int | None = None, **options: Unpack[Options]) -> Stream:
    """Return an answer to be read while it comes, as `Client.stream` does."""
    return _shared().stream(method, url, max_bytes=max_bytes, **options)


def _shared() -> Client:
    from . import singleton

    client: Client = singleton.get(Client)
    return client


def _raise_for_failure(answer: Response | Exchange) -> None:
    if answer.status >= _FAILED:
        said = Response(answer.status, answer.reason, answer.headers, str(answer.url), b"")
        raise StatusError(f"the server says {answer.status}", said)


def _networks(allow: Iterable[str]) -> tuple[str, ...]:
    networks = tuple(allow)
    if networks:
        from ipaddress import ip_network

        for one in networks:
            ip_network(one)
    return networks


def _timeouts(given: Timeouts | float | None, default: Timeouts) -> Timeouts:
    """Return timeouts, of which a number is the one for everything."""
    if given is None:
        return default
    if isinstance(given, Timeouts):
        return given
    return Timeouts(
        connect=default.connect, write=default.write, headers=default.headers, read=default.read, total=given
    )
