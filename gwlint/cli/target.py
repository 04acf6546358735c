"""What a check is asked about."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gwlint.cli import places, terminal
from gwlint.cli.refusal import Refusal

if TYPE_CHECKING:
    from gwlint.report import Report

_STDIN = Path("-")


class Target(NamedTuple):
    """A project, what of it to report, and the content that stands for that of its files, by path.

    What is reported touches one of the `paths`, if there are any, and one of the `changed` files, unless that is None.
    """

    root: Path
    paths: tuple[str, ...]
    overlay: Mapping[str, bytes] | None = None
    changed: Collection[str] | None = None

    @classmethod
    def of(cls, paths: tuple[Path, ...], stdin_filename: Path | None) -> Target:
        """Return what is meant on the command line. Refuses what is not there, or is not clear."""
        if stdin_filename is None and _STDIN not in paths:
            root = places.project_of(paths)
            return cls(root, tuple(places.inside(root, path) for path in paths))
        if stdin_filename is None:
            raise Refusal("`-` reads a file from standard input; say which with --stdin-filename FILE")
        if paths != (_STDIN,):
            raise Refusal("--stdin-filename goes with `-` as the only path; write --stdin-filename FILE -")
        if stdin_filename.is_dir():
            raise Refusal(f"--stdin-filename: {stdin_filename} is a folder; name a file")
        root = places.project_around([stdin_filename])
        path = places.inside(root, stdin_filename)
        return cls(root, (path,), {path: sys.stdin.buffer.read()})

    def since(self, revision: str | None) -> Target:
        """Return the same target as far as it has changed since a revision. Refuses what git can't tell."""
        if revision is None:
            return self
        from gwlint.cli.revisions import changed_since

        return self._replace(changed=changed_since(self.root, revision))

    def means(self, path: str) -> bool:
        """Tell whether a file is to be reported on."""
        from gwlint.discover.files import below

        return below(path, self.paths) and (self.changed is None or path in self.changed)

    def part_of(self, report: Report) -> Report:
        """Return what of a report is asked for."""
        touching = report.touching(self.paths)
        return touching if self.changed is None else touching.touching_any_of(self.changed)

    def warn_of_nothing(self, modules: Collection[str]) -> None:
        """Say when there is nothing to check: a clean answer would be misunderstood."""
        from gwlint.discover.files import below

        if not modules:
            terminal.warn(f"{self.root} has no Python file to check")
            return
        for path in self.paths:
            if not any(below(module, (path,)) for module in modules):
                terminal.warn(f"`{path}` holds no module of the project")
