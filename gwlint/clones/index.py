"""The bodies of a project, and which of them are alike: kept from run to run, and brought up to date."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from gwlint.clones.candidates import candidates
from gwlint.clones.judge import Limits, is_compared, similarity
from gwlint.clones.linkage import Link
from gwlint.clones.profile import Profile
from gwlint.clones.weights import Form, Weights, features
from gwlint.model import Fact

Profiles = Callable[[Iterable[int]], Mapping[int, Profile]]
"""Gives the profiles of forms by their numbers."""


class Index(Fact, frozen=True):
    """The forms that bodies have, by number, and the pairs of forms that are alike, in no order.

    `frequencies` says how many forms have each feature.
    """

    forms: dict[int, Form]
    frequencies: dict[int, int]
    links: tuple[Link, ...]


def updated(index: Index, numbers: AbstractSet[int], profiles: Profiles, limits: Limits) -> Index:
    """Return the index of the forms with some numbers: the same, whichever index there was of others.

    What has changed are the weights of a few features. Only who has one of these is compared again.
    """
    gone = {number: form for number, form in index.forms.items() if number not in numbers}
    added = numbers - index.forms.keys()
    new = {number: form_of(profile, limits) for number, profile in profiles(added).items()}
    if not gone and not new:
        return index
    old = {number: form for number, form in index.forms.items() if number not in gone}
    before = Weights(len(index.forms), index.frequencies)
    weights = before.after(gone.values(), new.values())
    changed = weights.differing(before, (*gone.values(), *new.values())) if old else set()
    asked = new.keys() | {number for number, form in old.items() if not changed.isdisjoint(features(form))}
    forms = {**old, **new}
    left = (link for link in index.links if asked.isdisjoint(link[:2]) and gone.keys().isdisjoint(link[:2]))
    found = _links(list(candidates(forms, asked, weights)), profiles, limits)
    return Index(forms, dict(weights.frequencies), (*left, *found))


def _links(pairs: Collection[tuple[int, int]], profiles: Profiles, limits: Limits) -> Iterator[Link]:
    """Yield those of some pairs that are alike."""
    known = profiles({number for pair in pairs for number in pair})
    for one, other in pairs:
        score = similarity(known[one], known[other], limits)
        if score:
            yield Link(one, other, score)


def form_of(profile: Profile, limits: Limits) -> Form:
    """Return what the index knows of a body."""
    size = len(profile.codes) if is_compared(profile.function, limits) else 0
    return Form(profile.features.tobytes(), size)
