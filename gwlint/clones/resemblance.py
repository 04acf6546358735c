"""Which functions of a project are copies of given ones that are none of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gwlint.clones.candidates import candidates
from gwlint.clones.index import Index, form_of
from gwlint.clones.judge import CloneKind, Limits, distinction, is_slight, similarity
from gwlint.clones.profile import Member, Profile
from gwlint.clones.sketch import Sketch, sketches
from gwlint.clones.weights import Weights
from gwlint.model import Function


class Resemblance(NamedTuple):
    """A function of the project, the one of the given that it is most like, and how alike the two are."""

    kind: CloneKind
    similarity: float
    member: Member
    given: Function


def likely(
    given: Sequence[Function], files: Mapping[str, Sequence[Sketch]], index: Index, limits: Limits
) -> dict[str, dict[int, list[Function]]]:
    """Return which of the given functions are worth a comparison: by path and place of the function to compare."""
    by_body: defaultdict[int, list[Function]] = defaultdict(list)
    by_form: defaultdict[int, list[Function]] = defaultdict(list)
    for sketch in sketches(given, limits):
        by_body[sketch.body].append(given[sketch.place])
        by_form[sketch.form].append(given[sketch.place])
    near = _near(by_form, index, limits)
    found: dict[str, dict[int, list[Function]]] = {}
    for path, own in files.items():
        for sketch in own:
            options = [*by_body.get(sketch.body, ()), *near.get(sketch.form, ())]
            if options:
                found.setdefault(path, {})[sketch.place] = options
    return found


def best(member: Member, options: Iterable[Function], limits: Limits) -> Resemblance | None:
    """Return how a function resembles the one of several that it is most like, if it is a copy of any."""
    if is_slight(member.function):
        return None
    found = [one for option in options for one in _resemblances(member, option, limits) if one.kind in limits.kinds]
    return max(found, key=lambda one: (one.similarity, one.kind == "exact", one.kind == "renamed"), default=None)


def _near(by_form: Mapping[int, Sequence[Function]], index: Index, limits: Limits) -> defaultdict[int, list[Function]]:
    """Return the given functions that share enough of what is rare with forms of the project, by form."""
    new = {number: form_of(Profile(said[0]), limits) for number, said in by_form.items() if number not in index.forms}
    weights = Weights(len(index.forms), index.frequencies).after((), new.values())
    found: defaultdict[int, list[Function]] = defaultdict(list)
    for pair in candidates({**index.forms, **new}, by_form.keys(), weights):
        for one, other in (pair, pair[::-1]):
            if one in by_form and other in index.forms:
                found[other] += by_form[one]
    return found


def _resemblances(member: Member, given: Function, limits: Limits) -> Iterator[Resemblance]:
    """Yield how a function resembles another one, if it does."""
    function = member.function
    if distinction(function, limits) != distinction(given, limits):
        return
    if function.exact == given.exact:
        yield Resemblance("exact", 1.0, member, given)
    elif function.renamed == given.renamed:
        yield Resemblance("renamed", 1.0, member, given)
    else:
        score = similarity(Profile(function), Profile(given), limits)
        if score:
            yield Resemblance("near", score, member, given)
