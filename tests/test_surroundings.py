"""What a run goes by beside the files of its walk, and when it is asked again."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gwlint import check
from gwlint.answer import budgeted, codebase
from gwlint.cache import Cache
from gwlint.config import load
from gwlint.footprint import appraiser
from gwlint.footprint.estimates import Amount
from tests.projects import REPOSITORY, edit, write

HANDLER = "import big\n\n\ndef lambda_handler(event, context):\n    return big\n"
SETTINGS = "[budgets]\nsite-packages = 'packages'\nmemory-mb = 60\ninit-ms = 9000\n"
PROJECT = {"app.py": HANDLER, "gwlint.toml": SETTINGS, "packages/big.py": "A = 1\n"}
LARGE = "".join(f"def f{number}(a, b):\n    return a.b{number}(b)\n" for number in range(3_000))
SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.lambda_handler, CodeUri: ., Runtime: python3.12, MemorySize: 1024}
"""


def found(project: Path, code: str = "GW4") -> list[str]:
    """Check a project with the cache that it has, and return the codes of what is found."""
    config = replace(load(project), select=(code,))
    with closing(Cache(project / ".gwlint_cache")) as cache:
        report = check.check(config, cache, 1, lambda _done, _total: None, today=date(2026, 6, 1))
    return [finding.rule for finding in report.findings]


@pytest.fixture(autouse=True)
def without_active_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody estimate anything any more."""

    def refused(*_arguments: object) -> None:
        raise AssertionError

    monkeypatch.setattr(appraiser.FileAppraiser, "appraise", refused)


def test_what_is_known_is_not_estimated_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = found(write(tmp_path, PROJECT))
    refuse(monkeypatch)

    assert found(tmp_path) == before == []


def test_a_package_that_changes_is_seen(tmp_path: Path) -> None:
    before = found(write(tmp_path, {**PROJECT, "gwlint.toml": SETTINGS.replace("60", "38")}))
    edit(tmp_path, {"packages/big.py": LARGE})

    assert (before, found(tmp_path)) == ([], ["GW401"])


def test_a_package_that_comes_is_seen(tmp_path: Path) -> None:
    guarded = "try:\n    import other\nexcept ImportError:\n    other = None\n"
    settings = {"gwlint.toml": SETTINGS.replace("60", "38")}
    before = found(write(tmp_path, {**PROJECT, **settings, "packages/big.py": guarded}))
    edit(tmp_path, {"packages/other.py": LARGE})

    assert (before, found(tmp_path)) == ([], ["GW401"])


def test_another_environment_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"gwlint.toml": "[budgets]\nmemory-mb = 38\ninit-ms = 9000\n"}
    project = write(tmp_path / "project", {"app.py": HANDLER, **settings})
    for name, source in (("one", "A = 1\n"), ("two", LARGE)):
        files = {"pyvenv.cfg": "version = 3.12.1\n", "lib/python3.12/site-packages/big.py": source}
        write(tmp_path / name, files)
    codes = []
    for name in ("one", "two", "one"):
        monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / name))
        codes.append(found(project))

    assert codes == [[], ["GW401"], []]


def test_a_build_script_that_changes_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appraiser.FileAppraiser, "compiled_ms", lambda *_: Amount(90, 99, 110, 0, 0))
    files = {**PROJECT, "template.yaml": SAM, "Makefile": "build:\n\tsam build\n"}
    before = found(write(tmp_path, files), "GW409")
    edit(tmp_path, {"Makefile": "build:\n\tSOURCE_DATE_EPOCH=0 sam build\n"})
    after = found(tmp_path, "GW409")
    edit(tmp_path, {"Makefile": None})
    edit(tmp_path, {"scripts/build.sh": "python -m compileall --invalidation-mode unchecked-hash .\n"})

    assert (before, after, found(tmp_path, "GW409")) == (["GW409"], [], [])


def test_an_environment_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    assert found(write(tmp_path, {"app.py": HANDLER, "gwlint.toml": SETTINGS})) == []


LOADED = """\
import sys
from gwlint.cli import main
sys.argv[0] = "gwlint"
try:
    main()
finally:
    print({name for name in sys.modules if name.startswith("gwlint.footprint")} - {
        "gwlint.footprint", "gwlint.footprint.appraisals", "gwlint.footprint.estimates", "gwlint.footprint.literals"})
"""


def loaded(project: Path, *arguments: str) -> str:
    """Return which modules for estimates a check loads."""
    command = [sys.executable, "-c", LOADED, "check", str(project), "--no-cache", *arguments]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    return ran.stdout.strip().rpartition("\n")[2]


def test_nothing_is_estimated_where_there_is_no_function(tmp_path: Path) -> None:
    files = {"app.py": "import json\n\n\nclass A:\n    def handler(self, event, context): ...\n", "a/handler.py": ""}

    assert loaded(write(tmp_path, files)) == "set()"


def test_nothing_is_estimated_unless_a_rule_asks_for_it(tmp_path: Path) -> None:
    project = write(tmp_path, {**PROJECT, "template.yaml": SAM})

    assert loaded(project, "--select", "GW1,GW2,GW3,GW408") == "set()"
    assert "gwlint.footprint.estimator" in loaded(project, "--select", "GW401")


def taken(project: Path) -> list[tuple[str, float]]:
    """Return what the functions of a project take, with the cache that it has."""
    with closing(Cache(project / ".gwlint_cache")) as cache:
        functions = budgeted(load(project), cache, 1, lambda _done, _total: None, "table", "auto")
    return [(one.name, one.estimate.memory_mb.estimate) for one in functions if one.estimate is not None]


def test_what_functions_take_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = taken(write(tmp_path, PROJECT))
    edit(tmp_path, {"packages/big.py": LARGE})
    after = taken(tmp_path)
    refuse(monkeypatch)

    assert taken(tmp_path) == after != before


def test_functions_that_share_a_handler_share_what_it_imports_later(tmp_path: Path) -> None:
    lazy = "def lambda_handler(event, context):\n    import big\n    return big\n"
    bills = SAM.partition("Resources:\n")[2].replace("Orders", "Bills").replace("1024", "128")
    files = {"app.py": lazy, "gwlint.toml": SETTINGS, "packages/big.py": LARGE, "template.yaml": SAM + bills}
    config = load(write(tmp_path, files))
    with closing(Cache(None)) as cache:
        budgets = codebase(config, cache, 1, lambda _done, _total: None).budgets
        late = [(one.function.name, one.memory_mb, one.cost) for one in budgets.late_imports]

    assert [(name, memory) for name, memory, _ in late] == [("Orders", 1024), ("Bills", 128)]
    assert late[0][2] == late[1][2]
    assert late[0][2].estimate > 5


def test_what_is_known_of_packages_is_not_forgotten_with_the_files_of_the_project(tmp_path: Path) -> None:
    many = {b"%d" % number: b"fact" for number in range(1000)}
    with closing(Cache(tmp_path)) as cache:
        cache.keep_facts(many)
        cache.packages.keep_facts(many)
        cache.forget_facts([])

        assert (cache.facts([b"1"]), cache.packages.facts([b"1"])) == ({}, {b"1": b"fact"})
        cache.packages.forget_facts([b"2"])
        assert cache.packages.facts([b"1", b"2"]) == {b"2": b"fact"}
