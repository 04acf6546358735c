"""Several commands over one codebase, in turn and again and again, so that a busy moment of the machine hits all."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from contenders import Contender, Key
from corpora import Corpus
from markdown import table
from measure import Sample, UnexpectedEndError


class Result(NamedTuple):
    """What the runs of one contender took, round by round; `failure` says why there is none."""

    contender: Contender
    samples: tuple[Sample, ...]
    failure: str = ""

    @property
    def wall(self) -> float:
        """Return the median of the seconds that went by."""
        return median(sample.wall for sample in self.samples)

    @property
    def cpu(self) -> float:
        """Return the median of the seconds that processors worked."""
        return median(sample.cpu for sample in self.samples)

    @property
    def peak(self) -> float:
        """Return the most MiB that any process of any run had in memory."""
        return max(sample.peak for sample in self.samples)


@contextmanager
def workplace(corpus: Corpus) -> Iterator[Path]:
    """Give a copy of a corpus outside of the checkout, whose settings and ignore files would apply to it."""
    with tempfile.TemporaryDirectory() as scratch:
        yield Path(shutil.copytree(corpus.folder, Path(scratch) / corpus.name))


def run(contenders: Sequence[Contender], folder: Path, rounds: int, *, warm_up: bool = True) -> list[Result]:
    """Run all contenders in every round. One that fails is left out from then on.

    A round to warm up, which fills caches, those of the system included, does not count.
    """
    results = [Result(contender, ()) for contender in contenders]
    for number in range(0 if warm_up else 1, rounds + 1):
        print(f"{folder.name}: round {number} of {rounds}", file=sys.stderr)
        results = [_run_again(result, folder, counts=number > 0) for result in results]
    return results


def as_table(results: Sequence[Result], yardstick: Key) -> str:
    """Compare commands with one another and with the yardstick, which is one of them."""
    unit = next((one for one in results if one.contender.key == yardstick and one.samples), None)
    heads = ("command", "state", f"÷ {' '.join(yardstick)}", "wall s", "least to most", "CPU s", "peak MiB")
    return table(heads, [_row(result, unit) for result in results])


def _run_again(result: Result, folder: Path, *, counts: bool) -> Result:
    if result.failure:
        return result
    try:
        sample = result.contender.run(folder, folder.parent / "output")
    except UnexpectedEndError as error:
        return Result(result.contender, (), str(error))
    return result._replace(samples=(*result.samples, sample)) if counts else result


def _row(result: Result, unit: Result | None) -> tuple[str, ...]:
    if result.failure:
        return (*result.contender.key, "failed", "", "", "", "")
    walls = [sample.wall for sample in result.samples]
    return (
        *result.contender.key,
        f"{result.wall / unit.wall:.2f}" if unit else "",
        f"{result.wall:.2f}",
        f"{min(walls):.2f} to {max(walls):.2f}",
        f"{result.cpu:.2f}",
        f"{result.peak:.0f}",
    )
