"""Which modules are tests, and which are entry points."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet

from gwlint.discover.files import TOP
from gwlint.discover.ignore import Patterns
from gwlint.model import Surface
from gwlint.resolve import search
from gwlint.units import Deployment

_TEST_FILE = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")
_TEST_FOLDERS = ("tests", "test")
_HANDLER_MODULES = ("lambda_function", "lambda_handler")
_HANDLER = "lambda_handler"


class Tests:
    """The tests of a project: files named as tests, and folders of tests that are no product code themselves."""

    def __init__(self, deployment: Deployment, globs: Sequence[str]) -> None:
        """`globs` are the configuration's, like those of a `.gitignore`."""
        self._folders = tuple(
            f"{name}/" if root.path == TOP else f"{root.path}/{name}/"
            for root in deployment.roots
            if not root.package and not search.is_package(root.folder)
            for name in _TEST_FOLDERS
        )
        self._patterns = Patterns(globs)

    def has(self, path: str) -> bool:
        """Tell whether a file is a test."""
        name = posixpath.basename(path)
        return _TEST_FILE.fullmatch(name) is not None or path.startswith(self._folders) or self._patterns.cover(path)


def is_entry_point(path: str, name: str, defined: Collection[str], declared: AbstractSet[str]) -> bool:
    """Tell whether a module is run rather than imported: by a template, by the configuration, or by its own looks.

    `declared` holds names of modules and paths, `defined` the names that the module itself binds.
    """
    stem = posixpath.basename(path).removesuffix(".py")
    return not declared.isdisjoint({path, *designations(path, name)}) or stem in _HANDLER_MODULES or _HANDLER in defined


def handlers(
    path: str, name: str, surface: Surface, deployed: AbstractSet[tuple[str, str]], declared: AbstractSet[str]
) -> tuple[str, ...]:
    """Return the names in a module of what Lambda calls: by a template, by the configuration, or by its own looks.

    `deployed` pairs the paths of files with what templates call in them. `declared` holds names of modules and paths:
    of these, everything named as a handler is one.
    """
    by_template = {called for file, called in deployed if file == path}
    is_declared = not declared.isdisjoint({path, *designations(path, name)})
    by_name = {_HANDLER, "handler"} if is_declared else {_HANDLER}
    return tuple(sorted(by_template | {*surface.handlers} | (by_name & {*surface.names})))


def designations(path: str, name: str) -> set[str]:
    """Return the dotted names that a module goes by in settings: its own, and the one that its path spells."""
    spelled = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return {name, spelled}
