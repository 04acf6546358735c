"""What the linter knows of the reference runtime: its manifest, read as data. The runtime itself is never imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import msgspec
import tomli

RUNTIME = Path(__file__).parent / "runtime"
FILE = RUNTIME / "contract.toml"


class Gateway(msgspec.Struct, frozen=True):
    """A gateway of the runtime: its internals, what it offers by name with signatures, and what it alone may use.

    `owns` are names of modules, or of what is in them; `clients` are AWS services that it alone has a client of.
    """

    internals: tuple[str, ...]
    names: Mapping[str, str]
    owns: tuple[str, ...]
    clients: tuple[str, ...]


class Contract(msgspec.Struct, frozen=True):
    """All gateways of the runtime, the foundations below them, and which module needs which others of the package.

    `conventions` are names of modules that serve as foundations wherever there are gateways by the runtime's names.
    """

    gateways: Mapping[str, Gateway]
    foundations: tuple[str, ...]
    conventions: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]

    def closure(self, modules: Iterable[str]) -> tuple[str, ...]:
        """Return some modules and all that they need, sorted."""
        found: set[str] = set()
        waiting = list(modules)
        while waiting:
            module = waiting.pop()
            if module not in found:
                found.add(module)
                waiting.extend(self.needs[module])
        return tuple(sorted(found))


@cache
def contract() -> Contract:
    """Return the manifest of the runtime that is installed with the linter."""
    return msgspec.convert(tomli.loads(FILE.read_text(encoding="utf-8")), Contract)
