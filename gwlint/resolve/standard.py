"""The standard library, where a file of the project has the same name."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from gwlint.resolve.search import Found, Missing
from gwlint.stdlib import LOADED_AT_START, is_standard

_FOLDER = Path(os.__file__).parent


class Standard:
    """Decides between a file of the project and a module that is loaded before any file could be."""

    def __init__(self, names_of: Callable[[str], frozenset[str]]) -> None:
        """`names_of` returns the names that a file of the project defines."""
        self._names_of = names_of

    def wins(self, module: str, found: Found | Missing, taken: frozenset[str]) -> bool:
        """Tell whether `module` is the standard library's although the project has it.

        It is, unless every name that the importer takes from it exists in the project's file alone.
        """
        top, _, rest = module.partition(".")
        if top not in LOADED_AT_START:
            return False
        if rest or not taken or not isinstance(found, Found) or found.path is None:
            return True
        return not taken <= self._names_of(found.path) - _standard_names(top)

    @staticmethod
    def has_submodule(module: str) -> bool:
        """Tell whether a dotted name is a submodule of the standard library, such as `logging.handlers`."""
        if "." not in module or not is_standard(module):
            return False
        # Looked up as files: finding the module would import its package, maybe the project's of that name.
        inside = _FOLDER.joinpath(*module.split("."))
        return module == "os.path" or inside.with_suffix(".py").is_file() or (inside / "__init__.py").is_file()


def _standard_names(module: str) -> frozenset[str]:
    """Return the names in a module that is loaded at start. Nothing else may be loaded for it, least of all by name."""
    # Those that this process may do without; the others have been loaded on the way here. `pwd` is missing on Windows.
    import atexit  # noqa: F401
    import faulthandler  # noqa: F401
    import gc  # noqa: F401
    import json  # noqa: F401
    import logging  # noqa: F401
    import math  # noqa: F401
    import string  # noqa: F401
    import threading  # noqa: F401
    import traceback  # noqa: F401
    from contextlib import suppress

    with suppress(ImportError):
        import pwd  # noqa: F401

    return frozenset(dir(sys.modules[module])) if module in sys.modules else frozenset()
