"""How fast gwlint means to be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from contenders import CYCLES, JSON, LINTER_COLD, VERSION, Key
from markdown import table
from trial import Result

_COLD: Key = (CYCLES, "cold")
_MOST_SECONDS = (
    ("django", VERSION, 0.1),
    ("django", (CYCLES, "unchanged"), 0.15),
    ("django", (CYCLES, "one file changed"), 0.3),
    ("homeassistant", _COLD, 12.0),
    ("homeassistant", (CYCLES, "unchanged"), 0.25),
    ("homeassistant", (CYCLES, "one file changed"), 0.6),
)
_MOST_MIB = 300


class Verdict(NamedTuple):
    """A target and what was measured."""

    target: str
    corpus: str
    limit: float
    measured: float
    unit: str


def verdicts(results: Mapping[str, Sequence[Result]]) -> Iterator[Verdict]:
    """Yield the targets that the results, by corpus, tell something about."""
    found = {(corpus, one.contender.key): one for corpus, ones in results.items() for one in ones if one.samples}
    cold, linter = found.get(("django", _COLD)), found.get(("django", LINTER_COLD))
    if cold and linter:
        yield Verdict("cold, against import-linter", "django", 1.0, cold.wall / linter.wall, "x")
    for corpus, key, limit in _MOST_SECONDS:
        if one := found.get((corpus, key)):
            yield Verdict(", ".join(filter(None, key)), corpus, limit, one.wall, "s")
    for name in (CYCLES, JSON):
        if one := found.get(("homeassistant", (name, "cold"))):
            yield Verdict(f"{name}, cold", "homeassistant", _MOST_MIB, one.peak, "MiB")


def as_table(all_verdicts: Iterable[Verdict]) -> str:
    """Show the targets beside what was measured."""
    return table(("target", "codebase", "at most", "measured", ""), [_row(*verdict) for verdict in all_verdicts])


def _row(target: str, corpus: str, limit: float, measured: float, unit: str) -> tuple[str, ...]:
    word = "met" if measured <= limit else "missed"
    return target, corpus, f"{limit:g} {unit}", f"{measured:.2f} {unit}", word
