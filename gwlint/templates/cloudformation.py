"""Resources of AWS Lambda, as CloudFormation describes them. What SAM and Serverless declare is made into such ones."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gwlint.templates.facts import FunctionTemplate, LayerTemplate, Template
from gwlint.templates.literals import folder, listed, mapping, may_be_python, reference, text
from gwlint.templates.values import Mapping

FUNCTION = "AWS::Lambda::Function"
LAYER_VERSION = "AWS::Lambda::LayerVersion"


class Resource(NamedTuple):
    """A resource: `name` and `line` are its key in the template, `logical_name` is what `Ref` calls it."""

    name: str
    line: int
    logical_name: str
    type: str | None
    properties: Mapping


def stack_resources(root: Mapping) -> Iterator[Resource]:
    """Yield the resources of a template."""
    for name, (value, line) in mapping(root.get("Resources")).items():
        resource = mapping(value)
        yield Resource(name, line, name, text(resource.get("Type")), mapping(resource.get("Properties")))


def describe(path: str, resources: Iterable[Resource], problem: str | None) -> Template:
    """Return the Python functions and layers among the resources of the template at `path`."""
    resources = tuple(resources)
    layers = {resource.logical_name: _layer(path, resource) for resource in resources if _is_layer(resource)}
    functions = (_function(path, resource, layers) for resource in resources if _is_function(resource))
    return Template(path, tuple(functions), tuple(layers.values()), problem)


def _is_layer(resource: Resource) -> bool:
    runtimes = listed(resource.properties.get("CompatibleRuntimes"))
    return resource.type == LAYER_VERSION and may_be_python(map(text, runtimes))


def _is_function(resource: Resource) -> bool:
    return resource.type == FUNCTION and may_be_python([text(resource.properties.get("Runtime"))])


def _layer(path: str, resource: Resource) -> LayerTemplate:
    return LayerTemplate(resource.name, path, resource.line, folder(path, resource.properties.get("Content")))


def _function(path: str, resource: Resource, layers: dict[str, LayerTemplate]) -> FunctionTemplate:
    properties = resource.properties
    references = filter(None, map(reference, listed(properties.get("Layers"))))
    contents = (layers[name].content for name in references if name in layers)
    return FunctionTemplate(
        name=resource.name,
        template=path,
        line=resource.line,
        handler=text(properties.get("Handler")),
        code=folder(path, properties.get("Code")),
        layers=tuple(filter(None, contents)),
        runtime=text(properties.get("Runtime")),
    )
