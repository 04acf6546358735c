"""What is loaded when, each time in a fresh interpreter."""

import json
import subprocess
import sys

import pytest

import gwlint
from gwlint import runtime
from tests.projects import REPOSITORY

HEAVY = {
    "asyncio", "concurrent.futures", "dataclasses", "decimal", "email", "hashlib", "http.client", "inspect",
    "multiprocessing", "socket", "ssl", "typing", "urllib", "urllib.parse",
}  # fmt: skip
MOST_MODULES = 60
GATEWAYS = [name for name in runtime.__all__ if not name.startswith("__")]


def loaded(code: str) -> set[str]:
    """Return what some code loads beyond what a bare interpreter has loaded."""
    program = f"import sys; before = set(sys.modules); {code}; print(*sorted(set(sys.modules) - before))"
    ran = subprocess.run(
        [sys.executable, "-S", "-c", program], cwd=REPOSITORY, check=True, capture_output=True, text=True
    )
    return set(ran.stdout.split())


def ours(code: str) -> set[str]:
    return {name.removeprefix("gwlint.runtime").removeprefix(".") for name in loaded(code) if "gwlint.runtime" in name}


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_gateway_loads_nothing_heavy(name: str) -> None:
    modules = loaded(f"from gwlint.runtime import {name}")

    assert (modules & HEAVY, len(modules) <= MOST_MODULES) == (set(), True)


def test_all_of_them_load_nothing_heavy() -> None:
    modules = loaded("from gwlint.runtime import *")

    assert (modules & HEAVY, f"gwlint.runtime.{GATEWAYS[0]}" in modules) == (set(), True)


def test_the_package_alone_loads_no_gateway() -> None:
    assert ours("import gwlint.runtime; dir(gwlint.runtime)") == {""}


def test_only_what_is_asked_for_is_loaded() -> None:
    of_singleton = {"", "clock", "context", "errors", "flight", "singleton", "singleton_core"}

    assert ours("from gwlint.runtime import singleton") == of_singleton
    assert ours("import gwlint.runtime as runtime; runtime.singleton.reset") == of_singleton


def test_there_is_nothing_else() -> None:
    with pytest.raises(AttributeError, match=r"'gwlint\.runtime' has no attribute 'gone'"):
        _ = runtime.gone

    assert set(GATEWAYS) < set(dir(runtime))


def test_the_version_is_that_of_the_linter() -> None:
    assert runtime.__version__ == gwlint.__version__


def test_works_under_another_name() -> None:
    code = (
        "import importlib.util, json, sys;"
        "spec = importlib.util.spec_from_file_location('mine', 'gwlint/runtime/__init__.py');"
        "mine = importlib.util.module_from_spec(spec); sys.modules['mine'] = mine; spec.loader.exec_module(mine);"
        "mine.cache.Cache().set('a', 1);"
        "print(json.dumps([name for name in sys.modules if name.startswith('gwlint')]))"
    )
    ran = subprocess.run([sys.executable, "-S", "-c", code], cwd=REPOSITORY, check=True, capture_output=True, text=True)

    assert json.loads(ran.stdout) == []
