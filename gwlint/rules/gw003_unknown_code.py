"""GW003: a suppression that names no rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from gwlint.finding import Finding
from gwlint.model import Suppression
from gwlint.nearest import nearest
from gwlint.rule import Rule

_OF_ANOTHER_TOOL = re.compile(r"(?!G?W)[A-Z]+\d+")


class UnknownCode(Rule):
    """Reports codes in suppressions that no rule has."""

    id = "GW003"
    name = "unknown-code"
    summary = "A suppression names a rule that does not exist."
    severity = "warning"
    precision = "very-high"
    tags = ("maintainability", "suppression")

    def complaints(
        self, path: str, said: Suppression, codes: Sequence[str], known: Mapping[str, str]
    ) -> Iterator[Finding]:
        """Yield a finding for each of some codes that is no rule's; `known` has the names of rules by code."""
        for code in dict.fromkeys(codes):
            if code not in known:
                yield self.finding(path, said.at, f"there is no rule `{code}`; {_remedy(code, known)}", identity=code)


def _remedy(code: str, known: Mapping[str, str]) -> str:
    family = [one for one in known if one.startswith(code)]
    if family:
        return f"write each code in full, such as `{family[0]}`"
    near = _nearest(code, known)
    return f"did you mean `{near}`?" if near else "`gwlint rule` lists them"


def _nearest(code: str, known: Mapping[str, str]) -> str:
    if _OF_ANOTHER_TOOL.fullmatch(code):
        return ""
    of_name = {name.upper(): one for one, name in known.items()}
    near = nearest(code, (*known, *of_name))
    return of_name.get(near, near)
