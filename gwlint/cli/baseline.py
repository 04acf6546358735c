"""`gwlint baseline`: the findings that are known, written down, looked at, and taken out once they are mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from gwlint.cli import places, settings, terminal
from gwlint.cli.refusal import Refusal
from gwlint.cli.runs import Means, checked

if TYPE_CHECKING:
    from gwlint.baseline import Baseline, Entry, Match
    from gwlint.config import Config

_OPTIONS = (
    click.argument("path", required=False, type=click.Path(path_type=Path)),
    click.option(
        "--baseline",
        "held",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The baseline, if not the project's.",
    ),
    click.option(
        "--config", "file", type=click.Path(path_type=Path), metavar="FILE", help="Settings instead of the project's."
    ),
    click.option("--jobs", type=click.IntRange(min=1), help="Processes to parse with.  [default: one per core]"),
    click.option("--no-cache", is_flag=True, help="Neither use nor write a cache."),
    click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error."),
)


def _with_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group()
def baseline() -> None:
    """Keep a list of known findings, which `gwlint check` leaves out.

    The list only shrinks: what is new is reported, and so is what the list has in vain.
    """


@baseline.command()
@_with_options
@click.option("--force", is_flag=True, help="Begin anew: what is new since the last time is known from now on, too.")
def write(
    path: Path | None, held: Path | None, file: Path | None, jobs: int | None, no_cache: bool, force: bool
) -> None:
    """Write down all findings of the project that PATH belongs to.

    An existing baseline stays as it is, unless --force is given.
    """
    from gwlint.baseline import Entry, written

    config = _configured(path, held, file)
    place = _place(config)
    if place.exists() and not force:
        raise Refusal(
            f"{config.baseline}: is there already, and a baseline only shrinks; `gwlint baseline prune` takes out what"
            " is mended, and --force begins anew"
        )
    before = _before(config)
    found = checked(_without_baseline(config), Means(jobs, use_cache=not no_cache), None)
    entries = {Entry.of(finding) for finding in found.findings}
    _write(place, written(entries))
    said = f"wrote {_counted(len(entries))} to {config.baseline}"
    if before is not None:
        said += f": {len(entries - before)} new since the last time, {len(before - entries)} gone"
    terminal.write(terminal.lines([said]))


@baseline.command()
@_with_options
def prune(path: Path | None, held: Path | None, file: Path | None, jobs: int | None, no_cache: bool) -> None:
    """Take out what is mended. What has moved to other files follows them; nothing is added."""
    from gwlint.baseline import Entry, written

    config = _configured(path, held, file)
    state = _state(config, Means(jobs, use_cache=not no_cache))
    stays = {entry for entry in state.match.idle if entry not in state.stale}
    follows = {Entry.of(finding) for entry, finding in state.match.known}
    content = written(stays | follows)
    if content != state.baseline.content:
        _write(_place(config), content)
    terminal.write(terminal.lines(_pruned(state, len(stays | follows))))


@baseline.command()
@_with_options
def show(path: Path | None, held: Path | None, file: Path | None, jobs: int | None, no_cache: bool) -> None:
    """Print what the baseline holds, by rule, and what it holds in vain."""
    config = _configured(path, held, file)
    terminal.write(terminal.lines(_shown(_state(config, Means(jobs, use_cache=not no_cache)))))


class _State(NamedTuple):
    """A baseline, what it means for the project, and which of its idle entries are stale: their rules ran."""

    baseline: Baseline
    match: Match
    stale: tuple[Entry, ...]


def _configured(path: Path | None, held: Path | None, file: Path | None) -> Config:
    root = places.project_of([path] if path else [])
    choices = settings.Choices(
        file, isolated=False, select=(), ignore=(), extend_select=(), fail_on=None, baseline=held
    )
    return settings.configured(root, choices)


def _place(config: Config) -> Path:
    from gwlint.config import BASELINE

    return config.project / (config.baseline or BASELINE)


def _without_baseline(config: Config) -> Config:
    from gwlint.config import overriding

    return overriding(config, "gwlint baseline", baseline=None)


def _before(config: Config) -> set[Entry] | None:
    """Return the entries of a baseline that is to be replaced, if it can be read."""
    from gwlint.baseline import load
    from gwlint.config import ConfigError

    try:
        held = load(config) if _place(config).exists() else None
    except ConfigError:
        return None
    return None if held is None else {*held.entries}


def _state(config: Config, means: Means) -> _State:
    from gwlint.baseline import load
    from gwlint.config import ConfigError
    from gwlint.rules import RULES
    from gwlint.selection import Selection

    try:
        held = load(config)
    except ConfigError as error:
        raise Refusal(str(error)) from None
    if held is None:
        raise Refusal(f"{config.baseline}: does not exist; `gwlint baseline write` writes it")
    found = checked(_without_baseline(config), means, None)
    match = held.matched(found.findings, found.modules)
    selection = Selection(config)
    ran = {rule.id for rule in RULES if selection.has(rule)}
    stale = tuple(one for one in match.idle if one.rule in ran and selection.has_in(one.rule, one.path))
    return _State(held, match, stale)


def _shown(state: _State) -> Iterator[str]:
    from collections import Counter

    from gwlint.reporters.controls import harmless
    from gwlint.rules import RULES

    names = {rule.id: rule.name for rule in RULES}
    entries = {*state.baseline.entries}
    counts = sorted(Counter(entry.rule for entry in entries).items())
    width = max((len(str(count)) for _, count in counts), default=0)
    yield f"{harmless(state.baseline.name)}: {_counted(len(entries))}"
    yield from (harmless(f"  {count:>{width}}  {rule}  {names.get(rule, 'no rule')}") for rule, count in counts)
    if state.stale:
        yield f"{len(state.stale)} of them stale; `gwlint baseline prune` removes what is not found any more:"
        yield from (harmless(f"  {one.rule}  {one.path}  {one.identity}".rstrip()) for one in state.stale)


def _pruned(state: _State, left: int) -> Iterator[str]:
    moved = sum(entry.path != finding.path for entry, finding in state.match.known)
    removed = f"removed {len(state.stale)} stale" if state.stale else "nothing is stale"
    followed = f"; {_counted(moved)} under another path" if moved else ""
    yield f"{state.baseline.name}: {removed}{followed}; {_counted(left)} left"


def _write(place: Path, content: bytes) -> None:
    try:
        place.write_bytes(content)
    except OSError as error:
        raise Refusal(f"{place}: can't be written: {error.strerror}") from None


def _counted(count: int) -> str:
    return f"{count} finding{'' if count == 1 else 's'}"
