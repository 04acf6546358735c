"""Who may import whom: the cells of the access matrix, and what holds in each unless the settings say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Verdict = Literal["allow", "deny"]


class Cell(NamedTuple):
    """One cell: what holds by default, and the rule that reports an import it denies."""

    default: Verdict
    rule: str


CELLS: Mapping[str, Cell] = MappingProxyType(
    {
        "external-to-internal": Cell("deny", "GW101"),
        "external-to-extension": Cell("deny", "GW107"),
        "external-to-test": Cell("deny", "GW115"),
        "entry-point-to-extension": Cell("allow", "GW107"),
        "gateway-to-gateway": Cell("deny", "GW103"),
        "gateway-to-internal": Cell("deny", "GW102"),
        "gateway-to-external": Cell("deny", "GW114"),
        "gateway-to-extension": Cell("deny", "GW107"),
        "gateway-to-test": Cell("deny", "GW115"),
        "internal-to-own-gateway": Cell("deny", "GW104"),
        "internal-to-gateway": Cell("allow", "GW103"),
        "internal-to-internal": Cell("deny", "GW102"),
        "internal-to-external": Cell("deny", "GW114"),
        "internal-to-extension": Cell("deny", "GW107"),
        "internal-to-test": Cell("deny", "GW115"),
        "extension-to-gateway": Cell("allow", "GW103"),
        "extension-to-internal": Cell("deny", "GW101"),
        "extension-to-external": Cell("allow", "GW114"),
        "extension-to-extension": Cell("deny", "GW107"),
        "extension-to-test": Cell("deny", "GW115"),
        "config-to-gateway": Cell("deny", "GW103"),
        "config-to-internal": Cell("deny", "GW102"),
        "config-to-external": Cell("deny", "GW114"),
        "config-to-extension": Cell("deny", "GW107"),
        "config-to-test": Cell("deny", "GW115"),
    }
)
"""The cells by importer and imported. `gateway`, `internal` and `extension` on the right are another component's or
extension's. What is in no cell, such as a module's own extension or a component's own internals, is always allowed."""

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"component-to-external": ("gateway-to-external", "internal-to-external")}
)
"""Names that stand for several cells."""

TYPE_ONLY = "type-only"
"""The key that says whether imports for type checkers alone count."""


def table(settings: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Return what holds for every cell and for `type-only`. A cell's own setting goes before that of its group."""
    held: dict[str, Verdict] = {name: cell.default for name, cell in CELLS.items()}
    for group, cells in GROUPS.items():
        if group in settings:
            held.update(dict.fromkeys(cells, settings[group]))
    held.update({name: verdict for name, verdict in settings.items() if name in CELLS})
    held[TYPE_ONLY] = settings.get(TYPE_ONLY, "deny")
    return held
