"""What is left out of a project by default: what tools keep, install or build in it."""

import os
from collections.abc import Set as AbstractSet

_VERSION_CONTROL = {".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", "CVS"}
_DEPENDENCIES = {
    ".venv",
    "__pypackages__",
    "site-packages",
    "dist-packages",
    ".eggs",
    "node_modules",
    "bower_components",
}
_BUILDS = {".aws-sam", ".serverless", ".terraform", "cdk.out", ".tox", ".nox"}
_CACHES = {
    *("__pycache__", ".gwlint_cache", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"),
    *(".pytype", ".pyre", ".ipynb_checkpoints"),
}

_FOLDERS = frozenset(_VERSION_CONTROL | _DEPENDENCIES | _BUILDS | _CACHES)

_FOLDER_SUFFIXES = (".egg-info", ".dist-info", ".egg")

_FOLDERS_UNLESS_PACKAGES = frozenset({"build", "dist", "venv", "_build"})
"""Build output and environments by custom, but also plain words: pypa has a package `build`, CPython one `venv`.

An `__init__.py` right in the folder tells them apart. Tools put none there (setuptools builds into
build/lib/<package>, dist has archives, an environment has bin and lib), a package has one by definition. Its parent
need not have one: src/build is a package too. A script that copies a whole package into build/ deceives this, but
then .gitignore has build/; and to read code twice is loud, while to skip code is silent.
"""

_FILE_PREFIXES = (".#", "._")
"""Emacs' locks, which are broken links, and macOS' resource forks: they have the suffix of the file they are for."""

_ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})


def is_junk(location: str, name: str, is_folder: bool) -> bool:
    """Say whether an entry of the folder at `location` is left out for its name."""
    if not is_folder:
        return name.startswith(_FILE_PREFIXES)
    if name in _FOLDERS_UNLESS_PACKAGES:
        return not os.path.lexists(f"{location}/{name}/__init__.py")
    return name in _FOLDERS or name.endswith(_FOLDER_SUFFIXES)


def is_environment(names: AbstractSet[str]) -> bool:
    """Say whether a folder that holds these names is a virtual or a conda environment, whatever it is called."""
    return not _ENVIRONMENT_MARKS.isdisjoint(names)
