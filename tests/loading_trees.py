"""Trees of modules on disk: what is found to be loaded of them, and what an interpreter loads."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from gwlint.cache import Cache
from gwlint.footprint.closure import closure
from gwlint.footprint.environment import Environment, SearchFolder, Target
from gwlint.footprint.kept import Modules
from gwlint.footprint.loads import Closure
from gwlint.footprint.sources import Sources

_RUN = """
import json, sys
sys.path[:0] = sys.argv[2:]
before = set(sys.modules)
import importlib
importlib.import_module(sys.argv[1])
loaded = {name: getattr(module, "__file__", None) for name, module in sys.modules.items() if name not in before}
roots = tuple(sys.argv[2:])
paths = {name: file or next(iter(getattr(sys.modules[name], "__path__", [""])), "") for name, file in loaded.items()}
print(json.dumps(sorted(name for name, path in paths.items() if path.startswith(roots))))
"""


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for path, source in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(source, encoding="utf-8")
    return folder


def environment(
    project: Path, site: Path | None = None, python: tuple[int, int] = (3, 12), *, is_complete: bool = True
) -> Environment:
    folders = [SearchFolder(str(project), "project", precedes=True)]
    folders += [SearchFolder(str(site), "package")] if site is not None else []
    return Environment(folders, Target(python), is_complete=is_complete)


def loaded(
    project: Path,
    site: Path | None = None,
    *,
    python: tuple[int, int] = (3, 12),
    module: str = "main",
    is_complete: bool = True,
    asked: Callable[[str], tuple[str, ...] | None] = lambda _: None,
    modules: Modules | None = None,
) -> Closure:
    with closing(Cache(None)) as cache:
        found = environment(project, site, python, is_complete=is_complete)
        return closure(module, found, Sources(cache, 1), asked, modules)


def names(found: Closure) -> list[str]:
    """Return the modules of the project and of packages that are loaded, in order."""
    return [load.module for load in found.loads if load.origin in ("project", "package")]


def really_loaded(*folders: Path, module: str = "main") -> list[str] | None:
    """Return what a fresh interpreter has loaded from some folders; nothing where it fails."""
    command = [sys.executable, "-I", "-S", "-c", _RUN, module, *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return sorted(json.loads(done.stdout)) if done.returncode == 0 else None
