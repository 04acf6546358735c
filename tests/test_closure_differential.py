"""Made-up packages: what is found to be loaded of them is what a fresh interpreter loads."""

import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.loading_trees import loaded, names, really_loaded, write

ORDER = ("c", "d", "b.x", "b.y", "b", "a.x.k", "a.x", "a.y", "a", "main")
"""Each module imports only those before it: what fails in a circle depends on who comes first."""

FILES = {"a": "a/__init__.py", "a.x": "a/x/__init__.py", "b": "b/__init__.py"}
TEMPLATES = (
    "import {m}",
    "import {m} as k",
    "from {m} import V",
    "from {m} import *",
    "try:\n    import {m}\nexcept ImportError:\n    import {n}",
    "try:\n    import {m}.nothing\n    import {n}\nexcept ImportError:\n    import {m}",
    "try:\n    from {m} import nothing\nexcept ImportError:\n    import {n}",
    "try:\n    import nothing\nexcept ValueError:\n    import {m}\nexcept Exception:\n    import {n}",
    "from contextlib import suppress\nwith suppress(ImportError):\n    import nothing\n    import {m}",
    "if TYPE_CHECKING:\n    import {m}",
    "if sys.version_info >= (3, 9) and not TYPE_CHECKING:\n    import {m}\nelse:\n    import {n}",
    "def f():\n    import {m}",
    "def f():\n    import {m}\nf()",
    "def f(x):\n    if x:\n        import {m}\n        return 1\n    import {n}\nf(0)",
    "class A:\n    import {m}\n    def f(self):\n        import {n}",
    "class A:\n    def __init__(self):\n        import {m}\nA()",
    "for name in ('{m}', '{n}'):\n    importlib.import_module(name)",
    "importlib.import_module('{m}')",
    "M = {{'k': '{m}'}}\ndef __getattr__(n):\n if n in M: return importlib.import_module(M[n])\n raise AttributeError",
    "import {m} as o\nk = getattr(o, 'k', None)",
    "import {m} as o\nif hasattr(o, 'W'):\n    import {n}\nW = 1",
    "{p}",
)
HEADER = "import importlib, sys\nfrom typing import TYPE_CHECKING\nV = 1\n"


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    """Return the files of some modules."""
    files = {}
    for place, module in enumerate(ORDER):
        body = [draw(statements(place)) for _ in range(draw(st.integers(0, 4)))] if place else []
        files[FILES.get(module, module.replace(".", "/") + ".py")] = HEADER + "\n".join(body) + "\n"
    return files


@st.composite
def statements(draw: st.DrawFn, place: int) -> str:
    """Return a statement of the module at some place."""
    template = draw(st.sampled_from(TEMPLATES))
    one, other = draw(st.sampled_from(ORDER[:place])), draw(st.sampled_from(ORDER[:place]))
    parent, _, name = one.rpartition(".")
    return template.format(m=one, n=other, p=f"from {parent} import {name}" if parent else f"import {one}")


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.filter_too_much])
@given(trees())
def test_the_same_is_loaded_as_by_an_interpreter(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = write(Path(folder).resolve(), files)
        expected = really_loaded(project)
        assume(expected is not None)

        assert sorted(names(loaded(project, python=sys.version_info[:2]))) == expected
