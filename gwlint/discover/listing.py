"""What is of interest in one folder: its entries by kind, told by name and type alone."""

import os
from collections.abc import Mapping
from operator import attrgetter
from typing import NamedTuple

from gwlint.discover.files import is_text

Entry = os.DirEntry[str]


class Listing(NamedTuple):
    """The entries of a folder by kind, each in the order of their names. Files of no interest are left out.

    `sourceless` are what an import finds without a source: extension modules, byte code, and what gets compiled
    (`.pyx`) or described (`.pyi`). `settings` may be metadata, or marks that mean something for the folder.
    `misnamed` are files and folders whose name is no text. A link is in `links`, wherever it leads.
    """

    folders: list[Entry]
    sources: list[Entry]
    sourceless: list[Entry]
    templates: list[Entry]
    settings: list[Entry]
    links: list[Entry]
    misnamed: list[Entry]

    def names(self) -> frozenset[str]:
        """Return the names that can mean something for the folder as a whole."""
        return frozenset(entry.name for entry in (*self.folders, *self.sources, *self.settings))


def list_folder(location: str, in_package: bool) -> Listing:
    """List a folder. Raises OSError when that can't be done.

    Inside a package, `.json` is data of the package, unless the name says that it is a template: Home Assistant
    has 34,000 such files, which would take longer to look at than all of its modules.
    """
    listing = Listing([], [], [], [], [], [], [])
    files = _by_suffix(listing)
    with os.scandir(location) as entries:
        for entry in entries:
            name = entry.name
            if not name.isascii() and not is_text(name):
                listing.misnamed.append(entry)
            elif entry.is_symlink():
                listing.links.append(entry)
            elif entry.is_dir(follow_symlinks=False):
                listing.folders.append(entry)
            elif (kind := files.get(name[name.rfind(".") :])) is not None:
                kind.append(entry)
    if in_package:
        listing.templates[:] = [entry for entry in listing.templates if not _is_package_data(entry.name)]
    for kind in listing:
        kind.sort(key=attrgetter("name"))
    return listing


def _by_suffix(listing: Listing) -> Mapping[str, list[Entry]]:
    """Map the suffix of a file, which for `.gitignore` is all of its name, to its kind.

    `.pyw` is missing: it is source on Windows alone, and code for Lambda is imported on Linux.
    """
    return {
        ".py": listing.sources,
        ".so": listing.sourceless,
        ".pyd": listing.sourceless,
        ".pyc": listing.sourceless,
        ".pyx": listing.sourceless,
        ".pyi": listing.sourceless,
        ".yaml": listing.templates,
        ".yml": listing.templates,
        ".json": listing.templates,
        ".template": listing.templates,
        ".tf": listing.templates,
        ".toml": listing.settings,
        ".cfg": listing.settings,
        ".gitignore": listing.settings,
    }


def _is_package_data(name: str) -> bool:
    """Say whether a candidate for a template that lies in a package is more likely data."""
    return name.endswith(".json") and "template" not in name and name != "serverless.json"
