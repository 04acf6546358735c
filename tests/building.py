"""Small projects on disk, and what becomes of them."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from gwlint.analysis import analyse
from gwlint.cache import Cache
from gwlint.config import load
from gwlint.model import ImportEdge
from gwlint.project import Module, Project

Links = Mapping[str, str]


def build(folder: Path, files: Mapping[str, str], links: Links | None = None) -> Project:
    """Write sources by path, and links to what they lead to, and analyse the project they make."""
    for path, source in files.items():
        _place(folder, path).write_text(source, encoding="utf-8")
    for path, target in (links or {}).items():
        _place(folder, path).symlink_to(target)
    with closing(Cache(None)) as cache:
        return analyse(load(folder), cache, 1, lambda _done, _total: None)


def function(name: str, code: str, *, handler: str = "main.handler", layers: str = "") -> str:
    """Return the lines of a function in a SAM template."""
    properties = f"CodeUri: {code}, Handler: {handler}, Runtime: python3.12, Layers: [{layers}]"
    return f"  {name}: {{Type: AWS::Serverless::Function, Properties: {{{properties}}}}}\n"


def layer(name: str, content: str) -> str:
    """Return the lines of a layer in a SAM template."""
    return f"  {name}: {{Type: AWS::Serverless::LayerVersion, Properties: {{ContentUri: {content}}}}}\n"


def template(*resources: str) -> str:
    """Return a SAM template."""
    return f"Transform: AWS::Serverless-2016-10-31\nResources:\n{''.join(resources)}"


def module(project: Project, path: str) -> Module:
    """Return a module by its path."""
    return next(one for one in project.modules if one.path == path)


def leads(project: Project, path: str) -> list[str]:
    """Say in a line each where the imports of a file lead, implicit ones apart."""
    resolution = module(project, path).resolution
    return [
        *(_edge(edge) for edge in resolution.edges),
        *(f"outside: {one.target}" for one in resolution.external),
        *(f"missing: {one.text}" for one in resolution.unresolved),
    ]


def implicit(project: Project, path: str) -> list[str]:
    """Return the packages that run on the way to what a file imports."""
    return [edge.target_path for edge in project.imports() if edge.path == path and edge.implicit]


def used(project: Project, path: str) -> list[str]:
    """Say where the attributes lead that a file reaches through its imports."""
    return [_edge(edge) for edge in module(project, path).resolution.uses]


def names(project: Project) -> dict[str, str]:
    """Return the names of all modules by their paths."""
    return {one.path: one.name for one in project.modules}


def _edge(edge: ImportEdge) -> str:
    return f"{edge.target_path}: {', '.join(edge.names)}" if edge.names else edge.target_path


def _place(folder: Path, path: str) -> Path:
    place = folder / path
    place.parent.mkdir(parents=True, exist_ok=True)
    return place
