"""Settings to begin with: what was found in a project, written down as TOML for people to edit."""

from gwlint.proposal.declarations import Declaration, Declarations, declarations
from gwlint.proposal.presets import Fit, fitting
from gwlint.proposal.surroundings import next_steps
from gwlint.proposal.text import Found, text

__all__ = ["Declaration", "Declarations", "Fit", "Found", "declarations", "fitting", "next_steps", "text"]
