"""Components, contracts and functions, as a file declares them."""

import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from gwlint.config import faults, values
from gwlint.config.files import Table
from gwlint.config.model import DeclaredComponent, DeclaredFunction, LayersContract
from gwlint.config.wording import in_quotes, joined, quoted, shown

_COMPONENTS = values.named(
    faults.title_fault,
    values.table(
        {
            "gateway": values.string(faults.module_fault),
            "internals": values.strings(faults.module_glob_fault),
            "package": values.boolean,
        },
        required={"gateway": "name the one module that others may import"},
    ),
)
_CONTRACT = values.table(
    {
        "name": values.string(faults.title_fault),
        "type": values.choice("layers"),
        "layers": values.lines_of_names(faults.module_glob_fault),
        "exhaustive": values.boolean,
        "guidance": values.string(faults.prose_fault),
    },
    required={
        "name": "give it one that no other contract has",
        "type": 'write type = "layers"',
        "layers": "name them from the top down",
    },
)


def component_problems(key: str, value: object) -> Iterator[str]:
    """Yield what is wrong with components: each by itself, and what two of them claim."""
    yield from _COMPONENTS(key, value)
    if isinstance(value, dict):
        tables = {word: held for word, held in value.items() if isinstance(held, dict)}
        yield from _shared_problems(key, tables)
        for word, component in tables.items():
            if component.get("package") is True and component.get("internals"):
                said = "has 'internals' beside package = true, which means the private modules; remove one of them"
                yield f"{in_quotes(joined(key, word))} {said}"


def components(value: dict[str, Table]) -> tuple[DeclaredComponent, ...]:
    """Return components that have no problems."""
    return tuple(
        DeclaredComponent(
            word, component["gateway"], tuple(component.get("internals", ())), component.get("package", False)
        )
        for word, component in value.items()
    )


def contract_problems(key: str, value: object) -> Iterator[str]:
    """Yield what is wrong with contracts, which are called by their names, or by number where these don't tell."""
    if not isinstance(value, list):
        yield f"{in_quotes(key)} must be a list of tables, not {shown(value)}; give each contract a table"
        return
    titles = Counter(title for title in map(_title, value) if title is not None)
    first: dict[str, str] = {}
    for number, contract in enumerate(value, 1):
        title, path = _title(contract), f"{key}[{number}]"
        if title is not None and titles[title] == 1:
            path = f"{key}[{quoted(title)}]"
        if title is not None and first.setdefault(title, path) != path:
            said = f"is {shown(title)}, the name of {in_quotes(first[title])}, too; choose another one"
            yield f"{in_quotes(f'{path}.name')} {said}"
        yield from _one_contract_problems(path, contract)


def contracts(value: list[Table]) -> tuple[LayersContract, ...]:
    """Return contracts that have no problems."""
    return tuple(
        LayersContract(
            name=contract["name"],
            layers=tuple(map(values.names_on, contract["layers"])),
            exhaustive=contract.get("exhaustive", False),
            guidance=" ".join(contract.get("guidance", "").split()),
        )
        for contract in value
    )


def function_check(project: Path) -> values.Check:
    """Make the check of functions: each has some keys, within the limits of Lambda."""
    folder = faults.root_fault(project)
    return values.named(
        faults.title_fault,
        values.table(
            {
                "handler": values.string(faults.handler_fault),
                "root": values.string(folder),
                "layers": values.strings(folder, normal=posixpath.normpath),
                "runtime": values.string(faults.runtime_fault),
                "architecture": values.choice("x86_64", "arm64"),
                "memory-mb": values.number(128, 10240, whole=True),
                "timeout-s": values.number(1, 900, whole=True),
                "environment-bytes": values.number(0, 1_000_000, whole=True),
                "ephemeral-mb": values.number(512, 10240, whole=True),
            }
        ),
    )


def functions(value: dict[str, Table]) -> tuple[DeclaredFunction, ...]:
    """Return functions that have no problems."""
    return tuple(
        DeclaredFunction(
            name=word,
            handler=function.get("handler"),
            root=posixpath.normpath(function["root"]) if "root" in function else None,
            layers=tuple(map(posixpath.normpath, function["layers"])) if "layers" in function else None,
            runtime=function.get("runtime"),
            architecture=function.get("architecture"),
            memory_mb=function.get("memory-mb"),
            timeout_s=function.get("timeout-s"),
            environment_bytes=function.get("environment-bytes"),
            ephemeral_mb=function.get("ephemeral-mb"),
        )
        for word, function in value.items()
    )


def _shared_problems(key: str, components: Mapping[str, Table]) -> Iterator[str]:
    """Yield the modules that two components lay claim to in the same words."""
    gateways: dict[str, str] = {}
    internals: dict[str, str] = {}
    for word, component in components.items():
        path = joined(key, word)
        for gateway in _strings_in([component.get("gateway")]):
            if (owner := gateways.setdefault(gateway, path)) != path:
                said = f"is {shown(gateway)}, the gateway of {in_quotes(owner)}, too; make them one component"
                yield f"{in_quotes(f'{path}.gateway')} {said}"
        for glob in _strings_in(component.get("internals")):
            if (owner := internals.setdefault(glob, path)) != path:
                said = f"holds {shown(glob)}, as {in_quotes(owner)} does; remove it from one of them"
                yield f"{in_quotes(f'{path}.internals')} {said}"


def _strings_in(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _title(contract: object) -> str | None:
    """Return the name of a contract, if it has one that can be used."""
    title = contract.get("name") if isinstance(contract, dict) else None
    return title if isinstance(title, str) and not faults.title_fault(title) else None


def _one_contract_problems(path: str, contract: object) -> Iterator[str]:
    if isinstance(contract, dict) and contract.get("type", "layers") != "layers":
        # What its other keys should be is anybody's guess.
        yield f"{in_quotes(f'{path}.type')} can't be {shown(contract['type'])}; 'layers' is the only type there is"
        return
    yield from _CONTRACT(path, contract)
