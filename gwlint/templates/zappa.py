"""Projects of Zappa: every stage of `zappa_settings` is one function."""

import re
from collections.abc import Iterator

from gwlint.templates.cloudformation import FUNCTION, Resource, describe
from gwlint.templates.evaluation import Evaluation
from gwlint.templates.facts import Template
from gwlint.templates.literals import as_list, mapping, text
from gwlint.templates.parse_yaml import parse
from gwlint.templates.values import Document, Entry, Mapping, Scalar, Sequence, Value, value_of

_ANCESTORS = 10
_STAGE = re.compile(rb"^[ \t]*\[[ \t]*[\"']?([\w-]+)[\"']?[ \t]*\]", re.MULTILINE)


def read(path: str, source: bytes) -> Template:
    """Return the function of every stage."""
    document = _parse_toml(source) if path.endswith(".toml") else parse(source)
    root = mapping(document.root)
    resources = [
        Resource(stage, entry.line or 1, stage, FUNCTION, _properties(_extended(stage, root)))
        for stage, entry in root.items()
        if isinstance(entry.value, Mapping)
    ]
    return describe(Evaluation(path, "zappa", document.complete, lambda value: value), resources, document.problem)


def _extended(stage: str, root: Mapping) -> Mapping:
    """Return what a stage says, and what the stages say that it extends."""
    own = mapping(root.get(stage))
    levels = [own]
    for _ in range(_ANCESTORS):
        above = text(levels[-1].get("extends"))
        if above is None:
            break
        levels.append(mapping(root.get(above)))
    joined = Mapping()
    for level in reversed(levels):
        joined = level.over(joined)
    return joined


def _properties(stage: Mapping) -> Mapping:
    size = stage.entry("ephemeral_storage")
    architecture = stage.entry("architecture")
    return Mapping().having(
        Handler=stage.entry("app_function") or stage.entry("lambda_handler"),
        Code=Scalar("."),
        Runtime=stage.entry("runtime"),
        MemorySize=stage.entry("memory_size"),
        Timeout=stage.entry("timeout_seconds"),
        EphemeralStorage=size,
        Architectures=as_list(architecture),
        Layers=stage.entry("layers"),
        Environment=_environment(stage),
        PackageType=_image(stage.entry("docker_image_uri")),
        Patterns=Sequence(tuple(_patterns(stage))),
    )


def _image(entry: Entry | None) -> Entry | None:
    return None if entry is None else entry._replace(value=Scalar("Image"))


def _environment(stage: Mapping) -> Entry | None:
    """Return the variables that Lambda is told of; those called `environment_variables` go into the package."""
    entry = stage.entry("aws_environment_variables")
    return None if entry is None else entry._replace(value=Mapping({"Variables": entry}))


def _patterns(stage: Mapping) -> Iterator[Value]:
    for key in ("exclude", "exclude_glob"):
        value = stage.get(key)
        for item in value.items if isinstance(value, Sequence) else ():
            glob = text(item)
            if glob is not None:
                yield Scalar(f"!{glob}")


def _parse_toml(source: bytes) -> Document:
    import tomli

    try:
        read = tomli.loads(source.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        return Document(None, False, f"line {line}: no valid TOML; not read")
    lines = {match[1].decode(): source.count(b"\n", 0, match.start(1)) + 1 for match in _STAGE.finditer(source)}
    # Everything in a stage has the line of the stage.
    stages = {name: Entry(value_of(stage, lines.get(name, 1)), lines.get(name, 1)) for name, stage in read.items()}
    return Document(Mapping(stages), True, None)
