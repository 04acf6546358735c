"""Configurations of Terraform: functions as resources, or as calls of the module that most people use for them.

A folder is a module. What is called from another folder is read as often as it is called, with the values it gets.
"""

import posixpath
import re
from collections.abc import Iterator
from collections.abc import Mapping as Files
from typing import NamedTuple

from gwlint.templates.cloudformation import FUNCTION, LAYER_VERSION, Resource, describe
from gwlint.templates.evaluation import Evaluation
from gwlint.templates.facts import Template
from gwlint.templates.literals import listed, literal, mapping, text
from gwlint.templates.parse_hcl import blocks, merged, parse_terraform
from gwlint.templates.values import Document, Entry, Mapping, Scalar, Sequence, Value

_DEPTH = 6
_STEPS = 20_000
_LONGEST = 8192
_LONGEST_SOURCE = 300
_MARKERS = (b"aws_lambda_function", b"modules/lambda/aws", b"terraform-aws-lambda")
_META = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})
"""What a call of a module says about the call itself."""

_LOCAL_SOURCE = re.compile(rb'"?source"?\s*[=:]\s*"(\.\.?/[^"]*)"')
_PUBLIC_MODULE = re.compile(
    r"(registry\.terraform\.io/)?terraform-aws-modules/lambda/aws(//.*)?|.*terraform-aws-lambda(\.git)?.*"
)
_EXPRESSION = re.compile(r"\$\{([^${}]*)\}")
_TERM = re.compile(r"(var|local|path)\.([\w-]+)((?:\.[\w-]+|\[\"[^\"]*\"\]|\[[0-9]+\])*)")
_KEY = re.compile(r"\.([\w-]+)|\[\"([^\"]*)\"\]|\[([0-9]+)\]")
_ARCHIVE = re.compile(r"data\.archive_file\.([\w-]+)\.(?:output_path|output_file)")
_LAYER_ARN = re.compile(r"(aws_lambda_layer_version\.[\w-]+)\.(?:arn|id|layer_arn)")
_MODULE_LAYER_ARN = re.compile(r"(module\.[\w-]+)\.lambda_layer_arn")


def read_terraform(files: Files[str, bytes]) -> tuple[Template, ...]:
    """Return what the files of all configurations say, by their paths. Raises nothing."""
    relevant = _relevant(files)
    documents = {
        path: parse_terraform(files[path], path) for path in sorted(files) if posixpath.dirname(path) in relevant
    }
    folders: dict[str, list[Document]] = {}
    for path, document in documents.items():
        folders.setdefault(posixpath.dirname(path), []).append(document)
    modules = {folder: merged(one.root for one in several) for folder, several in folders.items()}
    called = {target for folder, own in modules.items() for target in _called(folder, own)}
    templates = []
    for folder in sorted(folders.keys() - called):
        first = next(path for path in documents if posixpath.dirname(path) == folder)
        templates.append(_configuration(first, modules, all(one.complete for one in folders[folder])))
    problems = [Template(path, problem=one.problem) for path, one in documents.items() if one.problem]
    # Without the library, no file can be read, for the same reason.
    distinct = {one.problem if "pip install" in (one.problem or "") else one.path: one for one in reversed(problems)}
    return (*templates, *sorted(distinct.values(), key=lambda one: one.path))


def _relevant(files: Files[str, bytes]) -> set[str]:
    """Return the folders that have to do with functions, themselves or in what they call."""
    found = {posixpath.dirname(path) for path, content in files.items() if any(one in content for one in _MARKERS)}
    calls = [
        (
            posixpath.dirname(path),
            posixpath.normpath(posixpath.join(posixpath.dirname(path), source.decode("utf-8", "replace"))),
        )
        for path, content in files.items()
        for source in _LOCAL_SOURCE.findall(content)
    ]
    for _ in range(_DEPTH):
        found |= {folder for folder, target in calls if target in found}
    return found


Blocks = dict[str, tuple[Mapping, ...]]


def _labelled(own: Blocks, kind: str, *labels: str) -> Iterator[tuple[str, Entry]]:
    """Yield the blocks of a kind, with these labels first, by their last one."""
    found = own.get(kind, ())
    for label in labels:
        found = tuple(inner for one in found for inner in blocks(one.get(label)))
    for one in found:
        yield from ((name, entry) for name, entry in one.items() if blocks(entry.value))


def _called(folder: str, own: Blocks) -> Iterator[str]:
    for _, entry in _labelled(own, "module"):
        for call in blocks(entry.value):
            target = _local(folder, literal(call.get("source")) or "")
            if target is not None:
                yield target


def _local(folder: str, source: str) -> str | None:
    if not source.startswith(("./", "../")):
        return None
    target = posixpath.normpath(posixpath.join(folder, source))
    return "" if target == "." else target


def _configuration(path: str, modules: dict[str, Blocks], complete: bool) -> Template:
    folder = posixpath.dirname(path)
    run = _Run(modules)
    module = _Module(modules[folder], {}, ".", "", run)
    resources = [*module.resources(), *(one for inner in run.inner(folder, module, 0) for one in inner.resources())]
    return describe(Evaluation(path, "terraform", complete, lambda value: value), resources, None)


