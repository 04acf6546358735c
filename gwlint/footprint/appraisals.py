"""What there is to appraise, and what an appraisal says: the vocabulary of those who ask for estimates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from gwlint.footprint.estimates import Amount, Estimate
from gwlint.model import Fact
from gwlint.templates import FunctionTemplate
from gwlint.units import Unit

Bytecode = Literal["auto", "valid", "stale"]
"""Whether what is deployed has bytecode that Python takes; `auto` goes by the files at hand."""


class Deployed(NamedTuple):
    """A function to be appraised: what declares it, if anything does, and the folders and the module of its handler."""

    template: FunctionTemplate | None
    unit: Unit


class Appraisal(Fact, frozen=True):
    """What a function takes. The package is in MiB, and `parts` are the biggest of it.

    `None` stands for what is not known; `notes` say in words why.
    """

    estimate: Estimate | None = None
    package: Amount | None = None
    parts: tuple[tuple[str, float], ...] = ()
    notes: tuple[str, ...] = ()


class Appraiser(Protocol):
    """Tells what functions take, without running anything of them."""

    def appraise(self, function: Deployed) -> Appraisal:
        """Tell what a function takes."""
        ...

    def later_ms(self, function: Deployed, modules: Sequence[str]) -> Amount | None:
        """Tell how much CPU it takes to import modules once a function is loaded; None if unknown."""
        ...

    def compiled_ms(self, function: Deployed) -> Amount | None:
        """Tell how much longer loading takes where all bytecode is out of date; None if unknown."""
        ...


class Unappraised:
    """Knows nothing of any function."""

    def appraise(self, function: Deployed) -> Appraisal:  # noqa: ARG002  nothing is known of any
        """Tell nothing."""
        return Appraisal()

    def later_ms(self, function: Deployed, modules: Sequence[str]) -> Amount | None:  # noqa: ARG002  as above
        """Tell nothing."""
        return None

    def compiled_ms(self, function: Deployed) -> Amount | None:  # noqa: ARG002  as above
        """Tell nothing."""
        return None
