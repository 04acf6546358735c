"""Which presets a project could be held to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from gwlint.components import Components
from gwlint.config import Config, ConfigError, Preset
from gwlint.layering import layerings
from gwlint.project import Project
from gwlint.proposal.wording import several

_ENOUGH_GATEWAYS = 2


class Fit(NamedTuple):
    """A preset, and why it fits."""

    preset: Preset
    why: str


def fitting(config: Config, project: Project) -> Iterator[Fit]:
    """Yield the presets whose names a project uses."""
    gateways = _gateways(replace(config, preset="gateway"), project)
    if len(gateways) >= _ENOUGH_GATEWAYS:
        yield Fit("gateway", f"{several(gateways)} are called like gateways of the reference runtime")
    if _gateways(replace(config, preset="universal"), project):
        yield Fit("universal", "one `gateway` stands before modules called `interface_*` or `*_core`")
    layered = replace(config, preset="layers", source="preset")
    try:
        found = layerings(layered, project, Components(layered, project))
    except ConfigError:
        return
    folders = several(layers.name for layers in found)
    yield Fit("layers", f"some of {', '.join(config.layers)} lie beside one another in {folders}")


def _gateways(config: Config, project: Project) -> list[str]:
    """Return the names of the gateways that a preset finds something behind."""
    components = Components(config, project).all
    return sorted({one.name for one in components if one.basis == "preset" and one.internals})
