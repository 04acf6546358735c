"""gwlint's own layers, as `pyproject.toml` declares them, hold for gwlint."""

from contextlib import closing
from datetime import date
from pathlib import Path

from gwlint.cache import Cache
from gwlint.check import check
from gwlint.config import Config, load
from gwlint.report import Report
from tests.projects import REPOSITORY, write


def checked(config: Config) -> Report:
    with closing(Cache(None)) as cache:
        return check(config, cache, 2, lambda _done, _total: None, today=date.today())


def test_gwlint_has_nothing_to_say_about_itself() -> None:
    report = checked(load(REPOSITORY))

    # One is silenced: what the runtime preloads is whatever its caller names.
    assert (report.findings, report.suppressed, report.notices) == ((), 1, ())


def test_a_module_without_a_place_would_be_noticed(tmp_path: Path) -> None:
    settings = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    sources = {
        path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8")
        for path in (REPOSITORY / "gwlint").rglob("*.py")
    }
    added = {"gwlint/helpers.py": "", "gwlint/model.py": "import gwlint.cli\n" + sources["gwlint/model.py"]}
    write(tmp_path, {"pyproject.toml": settings, "fixtures/x.py": "", **sources, **added})

    assert {(one.path, one.rule) for one in checked(load(tmp_path)).findings} >= {
        ("gwlint/helpers.py", "GW005"),
        ("gwlint/model.py", "GW110"),
    }
