import asyncio
import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime import context
from gwlint.runtime.clock import FakeClock
from gwlint.runtime.errors import Denied, GatewayError, Invalid, RateLimited, Unauthenticated
from gwlint.runtime.security import (
    OFF,
    ApiKeys,
    Audit,
    Key,
    Policy,
    Principal,
    RateLimiter,
    Request,
    Rule,
    Threat,
    bearer,
    by_api_key,
    guard,
    new_api_key,
    redact,
    sign,
)

CLOCK = FakeClock()
KEY = Key(b"s" * 32)
POLICY = Policy([Rule("readers", "allow", ["reader"], ["orders:*"], ["orders/*"])], {"reader": []})
SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"], "additionalProperties": False}


def token(**claims: object) -> str:
    return sign({"sub": "ann", "roles": ["reader"], "exp": CLOCK.wall() + 60, **claims}, key=KEY)


def event(body: object = '{"id": "1"}', credentials: str = "", **more: object) -> dict[str, object]:
    shown = {"headers": {"Authorization": f"Bearer {credentials}"}} if credentials else {}
    return {"body": body, "requestContext": {"http": {"sourceIp": "10.0.0.1"}}, **shown, **more}


class Desk:
    """A guarded handler, the trail, and what the handler was called with."""

    def __init__(self, **options: object) -> None:
        self.lines: list[str] = []
        self.calls: list[Request] = []
        given_options: dict[str, object] = {
            "action": "orders:read", "resource": lambda request: f"orders/{request.data['id']}",
            "limit": RateLimiter(100, burst=100, clock=CLOCK), "authenticate": bearer(KEY, clock=CLOCK),
            "policy": POLICY,
            "schema": SCHEMA, "output": redact, "audit": Audit(self.lines.append, clock=CLOCK), **options,
        }  # fmt: skip

        @guard(**given_options)  # type: ignore[arg-type]  # whatever a test wants
        def handler(request: Request, lambda_context: object = None) -> object:
            self.calls.append(request)
            return {"id": request.data and request.data["id"], "password": "x", "who": context.current().principal}

        self.call = handler

    def events(self) -> list[tuple[str, str, str, str]]:
        told = [json.loads(line)["audit"] for line in self.lines]
        return [(one["who"], one["decision"], one["rule"], one.get("details", {}).get("layer", "")) for one in told]

    def refused(self, one: object, error: type[GatewayError]) -> list[tuple[str, str, str, str]]:
        with pytest.raises(error):
            self.call(one)  # type: ignore[arg-type]  # an event in place of a request
        assert self.calls == []
        return self.events()


def test_who_is_known_and_allowed_gets_through() -> None:
    desk = Desk()
    result = desk.call(event(credentials=token()))  # type: ignore[arg-type]  # as in all of these

    assert (result, desk.events()) == (
        {"id": "1", "password": "[redacted]", "who": "ann"}, [("ann", "allowed", "readers", "")],
    )  # fmt: skip
    assert (desk.calls[0].data, repr(desk.calls[0].principal)) == ({"id": "1"}, "Principal('ann', roles=['reader'])")


def test_without_credentials_there_is_one_event_and_no_call() -> None:
    assert Desk().refused(event(), Unauthenticated) == [("10.0.0.1", "denied", "credentials", "authenticate")]


@pytest.mark.parametrize(
    ("one", "options", "error", "rule", "layer"),
    [
        (event("x" * 2_000_000), {}, Invalid, "guard.size", "size"),
        (event("{secret"), {}, Invalid, "guard.parse", "parse"),
        (event("[" * 100), {}, Invalid, "guard.parse", "parse"),
        (event(5), {}, Invalid, "guard.request", "request"),
        (event("*", isBase64Encoded=True), {}, Invalid, "guard.request", "request"),
        (event(), {"limit": RateLimiter(1, burst=0.5)}, RateLimited, "guard.limit", "limit"),
        (event(credentials="x.y.z"), {}, Unauthenticated, "token.form", "authenticate"),
        (event(credentials=token(exp=1)), {}, Unauthenticated, "token.exp", "authenticate"),
        (event(credentials=token(roles=[])), {}, Denied, "default", "authorize"),
        (event('{"name": "1"}', token()), {}, Denied, "guard.authorize", "authorize"),
        (event('{"id": 1}', token()), {}, Invalid, "guard.schema", "schema"),
        (event(None, token()), {"resource": "orders/all"}, Invalid, "guard.schema", "schema"),
    ],
)
def test_every_refusal_is_written_down_and_nothing_is_called(
    one: object, options: dict[str, object], error: type[GatewayError], rule: str, layer: str
) -> None:
    events = Desk(**options).refused(one, error)

    assert [(decision, rule, layer) for _, decision, rule, layer in events] == [("denied", rule, layer)]


