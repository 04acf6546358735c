"""The resources that the Serverless Framework deploys for a service."""

from collections.abc import Iterator

from gwlint.templates.cloudformation import FUNCTION, LAYER_VERSION, Resource
from gwlint.templates.literals import listed, mapping, text
from gwlint.templates.values import Entry, Mapping, Scalar, Value


def service_resources(root: Mapping, complete: bool) -> Iterator[Resource]:
    """Yield the functions and layers of a service, none when it does not run on AWS.

    Unless the file is `complete`, its `package` may be missing: nothing is concluded from what is not there.
    """
    provider = root.get("provider")
    if not _is_aws(provider):
        return
    for name, (value, line) in _declared(root.get("layers")):
        yield Resource(name, line, _layer_name(name), LAYER_VERSION, _layer_version(mapping(value)))
    for name, (value, line) in _declared(root.get("functions")):
        properties = _function(mapping(value), mapping(provider))
        code = _code(mapping(value), mapping(root.get("package"))) if complete else None
        yield Resource(name, line, name, FUNCTION, properties.having(Code=code))


def _is_aws(provider: Value | None) -> bool:
    name = provider.get("name") if isinstance(provider, Mapping) else provider
    return text(name) in (None, "aws")


def _declared(value: Value | None) -> Iterator[tuple[str, Entry]]:
    """Yield what is declared by name: in one mapping or, the way several files are put together, in a list of them."""
    for part in (value, *listed(value)):
        yield from mapping(part).items()


def _layer_name(name: str) -> str:
    """Return the logical name that the framework gives a layer."""
    name = name.replace("-", "Dash").replace("_", "Underscore")
    return f"{name[:1].upper()}{name[1:]}LambdaLayer"


def _layer_version(layer: Mapping) -> Mapping:
    return Mapping().having(Content=layer.get("path"), CompatibleRuntimes=layer.get("compatibleRuntimes"))


def _function(function: Mapping, provider: Mapping) -> Mapping:
    return Mapping().having(
        Handler=function.get("handler"),
        Runtime=function.get("runtime") or provider.get("runtime"),
        Layers=function.get("layers") or provider.get("layers"),
    )


def _code(function: Mapping, package: Mapping) -> Value | None:
    """Return the folder that becomes the root: the service's, or the `module` of serverless-python-requirements.

    That plugin moves the content of the module to the root, provided that functions are packaged individually.
    """
    packages = (mapping(function.get("package")), package)
    if function.get("handler") is None or any(part.get("artifact") for part in packages):
        return None
    is_moved = any(_is_on(part.get("individually")) for part in packages)
    return (is_moved and function.get("module")) or Scalar(".")


def _is_on(switch: Value | None) -> bool:
    """Whether a switch is on, or may be: nobody names a module that is to stay where it is."""
    return switch is not None and (text(switch) or "").lower() != "false"
