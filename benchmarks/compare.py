"""Compare gwlint with its peers: `python benchmarks/compare.py [CORPUS ...]`, after `fetch.py`."""

import argparse
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import linearity
import stages
import targets
import trial
from contenders import GRIMP_COLD, contenders, prepare, pylint
from corpora import CORPORA, HERE, Corpus, sources
from trial import Result

_README = HERE / "README.md"
_RESULTS = "## Results\n"


def main() -> None:
    """Run what is asked for, and print the results or write them into the README."""
    options = _options()
    chosen = [corpus for corpus in CORPORA if corpus.name in options.corpora] or list(CORPORA)
    report = "\n\n".join(_report(chosen, options.rounds, with_pylint=options.pylint)) + "\n"
    if options.readme:
        _replace_results(_README, report)
    else:
        print(report)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare gwlint with its peers, as whole processes.")
    parser.add_argument("corpora", nargs="*", metavar="CORPUS", help="c7n, django, homeassistant; default: all")
    parser.add_argument("--rounds", type=int, default=5, help="how often every command is run; default: %(default)s")
    parser.add_argument(
        "--pylint", action="store_true", help="run pylint once, too, but for homeassistant: it takes minutes"
    )
    parser.add_argument("--readme", action="store_true", help="write the results into the README")
    options = parser.parse_args()
    unknown = set(options.corpora) - {corpus.name for corpus in CORPORA}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return options


def _report(corpora: Sequence[Corpus], rounds: int, *, with_pylint: bool) -> Iterator[str]:
    """Yield the blocks of the report in Markdown."""
    yield _circumstances(rounds)
    results = {}
    for corpus in corpora:
        with trial.workplace(corpus) as folder:
            yield f"### {corpus.requirement}: {len(sources(folder))} files"
            results[corpus.name] = _compared(
                corpus, folder, rounds, with_pylint=with_pylint and corpus.name != "homeassistant"
            )
            yield from _as_blocks(results[corpus.name])
            yield "Where the time of a cold run in one process goes:"
            yield stages.as_table(stages.profile(folder))
    if linearity.CORPUS in corpora:
        yield f"### Copies of {linearity.CORPUS.requirement} in one project"
        yield linearity.as_table(linearity.measure(rounds))
    if verdicts := list(targets.verdicts(results)):
        yield "### Targets"
        yield targets.as_table(verdicts)


def _as_blocks(results: Sequence[Result]) -> Iterator[str]:
    yield trial.as_table(results, GRIMP_COLD)
    for result in results:
        if result.failure:
            yield f"Failed: {' '.join(result.contender.key)}: {result.failure}"


def _circumstances(rounds: int) -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{date.today()}: {cores} cores, {platform.system()} {platform.machine()}, "
        f"CPython {platform.python_version()}; medians of {rounds} rounds."
    )


def _compared(corpus: Corpus, folder: Path, rounds: int, *, with_pylint: bool) -> list[Result]:
    file_count = len(sources(folder))
    prepare(folder, corpus.package)
    results = trial.run(contenders(corpus.package, file_count), folder, rounds)
    once = trial.run([pylint(corpus.package)], folder, 1, warm_up=False) if with_pylint else []
    return [*results, *once]


def _replace_results(readme: Path, report: str) -> None:
    """Put a report in the place of the last section."""
    before, heading, _ = readme.read_text().partition(_RESULTS)
    if not heading:
        sys.exit(f"{readme}: there is no section `{_RESULTS.strip()}`")
    readme.write_text(f"{before}{heading}\n{report}")


if __name__ == "__main__":
    main()
