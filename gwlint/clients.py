"""Which calls make clients and sessions, what these cost, and where a project makes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gwlint.invocations import FIXED, OPEN, Invocations, Occurrence
from gwlint.model import NO_DEFINITION, Action, Argument, Span

AWS_CLIENT = "6 to 32 ms of CPU"
_SSL = "26 ms of CPU for its SSL context"
_SESSION = "72 ms of CPU and 8.5 MB with its first client"
_CONNECTION = "a new connection"

_BOTO_SESSIONS = frozenset(
    {
        "aioboto3.Session", "boto3.Session", "boto3.session.Session", "botocore.session.Session",
        "botocore.session.get_session",
    }
)  # fmt: skip
_MADE_BY_SESSIONS = ("client", "create_client", "resource")
_DEFAULT_SESSION = frozenset({"boto3.client", "boto3.resource"})

_COSTS = {
    "anthropic.Anthropic": _SSL,
    "anthropic.AnthropicBedrock": _SSL,
    "boto3.Session": _SESSION,
    "boto3.client": AWS_CLIENT,
    "boto3.resource": AWS_CLIENT,
    "boto3.session.Session": _SESSION,
    "botocore.session.Session": _SESSION,
    "botocore.session.get_session": _SESSION,
    "elasticsearch.Elasticsearch": _CONNECTION,
    "httpx.Client": _SSL,
    "openai.AzureOpenAI": _SSL,
    "openai.OpenAI": _SSL,
    "opensearchpy.OpenSearch": _CONNECTION,
    "pymongo.MongoClient": _CONNECTION,
    "redis.Redis": _CONNECTION,
    "redis.Redis.from_url": _CONNECTION,
    "redis.StrictRedis": _CONNECTION,
    "redis.from_url": _CONNECTION,
    "requests.Session": _CONNECTION,
    "requests.session": _CONNECTION,
    "requests.sessions.Session": _CONNECTION,
    "slack_sdk.WebClient": _SSL,
    "sqlalchemy.create_engine": "a new pool of connections",
    "ssl.create_default_context": "26 ms of CPU",
    "urllib3.PoolManager": "new connections",
}
"""What makes clients that belong to no event, and what each takes. Measured on CPython 3.12 and one whole CPU."""

_BOTO_SETTINGS = frozenset({"api_version", "config", "endpoint_url", "use_ssl", "verify"})
"""Arguments of boto3 that say nothing about whom the client acts for."""

_OWN_REGION = frozenset({"AWS_DEFAULT_REGION", "AWS_REGION"})


class Anew(NamedTuple):
    """A client that is made in every invocation: what makes it, at what cost, and in which function."""

    path: str
    function: str
    maker: str
    cost: str
    is_repeated: bool
    at: Span


class Site(NamedTuple):
    """A place where a session of boto3 is made, or where the default one is used first."""

    path: str
    at: Span
    maker: str
    settings: tuple[tuple[str, str], ...]

    @property
    def is_default(self) -> bool:
        """Whether it is the session that boto3 has anyway."""
        return self.maker in _DEFAULT_SESSION


class Second(NamedTuple):
    """A session that is made though there is one like it already, `first`."""

    site: Site
    first: Site
    handler: str


def made_anew(invocations: Invocations) -> Iterator[Anew]:
    """Yield the clients that every invocation makes, and that belong to no event."""
    for occurrence in invocations.repeated:
        maker = invocations.callee(occurrence)
        cost = _COSTS.get(maker) or _cost_of_sessions_client(invocations, occurrence, maker)
        if cost and not _belongs_to_the_event(invocations, occurrence, maker):
            path, action = occurrence
            function = invocations.function_of(occurrence)
            yield Anew(path, function, maker, cost, action.is_repeated, action.at)


def _cost_of_sessions_client(invocations: Invocations, occurrence: Occurrence, maker: str) -> str:
    """Return the cost of a client of a session that is kept; one that is made along with it is part of the session."""
    owner, _, method = maker.rpartition(".")
    if method not in _MADE_BY_SESSIONS or owner.removesuffix("()") not in _BOTO_SESSIONS or owner.startswith("aio"):
        return ""
    local = occurrence.action.local.rpartition(".")[0]
    meaning = invocations.callees.meant(occurrence.path, local)
    return AWS_CLIENT if meaning is not None and meaning.kind == "variable" else ""


def _belongs_to_the_event(invocations: Invocations, occurrence: Occurrence, maker: str) -> bool:
    """Tell whether what a client is made with differs from event to event, or may."""
    of_boto = maker.startswith(("boto3.", "botocore."))
    return any(_varies(invocations, occurrence, one, of_boto=of_boto) for one in occurrence.action.arguments)


def _varies(invocations: Invocations, occurrence: Occurrence, argument: Argument, *, of_boto: bool) -> bool:
    level = invocations.level_at(occurrence, argument)
    if level != OPEN:
        return level > FIXED
    # What a call returns that is given the same each time is mostly the same each time: a setting, a secret. The
    # credentials and the region of a client of AWS are the exception: an assumed role, one region after another.
    return bool(argument.origins) or (of_boto and argument.name not in _BOTO_SETTINGS)


def second_sessions(invocations: Invocations) -> Iterator[Second]:
    """Yield the sessions that a handler makes beside one like them, each once."""
    seen: set[tuple[str, Span]] = set()
    for handler, paths in invocations.closures():
        first: dict[tuple[tuple[str, str], ...], Site] = {}
        sites = [site for path in paths for site in _sites(invocations, path)]
        for site in sorted(sites, key=lambda one: not one.is_default):
            known = first.setdefault(site.settings, site)
            if known is not site and not site.is_default and (site.path, site.at) not in seen:
                seen.add((site.path, site.at))
                yield Second(site, known, handler)


def _sites(invocations: Invocations, path: str) -> Iterator[Site]:
    for occurrence in invocations.happening(path):
        maker, action = invocations.callee(occurrence), occurrence.action
        if maker in _DEFAULT_SESSION:
            yield Site(path, action.at, maker, ())
        elif maker in _BOTO_SESSIONS and _has_clients(invocations, occurrence):
            settings = _settings(invocations, occurrence)
            if settings is not None:
                yield Site(path, action.at, maker, settings)


def _settings(invocations: Invocations, occurrence: Occurrence) -> tuple[tuple[str, str], ...] | None:
    """Return what sets a session apart from the default one; None where that may be anything."""
    found: list[tuple[str, str]] = []
    for one in occurrence.action.arguments:
        if invocations.level_at(occurrence, one) > FIXED or not one.text or one.name.startswith("*"):
            return None
        is_own = one.name == "region_name" and any(f"'{name}'" in one.text for name in _OWN_REGION)
        if one.text != "None" and not is_own:
            found.append((one.name, one.text))
    return tuple(sorted(found))


def _has_clients(invocations: Invocations, occurrence: Occurrence) -> bool:
    """Tell whether somebody asks a session for a client."""
    holders = {
        (path, variable.name)
        for path, said in invocations.conducts.items()
        for variable in said.variables
        if path == occurrence.path and variable.at == occurrence.action.at
    }
    return any(
        _asks(invocations, path, action, occurrence, holders)
        for path, said in invocations.conducts.items()
        for action in said.actions
        if action.local.rpartition(".")[2] in _MADE_BY_SESSIONS
    )


def _asks(invocations: Invocations, path: str, action: Action, made: Occurrence, holders: set[tuple[str, str]]) -> bool:
    owner = action.local.rpartition(".")[0]
    meaning = invocations.callees.meant(path, owner)
    if meaning is not None and meaning.kind == "variable":
        return (meaning.path, meaning.name) in holders
    is_beside = path == made.path and action.within == made.action.within
    if is_beside and action.callee.rpartition(".")[0] == f"{made.action.callee}()":
        return True
    maker = invocations.callees.meant(path, owner.removesuffix("()")) if owner.endswith("()") else None
    if maker is None or maker.kind != "procedure" or made.action.within == NO_DEFINITION:
        return False
    return (maker.path, maker.name) == (made.path, invocations.function_of(made))
