import os
import sys
import tarfile
import zipfile
from pathlib import Path
from subprocess import run

import pytest

from tests.projects import REPOSITORY, gwlint, write

HATCHLING = (sys.executable, "-m", "hatchling", "build", "--directory")


def in_package() -> set[str]:
    files = (path for path in (REPOSITORY / "gwlint").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(REPOSITORY).as_posix() for path in files}


def pages() -> set[str]:
    return {file.name for file in (REPOSITORY / "rules").iterdir()}


def test_the_wheel_holds_the_whole_package_the_pages_of_the_rules_and_nothing_else(tmp_path: Path) -> None:
    run([*HATCHLING, tmp_path, "--target", "wheel"], cwd=REPOSITORY, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}

    assert {
        "gwlint/py.typed",
        *(f"gwlint/schemas/{name}.schema.json" for name in ("check", "config", "graph")),
    } <= names
    assert names == in_package() | {f"gwlint/pages/{page}" for page in pages()}


def test_an_installed_gwlint_has_the_pages_of_its_rules(tmp_path: Path) -> None:
    run([*HATCHLING, tmp_path, "--target", "wheel"], cwd=REPOSITORY, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    command = [sys.executable, "-m", "gwlint", "rule", "--all"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    installed = run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)

    assert installed.stdout.decode() == gwlint("rule", "--all").out


NO_NETWORK = ("Connection", "connection", "Temporary failure", "No matching distribution")


def test_a_wheel_in_an_empty_environment_checks(tmp_path: Path) -> None:
    run([*HATCHLING, tmp_path, "--target", "wheel"], cwd=REPOSITORY, check=True, capture_output=True)
    run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True, capture_output=True)
    programs = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    (wheel,) = tmp_path.glob("*.whl")
    install = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--retries=0", str(wheel)]
    installed = run(install, capture_output=True, text=True)
    if any(said in installed.stderr for said in NO_NETWORK):
        pytest.skip("the dependencies can't be fetched")
    project = write(tmp_path / "project", {"cache.py": "", "cache_core.py": "", "app.py": ""})
    clean = run([programs / "gwlint", "check"], cwd=project, env={}, capture_output=True, text=True)
    write(project, {"app.py": "import cache_core\n"})
    found = run([programs / "gwlint", "check", "-q"], cwd=project, env={}, capture_output=True, text=True)

    assert installed.returncode == 0, installed.stderr
    assert (clean.returncode, clean.stderr) == (0, "")
    assert (found.returncode, found.stderr) == (1, "")
    assert (
        found.stdout
        == "app.py:1:1: GW101 `app` imports `cache_core`, an internal of `cache`; import `cache` [warning]\n"
    )


def test_the_source_distribution_can_be_tested(tmp_path: Path) -> None:
    run([*HATCHLING, tmp_path, "--target", "sdist"], cwd=REPOSITORY, check=True, capture_output=True)
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert in_package() | {f"rules/{page}" for page in pages()} <= names
    assert {"tests/test_package.py", "tests/golden/orders.json", "fixtures/orders/template.yaml"} <= names


def test_ci_runs_the_test_command_of_the_readme() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()
    setups = [line for line in readme if line.startswith("python3 -m venv")]

    assert len(setups) == 2
    assert setups[1] in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8").splitlines()
