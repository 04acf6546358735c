"""`gwlint check`: what is wrong with the architecture of a project."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gwlint.cli import answer, settings, terminal
from gwlint.cli.bugs import told_of
from gwlint.cli.outputs import FORMS, Output, completed, outputs, parsed, refuse_uncounted
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
    "asked",
    multiple=True,
    metavar="FORMAT[=FILE]",
    callback=parsed,
    shell_complete=completed,
    help=f"How to print findings: {', '.join(FORMS)}. With a file, there; can be repeated."
    "  [default: text on a terminal, else concise]",
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
@click.option("--sarif-category", metavar="NAME", help="What tells this run from others of the same commit, in SARIF.")
@click.option("--sarif-suppressed", is_flag=True, help="Keep findings that are suppressed, in SARIF.")
@click.option(
    "--stdin-filename", type=click.Path(path_type=Path), metavar="FILE", help="The file whose content `-` reads."
)
@click.option(
    "--config",
    "given",
    multiple=True,
    metavar="FILE|KEY=VALUE",
    help="Settings instead of the project's; or one setting more, as TOML: 'fail-on=\"error\"'.",
)
@click.option("--isolated", is_flag=True, help="No settings but the defaults.")
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="The baseline, if not the project's.")
@click.option("--no-baseline", is_flag=True, help="Report what is in the baseline, too.")
@click.option("--diff-base", metavar="REV", help="Only findings that touch a file changed since this branch left REV.")
@click.option("--show-files", is_flag=True, help="Print the files that would be checked.")
@click.option("--show-settings", is_flag=True, help="Print the settings that hold, and where each comes from.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes to parse with.  [default: one per core]")
@click.option("--no-cache", is_flag=True, help="Neither use nor write a cache.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error.")
def check(
    paths: tuple[Path, ...],
    asked: tuple[Output, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    extend_select: tuple[str, ...],
    fail_on: FailOn | None,
    exit_zero: bool,
    statistics: bool,
    quiet: bool,
    verbose: bool,
    output_file: Path | None,
    sarif_category: str | None,
    sarif_suppressed: bool,
    stdin_filename: Path | None,
    given: tuple[str, ...],
    isolated: bool,
    baseline: Path | None,
    no_baseline: bool,
    diff_base: str | None,
    show_files: bool,
    show_settings: bool,
    jobs: int | None,
    no_cache: bool,
) -> int:
    """Check a project, and report the findings that touch PATHS.

    The project is the nearest folder from the first of PATHS upwards with settings for gwlint; all of it is read.
    A file that the last commit has and that has been deleted is no mistake among PATHS.
    With `-` for a path, the content of the file that --stdin-filename names is read from standard input.

    Exits 0 when all is well, 1 when there are findings, 2 when the project could not be checked.
    """
    _refuse_together({"--quiet": quiet, "--verbose": verbose})
    file, inline = settings.told_apart(given)
    _refuse_together({"--config FILE": file is not None, "--isolated": isolated})
    _refuse_together({"--baseline": baseline is not None, "--no-baseline": no_baseline})
    if baseline is not None and not baseline.exists():
        raise Refusal(f"--baseline: {baseline} does not exist; `gwlint baseline write --baseline FILE` writes one")
    found = outputs(asked, output_file, "text" if terminal.is_watched() and output_file is None else "concise")
    if statistics:
        refuse_uncounted(found)
    _refuse_without_sarif(
        found, {"--sarif-category": sarif_category is not None, "--sarif-suppressed": sarif_suppressed}
    )
    if sarif_category is not None and not sarif_category.strip(" /"):
        raise Refusal("--sarif-category is empty; give it a name, or leave it out")
    wish = answer.Wish(found, statistics, quiet, verbose, sarif_category, sarif_suppressed)
    target = Target.of(paths, stdin_filename).since(diff_base)
    choices = settings.Choices(
        file, isolated, select, ignore, extend_select, fail_on, inline, baseline=baseline, no_baseline=no_baseline
    )
    config = settings.configured(target.root, choices)
    with told_of(config):
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
        report = target.part_of(report)
        answer.print_report(report, target, config, wish)
        return int(not exit_zero and config.fail_on != "never" and report.fails(config.fail_on))


def _refuse_without_sarif(found: Iterable[Output], options: Mapping[str, bool]) -> None:
    for option, is_given in options.items():
        if is_given and all(one.form != "sarif" for one in found):
            raise Refusal(f"{option} is for SARIF; add --format sarif=FILE, or leave it out")


def _refuse_together(options: Mapping[str, bool]) -> None:
    if all(options.values()):
        raise Refusal(f"{' and '.join(options)} exclude one another; choose one")
