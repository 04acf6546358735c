"""The command line in this process, with an answer made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from gwlint.cache import Cache
from gwlint.cli import main
from gwlint.config import Config
from gwlint.read import Progress
from gwlint.report import Report
from tests.projects import Ran
from tests.reports import REPORT, RULES


class Desk:
    """Runs the command line in this process, with some rules, and a report for the answer to every check."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.report = REPORT
        self.asked: list[tuple[Config, Mapping[str, bytes] | None]] = []
        self._monkeypatch = monkeypatch
        self._capture = capture
        monkeypatch.chdir(folder)
        monkeypatch.setattr("gwlint.rules.RULES", RULES)
        monkeypatch.setattr("gwlint.check.check", self._check)
        monkeypatch.setattr("gwlint.reporters.check_json.__version__", "1.2.3")
        for name in ("NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name, raising=False)

    def run(self, *arguments: str | Path) -> Ran:
        self._monkeypatch.setattr("sys.argv", ["gwlint", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            main()
        said = self._capture.readouterr()
        return Ran(int(end.value.code or 0), said.out, said.err)

    def _check(
        self,
        config: Config,
        cache: Cache,
        jobs: int,
        progress: Progress,
        *,
        today: date,
        overlay: Mapping[str, bytes] | None = None,
    ) -> Report:
        self.asked.append((config, overlay))
        return self.report
