"""Which function an event is for: by method and path, or by what it comes from."""

from __future__ import annotations

from .errors import Invalid
from .lambda_batch import STREAMS, batch
from .lambda_events import HTTP_KINDS, kind_of, request_of
from .lambda_paths import Paths
from .lambda_response import Problem, Response, answer_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    from .lambda_events import Request

    Function = TypeVar("Function", bound=Callable[..., Any])  # Any: whatever it returns
    Event = Mapping[str, Any]  # Any: JSON


class Router:
    """Functions by what they are for. Called with an event, as Lambda does, it calls one and returns its answer.

    Functions for paths are given a `Request`, and the parameters of the path by name: `{name}` is one part of it,
    `{name+}` all that is left. What they return is a `Response`, or the body of one. Parts that are written out go
    before parameters. `prefix` is left out of every path. Functions for records are called with one at a time.
    """

    def __init__(self, *, prefix: str = "") -> None:
        self._prefix = prefix.rstrip("/")
        self._paths = Paths()
        self._sources: dict[str, dict[tuple[str, ...], Callable[..., Any]]] = {}  # Any: whatever these return

    def route(self, method: str, path: str) -> Callable[[Function], Function]:
        """Return a decorator for the function of a method and a path. Raises ValueError where there is one already."""

        def decorate(function: Function) -> Function:
            self._paths.add(method.upper(), path, function)
            return function

        return decorate

    def get(self, path: str) -> Callable[[Function], Function]:
        """Return a decorator for what GET does, and HEAD, too."""
        return self.route("GET", path)

    def post(self, path: str) -> Callable[[Function], Function]:
        """Return a decorator for what POST does."""
        return self.route("POST", path)

    def put(self, path: str) -> Callable[[Function], Function]:
        """Return a decorator for what PUT does."""
        return self.route("PUT", path)

    def patch(self, path: str) -> Callable[[Function], Function]:
        """Return a decorator for what PATCH does."""
        return self.route("PATCH", path)

    def delete(self, path: str) -> Callable[[Function], Function]:
        """Return a decorator for what DELETE does."""
        return self.route("DELETE", path)

    def sqs(self, queue: str = "") -> Callable[[Function], Function]:
        """Return a decorator for the messages of a queue, by its name, or of every other one. See `batch`."""
        return self._source("sqs", queue)

    def kinesis(self, stream: str = "") -> Callable[[Function], Function]:
        """Return a decorator for the records of a stream, by its name, or of every other one. See `batch`."""
        return self._source("kinesis", stream)

    def dynamodb(self, table: str = "") -> Callable[[Function], Function]:
        """Return a decorator for what changes in a table, by its name, or in every other one. See `batch`."""
        return self._source("dynamodb", table)

    def sns(self, topic: str = "") -> Callable[[Function], Function]:
        """Return a decorator for the messages of a topic, by its name, or of every other one."""
        return self._source("sns", topic)

    def s3(self, bucket: str = "") -> Callable[[Function], Function]:
        """Return a decorator for what happens in a bucket, by its name, or in every other one."""
        return self._source("s3", bucket)

    def schedule(self, rule: str = "") -> Callable[[Function], Function]:
        """Return a decorator for a rule or a schedule, by its name, or for every other one."""
        return self._source("schedule", rule)

    def eventbridge(self, source: str = "", detail_type: str = "") -> Callable[[Function], Function]:
        """Return a decorator for events of a source, or a type, or both; the most that is said goes first."""
        return self._source("eventbridge", source, detail_type)

    def __call__(self, event: Any, *_: object) -> Any:  # Any: as Lambda calls it
        """Call the function that an event is for. Raises `Invalid` where there is none, unless it came over HTTP."""
        # A guard hands on what it has checked, with the event within.
        checked = None if isinstance(event, dict) else event
        given: Any = event if checked is None else getattr(event, "event", None)  # Any: JSON
        kind = kind_of(given)
        if kind in HTTP_KINDS:
            request = request_of(given)
            request.checked = checked
            return self.answer(request).rendered(kind, given)
        if kind == "sqs" or kind in STREAMS:
            return batch(given, self._found(kind, _name(kind, given["Records"][0])))
        if kind in ("s3", "sns"):
            for record in given["Records"]:
                self._found(kind, _name(kind, record))(record)
            return None
        if kind == "eventbridge":
            return self._found(kind, given["source"], given["detail-type"])(given)
        if kind == "schedule":
            return self._found(kind, _last(next(iter(given.get("resources") or ()), "")))(given)
        raise Invalid("nothing is known about events of this kind", "", "route")

    def answer(self, request: Request) -> Response:
        """Return the answer to a request. What a function raises is raised, problems are answered."""
        try:
            return self._answered(request)
        except Problem as problem:
            return answer_to(problem, "")

    def _answered(self, request: Request) -> Response:
        path = request.path
        if self._prefix and f"{path}/".startswith(f"{self._prefix}/"):
            path = path[len(self._prefix) :]
        methods, values = self._paths.find(path)
        if not methods:
            raise Problem(404)
        method = "GET" if request.method == "HEAD" and "HEAD" not in methods else request.method
        if method not in methods:
            allowed = ", ".join(sorted({*methods, "OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))
            if method == "OPTIONS":
                return Response(None, 204, headers={"Allow": allowed})
            raise Problem(405, headers={"Allow": allowed})
        names, function = methods[method]
        request.parameters = dict(zip(names, values, strict=True))
        result = function(request, **request.parameters)
        answer = result if isinstance(result, Response) else Response(result, 204 if result is None else 200)
        return answer.without_body() if request.method == "HEAD" else answer

    def _source(self, kind: str, *key: str) -> Callable[[Function], Function]:
        def decorate(function: Function) -> Function:
            functions = self._sources.setdefault(kind, {})
            if functions.setdefault(key, function) is not function:
                raise ValueError(f"there is a function for {kind} {' '.join(key).strip() or 'of any name'} already")
            return function

        return decorate

    def _found(self, kind: str, *key: str) -> Callable[..., Any]:  # Any: whatever it returns
        functions = self._sources.get(kind, {})
        candidates = (key, (key[0], ""), ("", key[-1]), ("", "")) if len(key) == 2 else (key, ("",))
        for one in candidates:
            if one in functions:
                return functions[one]
        raise Invalid(f"nothing is known about {kind} {' '.join(key)}", "", "route")


def _name(kind: str, record: Event) -> str:
    """Return what a record comes from: a queue, a stream, a table, a topic, or a bucket."""
    if kind == "s3":
        return str(_part(_part(record, "s3"), "bucket").get("name", ""))
    if kind == "sns":
        return str(_part(record, "Sns").get("TopicArn", "")).rpartition(":")[2]
    arn = str(record.get("eventSourceARN", ""))
    if kind == "dynamodb":
        return arn.partition("table/")[2].partition("/")[0]
    return arn.rpartition("/" if kind == "kinesis" else ":")[2]


def _part(record: Event, name: str) -> Event:
    part = record.get(name, {})
    return part if isinstance(part, dict) else {}


def _last(arn: str) -> str:
    return arn.rpartition("/")[2]
