"""The transform of SAM, as far as code and layers of functions go."""

from collections.abc import Iterator

from gwlint.templates.cloudformation import FUNCTION, LAYER_VERSION, Resource, stack_resources
from gwlint.templates.literals import listed, mapping, text
from gwlint.templates.values import Mapping, Scalar, Sequence, Value


def transformed_resources(root: Mapping, complete: bool) -> Iterator[Resource]:
    """Yield the resources of a template, those of SAM as what they deploy.

    Unless the template is `complete`, defaults may be missing: nothing is concluded from what is not there.
    """
    defaults = mapping(mapping(root.get("Globals")).get("Function"))
    for resource in stack_resources(root):
        if resource.type == "AWS::Serverless::Function":
            yield resource._replace(type=FUNCTION, properties=_function(resource.properties, defaults, complete))
        elif resource.type == "AWS::Serverless::LayerVersion":
            yield resource._replace(type=LAYER_VERSION, properties=_layer_version(resource.properties))
        else:
            yield resource


def _function(own: Mapping, defaults: Mapping, complete: bool) -> Mapping:
    properties = own.over(defaults)
    code = properties.get("CodeUri") or (_default_code(properties) if complete else None)
    # Of a list, SAM adds up what `Globals` and the function say.
    layers = Sequence((*listed(defaults.get("Layers")), *listed(own.get("Layers"))))
    return properties.having(Code=code, Layers=layers)


def _default_code(properties: Mapping) -> Value | None:
    """Return the template's folder for a function that has a handler, and no code elsewhere."""
    is_elsewhere = properties.get("InlineCode") or text(properties.get("PackageType")) == "Image"
    return Scalar(".") if properties.get("Handler") and not is_elsewhere else None


def _layer_version(own: Mapping) -> Mapping:
    return own.having(Content=own.get("ContentUri"))