def test_reads_what_is_in_base64_and_what_is_no_http() -> None:
    desk = Desk(authenticate=lambda request: Principal("cron", ["reader"]))
    encoded = base64.b64encode(b'{"id": "2"}').decode()
    desk.call(event(encoded, isBase64Encoded=True))  # type: ignore[arg-type]
    desk.call({"id": "3"})  # type: ignore[arg-type]

    assert [(call.data, call.source) for call in desk.calls] == [({"id": "2"}, "10.0.0.1"), ({"id": "3"}, "unknown")]


def test_an_api_key_in_a_header() -> None:
    key, kept = new_api_key("billing")
    desk = Desk(authenticate=by_api_key(ApiKeys({"billing": kept}, roles={"billing": ["reader"]})))
    desk.call({**event(), "multiValueHeaders": {"X-Api-Key": [key]}})  # type: ignore[arg-type]
    two = {**event(), "multiValueHeaders": {"X-Api-Key": [key, key]}}

    assert desk.events() == [("billing", "allowed", "readers", "")]
    with pytest.raises(Unauthenticated):
        desk.call(two)  # type: ignore[arg-type]


LAYERS = ("size", "parse", "limit", "authenticate", "authorize", "schema", "handler", "output")


class Tripwires:
    """Layers that note that they were asked, and fail where they are told to, with one error or another."""

    def __init__(self, failing: dict[str, Exception]) -> None:
        self.asked: list[str] = []
        self.failing = failing

    def ask(self, layer: str) -> None:
        self.asked.append(layer)
        if layer in self.failing:
            raise self.failing[layer]

    # What stands for each layer.
    def body(self, one: object) -> str:
        counted = Counted("{}")
        counted.wires = self
        return counted

    def parse(self, text: object) -> object:
        self.ask("parse")
        return {}

    def check(self, key: str) -> object:
        self.ask("limit")
        return self

    def require(self) -> None:
        return

    def authenticate(self, request: object) -> Principal:
        self.ask("authenticate")
        return Principal("ann", ["reader"])

    def decide(self, principal: object, action: str, resource: str) -> object:
        self.ask("authorize")
        return POLICY.decide(Principal("ann", ["reader"]), action, resource)

    def schema(self, data: object) -> None:
        self.ask("schema")

    def output(self, result: object) -> object:
        self.ask("output")
        return result


class Counted(str):
    """A body that notes that its size is asked for."""

    wires: Tripwires

    def __len__(self) -> int:
        if "size" not in self.wires.asked:
            self.wires.ask("size")
        return 2


Errors = st.sampled_from(
    [Denied("no", "r"), Invalid("no", "", "k"), RateLimited("no", 1), RuntimeError("secret"), KeyError("x")]
)


@given(st.dictionaries(st.sampled_from(LAYERS), Errors), st.sets(st.sampled_from([*LAYERS[:6], "output"])))
def test_after_a_layer_that_fails_no_later_one_is_asked(failing: dict[str, Exception], off: set[str]) -> None:
    off = off | ({"schema"} if "parse" in off else set()) | ({"authorize"} if "authenticate" in off else set())
    wires, lines = Tripwires(failing), list[str]()
    options = {
        "max_bytes": 100, "parse": wires.parse, "limit": wires, "authenticate": wires.authenticate, "policy": wires,
        "schema": wires.schema, "output": wires.output,
    }  # fmt: skip
    names = dict(zip([*LAYERS[:6], "output"], options, strict=True))

    @guard(
        action="orders:read", resource="orders/1", body=wires.body, audit=Audit(lines.append),
        **{**options, **{names[layer]: OFF for layer in off}},  # type: ignore[arg-type]  # stand-ins
    )  # fmt: skip
    def handler(request: Request) -> None:
        wires.ask("handler")

    expected = [layer for layer in LAYERS if layer not in off]
    first = next((layer for layer in expected if layer in failing), None)
    outcome: Exception | None = None
    try:
        handler({"body": "x"})  # type: ignore[arg-type]
    except Exception as error:
        outcome = error
    events = [json.loads(line)["audit"] for line in lines]
    is_denied = first is not None and first != "handler"

    assert wires.asked == (expected if first is None else expected[: expected.index(first) + 1])
    assert (outcome is None) == (first is None)
    assert not is_denied or isinstance(outcome, GatewayError)
    assert [one["decision"] for one in events if one["decision"] == "denied"] == ["denied"] * is_denied
    assert {tuple(one.get("details", {}).get("off", [])) for one in events} == {
        tuple(layer for layer in LAYERS if layer in off)
    }
    assert "secret" not in f"{lines}"
    assert not is_denied or "secret" not in str(outcome)


