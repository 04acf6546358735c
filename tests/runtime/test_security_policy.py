import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwlint.runtime.security import Policy, Principal, Rule, authorize

ROLES = ("reader", "writer", "admin")
SHOP: dict[str, object] = {
    "roles": {"reader": [], "writer": ["reader"], "admin": ["writer"]},
    "rules": [
        {"id": "read", "effect": "allow", "roles": ["reader"], "actions": ["get", "list"], "resources": ["orders/*"]},
        {"id": "write", "effect": "allow", "roles": ["writer"], "actions": ["*"], "resources": ["orders/*"]},
        {"id": "sealed", "effect": "deny", "roles": ["*"], "actions": ["delete"], "resources": ["orders/*/sealed"]},
    ],
}


def decided(role: str, action: str, resource: str) -> tuple[bool, str]:
    decision = authorize(Principal("ann", [role]), action, resource, policy=Policy.from_dict(SHOP))
    return decision.allowed, decision.rule


def test_allows_by_a_rule_and_says_which() -> None:
    assert decided("reader", "get", "orders/1") == (True, "read")


def test_a_role_has_the_rules_of_those_it_includes() -> None:
    assert (decided("admin", "put", "orders/1"), decided("reader", "put", "orders/1")) == (
        (True, "write"), (False, "default"),
    )  # fmt: skip


def test_one_denial_wins() -> None:
    assert (decided("admin", "delete", "orders/1/sealed"), decided("admin", "delete", "orders/1")) == (
        (False, "sealed"), (True, "write"),
    )  # fmt: skip


def test_nobody_and_unknown_roles_may_nothing() -> None:
    nobody = authorize(None, "get", "orders/1", policy=Policy.from_dict(SHOP))

    assert (nobody.allowed, nobody.rule, decided("stranger", "get", "orders/1")) == (
        False,
        "nobody",
        (False, "default"),
    )


def test_says_why() -> None:
    decision = Policy.from_dict(SHOP).decide(Principal("ann", ["reader"]), "get", "orders/1")

    assert repr(decision) == "Decision(allowed=True, rule='read', reason=\"rule 'read' allows it\")"


def test_what_is_known_of_somebody_is_not_shown() -> None:
    assert repr(Principal("ann", ["b", "a"], claims={"ssn": "123"})) == "Principal('ann', roles=['a', 'b'])"


RULE = SHOP["rules"][0]  # type: ignore[index]  # the mapping above


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ({"roles": {"a": ["b"], "b": ["a"]}}, "roles include themselves: a -> b -> a"),
        ({"roles": {"a": ["a"]}}, "roles include themselves: a -> a"),
        ({"roles": {"a": ["b"]}}, "role 'a' names unknown roles: b"),
        ({"rules": [RULE]}, "rule 'read' names unknown roles: reader"),
        ({"roles": {"reader": []}, "rules": [RULE, RULE]}, "rules need names of their own: read"),
        ({"rules": [{**RULE, "effect": "maybe"}]}, "the effect is allow or deny"),
        ({"rules": [{**RULE, "when": "now"}]}, "a rule has exactly"),
        ({"rules": [{**RULE, "actions": "get"}]}, "a list of text is expected"),
        ({"rule": []}, "a policy is a mapping"),
    ],
)
def test_refuses_what_is_no_policy(policy: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Policy.from_dict(policy)


# Against a reference that goes through everything.

Names = st.text("ab/", min_size=1, max_size=3)
Patterns = st.text("ab/*", min_size=1, max_size=4)
Rules = st.lists(
    st.tuples(
        st.sampled_from(["allow", "deny"]),
        st.lists(st.sampled_from([*ROLES, "*"]), max_size=2),
        st.lists(Patterns, max_size=2),
        st.lists(Patterns, max_size=2),
    ),
    max_size=6,
)
# Roles include only those before them: there is no cycle in that.
Hierarchies = st.tuples(
    st.just(frozenset[str]()), st.frozensets(st.just("reader")), st.frozensets(st.sampled_from(["reader", "writer"]))
)
Said = list[tuple[str, list[str], list[str], list[str]]]


def made(said: Said, hierarchy: tuple[frozenset[str], ...]) -> Policy:
    rules = [Rule(f"r{number}", *rule) for number, rule in enumerate(said)]  # type: ignore[arg-type]  # effects
    return Policy(rules, dict(zip(ROLES, hierarchy, strict=True)))


def fits(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None


def reference(said: Said, hierarchy: tuple[frozenset[str], ...], role: str, action: str, resource: str) -> bool:
    roles, below = {role}, dict(zip(ROLES, hierarchy, strict=True))
    for _ in ROLES:
        roles |= {other for one in roles for other in below[one]}
    effects = {
        effect
        for effect, about, actions, resources in said
        if ("*" in about or roles & set(about))
        and any(fits(pattern, action) for pattern in actions)
        and any(fits(pattern, resource) for pattern in resources)
    }
    return effects == {"allow"}


@given(Rules, Hierarchies, st.sampled_from(ROLES), Names, Names)
def test_decides_as_a_reference_does(
    said: Said, hierarchy: tuple[frozenset[str], ...], role: str, action: str, resource: str
) -> None:
    decision = made(said, hierarchy).decide(Principal("ann", [role]), action, resource)

    assert decision.allowed is reference(said, hierarchy, role, action, resource)


@given(Rules, Rules, Hierarchies, st.sampled_from(ROLES), Names, Names)
def test_one_more_denial_never_allows_more_and_one_more_permission_never_less(
    said: Said, more: Said, hierarchy: tuple[frozenset[str], ...], role: str, action: str, resource: str
) -> None:
    who = Principal("ann", [role])
    before = made(said, hierarchy).decide(who, action, resource).allowed
    denials = [("deny", *rest) for _, *rest in more]
    permissions = [("allow", *rest) for _, *rest in more]

    assert made([*said, *denials], hierarchy).decide(who, action, resource).allowed <= before  # type: ignore[list-item]
    assert made([*said, *permissions], hierarchy).decide(who, action, resource).rule != "default" or not before  # type: ignore[list-item]


@given(Patterns, st.text("ab/", max_size=8))
def test_a_star_is_any_text(pattern: str, text: str) -> None:
    policy = made([("allow", ["*"], [pattern], ["*"])], (frozenset(), frozenset(), frozenset()))

    assert policy.decide(Principal("ann", ["reader"]), text, "x").allowed is fits(pattern, text)
