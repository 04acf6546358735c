"""Settings as TOML that could be a file of its own, with the source of each."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import NamedTuple

from gwlint.access import GROUPS, table
from gwlint.config.keys import key_of
from gwlint.config.model import (
    BudgetSettings,
    Config,
    DeclaredComponent,
    DeclaredFunction,
    Duplicates,
    LayersContract,
)
from gwlint.config.wording import joined, quoted

DEFAULT = "default"
_NO_KEYS = ("project", "source", "sources")


class Setting(NamedTuple):
    """What holds for a key: its value as TOML, and the file or the option it comes from, or `DEFAULT`.

    `text` is `None` for what is not in force and has no value that could be written.
    """

    key: str
    text: str | None
    source: str


def settings(config: Config) -> tuple[Setting, ...]:
    """Return what holds for every key, in a fixed order, and at the end for every cell of the access matrix."""
    sources = dict(config.sources)
    named = [field.name for field in fields(Config) if field.name not in (*_NO_KEYS, "access")]
    return (
        *(
            Setting(key, text, _source(sources.get(field, DEFAULT), key, text))
            for field in named
            for key, text in _entries(config, field, key_of(field))
        ),
        *_cells(config, sources.get("access", DEFAULT)),
    )


def _source(source: str, key: str, text: str | None) -> str:
    """Return where a value comes from: one that is missing in a table does not come from where the others do."""
    return DEFAULT if text is None and "." in key else source


def lines(config: Config) -> Iterator[str]:
    """Yield a line of TOML for every key, with its source as a comment."""
    for key, text, source in settings(config):
        said = f"# {key} is not set" if text is None else f"{key} = {text}"
        yield f"{said}  # {source if source == DEFAULT else f'from {source}'}"


def _cells(config: Config, source: str) -> Iterator[Setting]:
    named = {cell for key, _ in config.access for cell in GROUPS.get(key, (key,))}
    for cell, verdict in table(dict(config.access)).items():
        yield Setting(joined("access", cell), quoted(verdict), source if cell in named else DEFAULT)


def _entries(config: Config, field: str, key: str) -> Iterator[tuple[str, str | None]]:
    """Yield the key of a field with its value as TOML, or those that the field has below it."""
    if field == "components":
        yield from _components(key, config.components)
    elif field in ("budgets", "duplicates"):
        held: BudgetSettings | Duplicates = getattr(config, field)
        for one in fields(held):
            yield joined(key, one.name.replace("_", "-")), _text(getattr(held, one.name))
    elif field == "functions":
        yield from _functions(key, config.functions)
    elif field == "contracts":
        yield key, _array(map(_contract, config.contracts))
    elif field in ("extensions", "per_file_ignores", "severity"):
        yield from _below(key, getattr(config, field))
    elif field == "layers" and config.preset != "layers":
        yield key, None
    elif field == "roots":
        yield key, _text(config.roots or ())
    else:
        yield key, _text(getattr(config, field))


def _components(key: str, components: tuple[DeclaredComponent, ...]) -> Iterator[tuple[str, str | None]]:
    if not components:
        yield key, "{}"
    for component in components:
        path = joined(key, component.name)
        yield f"{path}.gateway", quoted(component.gateway)
        if component.package:
            yield f"{path}.package", _text(component.package)
        else:
            yield f"{path}.internals", _text(component.internals)


def _functions(key: str, functions: tuple[DeclaredFunction, ...]) -> Iterator[tuple[str, str | None]]:
    if not functions:
        yield key, "{}"
    for function in functions:
        path = joined(key, function.name)
        said = {one.name: getattr(function, one.name) for one in fields(DeclaredFunction) if one.name != "name"}
        known = {field: value for field, value in said.items() if value is not None}
        if not known:
            yield path, "{}"
        for field, value in known.items():
            yield f"{path}.{field.replace('_', '-')}", _text(value)


def _contract(contract: LayersContract) -> str:
    entries = {
        "name": quoted(contract.name),
        "type": quoted("layers"),
        "layers": _array(quoted(" | ".join(line)) for line in contract.layers),
        "exhaustive": _text(contract.exhaustive),
        **({"guidance": quoted(contract.guidance)} if contract.guidance else {}),
    }
    return f"{{ {', '.join(f'{key} = {text}' for key, text in entries.items())} }}"


def _below(key: str, entries: tuple[tuple[str, object], ...]) -> Iterator[tuple[str, str | None]]:
    if not entries:
        yield key, "{}"
    for inner, value in entries:
        yield joined(key, inner), _text(value)


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    return _array(map(quoted, value)) if isinstance(value, tuple) else quoted(str(value))


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)


def _array(texts: Iterable[str]) -> str:
    return f"[{', '.join(texts)}]"