def test_the_layers_that_are_off_have_to_be_said() -> None:
    for missing in ("limit", "authenticate", "policy", "schema", "output"):
        options = {"limit": OFF, "authenticate": OFF, "policy": OFF, "schema": OFF, "output": OFF}
        del options[missing]
        with pytest.raises(TypeError, match=missing):
            guard(action="x", resource="y", **options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="nobody can be authorized"):
        Desk(authenticate=OFF)
    with pytest.raises(ValueError, match="a schema is for what has been parsed"):
        Desk(parse=OFF)


def test_one_who_authenticates_nobody_lets_nobody_through() -> None:
    events = Desk(authenticate=lambda request: None, policy=OFF).refused(event(), Unauthenticated)

    assert events == [("10.0.0.1", "denied", "credentials", "authenticate")]


def test_who_keeps_trying_is_blocked_for_a_while() -> None:
    clock = FakeClock()
    desk = Desk(threat=Threat(threshold=3, block_for=60, clock=clock), limit=OFF, audit_allowed=False)
    for _ in range(3):
        desk.refused(event(), Unauthenticated)
    blocked = desk.refused(event(credentials=token()), RateLimited)
    clock.advance(60)
    desk.call(event(credentials=token()))  # type: ignore[arg-type]

    assert (len(blocked), blocked[-1], len(desk.calls)) == (4, ("10.0.0.1", "denied", "guard.limit", "limit"), 1)


def test_ten_thousand_good_calls_block_nobody() -> None:
    threat = Threat(threshold=1, clock=CLOCK)
    desk = Desk(
        threat=threat, limit=OFF, audit_allowed=False, authenticate=lambda request: Principal("ann", ["reader"])
    )
    for _ in range(10_000):
        desk.call(event())  # type: ignore[arg-type]

    assert (len(desk.calls), threat.score("10.0.0.1")) == (10_000, 0)


def test_what_cannot_be_written_down_is_not_done() -> None:
    def write(line: str) -> None:
        raise OSError

    desk = Desk(audit=Audit(write))
    with pytest.raises(GatewayError, match="the audit trail can't be written"):
        desk.call(event(credentials=token()))  # type: ignore[arg-type]
    with pytest.raises(Unauthenticated):
        desk.call(event())  # type: ignore[arg-type]

    assert desk.calls == []


def test_what_a_handler_raises_is_left_as_it_is() -> None:
    @guard(
        action="x",
        resource="y",
        limit=OFF,
        authenticate=OFF,
        policy=OFF,
        schema=OFF,
        output=OFF,
        audit=Audit(str),
    )
    def handler(request: Request) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        handler(event())  # type: ignore[arg-type]


def test_coroutines_are_guarded_as_well() -> None:
    lines: list[str] = []

    @guard(
        action="orders:read", resource="orders/1", limit=OFF, authenticate=bearer(KEY, clock=CLOCK), policy=POLICY,
        schema=OFF, output=redact, audit=Audit(lines.append),
    )  # fmt: skip
    async def handler(request: Request) -> object:
        await asyncio.sleep(0)
        return {"who": context.current().principal, "token": "x"}

    got = asyncio.run(handler(event(credentials=token())))  # type: ignore[arg-type]
    with pytest.raises(Unauthenticated):
        asyncio.run(handler(event()))  # type: ignore[arg-type]

    assert (got, len(lines), handler.__name__) == ({"who": "ann", "token": "[redacted]"}, 2, "handler")
