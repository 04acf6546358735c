"""Small projects, and what the rules about imports have to say of them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gwlint.codebase import Codebase
from gwlint.config import load
from gwlint.rules import RULES
from tests.building import build


def codebase(folder: Path, files: Mapping[str, str], **settings: Any) -> Codebase:  # Any: whatever `Config` takes
    """Write sources, and return their codebase under some settings."""
    project = build(folder, files)
    return Codebase(replace(load(folder), **settings), project, project.cycles, lambda _path: ())


def roles(asked: Codebase) -> dict[str, str]:
    """Return what every module is, by path: its role, and the component or extension it belongs to."""
    places = {module.path: asked.components.place(module.path) for module in asked.project.modules}
    return {
        path: " of ".join(filter(None, (place.role, place.component.name if place.component else place.extension)))
        for path, place in places.items()
    }


def objections(asked: Codebase) -> list[str]:
    """Say in a line each what the rules about single imports object to."""
    found = (finding for rule in RULES if rule.id.startswith("GW1") for finding in rule.check(asked))
    return [f"{one.path}:{one.at.line} {one.rule} {one.severity}" for one in sorted(found, key=lambda one: one.order)]
