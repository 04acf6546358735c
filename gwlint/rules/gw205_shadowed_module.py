"""GW205: a module that hides another one, or that no import statement can name."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.finding import FIRST_LINE, Finding, Related
from gwlint.project import Shadow
from gwlint.rule import Rule
from gwlint.stdlib import LOADED_AT_START


class ShadowedModule(Rule):
    """Reports modules whose names are taken."""

    id = "GW205"
    name = "shadowed-module"
    summary = "A module hides another one of its name, or has a name that no import statement can spell."
    severity = "warning"
    precision = "high"
    tags = ("correctness", "imports")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield a finding at the first line of the file that should have another name."""
        for shadow in codebase.project.shadows:
            hides_project = shadow.kind == "project"
            yield self.finding(
                shadow.path,
                FIRST_LINE,
                _message(shadow),
                identity=f"{shadow.kind} {shadow.hidden}",
                related=(Related(shadow.hidden, FIRST_LINE, "is hidden"),) if hides_project else (),
            )


def _message(shadow: Shadow) -> str:
    path, hidden = shadow.path, shadow.hidden
    if shadow.kind == "project":
        return f"`{path}` hides `{hidden}`, which is deployed under the same name; rename one of them"
    if shadow.kind == "keyword":
        return f"`{path}` can't be imported by a statement, as `{hidden}` is a keyword; call it `{hidden}_`"
    if hidden in LOADED_AT_START:
        return (
            f"`{path}` can't be imported as `{hidden}`, as that module of the standard library is already loaded when"
            " the code starts; rename the file"
        )
    return f"`{path}` hides `{hidden}` of the standard library from everything that is deployed with it; rename it"
