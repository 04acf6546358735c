"""Which functions of a project are copies of one another, which one to keep, and what a common one would be given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from gwlint.clones import CloneClass, CloneKind, Member
from gwlint.clones.profile import Profile
from gwlint.components import Component, Components
from gwlint.config import Config
from gwlint.model import ImportEdge, Part
from gwlint.project import Module, Project

_RULES: dict[CloneKind, str] = {"exact": "GW301", "renamed": "GW302", "near": "GW303"}


class Offer(NamedTuple):
    """A component that has a function already, and the name under which its gateway offers it, empty if it doesn't."""

    component: Component
    member: Member
    name: str


class Difference(NamedTuple):
    """How a copy differs from the function that is reported.

    `literals` pairs the values of the one with those of the other, where only these differ; `own` and `others` are the
    lines of the statements that the other does not have, `statements` how many the reported function has.
    """

    literals: tuple[tuple[str, str], ...]
    own: tuple[int, ...]
    others: tuple[int, ...]
    statements: int


class Duplicate(NamedTuple):
    """A class of copies. The `anchor` is the member to report, and among `members`, which are sorted by place."""

    kind: CloneKind
    similarity: float
    anchor: Member
    members: tuple[Member, ...]
    offer: Offer | None
    difference: Difference

    @property
    def rule(self) -> str:
        """The code of the rule that reports it."""
        return "GW304" if self.offer is not None else _RULES[self.kind]

    @property
    def has_equal(self) -> bool:
        """Whether two of the members differ in names and values at most."""
        return len({one.function.renamed for one in self.members}) < len(self.members)

    @property
    def original(self) -> Member:
        """The member to compare the anchor with."""
        if self.offer is not None:
            return self.offer.member
        return next(one for one in self.members if one is not self.anchor)

    @property
    def lines(self) -> int:
        """How many lines could go: those of all members but the longest, as far as they are alike."""
        sizes = sorted(line_count(one) for one in self.members)
        return int(sum(sizes[:-1]) * self.similarity)


def line_count(member: Member) -> int:
    """Return how many lines a function has."""
    return member.function.end_line - member.function.at.line + 1


def duplicates(
    config: Config,
    project: Project,
    components: Components,
    found: Sequence[CloneClass],
    parts: Callable[[str], tuple[Part, ...]],
) -> tuple[Duplicate, ...]:
    """Return what is to be said of classes of copies, sorted by anchor. Raises `ConfigError` where components do.

    Of tests alone nothing is said, unless the settings include them.
    """
    if not found:
        return ()
    offers = _Offers(project, components, parts)

    def is_reported(member: Member) -> bool:
        return config.include_tests or components.place(member.path).role != "test"

    made = [_duplicate(one, offers, is_reported) for one in found]
    return tuple(sorted((one for one in made if one is not None), key=lambda one: one.anchor.order))


def _duplicate(found: CloneClass, offers: _Offers, is_reported: Callable[[Member], bool]) -> Duplicate | None:
    reported = [one for one in found.members if is_reported(one)]
    if not reported:
        return None
    offer = offers.of(reported)
    anchor = reported[0] if offer is None else next(one for one in reported if not offers.has(offer.component, one))
    made = Duplicate(found.kind, found.similarity, anchor, found.members, offer, Difference((), (), (), 0))
    return made._replace(difference=_difference(anchor, made.original))


class _Offers:
    """What components have that others do again."""

    def __init__(self, project: Project, components: Components, parts: Callable[[str], tuple[Part, ...]]) -> None:
        self._modules = {module.path: module for module in project.modules}
        self._components = components
        self._parts = parts

    def has(self, component: Component, member: Member) -> bool:
        """Tell whether a function is one of a component: of its gateway, of an internal, or of its package."""
        if component.package:
            return member.path.startswith(f"{component.package}/")
        return member.path == component.gateway or member.path in component.internals

    def of(self, members: Sequence[Member]) -> Offer | None:
        """Return what is done again outside of the component that has it; what a gateway offers goes first."""
        found: list[Offer] = []
        for member in members:
            component = self._components.place(member.path).component
            if component is None or all(self.has(component, one) for one in members):
                continue
            name = self._name(component, member)
            # What a package does not offer is nobody else's business.
            if name or not component.package:
                found.append(Offer(component, member, name))
        return min(found, key=lambda one: (not one.name, one.component.name, one.member.order), default=None)

    def _name(self, component: Component, member: Member) -> str:
        """Return the name under which a gateway offers a function."""
        name = member.function.name
        if "." in name or component.gateway not in self._modules:
            return ""
        if member.path == component.gateway:
            return "" if name.startswith("_") else name
        gateway = self._modules[component.gateway]
        return next((one for one in self._offered(gateway, member.path, name) if not one.startswith("_")), "")

    def _offered(self, gateway: Module, path: str, name: str) -> Iterator[str]:
        """Yield the names under which a gateway hands on a function of an internal, or calls it."""
        edges = [edge for edge in gateway.resolution.edges if edge.target_path == path]
        for edge in edges:
            if name in edge.names:
                yield {original: bound for bound, original in edge.renamed}.get(name, name)
        statements = {edge.at for edge in edges}
        for part in self._parts(gateway.path):
            is_own = part.kind == "delegation" and part.imported_at in statements
            if is_own and name in (part.callee.rpartition(".")[2], _renamed(edges, part.callee)):
                yield part.name


def _renamed(edges: Iterable[ImportEdge], callee: str) -> str:
    """Return what a name stands for that was imported under another one."""
    originals = {bound: original for edge in edges for bound, original in edge.renamed}
    return originals.get(callee, callee)


def _difference(anchor: Member, other: Member) -> Difference:
    one, another = Profile(anchor.function), Profile(other.function)
    literals: tuple[tuple[str, str], ...] = ()
    mine, its = (member.function.literals.split("\0") for member in (anchor, other))
    if anchor.function.tokens == other.function.tokens and len(mine) == len(its):
        literals = tuple(dict.fromkeys((left, right) for left, right in zip(mine, its, strict=True) if left != right))
    return Difference(literals, _missing(one, another), _missing(another, one), len(one.statements))


def _missing(one: Profile, other: Profile) -> tuple[int, ...]:
    """Return the lines of the statements that another body does not have."""
    there = Counter(other.statements)
    lines: set[int] = set()
    for statement, line in zip(one.statements, one.lines, strict=True):
        if there[statement]:
            there[statement] -= 1
        else:
            lines.add(one.function.at.line + line)
    return tuple(sorted(lines))
