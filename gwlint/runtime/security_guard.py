"""What stands before a handler: layers in one order, each of which has to let a call through before the next is asked.

Size, parsing, rate limit, authentication, authorisation, schema; then the handler; then what may leave.
"""

from __future__ import annotations

from functools import wraps

from .context import Context, current, entered
from .errors import Denied, GatewayError, Invalid, RateLimited, Unauthenticated
from .security_audit import Audit, everyday
from .security_parsing import MAX_BYTES, parse_json
from .security_policy import Principal
from .security_request import OFF, Off, Request, body_of, source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    from .security_limits import RateLimiter
    from .security_policy import Policy
    from .security_threat import Threat

    Handler = TypeVar("Handler", bound=Callable[..., Any])  # Any: whatever a handler returns

_COROUTINE = 0x80
_POINTS = {"size": 1.0, "parse": 1.0, "limit": 0.5, "authenticate": 1.0, "authorize": 1.0, "schema": 0.5}


class Layers:
    """The layers before and after one handler. A layer that is `OFF` is named in every event of the trail."""

    def __init__(
        self,
        *,
        action: str,
        resource: str | Callable[[Request], str],
        max_bytes: int | Off,
        parse: Callable[[str | bytes], Any] | Off,  # Any: whatever it reads
        limit: RateLimiter | Off,
        authenticate: Callable[[Request], Principal] | Off,
        policy: Policy | Off,
        schema: Callable[[Any], object] | Mapping[str, object] | Off,  # Any: what was read
        output: Callable[[Any], Any] | Off,  # Any: what a handler returns
        body: Callable[[Any], str | bytes | None],  # Any: an event
        source: Callable[[Any], str],  # Any: an event
        threat: Threat | None,
        audit: Audit | None,
        audit_allowed: bool,
    ) -> None:
        """Raise ValueError for authorisation of nobody, and a schema for what is not read."""
        if authenticate is OFF and policy is not OFF:
            raise ValueError("nobody can be authorized where nobody is authenticated")
        if parse is OFF and schema is not OFF:
            raise ValueError("a schema is for what has been parsed")
        if not isinstance(schema, Off) and not callable(schema):
            from .security_schema import validate

            schema = validate(schema)
        self._action = action
        self._resource = resource
        self._max_bytes = max_bytes
        self._parse = parse
        self._limit = limit
        self._authenticate = authenticate
        self._policy = policy
        self._schema = schema
        self._output = output
        self._body = body
        self._source = source
        self._threat = threat
        self._audit = audit
        self._audit_allowed = audit_allowed
        layers = {
            "size": (max_bytes, self._check_size),
            "parse": (parse, self._read),
            "limit": (limit, self._check_limit),
            "authenticate": (authenticate, self._identify),
            "authorize": (policy, self._authorize),
            "schema": (schema, self._check_schema),
        }
        # Who is blocked is turned away where the rate is limited, also where it is not.
        asked = {name for name, (option, _) in layers.items() if option is not OFF} | ({"limit"} if threat else set())
        self._before = [(name, run) for name, (_, run) in layers.items() if name in asked]
        self._off = [
            name for name, (option, _) in {**layers, "output": (output, None)}.items() if isinstance(option, Off)
        ]

    def admit(self, event: Any) -> Request:  # Any: whatever Lambda was given
        """Return what was asked, once every layer lets it through. Raises what the first one raises that does not."""
        request = Request(event)
        layer = "request"
        try:
            request.source = self._source(event)
            request.body = self._body(event)
            for name, run in self._before:
                layer = name
                run(request)
        except GatewayError as error:
            self._refused(request, layer, error)
            raise
        except Exception as error:
            # A layer that fails lets nobody through. What it says may quote what must not be told.
            refusal = Denied("the call can't be checked", f"guard.{layer}")
            self._refused(request, layer, refusal, type(error).__name__)
            raise refusal from None
        if self._audit_allowed:
            self._note(request, "allowed", request.rule, "")
        return request

    def release(self, request: Request, result: Any) -> Any:  # Any: whatever a handler returns
        """Return what may leave of a result. Raises `Denied` where that can't be told."""
        if isinstance(self._output, Off):
            return result
        try:
            return self._output(result)
        except Exception as error:
            refusal = Denied("the answer can't be given", "guard.output")
            self._refused(request, "output", refusal, type(error).__name__)
            raise refusal from None

    def _check_size(self, request: Request) -> None:
        if isinstance(self._max_bytes, int):
            request.check_size(self._max_bytes)

    def _read(self, request: Request) -> None:
        if not isinstance(self._parse, Off) and request.body is not None:
            request.data = self._parse(request.body)

    def _check_limit(self, request: Request) -> None:
        if self._threat is not None:
            seconds = self._threat.blocked_for(request.source)
            if seconds > 0:
                raise RateLimited("too much was refused", seconds)
        if not isinstance(self._limit, Off):
            self._limit.check(request.source).require()

    def _identify(self, request: Request) -> None:
        if not isinstance(self._authenticate, Off):
            principal = self._authenticate(request)
            if not isinstance(principal, Principal):
                raise Unauthenticated("credentials are needed", "credentials")
            request.principal = principal

    def _authorize(self, request: Request) -> None:
        if isinstance(self._policy, Off):
            return
        decision = self._policy.decide(request.principal, self._action, self._resource_of(request))
        if not decision:
            raise Denied("this is not allowed", decision.rule)
        request.rule = decision.rule

    def _check_schema(self, request: Request) -> None:
        if callable(self._schema):
            self._schema(request.data)

    def _resource_of(self, request: Request) -> str:
        if not request.resource:
            request.resource = self._resource if isinstance(self._resource, str) else self._resource(request)
        return request.resource

    def _refused(self, request: Request, layer: str, error: GatewayError, reason: str = "") -> None:
        """Note that somebody was refused. They are, whatever becomes of the note."""
        rule = error.rule if isinstance(error, Denied) else f"guard.{layer}"
        if isinstance(error, Invalid):
            reason = f"{error.keyword} {error.path}".strip()
        try:
            if self._threat is not None and layer in _POINTS:
                self._threat.add(request.source, _POINTS[layer])
            self._note(request, "denied", rule, reason or str(error), layer=layer)
        except Exception:
            return

    def _note(self, request: Request, decision: str, rule: str, reason: str, layer: str = "") -> None:
        who = request.source if request.principal is None else request.principal.id
        on = request.resource or (self._resource if isinstance(self._resource, str) else "")
        details = {**({"layer": layer} if layer else {}), **({"off": self._off} if self._off else {})}
        trail = self._audit or everyday()
        trail.record(who, self._action, on=on, decision=decision, rule=rule, reason=reason, details=details)


