"""The transform of SAM, as far as the code, the layers and the settings of functions go."""

from collections.abc import Iterator

from gwlint.templates.cloudformation import FUNCTION, LAYER_VERSION, Resource, stack_resources
from gwlint.templates.evaluation import Evaluation
from gwlint.templates.literals import listed, mapping, text
from gwlint.templates.values import Entry, Mapping, Scalar, Sequence, Value


def transformed_resources(root: Mapping, said: Evaluation) -> Iterator[Resource]:
    """Yield the resources of a template, those of SAM as what they deploy."""
    defaults = mapping(mapping(root.get("Globals")).get("Function"))
    for resource in stack_resources(root):
        if resource.type == "AWS::Serverless::Function":
            yield resource._replace(type=FUNCTION, properties=_function(resource.properties, defaults, said))
        elif resource.type == "AWS::Serverless::LayerVersion":
            yield resource._replace(type=LAYER_VERSION, properties=_layer_version(resource.properties))
        else:
            yield resource


def _function(own: Mapping, defaults: Mapping, said: Evaluation) -> Mapping:
    properties = own.over(defaults)
    code = properties.get("CodeUri") or (_default_code(properties, said) if said.complete else None)
    return properties.having(
        Code=code,
        Layers=_added(own.entry("Layers"), defaults.entry("Layers"), said),
        Environment=_joined(own.entry("Environment"), defaults.entry("Environment")),
        EphemeralStorage=_joined(own.entry("EphemeralStorage"), defaults.entry("EphemeralStorage")),
    )


def _added(own: Entry | None, default: Entry | None, said: Evaluation) -> Entry | None:
    """Return a list: SAM adds up what `Globals` and the function say."""
    if own is None or default is None:
        return own or default
    parts = [said.resolve(default.value), said.resolve(own.value)]
    if not all(isinstance(part, Sequence) and part.tag is None for part in parts):
        return own
    return own._replace(value=Sequence(tuple(item for part in parts for item in listed(part))))


def _joined(own: Entry | None, default: Entry | None) -> Entry | None:
    """Return a mapping: SAM lays what the function says over `Globals`, at every depth."""
    if own is None or default is None:
        return own or default
    if not isinstance(own.value, Mapping) or not isinstance(default.value, Mapping):
        return own
    inner = {
        name: joined
        for name, entry in own.value.items()
        if (joined := _joined(entry, default.value.entry(name))) is not None
    }
    return own._replace(value=Mapping(inner, (default.value,)))


def _default_code(properties: Mapping, said: Evaluation) -> Value | None:
    """Return the template's folder for a function that has a handler, and no code elsewhere."""
    is_elsewhere = properties.get("InlineCode") or text(said.value(properties, "PackageType")) == "Image"
    return Scalar(".") if properties.get("Handler") and not is_elsewhere else None


def _layer_version(own: Mapping) -> Mapping:
    return own.having(Content=own.get("ContentUri"))
