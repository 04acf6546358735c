"""How a report looks in each form; what renders it is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from gwlint.cli import terminal
from gwlint.cli.repository import folder_in_repository
from gwlint.cli.sources import Sources
from gwlint.cli.target import Target

if TYPE_CHECKING:
    from gwlint.config import Config
    from gwlint.report import Report
    from gwlint.reporters.check_sarif import Description
    from gwlint.reporters.paint import Paint


class Forms:
    """Renders one report. Files are where they are in the project; for services, where they are in the repository."""

    def __init__(self, report: Report, target: Target, config: Config) -> None:
        """Take a report, what it is about, and the settings that held."""
        self._report = report
        self._target = target
        self._config = config
        self._renderings: dict[str, Callable[[], Iterable[bytes]]] = {
            "json": self._json,
            "jsonl": self._jsonl,
            "github": self._github,
            "gitlab": self._gitlab,
            "junit": self._junit,
            "checkstyle": self._checkstyle,
            "rdjson": self._rdjson,
            "markdown": self._markdown,
        }

    def document(self, form: str) -> Iterable[bytes]:
        """Return the pieces of a report for programs, except for SARIF."""
        return self._renderings[form]()

    def text(self, paint: Paint) -> Iterable[bytes]:
        """Return a report for people."""
        from gwlint.reporters import check_text

        return terminal.lines(check_text.render(self._report, self._names, Sources(self._target).lines, paint))

    def concise(self, paint: Paint) -> Iterable[bytes]:
        """Return a report of one line for each finding."""
        from gwlint.reporters import check_concise

        return terminal.lines(check_concise.render(self._report, paint))

    def sarif(self, category: str | None, *, with_silenced: bool) -> Iterable[bytes]:
        """Return a report as SARIF, and say how much GitHub would not take."""
        from gwlint.explain import home
        from gwlint.reporters import check_sarif

        left_out = check_sarif.left_out(self._report, with_silenced=with_silenced)
        if left_out:
            terminal.warn(
                f"sarif: {check_sarif.MOST_RESULTS} results are written, as GitHub takes no more; "
                f"{left_out} of the mildest are left out"
            )
        return check_sarif.render(
            self._in_repository,
            self._descriptions(),
            self._sources.lines,
            self._sources.content,
            home=home(self._config.docs_url),
            category=category,
            with_silenced=with_silenced,
        )

    def statistics(self, form: str) -> Iterable[bytes]:
        """Return how often each rule objects."""
        from gwlint.reporters import check_statistics

        render = check_statistics.render_json if form == "json" else check_statistics.render_text
        return render(self._report, self._names)

    def _json(self) -> Iterable[bytes]:
        from gwlint.reporters import check_json

        return check_json.render(self._report, self._names)

    def _jsonl(self) -> Iterable[bytes]:
        from gwlint.reporters import check_jsonl

        return check_jsonl.render(self._report, self._names)

    def _github(self) -> Iterable[bytes]:
        from gwlint.reporters import check_github

        return terminal.lines(check_github.render(self._in_repository, self._names))

    def _gitlab(self) -> Iterable[bytes]:
        from gwlint.reporters import check_gitlab

        return check_gitlab.render(self._in_repository, self._names)

    def _junit(self) -> Iterable[bytes]:
        from gwlint.finding import SEVERITIES
        from gwlint.reporters import check_junit

        mildest = self._config.fail_on
        failing = () if mildest == "never" else SEVERITIES[SEVERITIES.index(mildest) :]
        return terminal.lines(check_junit.render(self._in_repository, self._names, failing))

    def _checkstyle(self) -> Iterable[bytes]:
        from gwlint.reporters import check_checkstyle

        return terminal.lines(check_checkstyle.render(self._in_repository))

    def _rdjson(self) -> Iterable[bytes]:
        from gwlint.reporters import check_rdjson

        return check_rdjson.render(self._in_repository, self._sources.lines, self._addresses())

    def _markdown(self) -> Iterable[bytes]:
        from gwlint.reporters import check_markdown

        return terminal.lines(check_markdown.render(self._in_repository, self._names, self._addresses()))

    @cached_property
    def _names(self) -> dict[str, str]:
        from gwlint.rules import RULES

        return {rule.id: rule.name for rule in RULES}

    @cached_property
    def _folder(self) -> str:
        return folder_in_repository(self._target.root)

    @cached_property
    def _in_repository(self) -> Report:
        return self._report.seen_from(self._folder)

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self._target, self._folder)

    def _addresses(self) -> dict[str, str]:
        from gwlint.explain import address

        found = ((code, address(self._config.docs_url, code, name)) for code, name in self._names.items())
        return {code: url for code, url in found if url is not None}

    def _descriptions(self) -> list[Description]:
        from gwlint.explain import page
        from gwlint.reporters.check_sarif import Description
        from gwlint.rules import RULES
        from gwlint.selection import Selection

        selection, addresses = Selection(self._config), self._addresses()
        return [
            Description(rule, selection.severity(rule), page(rule.id), addresses.get(rule.id))
            for rule in RULES
            if selection.has(rule)
        ]
