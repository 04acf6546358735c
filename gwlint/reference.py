"""What functions of a project do again that the reference runtime has: for projects that go by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from gwlint.clones import CloneKind, Member
from gwlint.clones.resemblance import Resemblance
from gwlint.comparison import Comparison, Uncompared
from gwlint.components import Components
from gwlint.components.families import GATEWAYS
from gwlint.config import Config
from gwlint.contract import RUNTIME, contract
from gwlint.model import Function
from gwlint.parse import functions
from gwlint.project import Project

_RUNTIME = "gwlint.runtime"


class Reimplementation(NamedTuple):
    """A function of the project that is a copy of what a gateway of the runtime offers under a name."""

    kind: CloneKind
    similarity: float
    member: Member
    gateway: str
    name: str


class _Offered(NamedTuple):
    """A function of the runtime, and the gateway that offers it."""

    gateway: str
    function: Function


def reimplementations(
    config: Config,
    project: Project,
    components: Components,
    comparison: Comparison | Uncompared,
    offered: Collection[Member],
) -> tuple[Reimplementation, ...]:
    """Return the functions that do again what the runtime has, sorted by place. Raises `ConfigError`.

    Those that the project has `offered` itself are left out, and so is what is a gateway by the runtime's names: it may
    well be the runtime, or what stands for it here.
    """
    if not _goes_by_the_runtime(config, project):
        return ()
    known = {offer.function: offer for offer in _offers()}
    settled = {(one.path, one.function.name) for one in offered}

    def is_reported(member: Member) -> bool:
        place = components.place(member.path)
        is_gateway = place.component is not None and place.component.name in GATEWAYS
        is_asked = config.include_tests or place.role != "test"
        return is_asked and not is_gateway and (member.path, member.function.name) not in settled

    return tuple(
        Reimplementation(one.kind, one.similarity, one.member, known[one.given].gateway, one.given.name)
        for one in _outermost(comparison.resembling(list(known)))
        if is_reported(one.member)
    )


def _outermost(found: Iterable[Resemblance]) -> Iterator[Resemblance]:
    """Yield what does not lie in another one. They are sorted by place."""
    path, end_line = "", 0
    for one in found:
        if one.member.path != path or one.member.function.at.line > end_line:
            path, end_line = one.member.path, one.member.function.end_line
            yield one


def _goes_by_the_runtime(config: Config, project: Project) -> bool:
    """Tell whether the runtime's gateways are what a project has, or is to have.

    To anybody else, a function like one of these is a function of their own.
    """
    return config.preset == "gateway" or any(
        one.target == _RUNTIME or one.target.startswith(f"{_RUNTIME}.")
        for module in project.modules
        for one in module.resolution.external
    )


def _offers() -> Iterator[_Offered]:
    """Yield the functions and methods that the gateways offer, wherever these have them from."""
    for name, gateway in contract().gateways.items():
        for module in (name, *gateway.internals):
            for function in functions((RUNTIME / f"{module}.py").read_bytes()).functions:
                if function.name in gateway.names:
                    yield _Offered(name, function)
