"""`gwlint check`: what is wrong with the architecture of a project."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gwlint.cli import answer, settings, terminal
from gwlint.cli.refusal import Refusal
from gwlint.cli.runs import Means, analysed, checked
from gwlint.cli.target import Target

if TYPE_CHECKING:
    from gwlint.config import FailOn


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(["text", "concise", "json"]),
    help="How to print findings.  [default: text on a terminal, else concise]",
)
@click.option("--select", metavar="CODES", multiple=True, help="Only these rules, by code or beginning: GW101,GW2.")
@click.option("--ignore", metavar="CODES", multiple=True, help="None of these rules.")
@click.option("--extend-select", metavar="CODES", multiple=True, help="These rules, too.")
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "note", "never"]), help="The mildest finding that is a failure."
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 in spite of findings.")
@click.option("--statistics", is_flag=True, help="Count the findings by rule instead of listing them.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but findings.")
@click.option("-v", "--verbose", is_flag=True, help="Print what the answer rests on, too: settings, components.")
@click.option(
    "-o", "--output-file", type=click.Path(path_type=Path), metavar="FILE", help="Where to write the findings."
)
@click.option(
    "--stdin-filename", type=click.Path(path_type=Path), metavar="FILE", help="The file whose content `-` reads."
)
@click.option(
    "--config", "file", type=click.Path(path_type=Path), metavar="FILE", help="Settings instead of the project's."
)
@click.option("--isolated", is_flag=True, help="No settings but the defaults.")
@click.option("--show-files", is_flag=True, help="Print the files that would be checked.")
@click.option("--show-settings", is_flag=True, help="Print the settings that hold, and where each comes from.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to parse with.  [default: one per core]")
@click.option("--no-cache", is_flag=True, help="Neither use nor write a cache.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error.")
def check(
    paths: tuple[Path, ...],
    form: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    extend_select: tuple[str, ...],
    fail_on: FailOn | None,
    exit_zero: bool,
    statistics: bool,
    quiet: bool,
    verbose: bool,
    output_file: Path | None,
    stdin_filename: Path | None,
    file: Path | None,
    isolated: bool,
    show_files: bool,
    show_settings: bool,
    jobs: int | None,
    no_cache: bool,
) -> int:
    """Check a project, and report the findings that touch PATHS.

    The project is the nearest folder from the first of PATHS upwards with settings for gwlint; all of it is read.
    With `-` for a path, the content of the file that --stdin-filename names is read from standard input.

    Exits 0 when all is well, 1 when there are findings, 2 when the project could not be checked.
    """
    _refuse_together({"--quiet": quiet, "--verbose": verbose})
    _refuse_together({"--config": file is not None, "--isolated": isolated})
    target = Target.of(paths, stdin_filename)
    choices = settings.Choices(file, isolated, select, ignore, extend_select, fail_on)
    config = settings.configured(target.root, choices)
    means = Means(jobs, use_cache=not no_cache)
    if show_settings:
        terminal.write(terminal.lines(settings.shown(config)))
        return 0
    if show_files:
        project = analysed(config, means)
        unreadable = (one.path for one in project.unreadable)
        files = sorted((*(module.path for module in project.modules), *unreadable))
        target.warn_of_nothing(files)
        answer.print_files(target, files)
        return 0
    report = checked(config, means, target.overlay)
    target.warn_of_nothing(report.modules)
    report = report.touching(target.paths)
    answer.print_report(report, target, config, answer.Wish(form, output_file, statistics, quiet, verbose))
    return int(not exit_zero and config.fail_on != "never" and report.fails(config.fail_on))


def _refuse_together(options: Mapping[str, bool]) -> None:
    if all(options.values()):
        raise Refusal(f"{' and '.join(options)} exclude one another; choose one")