def guard(
    *,
    action: str,
    resource: str | Callable[[Request], str],
    limit: RateLimiter | Off,
    authenticate: Callable[[Request], Principal] | Off,
    policy: Policy | Off,
    schema: Callable[[Any], object] | Mapping[str, object] | Off,  # Any: what was parsed
    output: Callable[[Any], Any] | Off,  # Any: what a handler returns
    max_bytes: int | Off = MAX_BYTES,
    parse: Callable[[str | bytes], Any] | Off = parse_json,  # Any: whatever it reads
    body: Callable[[Any], str | bytes | None] = body_of,  # Any: an event
    source: Callable[[Any], str] = source_of,  # Any: an event
    threat: Threat | None = None,
    audit: Audit | None = None,
    audit_allowed: bool = True,
) -> Callable[[Handler], Handler]:
    """Return what puts layers before a handler, which is called with a `Request` in place of the event.

    In this order: `max_bytes`, `parse`, `limit` for each source and `threat`, `authenticate`, `policy` for an action
    on a resource, `schema`; and `output` for what the handler returns. After one that refuses, no other is asked, and
    nothing is called. Each is said, or said to be `OFF`. Every refusal is written to the trail `audit`, and so is what
    is allowed, unless `audit_allowed` is false; what is allowed and can't be written down is not done.
    """
    layers = Layers(
        action=action, resource=resource, max_bytes=max_bytes, parse=parse, limit=limit, authenticate=authenticate,
        policy=policy, schema=schema, output=output, body=body, source=source, threat=threat, audit=audit,
        audit_allowed=audit_allowed,
    )  # fmt: skip

    def decorate(handler: Handler) -> Handler:
        if getattr(getattr(handler, "__code__", None), "co_flags", 0) & _COROUTINE:

            @wraps(handler)
            async def awaited(event: Any, *args: Any, **kwargs: Any) -> Any:  # Any: those of the handler
                request = layers.admit(event)
                with entered(_known(request)):
                    result = await handler(request, *args, **kwargs)
                return layers.release(request, result)

            return awaited  # type: ignore[return-value]  # as it is called like the handler

        @wraps(handler)
        def called(event: Any, *args: Any, **kwargs: Any) -> Any:  # Any: those of the handler
            request = layers.admit(event)
            with entered(_known(request)):
                result = handler(request, *args, **kwargs)
            return layers.release(request, result)

        return called  # type: ignore[return-value]  # as it is called like the handler

    return decorate


def _known(request: Request) -> Context:
    here = current()
    return here if request.principal is None else here.having(principal=request.principal.id)
