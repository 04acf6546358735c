"""What is noted while modules load, and the closure made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from gwlint.footprint.loads import Closure, Declared, Gap, Invoked, Link, Load, Made

_Noted = TypeVar("_Noted", Declared, Made, Gap, Invoked)
Note = Declared | Made | Gap | Invoked
"""What is noted of a load besides that it happens."""


class Record:
    """Notes what happens, by the position of the load in which it does."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.loads: list[Load] = []
        self._failed: set[int] = set()
        self._links: dict[tuple[int, int], int] = {}
        self._invoked: dict[Invoked, int] = {}
        self._declared: dict[Declared, None] = {}
        self._made: dict[Made, None] = {}
        self._gaps: dict[Gap, None] = {}
        self.tape: Callable[[Note], None] | None = None

    def note(self, note: Note) -> None:
        """Note something once more that was noted of the same load in another closure."""
        match note:
            case Invoked():
                self.invoke(note)
            case Declared():
                self.declare(note)
            case Made():
                self.make(note)
            case Gap():
                self.gap(note)

    def load(self, load: Load) -> int:
        """Note a module that begins to load, and return its position."""
        self.loads.append(load)
        position = len(self.loads) - 1
        self.link(load.parent, position, load.line)
        return position

    def fails(self, position: int) -> None:
        """Note that a load has come to nothing."""
        self._failed.add(position)

    def link(self, importer: int, imported: int, line: int) -> None:
        """Note that one load asks for another one; the first line that does so counts."""
        if importer >= 0 and imported >= 0 and importer != imported:
            self._links.setdefault((importer, imported), line)

    def invoke(self, invoked: Invoked) -> None:
        """Note a call; equal ones are added up."""
        if invoked.load >= 0:
            self._copy(invoked)
            once = msgspec.structs.replace(invoked, times=0)
            self._invoked[once] = self._invoked.get(once, 0) + invoked.times

    def declare(self, declared: Declared) -> None:
        """Note a class or function."""
        self._copy(declared)
        self._declared[declared] = None

    def make(self, made: Made) -> None:
        """Note data."""
        if made.load >= 0:
            self._copy(made)
            self._made[made] = None

    def gap(self, gap: Gap) -> None:
        """Note something that may load more than is known."""
        self._copy(gap)
        self._gaps[msgspec.structs.replace(gap, load=max(gap.load, 0))] = None

    def _copy(self, note: Note) -> None:
        if self.tape is not None and note.load >= 0:
            self.tape(note)

    def closure(self) -> Closure:
        """Return what has been noted, without what has failed."""
        kept = [place for place in range(len(self.loads)) if place not in self._failed]
        new = {place: position for position, place in enumerate(kept)}
        return Closure(
            loads=tuple(
                msgspec.structs.replace(self.loads[place], parent=self._survivor(self.loads[place].parent, new))
                for place in kept
            ),
            links=tuple(Link(one, other, line) for (one, other), line in self._kept_links(new).items()),
            invoked=_moved((msgspec.structs.replace(one, times=times) for one, times in self._invoked.items()), new),
            declared=_moved(self._declared, new),
            made=_moved(self._made, new),
            gaps=_moved(self._gaps, new),
        )

    def _kept_links(self, new: dict[int, int]) -> dict[tuple[int, int], int]:
        links: dict[tuple[int, int], int] = {}
        for (one, other), line in self._links.items():
            importer = self._survivor(one, new)
            if other in new and importer not in (new[other], -1):
                links.setdefault((importer, new[other]), line)
        return links

    def _survivor(self, place: int, new: dict[int, int]) -> int:
        """Return the new position of a load, or of the one on whose behalf it was tried."""
        while place in self._failed:
            place = self.loads[place].parent
        return new.get(place, -1)


def _moved(noted: Iterable[_Noted], new: dict[int, int]) -> tuple[_Noted, ...]:
    return tuple(msgspec.structs.replace(one, load=new[one.load]) for one in noted if one.load in new)
