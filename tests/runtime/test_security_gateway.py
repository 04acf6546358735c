import subprocess
import sys

import pytest

from gwlint.runtime import security

HEAVY = (
    "asyncio", "concurrent.futures", "dataclasses", "decimal", "email", "hashlib", "hmac", "http.client", "inspect",
    "multiprocessing", "secrets", "socket", "ssl", "typing", "urllib",
)  # fmt: skip


def loaded(statement: str) -> list[str]:
    code = f"import sys\n{statement}\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-S", "-c", code], check=True, capture_output=True, text=True)
    return run.stdout.split()


@pytest.mark.parametrize(
    "statement",
    [
        "import gwlint.runtime.security",
        "from gwlint.runtime.security import redact; redact({'password': 'x', 'mail': 'a@b.org'})",
        "from gwlint.runtime.security import RateLimiter, rate_limit; rate_limit('x', 1)",
        "from gwlint.runtime.security import *",
    ],
)
def test_loads_nothing_heavy_before_it_is_needed(statement: str) -> None:
    assert loaded(statement) == []


def test_every_name_is_there() -> None:
    got = {name: getattr(security, name) for name in security.__all__}

    assert (dir(security), [name for name, value in got.items() if value is None]) == (sorted(security.__all__), [])
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        security.nothing  # noqa: B018  asking is the test
