"""Which of a project's files and folders are analysed: the configuration, ignore files, defaults and installers."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Literal, NamedTuple

from gwlint.discover.files import Reader
from gwlint.discover.ignore import Patterns, Scopes, is_ignored, narrowed, surroundings
from gwlint.discover.junk import is_junk
from gwlint.discover.vendored import METADATA_SUFFIXES, Installed, add, is_third_party, recorded_files

Fate = Literal["kept", "excluded", "third-party"]


class Place(NamedTuple):
    """A folder, and what is settled for its entries. `prefix` is its path with a slash at its end, or empty."""

    location: str
    prefix: str
    scopes: Scopes
    installed: Installed

    def below(self, name: str) -> "Place":
        """Return the folder of this name in it, before its own ignore file and records are read."""
        # A third-party package in the tree is one that the configuration asked back, so with all that is in it.
        installed = {} if is_third_party(self.installed, name) else self.installed.get(name, {})
        return Place(f"{self.location}/{name}", f"{self.prefix}{name}/", self.scopes, installed)


class Selection:
    """Decides from the top downwards: nothing may be asked about that lies in a folder which isn't kept."""

    def __init__(self, project: str, exclude: Sequence[str], reader: Reader) -> None:
        self._reader = reader
        self._lead, outer_scopes = surroundings(project, reader)
        self._exclude = Patterns(exclude)
        self._matched: set[int] = set()
        self.top = Place(project, "", outer_scopes, {})

    def settled(self, place: Place, names: AbstractSet[str]) -> Place:
        """Return a folder with what its own ignore file and records say. `names` has its entries, links apart."""
        scopes = place.scopes
        if ".gitignore" in names:
            content = self._reader.content(f"{place.location}/.gitignore")
            scopes = narrowed(scopes, content, self._lead + place.prefix)
        for metadata in sorted(name for name in names if name.endswith(METADATA_SUFFIXES)):
            add(place.installed, recorded_files(metadata, partial(self._lines, place.location, metadata)))
        return place._replace(scopes=scopes)

    def fate(self, place: Place, name: str, is_folder: bool) -> Fate:
        """Decide about an entry of a settled folder. A link is no folder, wherever it leads."""
        path = place.prefix + name
        meaning = self._exclude.meaning(path, name, is_folder)
        self._matched.update(meaning)
        if meaning and not self._exclude.ignores(meaning[-1]):
            return "kept"
        if is_third_party(place.installed, name):
            return "third-party"
        if meaning or is_junk(place.location, name, is_folder):
            return "excluded"
        return "excluded" if is_ignored(place.scopes, self._lead + path, name, is_folder) else "kept"

    def is_named(self, place: Place, name: str) -> bool:
        """Tell whether the configuration has a word on a folder."""
        return bool(self._exclude.meaning(place.prefix + name, name, is_folder=True))

    def unmatched(self) -> tuple[str, ...]:
        """Return the patterns of the configuration that have meant no entry so far."""
        return tuple(line for index, line in enumerate(self._exclude.lines) if index not in self._matched)

    def _lines(self, location: str, metadata: str, name: str) -> list[str]:
        content = self._reader.content(f"{location}/{metadata}/{name}")
        return content.decode("utf-8", "surrogateescape").splitlines()
