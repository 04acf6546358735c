"""Settings: `gwlint.toml`, or `[tool.gwlint]` in `pyproject.toml`, as a `Config` or refused with every mistake."""

from gwlint.config.files import find_project, project_of
from gwlint.config.loading import defaults, load, overridden
from gwlint.config.model import Config, ConfigError, DeclaredComponent, FailOn, LayersContract, Preset
from gwlint.config.options import option_codes, overriding

__all__ = [
    "Config",
    "ConfigError",
    "DeclaredComponent",
    "FailOn",
    "LayersContract",
    "Preset",
    "defaults",
    "find_project",
    "load",
    "option_codes",
    "overridden",
    "overriding",
    "project_of",
]
