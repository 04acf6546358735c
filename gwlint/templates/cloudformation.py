"""Resources of AWS Lambda, as CloudFormation describes them. What other tools declare is made into such ones."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeVar

from gwlint.templates.environment import measured
from gwlint.templates.evaluation import Evaluation
from gwlint.templates.facts import FunctionTemplate, LayerTemplate, Setting, StackTemplate, Template, Tool
from gwlint.templates.intrinsics import is_call, is_choice
from gwlint.templates.literals import file_in, folder, literal, mapping, may_be_python, number, reference, text
from gwlint.templates.values import NULL, Entry, Mapping, Sequence, Value

FUNCTION = "AWS::Lambda::Function"
LAYER_VERSION = "AWS::Lambda::LayerVersion"
_NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
"""The types of stacks in a stack, and which property says where the template is."""

_LAMBDA_MEMORY_MB = 128
_LAMBDA_TIMEOUT_S = 3
_LAMBDA_EPHEMERAL_MB = 512
_LAMBDA_ARCHITECTURE = "x86_64"

_MEMORY_MB: dict[Tool, int] = {"serverless": 1024, "zappa": 512}
_TIMEOUT_S: dict[Tool, int] = {"serverless": 6, "chalice": 60, "zappa": 30}
"""What a tool asks for where nobody says anything, by its documentation or its source. The rest leave it to Lambda."""

T = TypeVar("T")


class Resource(NamedTuple):
    """A resource: `name` and `line` are its key in the template, `logical_name` is what `Ref` calls it.

    `path` is the file it stands in, empty where that is the template.
    """

    name: str
    line: int
    logical_name: str
    type: str | None
    properties: Mapping
    path: str = ""
    metadata: Mapping = Mapping()


def stack_resources(root: Mapping) -> Iterator[Resource]:
    """Yield the resources of a template."""
    for name, (value, line, _) in mapping(root.get("Resources")).items():
        one = mapping(value)
        metadata = mapping(one.get("Metadata"))
        yield Resource(name, line, name, text(one.get("Type")), mapping(one.get("Properties")), metadata=metadata)


def describe(said: Evaluation, resources: Iterable[Resource], problem: str | None) -> Template:
    """Return the Python functions and layers among the resources of a template, and the templates it deploys."""
    resources = tuple(resources)
    layers = {one.logical_name: _layer(said, one) for one in resources if _is_layer(said, one)}
    functions = (_function(said, one, layers) for one in resources if _is_function(said, one))
    stacks = (_nested(said, one) for one in resources if one.type in _NESTED)
    return Template(
        said.path, tuple(functions), tuple(layers.values()), problem, tuple(one for one in stacks if one is not None)
    )


def _is_layer(said: Evaluation, resource: Resource) -> bool:
    if resource.type != LAYER_VERSION:
        return False
    runtimes = said.items(said.value(resource.properties, "CompatibleRuntimes"))
    return may_be_python(map(text, runtimes))


def _is_function(said: Evaluation, resource: Resource) -> bool:
    if resource.type != FUNCTION:
        return False
    return may_be_python([text(said.value(resource.properties, "Runtime"))])


def _layer(said: Evaluation, resource: Resource) -> LayerTemplate:
    content = folder(said.path, said.value(resource.properties, "Content"))
    return LayerTemplate(resource.name, resource.path or said.path, resource.line, content)


def _nested(said: Evaluation, resource: Resource) -> StackTemplate | None:
    place = said.value(resource.properties, _NESTED[resource.type or ""])
    path = file_in(said.path, place)
    if path is None:
        return None
    parameters = mapping(said.value(resource.properties, "Parameters"))
    given = ((name, literal(said.resolve(value))) for name, (value, _, _) in parameters.items())
    return StackTemplate(path, tuple(sorted(given)))


def _function(said: Evaluation, resource: Resource, layers: dict[str, LayerTemplate]) -> FunctionTemplate:
    properties = resource.properties
    place = resource.path or said.path
    stated = _Stated(said, properties, place)
    names = filter(None, map(reference, said.items(said.value(properties, "Layers"))))
    contents = (layers[name].content for name in names if name in layers)
    environment_bytes, environment_least = stated.environment()
    return FunctionTemplate(
        name=resource.name,
        template=place,
        line=resource.line,
        handler=text(said.value(properties, "Handler")),
        code=folder(said.path, said.value(properties, "Code")),
        layers=tuple(filter(None, contents)),
        runtime=text(said.value(properties, "Runtime")),
        tool=said.tool,
        memory_mb=stated.plain("MemorySize", number, _MEMORY_MB.get(said.tool, _LAMBDA_MEMORY_MB)),
        timeout_s=stated.plain("Timeout", number, _TIMEOUT_S.get(said.tool, _LAMBDA_TIMEOUT_S)),
        architecture=stated.architecture(),
        ephemeral_mb=stated.inner_number("EphemeralStorage", "Size", _LAMBDA_EPHEMERAL_MB),
        environment_bytes=environment_bytes,
        environment_least=environment_least,
        layer_count=stated.layers(),
        package=stated.plain("PackageType", text, "Zip"),
        patterns=tuple(filter(None, map(text, said.items(said.value(properties, "Patterns"))))),
    )


class _Stated:
    """The properties of one function as settings. `place` is the file that it stands in."""

    def __init__(self, said: Evaluation, properties: Mapping, place: str) -> None:
        self._said = said
        self._properties = properties
        self._place = place

    def plain(self, key: str, read: Callable[[Value], T | None], default: T) -> Setting[T]:
        entry = self._said.entry(self._properties, key)
        return self._default(default) if entry is None else self._set(read(entry.value), entry)

    def inner_number(self, key: str, inner: str, default: int) -> Setting[int]:
        outer = self._said.entry(self._properties, key)
        if outer is None:
            return self._default(default)
        entry = self._said.entry(mapping(outer.value), inner)
        return self._set(None, outer) if entry is None else self._set(number(entry.value), entry)

    def architecture(self) -> Setting[str]:
        entry = self._said.entry(self._properties, "Architectures")
        if entry is None:
            return self._default(_LAMBDA_ARCHITECTURE)
        items = self._said.items(entry.value)
        return self._set(text(items[0]) if len(items) == 1 else None, entry)

    def layers(self) -> Setting[int]:
        entry = self._said.entry(self._properties, "Layers")
        if entry is None:
            return self._default(0)
        if not isinstance(entry.value, Sequence) or entry.value.tag is not None:
            return self._set(None, entry)
        items = self._said.items(entry.value)
        return self._set(None if any(map(is_choice, items)) else len(items), entry)

    def environment(self) -> tuple[Setting[int], int]:
        """Return the bytes that all variables take, and those that are known."""
        outer = self._said.entry(self._properties, "Environment")
        if outer is None:
            return self._default(0), 0
        entry = self._said.entry(mapping(outer.value), "Variables")
        if entry is None or not isinstance(entry.value, Mapping) or is_call(entry.value):
            return self._set(None, outer), 0
        values = {name: self._said.resolve(value) for name, (value, _, _) in entry.value.items()}
        total, least = measured({name: literal(value) for name, value in values.items() if value is not NULL})
        return self._set(total, entry), least

    def _default(self, value: T) -> Setting[T]:
        return Setting(value if self._said.complete else None)

    def _set(self, value: T | None, entry: Entry) -> Setting[T]:
        path = entry.path or self._said.path
        return Setting(value, entry.line or 1, "" if path == self._place else path)
