"""Measure what shared libraries take that start threads of their own: these wait for work busily for a while.

Nothing that the modules do says so, for it goes on next to them. It is the difference between an import with as many
threads as there are processors, and one with a single thread.
"""

from collections.abc import Callable
from pathlib import Path

from collect import trace

from gwlint.footprint.measuring import LAMBDA_ENVIRONMENT, measure

_ALONE = {"OPENBLAS_NUM_THREADS": "1"}
_STATEMENTS = (("numpy", "import numpy"), ("scipy", "import scipy.linalg"))
_MARK = "openblas"


def waiting_ms(interpreter: Callable[[str], Path], runs: int) -> dict[str, float]:
    """Return the CPU time that each library spends waiting. The second statement pays for the first one's, too."""
    found: dict[str, float] = {}
    for name, statement in _STATEMENTS:
        python = interpreter(name)
        many, one = (
            measure(python, code=statement, runs=runs, environment={**LAMBDA_ENVIRONMENT, **more}).cpu_ms
            for more in ({}, _ALONE)
        )
        libraries = {library for _, library, _ in trace(python, "memory", "", [statement]).libraries}
        new = sorted(library for library in libraries if _MARK in library and library not in found)
        rest = max(0.0, many - one - sum(found[library] for library in libraries & found.keys()))
        found.update({library: rest / len(new) for library in new})
    return found