class _Run:
    """What is left of the work that one configuration may take, and the modules it can call."""

    def __init__(self, modules: dict[str, Blocks]) -> None:
        self._modules = modules
        self.left = _STEPS

    def inner(self, folder: str, module: "_Module", depth: int) -> Iterator["_Module"]:
        """Yield the modules that one calls, and those that these call."""
        for name, entry in module.calls():
            for call in blocks(entry.value):
                target = _local(folder, literal(call.get("source")) or "")
                if target is None or target not in self._modules or depth >= _DEPTH or self.left < 0:
                    continue
                self.left -= 1
                given = {key: _sealed(module.resolve(value)) for key, (value, _, _) in call.items() if key not in _META}
                way = posixpath.relpath(target or ".", folder or ".")
                place = posixpath.normpath(posixpath.join(module.place, way))
                called = _Module(self._modules[target], given, place, f"{module.prefix}{name}.", self)
                yield called
                yield from self.inner(target, called, depth + 1)


class _Archive(NamedTuple):
    """What a zip file is made of: a folder, and the globs that say what of it."""

    folder: Value
    patterns: tuple[Value, ...]


class _Module:
    """One folder with the values that it is called with.

    `place` is the folder, seen from that of the configuration; `prefix` are the names of the calls that lead to it.
    """

    def __init__(self, own: Blocks, given: dict[str, Value], place: str, prefix: str, run: _Run) -> None:
        self.place = place
        self.prefix = prefix
        self._own = own
        self._said = Evaluation("", "terraform", True, self.resolve)
        self._given = given
        self._run = run
        self._variables = {name: blocks(entry.value)[0] for name, entry in _labelled(own, "variable")}
        self._locals = {name: value for one in own.get("locals", ()) for name, (value, _, _) in one.items()}

    def calls(self) -> Iterator[tuple[str, Entry]]:
        """Yield the calls of modules."""
        return _labelled(self._own, "module")

    def resources(self) -> Iterator[Resource]:
        """Yield functions and layers."""
        for name, entry in _labelled(self._own, "resource", "aws_lambda_function"):
            yield self._resource(name, entry, FUNCTION, self._function(blocks(entry.value)[0]))
        for name, entry in _labelled(self._own, "resource", "aws_lambda_layer_version"):
            layer = self._layer(blocks(entry.value)[0])
            yield self._resource(name, entry, LAYER_VERSION, layer, f"aws_lambda_layer_version.{name}")
        for name, entry in self.calls():
            call = blocks(entry.value)[0]
            if _is_public(literal(call.get("source")) or ""):
                yield from self._public(name, entry, call)

    def _public(self, name: str, entry: Entry, call: Mapping) -> Iterator[Resource]:
        if (text(self._said.value(call, "create_layer")) or "false") == "true":
            place = Mapping().having(Content=self._source_path(call).folder)
            yield self._resource(name, entry, LAYER_VERSION, place, f"module.{name}")
        elif (text(self._said.value(call, "create_function")) or "true") == "true":
            yield self._resource(name, entry, FUNCTION, self._public_function(call))

    def _resource(self, name: str, entry: Entry, kind: str, properties: Mapping, logical_name: str = "") -> Resource:
        called = f"{self.prefix}{logical_name or name}"
        return Resource(f"{self.prefix}{name}", entry.line or 1, called, kind, properties, entry.path)

    def _function(self, block: Mapping) -> Mapping:
        archive = self._archive(block)
        return self._common(block, archive).having(
            EphemeralStorage=self._nested(block, "ephemeral_storage", "size", "Size"),
            Environment=self._nested(block, "environment", "variables", "Variables"),
        )

    def _public_function(self, call: Mapping) -> Mapping:
        size, variables = (
            self._said.entry(call, "ephemeral_storage_size"),
            self._said.entry(call, "environment_variables"),
        )
        return self._common(call, self._source_path(call)).having(
            EphemeralStorage=None if size is None else size._replace(value=Mapping({"Size": size})),
            Environment=None if variables is None else variables._replace(value=Mapping({"Variables": variables})),
        )

    def _common(self, block: Mapping, archive: _Archive) -> Mapping:
        return Mapping().having(
            Handler=self._said.entry(block, "handler"),
            Runtime=self._said.entry(block, "runtime"),
            MemorySize=self._said.entry(block, "memory_size"),
            Timeout=self._said.entry(block, "timeout"),
            Architectures=self._said.entry(block, "architectures"),
            PackageType=self._said.entry(block, "package_type"),
            Layers=self._layers(block),
            Code=archive.folder,
            Patterns=Sequence(archive.patterns),
        )

    def _layer(self, block: Mapping) -> Mapping:
        runtimes = self._said.entry(block, "compatible_runtimes")
        return Mapping().having(Content=self._archive(block).folder, CompatibleRuntimes=runtimes)

    def _layers(self, block: Mapping) -> Entry | None:
        entry = self._said.entry(block, "layers")
        if entry is None or not isinstance(entry.value, Sequence):
            return entry
        return entry._replace(value=Sequence(tuple(map(self._layer_reference, entry.value.items))))

    def _layer_reference(self, item: Value) -> Value:
        said = literal_template(item)
        found = _LAYER_ARN.search(said) or _MODULE_LAYER_ARN.search(said)
        return item if found is None else Scalar(f"{self.prefix}{found[1]}", "!Ref")

    def _nested(self, block: Mapping, name: str, key: str, meaning: str) -> Entry | None:
        outer = block.entry(name)
        inner = blocks(outer.value if outer else None)
        if outer is None or not inner:
            return None if outer is None else outer
        entry = self._said.entry(inner[0], key)
        return None if entry is None else outer._replace(value=Mapping({meaning: entry}))

    def _archive(self, block: Mapping) -> _Archive:
        """Return what the file of a function is made of."""
        found = _ARCHIVE.search(literal_template(block.get("filename")))
        if found is None:
            # A zip file, a bucket or an image: made elsewhere.
            return _Archive(Scalar("${}"), ())
        for name, entry in _labelled(self._own, "data", "archive_file"):
            if name == found[1]:
                return self._archived(blocks(entry.value)[0])
        return _Archive(Scalar("${}"), ())

    def _archived(self, block: Mapping) -> _Archive:
        folder, file = self._said.value(block, "source_dir"), text(self._said.value(block, "source_file"))
        if folder is not None:
            excludes = filter(None, map(text, listed(self._said.value(block, "excludes"))))
            return _Archive(folder, tuple(Scalar(f"!{glob}") for glob in excludes))
        if file is not None:
            name = posixpath.basename(file)
            return _Archive(Scalar(posixpath.dirname(file) or "."), (Scalar("!**"), Scalar(name)))
        return _Archive(Scalar("${}"), ())

    def _source_path(self, call: Mapping) -> _Archive:
        value = self._said.value(call, "source_path")
        first = listed(value)[0] if listed(value) else value
        if isinstance(first, Mapping):
            first = self._said.value(first, "path")
        return _Archive(first if first is not None else Scalar("${}"), ())

    def resolve(self, value: Value, depth: int = 0) -> Value:
        """Return a value in which what is known of the variables is in their places; unknown text stays as it is."""
        self._run.left -= 1
        if depth > _DEPTH or self._run.left < 0:
            return value
        if isinstance(value, Sequence):
            return Sequence(tuple(self.resolve(item, depth + 1) for item in value.items))
        if isinstance(value, Mapping):
            return Mapping(
                {key: Entry(self.resolve(one, depth + 1), line, path) for key, (one, line, path) in value.items()}
            )
        whole = _EXPRESSION.fullmatch(value.text)
        if whole is not None:
            found = self._term(whole[1].strip(), depth)
            return value if found is None else found
        said = _EXPRESSION.sub(lambda match: self._replaced(match, depth), value.text)
        return Scalar(said, value.tag, value.plain) if len(said) <= _LONGEST else value

    def _replaced(self, match: re.Match[str], depth: int) -> str:
        found = self._term(match[1].strip(), depth)
        said = None if found is None else literal(found)
        return match[0] if said is None else said

    def _term(self, expression: str, depth: int) -> Value | None:
        """Return what a reference to a variable comes to; None where it is unknown, or another expression."""
        term = _TERM.fullmatch(expression)
        if term is None:
            return None
        source, name, rest = term[1], term[2], term[3]
        if source == "path":
            return {"module": Scalar(self.place), "root": Scalar("."), "cwd": Scalar(".")}.get(name)
        found = self._variable(name) if source == "var" else self._locals.get(name)
        for key in _KEY.finditer(rest):
            found = None if found is None else _at(self.resolve(found, depth + 1), key[1] or key[2], key[3])
        return None if found is None else self.resolve(found, depth + 1)

    def _variable(self, name: str) -> Value | None:
        if name in self._given:
            return self._given[name]
        entry = self._variables.get(name, Mapping()).entries.get("default")
        return None if entry is None else entry.value


def _is_public(source: str) -> bool:
    return len(source) <= _LONGEST_SOURCE and _PUBLIC_MODULE.fullmatch(source) is not None


def _sealed(value: Value) -> Value:
    """Return a value as another module gets it: what is unknown here must not be looked up there."""
    if isinstance(value, Sequence):
        return Sequence(tuple(map(_sealed, value.items)))
    if isinstance(value, Mapping):
        return Mapping({key: Entry(_sealed(one), line, path) for key, (one, line, path) in value.items()})
    return Scalar("${}") if "${" in value.text else value


def _at(value: Value, key: str | None, index: str | None) -> Value | None:
    if key is not None:
        return mapping(value).get(key)
    items = value.items if isinstance(value, Sequence) else ()
    return items[int(index)] if index and len(index) < len("1000") and int(index) < len(items) else None


def literal_template(value: Value | None) -> str:
    """Return the text of a value, with all that stands for something else in it."""
    return value.text if isinstance(value, Scalar) else ""
