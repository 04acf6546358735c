"""What rules about single imports have in common: they word what the judgement of a codebase has found."""

from __future__ import annotations

from collections.abc import Iterator

from gwlint.codebase import Codebase
from gwlint.components import Place
from gwlint.finding import Finding, Related
from gwlint.judgement import Violation
from gwlint.rule import Rule


class ImportRule(Rule):
    """A rule that objects to imports, one by one; all uses of a module in a file count as one."""

    tags = ("architecture", "gateway")

    def check(self, codebase: Codebase) -> Iterator[Finding]:
        """Yield what the judgement has for this rule."""
        for violation in codebase.judgement.of(self.id):
            edge = violation.edge
            yield self.finding(
                edge.path,
                edge.at,
                self.message(codebase, violation),
                identity=self.identity(violation),
                severity=violation.severity,
                related=tuple(Related(edge.path, at, "and here") for at in violation.more),
            )

    def message(self, codebase: Codebase, violation: Violation) -> str:
        """Say who does what to whom, and what to do instead."""
        raise NotImplementedError

    def identity(self, violation: Violation) -> str:
        """Tell the import from others in its file."""
        return violation.edge.target_path


def offence(codebase: Codebase, violation: Violation) -> str:
    """Say who imports, or uses, which module."""
    edge = violation.edge
    importer, imported = codebase.called(edge.path), codebase.called(edge.target_path)
    return f"`{importer}`{belonging(codebase, violation.importer)} {violation.verb} `{imported}`"


def bypass(codebase: Codebase, violation: Violation) -> str:
    """Say who passes by which gateway, and the way through it."""
    gateway = codebase.called(violation.owner.gateway)
    return f"{offence(codebase, violation)}, an internal of `{gateway}`; {instead(codebase, violation)}"


def belonging(codebase: Codebase, place: Place) -> str:
    """Say in an aside what an importer is a part of."""
    if place.component is None or place.component.package:
        return f", part of extension `{place.extension}`," if place.role == "extension" else ""
    return (
        ", a gateway," if place.role == "gateway" else f", an internal of `{codebase.called(place.component.gateway)}`,"
    )


def instead(codebase: Codebase, violation: Violation) -> str:
    """Say how to go through the gateway: with the very names, where it offers them."""
    gateway, names = violation.owner.gateway, violation.edge.names
    if names and codebase.offers.of(gateway).issuperset(names):
        return f"import {listed(names)} from `{codebase.called(gateway)}`"
    return f"import `{codebase.called(gateway)}`"


def listed(names: tuple[str, ...]) -> str:
    """Return names as a message has them: `a`, `b` and `c`."""
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} and {last}" if most else last
