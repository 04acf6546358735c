"""Who may do what on what: roles, actions and resources. What no rule allows is denied, and what one denies, too."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Literal

    Effect = Literal["allow", "deny"]

NO_RULE = "default"
NOBODY = "nobody"
_RULE_KEYS = {"id", "effect", "roles", "actions", "resources"}


class Principal:
    """Somebody who is known. What is known besides their name and roles is left out of the `repr`."""

    __slots__ = ("claims", "id", "method", "roles")

    def __init__(
        self, name: str, roles: Iterable[str] = (), *, claims: Mapping[str, object] | None = None, method: str = ""
    ) -> None:
        self.id = name
        self.roles = frozenset(roles)
        self.claims: Mapping[str, object] = claims or {}
        self.method = method

    def __repr__(self) -> str:
        return f"Principal({self.id!r}, roles={sorted(self.roles)!r})"


class Decision:
    """Whether something is allowed, and by which rule: "default" where none says anything. It is true when it is."""

    __slots__ = ("allowed", "reason", "rule")

    def __init__(self, allowed: bool, rule: str, reason: str) -> None:
        self.allowed = allowed
        self.rule = rule
        self.reason = reason

    def __bool__(self) -> bool:
        return self.allowed

    def __repr__(self) -> str:
        return f"Decision(allowed={self.allowed}, rule={self.rule!r}, reason={self.reason!r})"


class Pattern:
    """Text in which `*` stands for any text, also for none. Matching takes no longer than the text is."""

    __slots__ = ("_first", "_last", "_middle", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._first, *rest = text.split("*")
        self._last = rest.pop() if rest else None
        self._middle = [part for part in rest if part]

    def matches(self, text: str) -> bool:
        """Tell whether some text is meant."""
        if self._last is None:
            return text == self._first
        begin, end = len(self._first), len(text) - len(self._last)
        if begin > end or not text.startswith(self._first) or not text.endswith(self._last):
            return False
        for part in self._middle:
            found = text.find(part, begin, end)
            if found < 0:
                return False
            begin = found + len(part)
        return True


class Rule:
    """What one rule says: some roles may, or may not, do some actions on some resources."""

    __slots__ = ("_actions", "_resources", "effect", "id", "roles")

    def __init__(
        self, name: str, effect: Effect, roles: Iterable[str], actions: Iterable[str], resources: Iterable[str]
    ) -> None:
        self.id = name
        self.effect = effect
        self.roles = frozenset(roles)
        self._actions = [Pattern(text) for text in actions]
        self._resources = [Pattern(text) for text in resources]

    def is_about(self, roles: frozenset[str], action: str, resource: str) -> bool:
        """Tell whether it says anything about this."""
        return (
            ("*" in self.roles or not self.roles.isdisjoint(roles))
            and any(pattern.matches(action) for pattern in self._actions)
            and any(pattern.matches(resource) for pattern in self._resources)
        )


class Policy:
    """Rules, and which roles have the rules of which others, too.

    A rule with the role `*` is about everybody who is known.
    """

    def __init__(self, rules: Iterable[Rule], roles: Mapping[str, Iterable[str]] | None = None) -> None:
        """Raise ValueError for roles that include themselves, unknown roles, and two rules of one name."""
        self._rules = sorted(rules, key=lambda rule: rule.effect != "deny")
        below = {role: tuple(included) for role, included in (roles or {}).items()}
        _check_names([rule.id for rule in self._rules])
        known = set(below)
        for role, included in below.items():
            _check_known(f"role {role!r}", included, known)
        for rule in self._rules:
            _check_known(f"rule {rule.id!r}", rule.roles - {"*"}, known)
        self._roles = {role: frozenset(_included(role, below, ())) for role in below}

    @classmethod
    def from_dict(cls, said: Mapping[str, object]) -> Policy:
        """Make one of `roles`, each with a list of roles that it includes, and of `rules`.

        Each of these has an `id`, an `effect`, which is "allow" or "deny", and lists of `roles`, `actions` and
        `resources`, in which `*` stands for any text. Raises ValueError for anything else.
        """
        if not isinstance(said, dict) or not set(said) <= {"roles", "rules"}:
            raise ValueError("a policy is a mapping of `roles` and `rules`")
        roles, rules = said.get("roles", {}), said.get("rules", [])
        if not isinstance(roles, dict) or not isinstance(rules, (list, tuple)):
            raise ValueError("the roles of a policy are a mapping, its rules a list")
        included = {_text(role, "a role"): _texts(names, f"role {role!r}") for role, names in roles.items()}
        return cls([_rule(rule) for rule in rules], included)

    def decide(self, principal: Principal | None, action: str, resource: str) -> Decision:
        """Decide whether somebody may do something; None is somebody who is not known, and may nothing."""
        if principal is None:
            return Decision(False, NOBODY, "nobody is known to ask")
        roles = frozenset().union(*(self._roles.get(role, ()) for role in principal.roles))
        for rule in self._rules:
            if rule.is_about(roles, action, resource):
                allowed = rule.effect == "allow"
                return Decision(allowed, rule.id, f"rule {rule.id!r} {'allows' if allowed else 'denies'} it")
        return Decision(False, NO_RULE, "no rule allows it")


def authorize(principal: Principal | None, action: str, resource: str, *, policy: Policy) -> Decision:
    """Decide by a policy whether somebody may do something on something."""
    return policy.decide(principal, action, resource)


def _included(role: str, below: Mapping[str, tuple[str, ...]], path: tuple[str, ...]) -> set[str]:
    if role in path:
        raise ValueError(f"roles include themselves: {' -> '.join((*path[path.index(role) :], role))}")
    found = {role}
    for other in below[role]:
        found |= _included(other, below, (*path, role))
    return found


def _rule(said: object) -> Rule:
    if not isinstance(said, dict) or set(said) != _RULE_KEYS:
        raise ValueError(f"a rule has exactly {', '.join(sorted(_RULE_KEYS))}")
    name = _text(said["id"], "the id of a rule")
    if said["effect"] not in ("allow", "deny"):
        raise ValueError(f"rule {name!r}: the effect is allow or deny")
    parts = [_texts(said[part], f"rule {name!r}: {part}") for part in ("roles", "actions", "resources")]
    return Rule(name, said["effect"], *parts)


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{what} is text, and not empty")
    return value


def _texts(values: object, what: str) -> tuple[str, ...]:
    if not isinstance(values, (list, tuple)):
        raise ValueError(f"{what}: a list of text is expected")
    return tuple(_text(value, what) for value in values)


def _check_names(names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or NO_RULE in names or NOBODY in names:
        raise ValueError(f"rules need names of their own: {', '.join(twice) or f'not {NO_RULE} or {NOBODY}'}")


def _check_known(what: str, names: Iterable[str], known: set[str]) -> None:
    unknown = sorted(set(names) - known)
    if unknown:
        raise ValueError(f"{what} names unknown roles: {', '.join(unknown)}")
