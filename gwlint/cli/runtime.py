"""`gwlint runtime`: the reference gateway runtime, for use in functions."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gwlint.cli import terminal
from gwlint.cli.refusal import Refusal
from gwlint.nearest import nearest

if TYPE_CHECKING:
    from gwlint.export import Export, Stamp

_DIFFERS = 1


@click.group()
def runtime() -> None:
    """Use the reference gateway runtime in functions."""


@runtime.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--gateways", metavar="NAMES", help="What to write, with commas.  [default: as before, or else all]")
@click.option("--package", default="runtime", show_default=True, help="What the package is called in DIR.")
@click.option("--check", is_flag=True, help="Only say whether it is current and unmodified: exit 1 if it isn't.")
@click.option("--force", is_flag=True, help="Overwrite files that are not as they were written.")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an internal error.")
@click.pass_context
def export(ctx: click.Context, folder: Path, gateways: str | None, package: str, check: bool, force: bool) -> None:
    """Write gateways of the reference runtime, and what they need, as a package into DIR, a function's source tree.

    Besides gateways, NAMES may be foundations: `store_redis`, for one. What was written is noted in the package, in
    gwlint-runtime.json. Files of others, and those that were changed since, are never overwritten without --force.
    """
    target = _target(folder, package)
    chosen = _chosen(gateways)
    try:
        before = _before(target, ignore=force and not check)
        if check:
            ctx.exit(_checked(target, before, chosen))
        made = _made(chosen, before)
        if not force:
            _refuse_losses(target, made, before)
        _write(target, made, before)
    except OSError as error:
        raise Refusal(f"{error.filename or target}: {error.strerror}") from None


def _target(folder: Path, package: str) -> Path:
    from gwlint.stdlib import NAMES

    if not folder.is_dir():
        raise Refusal(f"{folder}: is no folder; name the source tree of a function")
    parts = package.split(".")
    if not all(part.isidentifier() and not keyword.iskeyword(part) for part in parts):
        raise Refusal(f"--package: `{package}` can't be imported; choose another name")
    if parts[0] in NAMES:
        raise Refusal(f"--package: `{parts[0]}` is a module of the standard library; choose another name")
    return folder.joinpath(*parts)


def _chosen(gateways: str | None) -> tuple[str, ...] | None:
    from gwlint.export import choices

    if gateways is None:
        return None
    names = tuple(name.strip() for name in gateways.split(",") if name.strip())
    known = choices()
    for name in names:
        if name not in known:
            near = nearest(name, known)
            remedy = f"did you mean `{near}`?" if near else f"there are {', '.join(known)}"
            raise Refusal(f"--gateways: there is no `{name}`; {remedy}")
    if not names:
        raise Refusal("--gateways: names nothing; leave it out for all")
    return names


def _before(target: Path, *, ignore: bool) -> Stamp | None:
    from gwlint.export import STAMP, stamp_in

    try:
        return stamp_in(target)
    except ValueError:
        if ignore:
            return None
        raise Refusal(f"{target / STAMP}: can't be understood; --force writes it anew") from None


def _made(chosen: tuple[str, ...] | None, before: Stamp | None) -> Export:
    from gwlint.export import choices, exported

    if chosen is None and before is not None:
        known = choices()
        chosen = tuple(name for name in before.gateways if name in known)
    return exported(choices() if chosen is None else chosen)


def _checked(target: Path, before: Stamp | None, chosen: tuple[str, ...] | None) -> int:
    from gwlint import __version__
    from gwlint.export import STAMP, faults

    if before is None:
        terminal.write(terminal.lines([f"{target / STAMP}: missing"]))
        return _DIFFERS
    found = [f"{target / name}: {fault}" for name, fault in faults(target, before)]
    if chosen is not None and set(chosen) != set(before.gateways):
        found.append(f"{target / STAMP}: has {', '.join(before.gateways)}")
    if found:
        terminal.write(terminal.lines([*found, f"written by gwlint {before.gwlint}, this is {__version__}"]))
        return _DIFFERS
    terminal.write(terminal.lines([f"{target}: current and unmodified, {len(before.files)} files"]))
    return 0


def _refuse_losses(target: Path, made: Export, before: Stamp | None) -> None:
    from gwlint.export import in_the_way

    lost = list(in_the_way(target, made, before))
    if lost:
        others = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        raise Refusal(f"{target / lost[0]}{others}: not as an export has written it; --force overwrites")


def _write(target: Path, made: Export, before: Stamp | None) -> None:
    from gwlint.export import write

    write(target, made, before)
    terminal.write(terminal.lines(_said(target, made)))


def _said(target: Path, made: Export) -> Iterator[str]:
    yield f"wrote {target}: {', '.join(made.stamp.gateways)}; {len(made.files)} files"
