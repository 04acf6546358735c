"""Modules of packages as one function has loaded them, for the next function that does."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from gwlint.footprint.environment import Found
from gwlint.footprint.record import Note
from gwlint.footprint.values import Space, Value


@dataclass(slots=True, eq=False)
class Kept:
    """A module that has been loaded: its names right after that, and all that happened meanwhile, in order.

    `events` are the loads, by name, with who asked for each in which line, and the notes, with the module they are of.
    """

    space: Space
    names: dict[str, Value] = field(default_factory=dict)
    events: list[tuple[str, str, int] | tuple[str, Note]] = field(default_factory=list)


class Modules:
    """The modules that several functions share, and what is known of the names in them."""

    def __init__(self) -> None:
        """Know none."""
        self.kept: dict[str, Kept] = {}
        self.public: dict[int, tuple[Value, str]] = {}
        self.sought: dict[str, Found | None] = {}


def moved(note: Note, position: int) -> Note:
    """Return what was noted of a load as a note of another one."""
    return msgspec.structs.replace(note, load=position)
