"""The resources that the Serverless Framework deploys for a service."""

from collections.abc import Callable, Iterator

from gwlint.templates.cloudformation import FUNCTION, LAYER_VERSION, Resource
from gwlint.templates.evaluation import Evaluation
from gwlint.templates.literals import mapping, text
from gwlint.templates.values import Entry, Mapping, Scalar, Sequence, Value

_WSGI_HANDLERS = ("wsgi_handler.handler", "wsgi.handler")
_UNKNOWN = Scalar("${}")
"""Stands for what may be in a file that can't be read."""


def service_resources(root: Mapping, said: Evaluation) -> Iterator[Resource]:
    """Yield the functions and layers of a service, none when it does not run on AWS."""
    provider = said.entry(root, "provider")
    if not _is_aws(provider.value if provider else None, said):
        return
    for name, entry in _declared(said.value(root, "layers"), said):
        layer = _layer_version(mapping(said.resolve(entry.value)))
        yield Resource(name, entry.line, _layer_name(name), LAYER_VERSION, layer, entry.path)
    for name, entry in _declared(said.value(root, "functions"), said):
        function = said.resolve(entry.value)
        properties = _Function(function, entry, provider, said).properties()
        packages = (said.value(root, "package"), said.value(mapping(function), "package"))
        code = _code(mapping(function), packages, said) if said.complete else None
        app = _served(mapping(function), root, said)
        properties = properties.having(Handler=app, Code=code, Patterns=Sequence(tuple(_patterns(packages, said))))
        yield Resource(name, entry.line, name, FUNCTION, properties, entry.path)


def _served(function: Mapping, root: Mapping, said: Evaluation) -> Value | None:
    """Return the application behind the handler that serverless-wsgi adds to the package, and that nobody has here."""
    if text(said.value(function, "handler")) not in _WSGI_HANDLERS:
        return None
    return said.value(mapping(said.value(mapping(said.value(root, "custom")), "wsgi")), "app")


def _is_aws(provider: Value | None, said: Evaluation) -> bool:
    name = said.value(provider, "name") if isinstance(provider, Mapping) else provider
    return text(name) in (None, "aws")


def _declared(value: Value | None, said: Evaluation) -> Iterator[tuple[str, Entry]]:
    """Yield what is declared by name: in one mapping or, the way several files are put together, in a list of them."""
    for part in (value, *said.items(value)):
        yield from mapping(part).items()


def _layer_name(name: str) -> str:
    """Return the logical name that the framework gives a layer."""
    name = name.replace("-", "Dash").replace("_", "Underscore")
    return f"{name[:1].upper()}{name[1:]}LambdaLayer"


def _layer_version(layer: Mapping) -> Mapping:
    return Mapping().having(Content=layer.get("path"), CompatibleRuntimes=layer.get("compatibleRuntimes"))


class _Function:
    """One function: what it says itself, else what the provider says."""

    def __init__(self, own: Value, at: Entry, provider: Entry | None, said: Evaluation) -> None:
        """Take the function as it is declared `at` an entry, and the provider as far as there is one."""
        self._own = mapping(own)
        self._provider = mapping(provider.value if provider else None)
        self._said = said
        hidden = provider is not None and not isinstance(provider.value, Mapping) and text(provider.value) is None
        self._elsewhere = provider if hidden and provider else None
        if not isinstance(own, Mapping) and text(own) is None and own != Scalar("", plain=True):
            self._elsewhere = at._replace(value=_UNKNOWN)

    def properties(self) -> Mapping:
        """Return what the function comes to, in the words of CloudFormation."""
        return Mapping().having(
            Handler=self._own.entry("handler"),
            Runtime=self._own.entry("runtime") or self._provider.entry("runtime"),
            Layers=self._setting("layers"),
            MemorySize=self._setting("memorySize"),
            Timeout=self._setting("timeout"),
            Architectures=_wrapped(self._setting("architecture"), lambda one: Sequence((one.value,))),
            EphemeralStorage=_wrapped(self._setting("ephemeralStorageSize"), lambda one: Mapping({"Size": one})),
            Environment=_wrapped(self._environment(), lambda one: Mapping({"Variables": one})),
            PackageType=_wrapped(self._own.entry("image"), lambda _one: Scalar("Image")),
        )

    def _setting(self, key: str) -> Entry | None:
        return self._own.entry(key) or self._provider.entry(key) or self._elsewhere

    def _environment(self) -> Entry | None:
        own, common = (self._said.entry(part, "environment") for part in (self._own, self._provider))
        if own is None or common is None:
            return own or common or self._elsewhere
        if not isinstance(own.value, Mapping) or not isinstance(common.value, Mapping):
            return own._replace(value=_UNKNOWN)
        return own._replace(value=own.value.over(common.value))


def _wrapped(entry: Entry | None, wrap: Callable[[Entry], Value]) -> Entry | None:
    return None if entry is None else entry._replace(value=wrap(entry))


def _code(function: Mapping, packages: tuple[Value | None, ...], said: Evaluation) -> Value | None:
    """Return the folder that becomes the root: the service's, or the `module` of serverless-python-requirements.

    That plugin moves the content of the module to the root, provided that functions are packaged individually.
    """
    if function.get("handler") is None or any(said.value(mapping(part), "artifact") for part in packages):
        return None
    is_moved = any(_is_on(said.value(mapping(part), "individually")) for part in packages)
    return (is_moved and function.get("module")) or Scalar(".")


def _is_on(switch: Value | None) -> bool:
    """Whether a switch is on, or may be: nobody names a module that is to stay where it is."""
    return switch is not None and (text(switch) or "").lower() != "false"


def _patterns(packages: tuple[Value | None, ...], said: Evaluation) -> Iterator[Value]:
    """Yield what of the files is packaged, in the words of today: older services exclude and include."""
    for part in packages:
        for key, sign in (("exclude", "!"), ("include", ""), ("patterns", "")):
            globs = map(text, said.items(said.value(mapping(part), key)))
            yield from (Scalar(f"{sign}{glob}") for glob in globs if glob)
