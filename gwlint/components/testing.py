"""Which of the modules that are called like tests really are some."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from gwlint.project import Module

_NAMED_AS_TEST = re.compile(r"test_.*\.py|.*_test\.py")
_FRAMEWORKS = frozenset({"hypothesis", "nose", "pytest", "unittest"})


def actual_tests(modules: Sequence[Module]) -> Iterator[str]:
    """Yield the paths of the tests.

    A module of a package that production code imports, that uses no test framework and that has nothing but its name
    in common with tests is product code: a service may well have a call `test_state`.
    """
    called_so = {module.path for module in modules if module.is_test}
    packages = {
        posixpath.dirname(module.path) for module in modules if posixpath.basename(module.path) == "__init__.py"
    }
    imported = _imported_by_others(modules, called_so)
    for module in modules:
        if module.is_test and not (
            module.path in imported and _is_by_name(module.path, packages) and not _uses_a_framework(module)
        ):
            yield module.path


def _imported_by_others(modules: Sequence[Module], tests: set[str]) -> set[str]:
    """Return what production code imports, and what is imported in turn by that."""
    edges = {module.path: {edge.target_path for edge in module.resolution.edges} for module in modules}
    pending = [target for path, targets in edges.items() if path not in tests for target in targets & tests]
    reached: set[str] = set()
    while pending:
        path = pending.pop()
        if path not in reached:
            reached.add(path)
            pending.extend(edges.get(path, set()) & tests)
    return reached


def _is_by_name(path: str, packages: set[str]) -> bool:
    *folders, name = path.split("/")
    in_tests = not {"test", "tests"}.isdisjoint(folders)
    return not in_tests and "/".join(folders) in packages and _NAMED_AS_TEST.fullmatch(name) is not None


def _uses_a_framework(module: Module) -> bool:
    return any(one.target.partition(".")[0] in _FRAMEWORKS for one in module.resolution.external)
