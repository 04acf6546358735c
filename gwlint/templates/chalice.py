"""Projects of Chalice: `.chalice/config.json`, by stage, and the functions that `app.py` declares by decorators."""

import posixpath
import re
from collections.abc import Callable, Iterator

from gwlint.templates.cloudformation import FUNCTION, Resource, describe
from gwlint.templates.evaluation import Evaluation
from gwlint.templates.facts import Template
from gwlint.templates.literals import as_list, mapping
from gwlint.templates.parse_yaml import parse
from gwlint.templates.values import Entry, Mapping, Scalar, Sequence, Value

_API_HANDLER = "api_handler"
_DEFAULT_STAGE = "dev"
_FUNCTION = re.compile(
    r"^@\w+\.(?:lambda_function|schedule|authorizer|on_\w+)\b[^\n]*\n(?:(?!def |async def )[^\n]*\n){0,40}?def (\w+)",
    re.MULTILINE,
)
_OWN_NAME = re.compile(r"""\bname\s*=\s*["'](\w+)["']""")
_ROUTE = re.compile(r"^@\w+\.route\b", re.MULTILINE)
_WEBSOCKET = "on_ws_"
_SHIPPED = ("!**", "app.py", "chalicelib/**", "vendor/**")
"""What of the project goes into the package, dependencies apart; the content of `vendor` at the top of it."""


def read(path: str, source: bytes, others: Callable[[str], bytes]) -> Template:
    """Return the functions of every stage."""
    document = parse(source)
    root = mapping(document.root)
    project = posixpath.dirname(posixpath.dirname(path))
    code = others(posixpath.join(project, "app.py")).decode("utf-8", "replace").replace("\r\n", "\n")
    names = dict(_functions(code))
    stages = dict(mapping(root.get("stages")).items()) or {_DEFAULT_STAGE: Entry(Mapping(), 1)}
    resources = [
        Resource(
            f"{stage}-{name}", entry.line, f"{stage}-{name}", FUNCTION, _properties(root, entry.value, name, handler)
        )
        for stage, entry in stages.items()
        for name, handler in names.items()
    ]
    return describe(Evaluation(path, "chalice", document.complete, lambda value: value), resources, document.problem)


def _resource(name: str, line: int, properties: Mapping) -> Resource:
    return Resource(name, line, name, FUNCTION, properties)


def _functions(code: str) -> Iterator[tuple[str, str]]:
    """Yield functions by name, with what Lambda is told to call: `app` itself for routes, which share one function."""
    own = [(match[0], match[1]) for match in _FUNCTION.finditer(code) if _WEBSOCKET not in match[0].partition("\n")[0]]
    if _ROUTE.search(code) or not own:
        yield _API_HANDLER, "app.app"
    for decorator, function in own:
        name = _OWN_NAME.search(decorator)
        yield name[1] if name else function, f"app.{function}"


def _properties(root: Mapping, stage: Value, name: str, handler: str) -> Mapping:
    """Return what holds for a function: what its stage says of it, else of all, else what is said of all stages."""
    levels = [level for one in (mapping(stage), root) for level in (_own(one, name), one)]

    def entry(key: str) -> Entry | None:
        return next((found for level in levels if (found := level.entry(key)) is not None), None)

    variables = [found for level in reversed(levels) if (found := level.entry("environment_variables")) is not None]
    return Mapping().having(
        Handler=Scalar(handler),
        Code=Scalar(".."),
        MemorySize=entry("lambda_memory_size"),
        Timeout=entry("lambda_timeout"),
        EphemeralStorage=_within(entry("lambda_ephemeral_storage"), "Size"),
        Layers=entry("layers"),
        Architectures=as_list(entry("lambda_architecture") or entry("architecture")),
        Environment=_environment(variables),
        Patterns=Sequence(tuple(map(Scalar, _SHIPPED))),
    )


def _own(level: Mapping, name: str) -> Mapping:
    return mapping(mapping(level.get("lambda_functions")).get(name))


def _environment(levels: list[Entry]) -> Entry | None:
    """Return the variables of all levels in one, those of the last level first."""
    if not levels:
        return None
    joined: dict[str, Entry] = {}
    for one in levels:
        joined.update(mapping(one.value).items())
    return levels[-1]._replace(value=Mapping({"Variables": Entry(Mapping(joined), levels[-1].line)}))


def _within(entry: Entry | None, key: str) -> Entry | None:
    return None if entry is None else entry._replace(value=Mapping({key: entry}))
