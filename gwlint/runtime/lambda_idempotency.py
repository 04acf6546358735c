"""Doing a thing once, however often it is asked for: by a key, in a store that environments share."""

from __future__ import annotations

import json
from functools import wraps

from .context import current
from .errors import GatewayError, Invalid, StoreError
from .lambda_response import Problem, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Literal, TypeVar

    from .store import Store, Version

    Function = TypeVar("Function", bound=Callable[..., Any])  # Any: whatever it returns

_FREE = b"{}"
_FREE_FOR = 1.0


class Idempotency:
    """What was done already, by key, and what came of it; kept for `ttl` seconds.

    What is being done is held for as long as the invocation may take, or for `lease` seconds where nothing limits it.
    Who asks for it meanwhile gets a `Problem` of status 409, and who asks by the same key for something else one of
    422. Results have to be JSON, or a `Response` with a body that is. Should somebody take longer than was allowed,
    another one may begin, too: it is done once unless time runs out, and then at least once.

    Where the store can't be reached it is not done, and `StoreError` is raised; or it is done nevertheless, if
    `on_backend_error` is `run`.
    """

    def __init__(
        self,
        store: Store,
        *,
        name: str = "",
        ttl: float = 3600.0,
        lease: float = 60.0,
        on_backend_error: Literal["raise", "run"] = "raise",
    ) -> None:
        """Raise ValueError for times that are none, and another answer to errors."""
        if ttl <= 0 or lease <= 0 or on_backend_error not in ("raise", "run"):
            raise ValueError("ttl and lease are more than 0, and on_backend_error is raise or run")
        self._store = store
        self._name = name
        self._ttl = ttl
        self._lease = lease
        self._runs_anyway = on_backend_error == "run"

    def run(self, key: str, function: Callable[[], Any], payload: object = None) -> Any:  # Any: as it returns
        """Return what a function returns, or what it has returned for this key before. `payload` is what is asked."""
        place, asked = _digest(f"{self._name}\0{key}"), _digest(_canonical(payload))
        try:
            version, done = self._claim(place, asked)
        except StoreError:
            if not self._runs_anyway:
                raise
            return function()
        if version is None:
            return _read(done)
        try:
            result = function()
            said = _written(result, asked)
        except BaseException:
            self._keep(place, _FREE, version, _FREE_FOR)
            raise
        self._keep(place, said, version, self._ttl)
        return result

    def __call__(
        self,
        key: Callable[..., str],
        payload: Callable[..., object] | None = None,
    ) -> Callable[[Function], Function]:
        """Return a decorator for functions; `key` and `payload` are called with the arguments of each call."""

        def decorate(function: Function) -> Function:
            @wraps(function)
            def once(*args: Any, **kwargs: Any) -> Any:  # Any: those of the function
                asked = None if payload is None else payload(*args, **kwargs)
                return self.run(key(*args, **kwargs), lambda: function(*args, **kwargs), asked)

            return once  # type: ignore[return-value]  # as it is called like the function

        return decorate

    def _claim(self, place: str, asked: str) -> tuple[Version | None, Any]:  # Any: JSON
        """Return the version of a claim, or else what has come of it."""
        # What time is left of an invocation has been cut short by a margin, and nothing takes longer than 15 minutes.
        lease = min(current().remaining() + 1.0, 900.0) if current().until is not None else self._lease
        claim = json.dumps({"asked": asked}).encode()
        version = self._store.put_if(place, claim, None, lease)
        if version is not None:
            return version, None
        found = self._store.get(place)
        if found is None or found[0] == _FREE:
            version = self._store.put_if(place, claim, None if found is None else found[1], lease)
            if version is not None:
                return version, None
            raise Problem(409, "this is being done already", headers={"Retry-After": "1"})
        said = _understood(found[0])
        if said.get("asked") != asked:
            raise Problem(422, "the same key has been used for something else")
        if "result" not in said:
            raise Problem(409, "this is being done already", headers={"Retry-After": "1"})
        return None, said["result"]

    def _keep(self, place: str, said: bytes, version: Version, ttl: float) -> None:
        """Put down what has come of it. It is done: that this fails must not make anybody do it again."""
        try:
            self._store.put_if(place, said, version, ttl)
        except GatewayError as error:
            from .lambda_report import report

            report("what was done could not be put down", error)


def _digest(text: str) -> str:
    from hashlib import sha256

    return f"idempotency:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _canonical(payload: object) -> str:
    try:
        return json.dumps(payload, sort_keys=True, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        raise Invalid("what is asked for is not JSON", "", "json") from None


def _written(result: object, asked: str) -> bytes:
    said = {"response": _parts(result)} if isinstance(result, Response) else {"value": result}
    try:
        return json.dumps({"asked": asked, "result": said}, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):
        raise Invalid("what is done once has to return JSON", "", "json") from None


def _parts(response: Response) -> dict[str, object]:
    return {name: getattr(response, name) for name in Response.__slots__}


def _read(result: dict[str, Any]) -> Any:  # Any: JSON
    return Response(**result["response"]) if "response" in result else result["value"]


def _understood(said: bytes) -> dict[str, Any]:  # Any: JSON
    try:
        found = json.loads(said)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise StoreError("a store has something else where what was done is kept")
    return found
