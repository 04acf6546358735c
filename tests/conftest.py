import os
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"

# Where packages are installed is part of what functions take: tests must not depend on who runs them.
os.environ.pop("VIRTUAL_ENV", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what is printed into tests/golden/")
    parser.addoption("--update-contract", action="store_true", help="write the manifest of the runtime anew")


class Golden:
    """Files with whole outputs, as they should be."""

    def __init__(self, update: bool) -> None:
        self._update = update

    def text(self, name: str, got: str | None = None) -> str:
        """Return what should have been printed; with --update-golden, that is what was."""
        if self._update and got is not None:
            (GOLDEN / name).write_text(got, encoding="utf-8")
        return (GOLDEN / name).read_text(encoding="utf-8")


@pytest.fixture
def golden(pytestconfig: pytest.Config) -> Golden:
    return Golden(pytestconfig.getoption("--update-golden"))
