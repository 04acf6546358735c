"""What one function takes, for people: its figures, the tree of what it loads, and what could be saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from gwlint.budgets import FULL_PROCESSOR_MB, FunctionBudget
from gwlint.footprint.estimates import Contributor, Estimate
from gwlint.prices import Use
from gwlint.reporters.bars import Marks
from gwlint.reporters.budget_figures import Row, described
from gwlint.reporters.budget_text import figures
from gwlint.reporters.cells import fitted, padded, width
from gwlint.reporters.controls import harmless
from gwlint.reporters.paint import Paint, plain
from gwlint.reporters.wording import counted, dollars, number, percent

_KB = 1024
_HEADING = "what loading it adds"
_ALREADY = "of that, loaded by the runtime anyhow"
_LEAST_SHARE = 0.02
_LEAST_PART = 0.01
_MOST_SAVINGS = 5
_LEAST_SAVED_KB = 512
_LEAST_SAVED_MS = 5


class Branch(NamedTuple):
    """A line of the tree: `path:line`, or the name of what contributes, with what hangs on it.

    There are several steps where the first leads to nothing but the second. What it takes is the sum of all that hangs
    on it; `contributor` is what it is itself, if it is the end of a branch.
    """

    steps: tuple[str, ...]
    memory_kb: float
    cpu_ms: float
    below: tuple[Branch, ...]
    contributor: Contributor | None = None


def render(rows: Iterable[Row], use: Use, columns: int, marks: Marks, paint: Paint = plain) -> Iterator[str]:
    """Yield lines about some functions, an empty one between them."""
    for place, row in enumerate(rows):
        if place:
            yield ""
        yield from _function(row, use, columns, marks, paint)


def branches(contributors: Sequence[Contributor]) -> tuple[Branch, ...]:
    """Return what the chains of some contributors come to as a tree, the greatest first on each level."""
    return _branches([(contributor.chain, contributor) for contributor in contributors])


def _function(row: Row, use: Use, columns: int, marks: Marks, paint: Paint) -> Iterator[str]:
    function = row.function
    yield paint(harmless(function.name), "name")
    yield from (f"  {harmless(line)}" for line in described(function))
    yield ""
    yield from figures(row, marks, paint)
    yield from _costs(row, use)
    if function.estimate is not None:
        yield ""
        yield from _contributors(function.estimate, columns, marks, paint)
        yield from _savings(function, function.estimate, columns, marks)
    yield from _parts(function)
    if row.notes:
        yield ""
        yield paint("notes", "name")
        yield from (f"  {harmless(note)}" for note in row.notes)


def _branches(found: Sequence[tuple[tuple[str, ...], Contributor]]) -> tuple[Branch, ...]:
    steps: dict[str, list[tuple[tuple[str, ...], Contributor]]] = {}
    ends = []
    for chain, contributor in found:
        if chain:
            steps.setdefault(chain[0], []).append((chain[1:], contributor))
        else:
            ends.append(Branch((_called(contributor),), contributor.memory_kb, contributor.cpu_ms, (), contributor))
    made = (_joined(step, _branches(inside)) for step, inside in steps.items())
    return tuple(sorted((*made, *ends), key=lambda one: (-one.memory_kb, -one.cpu_ms, one.steps)))


def _joined(step: str, below: tuple[Branch, ...]) -> Branch:
    if len(below) == 1:
        return below[0]._replace(steps=(step, *below[0].steps))
    return Branch((step,), sum(one.memory_kb for one in below), sum(one.cpu_ms for one in below), below)


def _called(contributor: Contributor) -> str:
    modules = f", {counted(contributor.modules, 'module')}" if contributor.modules > 1 else ""
    return f"{contributor.name} ({contributor.kind}{modules})"


def _costs(row: Row, use: Use) -> Iterator[str]:
    if row.cost is None:
        yield "  a month       unknown, for the memory size is"
        return
    yield (
        f"  a month       {dollars(row.cost.usd)} for {counted(use.invocations, 'invocation')} of"
        f" {use.duration_ms:,} ms, {row.cost.gb_seconds:,.0f} GB-s, before the free tier"
    )
    if row.smaller is not None:
        usd, size = dollars(row.smaller.cost.usd), row.smaller.memory_size_mb
        yield f"                {usd} with {size:,} MB, if it takes as long"


def _contributors(estimate: Estimate, columns: int, marks: Marks, paint: Paint) -> Iterator[str]:
    memory, cpu = (amount.estimate - amount.base for amount in (estimate.memory_mb, estimate.init_ms))
    least_kb, least_ms = memory * _KB * _LEAST_SHARE, cpu * _LEAST_SHARE
    drawn = list(_drawn(branches(estimate.contributors), least_kb, least_ms, "", marks))
    figures = [_row(branch, memory, cpu) for _, branch in drawn]
    widths = [max(map(len, column)) for column in zip(*figures, ("MiB", "", "ms", "", ""), strict=True)]
    room = max(columns - sum(widths) - 2 * len(widths), 30)
    labels = [_fitted(before, branch.steps, room, marks) for before, branch in drawn]
    longest = max(map(width, (*labels, _HEADING, _ALREADY)))
    head = (padded(_HEADING, longest), *_aligned(("MiB", "", "ms", "", ""), widths))
    yield paint("  ".join(head).rstrip(), "name")
    for label, shown in zip(labels, figures, strict=True):
        yield "  ".join((padded(label, longest), *_aligned(shown, widths))).rstrip()
    yield _total("all of it", memory, cpu, longest, widths)
    memory, cpu = (amount.runtime - amount.base for amount in (estimate.memory_mb, estimate.init_ms))
    if memory or cpu:
        yield _total(_ALREADY, memory, cpu, longest, widths)


def _total(label: str, memory_mb: float, cpu_ms: float, longest: int, widths: Sequence[int]) -> str:
    figures = (number(memory_mb), "", number(cpu_ms), "", "")
    return "  ".join((padded(label, longest), *_aligned(figures, widths))).rstrip()


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for place, (cell, cells_) in enumerate(zip(cells, widths, strict=True)):
        yield cell.ljust(cells_) if place == len(widths) - 1 else cell.rjust(cells_)


def _row(branch: Branch, memory_mb: float, cpu_ms: float) -> tuple[str, str, str, str, str]:
    contributor = branch.contributor
    return (
        number(branch.memory_kb / _KB),
        percent(branch.memory_kb / _KB, memory_mb),
        number(branch.cpu_ms),
        percent(branch.cpu_ms, cpu_ms),
        contributor.basis if contributor is not None else "",
    )


def _drawn(
    below: Sequence[Branch], least_kb: float, least_ms: float, trunk: str, marks: Marks
) -> Iterator[tuple[str, Branch]]:
    """Yield the lines of a tree, and what is drawn before each; what is too small to matter is one on its level."""
    shown = [one for one in below if one.memory_kb >= least_kb or one.cpu_ms >= least_ms]
    small = [one for one in below if one not in shown]
    if len(small) == 1:
        shown += small
    elif small:
        shown.append(_summed(small))
    for branch in shown:
        is_last = branch is shown[-1]
        before = f"{trunk}{marks.last if is_last else marks.branch}"
        deeper = trunk + (" " * len(marks.trunk) if is_last else marks.trunk)
        hanging = list(_drawn(branch.below, least_kb, least_ms, deeper, marks))
        if len(hanging) == 1:
            yield before, branch._replace(steps=(*branch.steps, *hanging[0][1].steps))
        else:
            yield before, branch
            yield from hanging


def _summed(small: Sequence[Branch]) -> Branch:
    memory_kb, cpu_ms = sum(one.memory_kb for one in small), sum(one.cpu_ms for one in small)
    return Branch((f"{sum(map(_ends, small)):,} smaller ones",), memory_kb, cpu_ms, ())


def _ends(branch: Branch) -> int:
    return sum(map(_ends, branch.below)) if branch.below else 1


def _fitted(before: str, steps: Sequence[str], room: int, marks: Marks) -> str:
    """Return a chain that fits into a line: of many steps, those before the last one give way first."""
    arrow = f" {marks.arrow} "
    label = before + harmless(arrow.join(steps))
    for kept in range(len(steps) - 2, 0, -1):
        if width(label) <= room:
            break
        label = before + harmless(arrow.join((*steps[:kept], marks.more, steps[-1])))
    return fitted(label, room, marks.more)


def _savings(function: FunctionBudget, estimate: Estimate, columns: int, marks: Marks) -> Iterator[str]:
    found = [
        one
        for one in estimate.contributors
        if one.chain and (one.saving_kb >= _LEAST_SAVED_KB or one.saving_ms >= _LEAST_SAVED_MS)
    ]
    found.sort(key=lambda one: (-one.saving_kb, -one.saving_ms, one.name))
    if not found:
        return
    yield ""
    yield "what would be saved without"
    for one in found[:_MOST_SAVINGS]:
        saved = f"  {harmless(one.name)}: {number(one.saving_kb / _KB)} MiB, {number(one.saving_ms)} ms; "
        yield _fitted(saved, one.chain, columns, marks)
    if function.memory_size_mb is None or function.memory_size_mb < FULL_PROCESSOR_MB:
        yield (
            f"  an import moved into the handler runs on a part of a CPU below {FULL_PROCESSOR_MB:,} MB:"
            " it pays on rare paths only"
        )


def _parts(function: FunctionBudget) -> Iterator[str]:
    least = sum(size for _, size in function.parts) * _LEAST_PART
    parts = [(number(size), name) for name, size in function.parts if size >= least]
    if parts:
        yield ""
        yield "biggest parts of the package, MiB"
        longest = max(len(size) for size, _ in parts)
        yield from (harmless(f"  {size:>{longest}}  {name}") for size, name in parts)
